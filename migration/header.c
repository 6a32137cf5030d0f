#include "base/ban.h"
#include "base/io.h"
#include "migration/header.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* The trimmed value, control characters as blanks, cut at a character's border. */
static const char *
value(const char *p, const char *end, struct gh_arena *a)
{
	char *ret, *c;
	size_t len;

	while (p < end && is_blank(*p))
		p++;
	while (end > p && is_blank(end[-1]))
		end--;
	len = gh_utf8_cut(p, (size_t)(end - p), HEADER_TEXT_MAX);
	ret = gh_strndup(a, p, len);
	for (c = ret; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	}
	return ret;
}

/* One comment line behind its dashes. */
static void
line_read(const char *p, const char *end, struct gh_arena *a, struct header *ret)
{
	const struct {
		const char *word;
		const char **to;
	} fields[] = {
		{ "migration", &ret->migration },
		{ "description", &ret->description },
		{ "author", &ret->author },
		{ "date", &ret->date },
	};
	size_t i;

	while (p < end && (is_blank(*p) || *p == '-'))
		p++;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		size_t len = strlen(fields[i].word);
		const char *colon = p + len;

		if ((size_t)(end - p) <= len || strncasecmp(p, fields[i].word, len) != 0)
			continue;
		while (colon < end && is_blank(*colon))
			colon++;
		/* The first one counts. */
		if (colon < end && *colon == ':' && **fields[i].to == '\0')
			*fields[i].to = value(colon + 1, end, a);
	}
}

void
header_read(const char *text, size_t len, struct gh_arena *a, struct header *ret)
{
	const char *p = text, *end = text + len;
	int lines;

	*ret = (struct header){ .migration = "", .description = "", .author = "", .date = "" };
	for (lines = 0; p < end && lines < HEADER_LINES_MAX; lines++) {
		const char *eol = memchr(p, '\n', (size_t)(end - p)), *at = p;

		if (eol == NULL)
			eol = end;
		while (at < eol && is_blank(*at))
			at++;
		if (at < eol && (eol - at < 2 || at[0] != '-' || at[1] != '-'))
			return;
		if (at < eol)
			line_read(at + 2, eol, a, ret);
		p = eol < end ? eol + 1 : end;
	}
}
