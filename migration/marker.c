#include "base/ban.h"
#include "migration/marker.h"

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The marker at s.  If it is none, no line that begins before *ret_stuck has one either, so that the search
 * stays linear. */
static bool
marker_at(const char *s, const char *end, const char *word, const char **ret_stuck)
{
	size_t len = strlen(word);

	while (s < end && is_space(*s))
		s++;
	*ret_stuck = s;
	if (end - s < 2 || s[0] != '-' || s[1] != '-')
		return false;
	while (s < end && (is_space(*s) || *s == '-'))
		s++;
	*ret_stuck = s;
	if ((size_t)(end - s) < len || strncasecmp(s, word, len) != 0)
		return false;
	s += len;
	if (s == end || !is_space(*s))
		return false;
	while (s < end && is_space(*s))
		s++;
	return end - s >= 9 && strncasecmp(s, "migration", 9) == 0;
}

size_t
marker_find(const char *text, size_t len, const char *word)
{
	const char *end = text + len, *p = text;

	while (p < end) {
		const char *stuck;

		if (marker_at(p, end, word, &stuck))
			return (size_t)(p - text);
		for (p = stuck; p < end && *p != '\n' && *p != '\r'; p++)
			continue;
		if (end - p >= 2 && p[0] == '\r' && p[1] == '\n')
			p++;
		if (p < end)
			p++;
	}
	return len;
}

bool
marker_only_comments(const char *p, const char *end)
{
	int depth = 0;

	while (p < end) {
		if (end - p >= 2 && p[0] == '/' && p[1] == '*') {
			depth++;
			p += 2;
		} else if (depth > 0 && end - p >= 2 && p[0] == '*' && p[1] == '/') {
			depth--;
			p += 2;
		} else if (depth == 0 && end - p >= 2 && p[0] == '-' && p[1] == '-') {
			while (p < end && *p != '\n' && *p != '\r')
				p++;
		} else if (depth > 0 || is_space(*p)) {
			p++;
		} else {
			return false;
		}
	}
	return true;
}
