#include "base/ban.h"
#include "base/mention.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD   "backup"
#define DIGITS "0123456789"
#define SPACE  " \t\r\n\xc2\xa0"  /* with that which does not break */
#define MARKS  "#:=([{*-/\"'"     /* before a number */
#define LIST   ",;&+#([])}*-/\"'" /* between two */
#define MOST   18                 /* digits of a number */

/* Quotation marks and dashes are beyond ASCII: in doubt a backup is named, and kept. */
static bool
in_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
in_letters(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Behind any of these words, which stand at s; s when none does. */
static const char *
skip_word(const char *s, const char *const *words)
{
	for (; *words != NULL; words++) {
		size_t n = strlen(*words);

		if (strncasecmp(s, *words, n) == 0 && !in_letters(s[n]))
			return s + n;
	}
	return s;
}

/* Between the word and its number: "backups no. (#12", "backup: 12".  NULL: it is all one word. */
static const char *
before_first(const char *s)
{
	static const char *const names[] = { "numbers", "number", "nos", "no", "nr", "id", "ids", NULL };
	const char *start;

	s += *s == 's' || *s == 'S';
	start = s;
	if (in_word(*s))
		return NULL;
	s += strspn(s, SPACE MARKS);
	s = skip_word(s, names);
	s += strspn(s, SPACE MARKS ".");
	return s == start ? NULL : s;
}

/* Between two numbers: "12, 13 and (#15)".  NULL: nothing that goes on. */
static const char *
before_next(const char *s)
{
	static const char *const words[] = { "and", "or", "to", "until", "through", "nor", NULL };
	const char *start = s;

	s += strspn(s, SPACE LIST);
	s = skip_word(s, words);
	s += strspn(s, SPACE LIST);
	return s == start ? NULL : s;
}

/* Whether a number of a backup is at s: *ret_end is behind it. */
static bool
number_at(const char *s, const char **ret_end, int64_t *ret_id)
{
	size_t n = s == NULL ? 0 : strspn(s, DIGITS);

	if (n == 0 || n > MOST || in_word(s[n]))
		return false;
	*ret_end = s + n;
	*ret_id = strtoll(s, NULL, 10);
	return true;
}

bool
gh_mention_backup(struct gh_mention *m, int64_t *ret_id)
{
	const char *s;

	if (m->in_list && number_at(before_next(m->at), &m->at, ret_id))
		return true;
	m->in_list = false;
	while ((s = strcasestr(m->at, WORD)) != NULL) {
		bool starts = s == m->text || !in_word(s[-1]);

		m->at = s + strlen(WORD);
		if (starts && number_at(before_first(m->at), &m->at, ret_id)) {
			m->in_list = true;
			return true;
		}
	}
	return false;
}
