#include "base/ban.h"
#include "migration/sql_reading.h"

/*
 * The parser is PostgreSQL 15's.  What it does not take is a syntax error, unless it gave up exactly where
 * one of these forms, all younger than 15, stands: so a typing error stays one.
 */

/*
 * Words in a row, "*" any token, "|" before the word at which 15 gives up; "$" the end of the statement.
 * `first` is the word that the statement begins with, "" any.
 */
static const struct {
	const char *first, *words;
} phrases[] = {
	/* 16 */
	{ "GRANT", "WITH |INHERIT" },
	{ "GRANT", "WITH |SET" },
	{ "GRANT", "ADMIN |TRUE" },
	{ "GRANT", "ADMIN |FALSE" },
	{ "REVOKE", "|INHERIT OPTION FOR" },
	{ "REVOKE", "|SET OPTION FOR" },
	{ "", "IS |JSON" },
	{ "", "IS NOT |JSON" },
	{ "", "SET STORAGE |DEFAULT" },
	{ "CREATE", "|STORAGE PLAIN" },
	{ "CREATE", "|STORAGE EXTERNAL" },
	{ "CREATE", "|STORAGE EXTENDED" },
	{ "CREATE", "|STORAGE MAIN" },
	{ "CREATE", "|STORAGE DEFAULT" },
	{ "ALTER", "|STORAGE PLAIN" },
	{ "ALTER", "|STORAGE EXTERNAL" },
	{ "ALTER", "|STORAGE EXTENDED" },
	{ "ALTER", "|STORAGE MAIN" },
	{ "CREATE", "STATISTICS |ON" },
	{ "CREATE", "STATISTICS ( * ) |ON" },
	{ "REINDEX", "SYSTEM |$" },
	{ "REINDEX", "DATABASE |$" },
	/* 17 */
	{ "MERGE", "|RETURNING" },
	{ "WITH", "|RETURNING" },
	{ "", "MATCHED |BY SOURCE" },
	{ "", "MATCHED |BY TARGET" },
	{ "", "SET |EXPRESSION AS" },
	{ "", "AT |LOCAL" },
	{ "ALTER", "ACCESS METHOD |DEFAULT" },
	/* 18 */
	{ "", ") |VIRTUAL" },
	{ "", "|WITHOUT OVERLAPS" },
	{ "", "PERIOD |*" },
	{ "", "NOT |ENFORCED" },
	{ "", "|NOT ENFORCED" },
	{ "", "|ENFORCED" },
	{ "ALTER", "CONSTRAINT * |NOT NULL" },
	{ "ALTER", "ADD |NOT NULL" },
	{ "ALTER", "CONSTRAINT * |INHERIT" },
	{ "ALTER", "CONSTRAINT * |NO INHERIT" },
	{ "", "RETURNING |WITH (" },
	{ "VACUUM", "|ONLY" },
	{ "ANALYZE", "|ONLY" },
	/* 19 */
	{ "ALTER", "|SPLIT PARTITION" },
	{ "ALTER", "|MERGE PARTITIONS" },
};

/* Functions of SQL/JSON with a grammar of their own within the parentheses. */
static const char *const functions[] = { "JSON", "JSON_ARRAY", "JSON_ARRAYAGG", "JSON_EXISTS", "JSON_OBJECT",
	"JSON_OBJECTAGG", "JSON_QUERY", "JSON_SCALAR", "JSON_SERIALIZE", "JSON_TABLE", "JSON_VALUE" };

/* A part of the text with its tokens, comments left out. */
struct part {
	char *text; /* numerals that 15 cannot read are made such that it can */
	size_t n;
	struct sql_token *tokens;
};

static bool
is(const struct part *p, size_t k, const char *word, size_t len)
{
	const struct sql_token *t;

	if (k >= p->n)
		return len == 1 && *word == '$';
	t = &p->tokens[k];
	if (len == 1 && *word == '$')
		return p->text[t->start] == ';';
	return (len == 1 && *word == '*') ||
	    ((size_t)(t->end - t->start) == len && strncasecmp(p->text + t->start, word, len) == 0);
}

/* Whether the phrase stands so that its marked word is token k. */
static bool
phrase_at(const struct part *p, size_t k, const char *words)
{
	const char *w = words;
	size_t before = 0, len;

	for (; *w != '|'; w++)
		before += *w == ' ';
	if (k < before)
		return false;
	for (k -= before, w = words; *w != '\0'; k++) {
		w += *w == '|';
		len = strcspn(w, " ");
		if (!is(p, k, w, len))
			return false;
		w += len;
		w += *w == ' ';
	}
	return true;
}

