#include "base/ban.h"
#include "cgi/highlight.h"
#include "base/marks.h"

/* In alphabetical order, for bsearch. */
static const char *const keywords[] = { "ADD", "AFTER", "ALL", "ALTER", "ALWAYS", "ANALYZE", "AND", "ANY",
	"AS", "ASC", "BEFORE", "BEGIN", "BETWEEN", "BY", "CASCADE", "CASE", "CAST", "CHECK", "COLLATE",
	"COLUMN", "COMMENT", "COMMIT", "CONCURRENTLY", "CONFLICT", "CONSTRAINT", "COPY", "CREATE", "CROSS",
	"CURRENT_TIMESTAMP", "DATABASE", "DECLARE", "DEFAULT", "DEFERRABLE", "DEFERRED", "DELETE", "DESC",
	"DISABLE", "DISTINCT", "DO", "DOMAIN", "DROP", "EACH", "ELSE", "ELSIF", "ENABLE", "END", "ENUM",
	"EXCEPT", "EXCEPTION", "EXCLUDE", "EXECUTE", "EXISTS", "EXTENSION", "FALSE", "FETCH", "FOR",
	"FOREIGN", "FROM", "FULL", "FUNCTION", "GENERATED", "GRANT", "GROUP", "HAVING", "IDENTITY", "IF",
	"ILIKE", "IMMUTABLE", "IN", "INDEX", "INITIALLY", "INNER", "INSERT", "INTERSECT", "INTO", "IS",
	"JOIN", "KEY", "LANGUAGE", "LATERAL", "LEFT", "LIKE", "LIMIT", "LOCK", "LOOP", "MATERIALIZED", "NEW",
	"NEXT", "NO", "NOT", "NOTHING", "NULL", "OF", "OFFSET", "OLD", "ON", "ONLY", "OR", "ORDER", "OUTER",
	"OVER", "OWNER", "PARTITION", "PERFORM", "POLICY", "PRIMARY", "PROCEDURE", "PUBLICATION", "RAISE",
	"REFERENCES", "REFRESH", "REINDEX", "RENAME", "REPLACE", "RESTRICT", "RETURN", "RETURNING", "RETURNS",
	"REVOKE", "RIGHT", "ROLE", "ROLLBACK", "ROW", "ROWS", "SCHEMA", "SECURITY", "SELECT", "SEQUENCE",
	"SET", "STABLE", "STORED", "TABLE", "TEMPORARY", "THEN", "TO", "TRIGGER", "TRUE", "TRUNCATE", "TYPE",
	"UNION", "UNIQUE", "UPDATE", "USING", "VACUUM", "VALIDATE", "VALUE", "VALUES", "VIEW", "VOLATILE",
	"WHEN", "WHERE", "WHILE", "WITH" };

static bool
word_char(unsigned char c)
{
	return isalnum(c) || c == '_' || c >= 0x80;
}

static int
by_name(const void *key, const void *element)
{
	return strcmp(key, *(const char *const *)element);
}

static bool
is_keyword(const char *s, size_t len)
{
	char upper[24];
	size_t i;

	if (len >= sizeof(upper))
		return false;
	for (i = 0; i < len; i++)
		upper[i] = (char)toupper((unsigned char)s[i]);
	upper[len] = '\0';
	return bsearch(upper, keywords, sizeof(keywords) / sizeof(keywords[0]), sizeof(keywords[0]),
		   by_name) != NULL;
}

/* Each end_of_... gives the bytes that a token starting at s takes, at most left. */
static size_t
end_of_line(const char *s, size_t left)
{
	const char *nl = memchr(s, '\n', left);

	return nl == NULL ? left : (size_t)(nl - s);
}

/* PostgreSQL's block comments nest. */
static size_t
end_of_comment(const char *s, size_t left)
{
	size_t i = 0, depth = 0;

	while (i < left) {
		if (left - i >= 2 && s[i] == '/' && s[i + 1] == '*') {
			depth++;
			i += 2;
		} else if (left - i >= 2 && s[i] == '*' && s[i + 1] == '/') {
			i += 2;
			if (--depth == 0)
				return i;
		} else {
			i++;
		}
	}
	return left;
}

/* A doubled quote is one within; in E'' a backslash takes the next byte along. */
static size_t
end_of_quote(const char *s, size_t left, char quote, bool backslash)
{
	size_t i = 1;

	while (i < left) {
		bool escape =
		    (backslash && s[i] == '\\') || (s[i] == quote && i + 1 < left && s[i + 1] == quote);

		if (s[i] == quote && !escape)
			return i + 1;
		i += escape && i + 1 < left ? 2 : 1;
	}
	return left;
}

