#include "base/ban.h"
#include "migration/scan.h"

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static const char *
comment_end(const char *p, const char *end)
{
	int depth = 0;

	if (p[0] == '-') {
		while (p < end && *p != '\n' && *p != '\r')
			p++;
		return p;
	}
	while (p < end) {
		if (end - p >= 2 && p[0] == '/' && p[1] == '*') {
			depth++;
			p += 2;
		} else if (end - p >= 2 && p[0] == '*' && p[1] == '/') {
			p += 2;
			if (--depth == 0)
				return p;
		} else {
			p++;
		}
	}
	return end;
}

/* A doubled quote closes and opens again. */
static const char *
quote_end(const char *p, const char *end, bool escapes)
{
	char quote = *p++;

	for (; p < end && *p != quote; p++) {
		if (escapes && *p == '\\' && p + 1 < end)
			p++;
	}
	return p < end ? p + 1 : end;
}

static const char *
dollar_end(const char *p, const char *end)
{
	const char *tag = p + 1, *at;
	size_t len;

	while (tag < end && is_word(*tag))
		tag++;
	if (tag == end || *tag != '$' || isdigit((unsigned char)p[1]))
		return p;
	len = (size_t)(tag + 1 - p);
	at = memmem(p + len, (size_t)(end - p) - len, p, len);
	return at == NULL ? end : at + len;
}

const char *
scan_skip(const char *p, const char *end)
{
	if (end - p >= 2 && ((p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*')))
		return comment_end(p, end);
	if (end - p >= 2 && (p[0] == 'e' || p[0] == 'E') && p[1] == '\'')
		return quote_end(p + 1, end, true);
	if (p < end && (*p == '\'' || *p == '"'))
		return quote_end(p, end, false);
	if (p < end && *p == '$')
		return dollar_end(p, end);
	return p;
}

bool
scan_has_word(const char *text, size_t len, const char *word)
{
	const char *p = text, *end = text + len;
	size_t word_len = strlen(word);

	while (p < end) {
		const char *next = scan_skip(p, end);

		if (next != p) {
			p = next;
			continue;
		}
		if (!is_word(*p)) {
			p++;
			continue;
		}
		while (next < end && (is_word(*next) || *next == '$'))
			next++;
		if ((size_t)(next - p) == word_len && strncasecmp(p, word, word_len) == 0)
			return true;
		p = next;
	}
	return false;
}
