#include "base/ban.h"
#include "base/sum.h"
#include "base/text.h"
#include "migration/found.h"
#include "migration/liquibase_line.h"
#include "migration/liquibase_parse.h"

struct split {
	struct gh_arena *a;
	struct convention_side *side;
	const char *start, *p, *end;
	const char *piece;     /* where the current one begins */
	const char *delimiter; /* NULL: ; and GO */
	bool full;             /* the piece holds more than blanks and comments */
};

static void
piece_end(struct split *s, const char *end)
{
	if (s->full)
		found_piece(s->a, s->side, (size_t)(s->piece - s->start), (size_t)(end - s->piece));
	s->full = false;
}

static const char *
behind(const char *p, const char *end, const char *close)
{
	const char *at = memmem(p, (size_t)(end - p), close, strlen(close));

	return at == NULL ? end : at + strlen(close);
}

static bool
line_is(const struct split *s, const char *word)
{
	const char *eol = memchr(s->p, '\n', (size_t)(s->end - s->p)), *p = s->p;
	size_t len = strlen(word);

	if (eol == NULL)
		eol = s->end;
	while (eol > p && liquibase_space(eol[-1]))
		eol--;
	return (s->p == s->start || s->p[-1] == '\n') && (size_t)(eol - p) == len &&
	    strncasecmp(p, word, len) == 0;
}

/* How long the delimiter at p is; 0: none. */
static size_t
delimiter_at(const struct split *s)
{
	size_t len;

	if (s->delimiter != NULL) {
		len = strlen(s->delimiter);
		return (size_t)(s->end - s->p) >= len && strncasecmp(s->p, s->delimiter, len) == 0 ? len : 0;
	}
	if (*s->p == ';')
		return 1;
	return line_is(s, "go") ? 2 : line_is(s, "/") ? 1 : 0;
}

/* $tag$ ... $tag$ with a delimiter in it: the server would get half of it. */
static bool
dollars(struct split *s)
{
	const char *tag = s->p + 1, *close, *delimiter = s->delimiter == NULL ? ";" : s->delimiter;
	size_t len;

	while (tag < s->end && (*tag == '_' || (*tag >= 'a' && *tag <= 'z') || (*tag >= 'A' && *tag <= 'Z')))
		tag++;
	if (tag == s->end || *tag != '$')
		return false;
	len = (size_t)(tag + 1 - s->p);
	close = memmem(tag + 1, (size_t)(s->end - tag - 1), s->p, len);
	if (close == NULL)
		return false;
	if (memmem(s->p, (size_t)(close - s->p), delimiter, strlen(delimiter)) != NULL)
		s->side->problem = gh_printf(s->a,
		    "%s:%" PRId64 ":1: Liquibase cuts at every %s, also between $$: write "
		    "splitStatements:false or an endDelimiter behind --changeset",
		    s->side->file, s->side->first_line + found_line(s->start, (size_t)(s->p - s->start)) - 1,
		    delimiter);
	s->p = close + len;
	return true;
}

/* Comments and quotes; false: neither begins here. */
static bool
passed(struct split *s)
{
	const char *p = s->p;

	if (s->end - p >= 2 && p[0] == '-' && p[1] == '-') {
		s->p = behind(p, s->end, "\n");
		return true;
	}
	if (s->end - p >= 2 && p[0] == '/' && p[1] == '*') {
		s->p = behind(p + 2, s->end, "*/");
		return true;
	}
	if (*p == '\'' || *p == '"') {
		s->full = true;
		s->p = behind(p + 1, s->end, *p == '"' ? "\"" : "'");
		return true;
	}
	if (*p == '$' && dollars(s)) {
		s->full = true;
		return true;
	}
	return false;
}

/* A delimiter is a regular expression to the tool: only what stands for itself is done. */
static const char *
plain(struct gh_arena *a, const char *delimiter)
{
	char *ret = gh_strdup(a, delimiter), *out = ret;
	const char *p;

	for (p = delimiter; *p != '\0'; p++) {
		if (*p == '\\' && p[1] == 'n') {
			p++;
			*out++ = '\n';
		} else if (strchr("\\.*+?()[]{}|^$", *p) != NULL) {
			return NULL;
		} else {
			*out++ = *p;
		}
	}
	*out = '\0';
	return ret[0] == '\0' ? NULL : ret;
}

void
liquibase_split(struct gh_arena *a, struct convention_side *side, const char *delimiter)
{
	struct split s = { .a = a,
		.side = side,
		.start = side->sql,
		.p = side->sql,
		.end = side->sql + side->len,
		.piece = side->sql };

	if (delimiter != NULL && delimiter[0] != '\0') {
		s.delimiter = plain(a, delimiter);
		if (s.delimiter == NULL) {
			side->problem = gh_printf(a,
			    "%s:%" PRId64
			    ":1: the end delimiter %s is a regular expression: only plain ones are done here",
			    side->file, side->first_line, delimiter);
			return;
		}
	}
	while (s.p < s.end) {
		size_t len = delimiter_at(&s);

		if (len > 0) {
			piece_end(&s, s.p);
			s.p += len;
			s.piece = s.p;
		} else if (!passed(&s)) {
			s.full |= !liquibase_space(*s.p);
			s.p++;
		}
	}
	piece_end(&s, s.end);
}

/* As a hash of a changeset with one change of raw SQL: a sum over its sum. */
const char *
liquibase_checksum(struct gh_arena *a, const char *sql)
{
	char hex[GH_SUM_HEX_MAX];
	GH_TEXT t = { 0 };
	const char *p;

	for (p = sql; *p != '\0'; p++) {
		if (*p != ' ' && *p != '\t' && *p != '\r' && *p != '\n')
			gh_text_putc(&t, *p);
	}
	gh_sum_hex(GH_SUM_MD5, gh_text_str(&t), t.len, hex);
	gh_text_clear(&t);
	gh_text_putf(&t, "9:%s:", hex);
	gh_sum_hex(GH_SUM_MD5, gh_text_str(&t), t.len, hex);
	return gh_printf(a, "9:%s", hex);
}
