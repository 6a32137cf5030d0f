#include "base/ban.h"
#include "base/mention.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD   "backup"
#define DIGITS "0123456789"
#define SPACE  " \t\r\n\xc2\xa0" /* with that which does not break */
#define MOST   18                /* digits of a number */

/* Quotation marks and dashes are beyond ASCII: in doubt a backup is named, and kept. */
static bool
in_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* What comes behind the word: the number's first digit, NULL there is none. */
static const char *
number_of(const char *s)
{
	size_t space;

	s += *s == 's' || *s == 'S';
	if (*s == '/')
		return s + 1;
	space = strspn(s, SPACE);
	s += space;
	if (*s == '#')
		return s + 1;
	return space == 0 ? NULL : s;
}

bool
gh_mention_backup(const char **at, int64_t *ret_id)
{
	const char *start = *at, *s, *number;
	size_t n;

	while ((s = strcasestr(*at, WORD)) != NULL) {
		*at = s + strlen(WORD);
		if (s > start && in_word(s[-1]))
			continue;
		number = number_of(*at);
		n = number == NULL ? 0 : strspn(number, DIGITS);
		if (n == 0 || n > MOST || in_word(number[n]))
			continue;
		*at = number + n;
		*ret_id = strtoll(number, NULL, 10);
		return true;
	}
	return false;
}