/* The parentheses in which token k stands are closed. */
static bool
closed(const struct part *p, size_t k)
{
	int depth = 0;

	for (; k < p->n && !is(p, k, ";", 1); k++) {
		if (is(p, k, "(", 1))
			depth++;
		else if (is(p, k, ")", 1) && depth-- == 0)
			return true;
	}
	return false;
}

/* Token k stands in the parentheses of one of the functions. */
static bool
in_function(const struct part *p, size_t first, size_t k)
{
	size_t i;
	int depth = 0;

	if (!closed(p, k))
		return false;
	while (k-- > first + 1) {
		if (is(p, k, ")", 1))
			depth++;
		if (!is(p, k, "(", 1) || depth-- > 0)
			continue;
		depth = 0;
		for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
			if (is(p, k - 1, functions[i], strlen(functions[i])))
				return true;
		}
	}
	return false;
}

/* GENERATED ALWAYS AS (...) and neither STORED nor VIRTUAL behind it: virtual since 18. */
static bool
generated_before(const struct part *p, size_t k)
{
	int depth = 0;

	if (k < 4 || !is(p, k - 1, ")", 1))
		return false;
	for (k--; k >= 3; k--) {
		if (is(p, k, ")", 1))
			depth++;
		else if (is(p, k, "(", 1) && --depth == 0)
			return is(p, k - 1, "AS", 2) && is(p, k - 2, "ALWAYS", 6);
	}
	return false;
}

/* first: the statement's first token; k: where 15 gave up. */
static bool
is_newer(const struct part *p, size_t first, size_t k, const char *message)
{
	size_t i;

	if (strstr(message, "in FROM must have an alias") != NULL)
		return true;
	if (strncmp(message, "syntax error", 12) != 0)
		return false;
	for (i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		if ((*phrases[i].first == '\0' || is(p, first, phrases[i].first, strlen(phrases[i].first))) &&
		    phrase_at(p, k, phrases[i].words))
			return true;
	}
	return in_function(p, first, k) || generated_before(p, k);
}

/* 1_000_000, 0xff, 0o17, 0b1: other digits, so that 15 reads the rest. */
static bool
mend_numeral(char *text, size_t len, size_t at)
{
	size_t n = at, digits;
	bool based;

	while (n < len && (isalnum((unsigned char)text[n]) || text[n] == '_'))
		n++;
	/* A letter behind it that is no ASCII is junk, too. */
	if (n == at || n - at < 3 || text[n - 1] == '_' || !isdigit((unsigned char)text[at]) ||
	    (n < len && ((unsigned char)text[n] >= 0x80 || text[n] == '$')))
		return false;
	based = text[at] == '0' && strchr("xXoObB", text[at + 1]) != NULL;
	digits = strspn(text + at, based ? "0123456789abcdefABCDEF_xXoObB" : "0123456789_");
	/* Nothing but digits was not what it stumbled over. */
	if (at + digits < n || strspn(text + at, "0123456789") >= n - at)
		return false;
	for (; at < n; at++)
		text[at] = isdigit((unsigned char)text[at]) ? text[at] : '0';
	return true;
}

static void
take_tokens(struct sql_reading *r, struct part *p, const PgQuery__ScanResult *tokens)
{
	size_t i;

	p->tokens = gh_alloc_n(r->arena, tokens->n_tokens, sizeof(*p->tokens));
	for (i = 0; i < tokens->n_tokens; i++) {
		const PgQuery__ScanToken *t = tokens->tokens[i];

		if (t->token != PG_QUERY__TOKEN__SQL_COMMENT && t->token != PG_QUERY__TOKEN__C_COMMENT)
			p->tokens[p->n++] = (struct sql_token){ .start = t->start, .end = t->end };
	}
}

/* False when it cannot be lexed; *ret_mended when numerals were changed for that. */
static bool
lex(struct sql_reading *r, struct part *p, size_t len, bool *ret_mended)
{
	PgQuery__ScanResult *tokens = NULL;
	bool again = true;

	while (tokens == NULL && again) {
		PgQueryScanResult scan = pg_query_scan(p->text);

		if (scan.error == NULL)
			tokens = pg_query__scan_result__unpack(
			    NULL, scan.pbuf.len, (const uint8_t *)scan.pbuf.data);
		again = scan.error != NULL &&
		    strncmp(scan.error->message, "trailing junk after numeric literal", 35) == 0 &&
		    scan.error->cursorpos > 0 &&
		    mend_numeral(p->text, len, sql_error_byte(p->text, len, scan.error->cursorpos));
		*ret_mended = *ret_mended || again;
		pg_query_free_scan_result(scan);
	}
	if (tokens == NULL)
		return false;
	take_tokens(r, p, tokens);
	pg_query__scan_result__free_unpacked(tokens, NULL);
	return true;
}

