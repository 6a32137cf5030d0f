#include "base/ban.h"
#include "migration/graphile_header.h"
#include "base/sum.h"

#include <ctype.h>

#define HEADER_LINES 100

/* How many bytes of white space are at p as JavaScript's trim() has it; 0: none. */
static size_t
js_space(const char *p, const char *end)
{
	static const char *const wide[] = { "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf" };
	size_t i, left = (size_t)(end - p);

	if (left > 0 && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
		return 1;
	for (i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
		size_t len = strlen(wide[i]);

		if (left >= len && memcmp(p, wide[i], len) == 0)
			return len;
	}
	/* U+2000 to U+200A */
	if (left >= 3 && memcmp(p, "\xe2\x80", 2) == 0 && (unsigned char)p[2] >= 0x80 &&
	    (unsigned char)p[2] <= 0x8a)
		return 3;
	return 0;
}

void
graphile_trim(const char **p, const char **end)
{
	size_t n, back;

	while ((n = js_space(*p, *end)) > 0)
		*p += n;
	for (back = 1; back <= 3 && *end - *p >= (ptrdiff_t)back;) {
		if (js_space(*end - back, *end) == back) {
			*end -= back;
			back = 1;
		} else {
			back++;
		}
	}
}

/* "--! Name" or "--! Name: value" at a line; false when it is none. */
static bool
header_line(struct gh_arena *a, const char *p, const char *eol, const char **ret_name, const char **ret_value)
{
	const char *name = p + 4, *at = name, *end = eol;

	if (eol - p < 5 || memcmp(p, "--! ", 4) != 0 || *name < 'A' || *name > 'Z')
		return false;
	while (at < eol && (isalnum((unsigned char)*at) || *at == '_'))
		at++;
	if (at < eol && *at != ':')
		return false;
	*ret_name = gh_strndup(a, name, (size_t)(at - name));
	*ret_value = NULL;
	if (at < eol) {
		at++;
		graphile_trim(&at, &end);
		*ret_value = gh_strndup(a, at, (size_t)(end - at));
	}
	return true;
}

static void
header_take(
    struct gh_arena *a, struct graphile_header *h, const char *file, const char *name, const char *value)
{
	const char **where = strcmp(name, "Previous") == 0 ? &h->previous
	    : strcmp(name, "Hash") == 0                    ? &h->hash
	    : strcmp(name, "Message") == 0                 ? &h->message
							   : NULL;

	h->any = true;
	if (strcmp(name, "AllowInvalidHash") == 0)
		h->allow_invalid = true;
	if (where == NULL)
		return;
	if (*where != NULL && h->problem[0] == '\0')
		h->problem =
		    gh_printf(a, "%s:%" PRId64 ":1: the header has %s more than once", file, h->line, name);
	*where = value == NULL ? "" : value;
}

void
graphile_header_read(
    struct gh_arena *a, const char *file, const struct convention_text *text, struct graphile_header *ret)
{
	const char *p = text->raw, *end = p + text->raw_len;

	*ret = (struct graphile_header){ .line = 1, .problem = text->problem };
	while (p < end && ret->line <= HEADER_LINES) {
		const char *eol = memchr(p, '\n', (size_t)(end - p)), *name, *value;

		if (eol == NULL)
			eol = end;
		if (!header_line(a, p, eol, &name, &value))
			break;
		header_take(a, ret, file, name, value);
		p = eol < end ? eol + 1 : end;
		ret->line++;
	}
	ret->body = p;
	if (ret->problem[0] != '\0')
		return;
	if (text->bom)
		ret->problem = gh_printf(
		    a, "%s:1:1: begins with a byte order mark (BOM): save it as UTF-8 without one", file);
	else if (p < end && *p == '\r')
		ret->problem = gh_printf(a,
		    "%s:%" PRId64
		    ":1: the line after the header ends in CR LF: graphile-migrate wants line feeds alone",
		    file, ret->line);
	else if (p < end && *p != '\n')
		ret->problem =
		    gh_printf(a, "%s:%" PRId64 ":1: an empty line belongs after the header", file, ret->line);
	else if (ret->previous == NULL || ret->previous[0] == '\0')
		ret->problem = gh_printf(a,
		    "%s:1:1: the header has no \"--! Previous: sha1:...\" (\"-\" in the first file)", file);
	else if (ret->hash == NULL || ret->hash[0] == '\0')
		ret->problem = gh_printf(a, "%s:1:1: the header has no \"--! Hash: sha1:...\"", file);
}

const char *
graphile_sum(struct gh_arena *a, const char *previous, const char *body, size_t len)
{
	char hex[GH_SUM_HEX_MAX];
	GH_TEXT t = { 0 };
	GH_TEXT trimmed = { 0 };
	const char *p = body, *end = body + len;

	gh_text_putf(&t, "%s\n", previous);
	graphile_trim(&p, &end);
	gh_text_put_n(&t, p, (size_t)(end - p));
	p = gh_text_str(&t);
	end = p + t.len;
	graphile_trim(&p, &end);
	gh_text_put_n(&trimmed, p, (size_t)(end - p));
	gh_text_putc(&trimmed, '\n');
	gh_sum_hex(GH_SUM_SHA1, trimmed.data, trimmed.len, hex);
	return gh_printf(a, "sha1:%s", hex);
}
