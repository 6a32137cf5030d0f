#include "base/ban.h"
#include "base/copytext.h"

static const struct {
	char plain, letter;
} escapes[] = { { '\t', 't' }, { '\n', 'n' }, { '\r', 'r' }, { '\b', 'b' }, { '\f', 'f' }, { '\v', 'v' },
	{ '\\', '\\' } };

#define ESCAPES (sizeof(escapes) / sizeof(escapes[0]))

static void
put(struct gh_text *t, char c)
{
	size_t i;

	for (i = 0; i < ESCAPES; i++) {
		if (escapes[i].plain != c)
			continue;
		gh_text_putc(t, '\\');
		gh_text_putc(t, escapes[i].letter);
		return;
	}
	gh_text_putc(t, c);
}

void
gh_copytext_put(struct gh_text *t, bool first, const char *value)
{
	if (!first)
		gh_text_putc(t, '\t');
	if (value == NULL) {
		gh_text_put(t, "\\N");
		return;
	}
	for (; *value != '\0'; value++)
		put(t, *value);
}

void
gh_copytext_end(struct gh_text *t)
{
	gh_text_putc(t, '\n');
}

static char
plain(char letter)
{
	size_t i;

	for (i = 0; i < ESCAPES; i++) {
		if (escapes[i].letter == letter)
			return escapes[i].plain;
	}
	return letter;
}

bool
gh_copytext_next(const char **at, struct gh_arena *a, const char **ret, bool *ret_end)
{
	const char *s = *at;
	size_t len = strcspn(s, "\t\n"), n = 0, i;
	char *cell;

	if (*s == '\0')
		return false;
	*ret_end = s[len] != '\t';
	*at = s + len + (s[len] != '\0' ? 1 : 0);
	*ret = NULL;
	if (len == 2 && s[0] == '\\' && s[1] == 'N')
		return true;
	cell = gh_alloc(a, len + 1);
	for (i = 0; i < len; i++) {
		if (s[i] == '\\' && i + 1 < len)
			cell[n++] = plain(s[++i]);
		else
			cell[n++] = s[i];
	}
	cell[n] = '\0';
	*ret = cell;
	return true;
}
