#include "base/ban.h"
#include "migration/liquibase_line.h"

#define WORD_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

bool
liquibase_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int
liquibase_word(const struct liquibase_line *l, bool indent, const char *word, const char **ret_rest)
{
	const char *p = l->p;
	size_t len = strlen(word);
	int dashes = 0;

	while (indent && p < l->end && liquibase_space(*p))
		p++;
	while (p < l->end && *p == '-' && dashes < 2) {
		p++;
		dashes++;
	}
	while (p < l->end && liquibase_space(*p))
		p++;
	if ((size_t)(l->end - p) < len || strncasecmp(p, word, len) != 0)
		return 0;
	*ret_rest = p + len;
	return dashes;
}

const char *
liquibase_attribute(struct gh_arena *a, const struct liquibase_line *l, const char *name, const char *chars)
{
	size_t len = strlen(name), n = 0;
	const char *p, *value = NULL;

	for (p = l->p; p + len < l->end; p++) {
		if (p[len] == ':' && strncasecmp(p, name, len) == 0)
			value = p + len + 1;
	}
	if (value == NULL)
		return NULL;
	if (chars == NULL && value < l->end && *value == '"') {
		const char *close = memchr(value + 1, '"', (size_t)(l->end - value - 1));

		if (close != NULL)
			return gh_strndup(a, value + 1, (size_t)(close - value - 1));
	}
	while (value + n < l->end &&
	    (chars == NULL ? !liquibase_space(value[n]) : strchr(chars, value[n]) != NULL))
		n++;
	return gh_strndup(a, value, n);
}

bool
liquibase_flag(struct gh_arena *a, const struct liquibase_line *l, const char *name, bool otherwise)
{
	const char *value = liquibase_attribute(a, l, name, WORD_CHARS);

	if (value == NULL || value[0] == '\0')
		return otherwise;
	return strcasecmp(value, "true") == 0;
}

bool
liquibase_is_first(const struct liquibase_line *l)
{
	const char *rest;

	if (liquibase_word(l, true, "liquibase", &rest) != 2)
		return false;
	while (rest < l->end && liquibase_space(*rest))
		rest++;
	return l->end - rest >= 9 && strncasecmp(rest, "formatted", 9) == 0;
}

bool
liquibase_formatted(const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	struct liquibase_line l;

	while (p < end && liquibase_space(*p))
		p++;
	l.p = p;
	l.end = p == end ? end : memchr(p, '\n', (size_t)(end - p));
	if (l.end == NULL)
		l.end = end;
	return liquibase_is_first(&l);
}

const char *
liquibase_trimmed(struct gh_arena *a, const char *p, const char *end)
{
	while (p < end && liquibase_space(*p))
		p++;
	while (p < end && liquibase_space(end[-1]))
		end--;
	return gh_strndup(a, p, (size_t)(end - p));
}

bool
liquibase_is_back_block(const struct liquibase_line *l)
{
	const char *p = l->p;
	static const char *const words[] = { "/*", "liquibase", "rollback" };
	size_t i;

	for (i = 0; i < 3; i++) {
		while (p < l->end && liquibase_space(*p))
			p++;
		if ((size_t)(l->end - p) < strlen(words[i]) ||
		    strncasecmp(p, words[i], strlen(words[i])) != 0)
			return false;
		p += strlen(words[i]);
	}
	while (p < l->end && liquibase_space(*p))
		p++;
	return p == l->end;
}

const char *
liquibase_near_miss(const struct liquibase_line *l)
{
	static const struct {
		const char *word, *right;
		int dashes; /* those that are wrong; 3: any */
		bool indent;
	} misses[] = {
		{ "property", "--property name:NAME value:VALUE", 1, true },
		{ "ignoreLines:", "--ignoreLines:start", 1, false },
		{ "ignore:", "--ignoreLines:start", 2, false },
		{ "changeset", "--changeset author:id", 3, true },
		{ "comments", "--comment TEXT", 2, false },
		{ "comment", "--comment TEXT", 1, false },
		{ "validCheckSum", "--validCheckSum: 9:...", 1, false },
		{ "rollback ", "--rollback SQL", 1, true },
		{ "preconditions", "--preconditions onFail:HALT", 1, true },
		{ "precondition", "--precondition-sql-check expectedResult:0 SELECT ...", 1, true },
	};
	const char *rest;
	size_t i;

	for (i = 0; i < sizeof(misses) / sizeof(*misses); i++) {
		int dashes = liquibase_word(l, misses[i].indent, misses[i].word, &rest);

		if (dashes != 0 && (misses[i].dashes == 3 || dashes == misses[i].dashes))
			return misses[i].right;
	}
	return NULL;
}