/* Length of "$tag$" at s, 0 when there is none. */
static size_t
dollar_tag(const char *s, size_t left)
{
	size_t i;

	for (i = 1; i < left; i++) {
		if (s[i] == '$')
			return i + 1;
		if (!word_char((unsigned char)s[i]) || (i == 1 && isdigit((unsigned char)s[i])))
			return 0;
	}
	return 0;
}

static size_t
end_of_word(const char *s, size_t left)
{
	size_t i = 1;

	while (i < left && (word_char((unsigned char)s[i]) || s[i] == '$'))
		i++;
	return i;
}

static size_t
end_of_number(const char *s, size_t left)
{
	size_t i = 1;

	while (i < left && (isalnum((unsigned char)s[i]) || s[i] == '.' || s[i] == '_'))
		i++;
	return i;
}

/* The class of the token at s (0: none) and its length. */
static char
token(const char *s, size_t left, size_t *ret_len)
{
	unsigned char c = (unsigned char)*s;
	size_t tag;

	*ret_len = 1;
	if (left > 1 && ((c == '-' && s[1] == '-') || (c == '/' && s[1] == '*'))) {
		*ret_len = c == '-' ? end_of_line(s, left) : end_of_comment(s, left);
		return 'c';
	}
	if (c == '\'' || c == '"') {
		*ret_len = end_of_quote(s, left, *s, false);
		return c == '"' ? 'i' : 's';
	}
	if ((c == 'E' || c == 'e') && left > 1 && s[1] == '\'') {
		*ret_len = 1 + end_of_quote(s + 1, left - 1, '\'', true);
		return 's';
	}
	if (c == '$') {
		/* The body of a function is SQL again: only the tag itself is marked. */
		tag = dollar_tag(s, left);
		*ret_len = tag == 0 ? 1 : tag;
		return tag == 0 ? '\0' : 's';
	}
	if (isdigit(c)) {
		*ret_len = end_of_number(s, left);
		return 'n';
	}
	if (word_char(c)) {
		*ret_len = end_of_word(s, left);
		return is_keyword(s, *ret_len) ? 'k' : '\0';
	}
	return '\0';
}

/* NUL would end the text early for every reader of it: it is shown as U+FFFD. */
static void
put(struct gh_text *t, const char *s, size_t len)
{
	const char *nul;

	while (len > 0 && (nul = memchr(s, '\0', len)) != NULL) {
		gh_text_put_html(t, s, (size_t)(nul - s));
		gh_text_put(t, "\xef\xbf\xbd");
		len -= (size_t)(nul - s) + 1;
		s = nul + 1;
	}
	gh_text_put_html(t, s, len);
}

static void
put_marked(struct gh_text *t, const char *s, size_t len, char class)
{
	gh_text_putf(t, "<span class=\"%c\">", class);
	put(t, s, len);
	gh_text_put(t, "</span>");
}

static void
put_sql(struct gh_text *t, const char *sql, size_t len)
{
	size_t at = 0, plain = 0, n;

	while (at < len) {
		char class = token(sql + at, len - at, &n);

		if (class != '\0') {
			put(t, sql + plain, at - plain);
			put_marked(t, sql + at, n, class);
			plain = at + n;
		}
		at += n;
	}
	put(t, sql + plain, len - plain);
}

static struct markup
made(struct gh_arena *a, struct gh_text *t, const char *sql, size_t len)
{
	return (
	    struct markup){ .html = gh_strndup(a, gh_text_str(t), t->len), .text = gh_strndup(a, sql, len) };
}

struct markup
highlight_sql(struct gh_arena *a, const char *sql, size_t len)
{
	GH_TEXT t = { 0 };

	put_sql(&t, sql, len);
	return made(a, &t, sql, len);
}

struct markup
highlight_marked(struct gh_arena *a, const char *sql, size_t len, const struct highlight_marks *marks)
{
	GH_TEXT t = { 0 };
	struct marks m;
	struct mark one;
	size_t plain = 0;

	if (marks->n == 0)
		return highlight_sql(a, sql, len);
	marks_start(&m, marks->bytes, marks->n);
	while (marks_next(&m, &one)) {
		size_t at = one.offset - marks->from;

		if (one.offset < marks->from)
			continue;
		if (at >= len || one.len > len - at)
			break;
		/* A word that only sometimes is a keyword: where people write it as one. */
		if (one.class == 'u' && !is_keyword(sql + at, one.len))
			continue;
		if (one.class == 'u')
			one.class = 'k';
		put(&t, sql + plain, at - plain);
		if (one.class == 's' && sql[at] == '$')
			put_sql(&t, sql + at, one.len);
		else
			put_marked(&t, sql + at, one.len, one.class);
		plain = at + one.len;
	}
	put(&t, sql + plain, len - plain);
	return made(a, &t, sql, len);
}