/* The token behind the statement that begins with token k: its semicolon, or the end. */
static size_t
statement_end(const struct part *p, size_t k)
{
	int depth = 0, atomic = 0;

	for (; k < p->n; k++) {
		if (is(p, k, "(", 1))
			depth++;
		else if (is(p, k, ")", 1))
			depth--;
		else if ((is(p, k, "BEGIN", 5) && is(p, k + 1, "ATOMIC", 6)) ||
		    (atomic > 0 && is(p, k, "CASE", 4)))
			atomic++;
		else if (atomic > 0 && is(p, k, "END", 3))
			atomic--;
		else if (depth <= 0 && atomic == 0 && is(p, k, ";", 1))
			break;
	}
	return k;
}

/* "ALTER TABLE", from the words themselves. */
static const char *
spelled(struct sql_reading *r, const struct part *p, size_t first)
{
	static const char *const two[] = { "CREATE", "ALTER", "DROP" };
	const struct sql_token *t = &p->tokens[first];
	int32_t end = t->end;
	char *ret, *c;
	size_t i;

	for (i = 0; i < sizeof(two) / sizeof(two[0]); i++) {
		if (is(p, first, two[i], strlen(two[i])) && first + 1 < p->n)
			end = p->tokens[first + 1].end;
	}
	ret = gh_strndup(r->arena, p->text + t->start, (size_t)(end - t->start > 40 ? 40 : end - t->start));
	for (c = ret; *c != '\0'; c++) {
		if (!isalpha((unsigned char)*c) && *c != ' ')
			return "UNKNOWN";
		*c = (char)toupper((unsigned char)*c);
	}
	return ret;
}

/* One statement, tokens first to last - 1; false when it is neither known nor newer. */
static bool
read_one(struct sql_reading *r, const struct part *p, size_t first, size_t last, size_t from)
{
	size_t at = (size_t)p->tokens[first].start, end = (size_t)p->tokens[last - 1].end, k = first, byte;
	char *one = strndup(p->text + at, end - at);
	PgQueryError error;
	PgQuery__ParseResult *tree = sql_reading_parse(one, &error);
	struct sql_statement *s = &r->script->statements[r->script->n - 1];
	bool good = true;

	if (tree != NULL && tree->n_stmts == 1 && tree->stmts[0]->stmt != NULL) {
		r->seen[r->script->n - 1].node = tree->stmts[0]->stmt;
		r->seen[r->script->n - 1].base = (int64_t)(from + at);
		sql_reading_keep(r, tree);
		sql_reading_look(r, tree->stmts[0]->stmt, r->script->n - 1);
	} else if (tree != NULL) {
		sql_reading_keep(r, tree);
	} else {
		byte = error.cursorpos <= 0 ? 0 : at + sql_error_byte(one, end - at, error.cursorpos);
		while (k < last && (size_t)p->tokens[k].start < byte)
			k++;
		good = is_newer(p, first, k, error.message);
		s->kind = spelled(r, p, first);
		if (!good)
			sql_error(r, from + at, end - at, &error);
	}
	free(error.message);
	free(one);
	return good;
}

bool
sql_newer(struct sql_reading *r, size_t piece, size_t from, size_t len, const PgQueryError *error)
{
	struct part p = { .text = strndup(r->text->sql + from, len) };
	size_t first = 0, last, byte, k = 0, start = 0;
	bool mended = false, good;

	good = lex(r, &p, len, &mended);
	byte = error->cursorpos <= 0 ? 0 : sql_error_byte(p.text, len, error->cursorpos);
	while (good && k < p.n && (size_t)p.tokens[k].start < byte)
		k++;
	for (last = 0; good && last < k && last < p.n; last++)
		start = is(&p, last, ";", 1) && statement_end(&p, start) == last ? last + 1 : start;
	good = good && (mended || is_newer(&p, start, k, error->message));
	for (; good && first < p.n && *r->script->problem == '\0'; first = last + 1) {
		last = statement_end(&p, first);
		if (last > first &&
		    sql_reading_add(r, piece, from + (size_t)p.tokens[first].start,
			from + (size_t)p.tokens[last - 1].end))
			good = read_one(r, &p, first, last, from);
	}
	free(p.text);
	/* A second statement that is simply wrong has set the problem. */
	return good || *r->script->problem != '\0';
}
