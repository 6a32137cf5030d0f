#include "base/ban.h"
#include "migration/sql_reading.h"
#include "migration/sql_touch.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

/* The text of a DO block or of a routine's body. */
struct body {
	struct sql_reading *r;
	size_t i; /* the statement that it is part of */
	enum lint_inside inside;
	const char *text, *language;
	size_t len;
	int64_t offset; /* of its first byte within the side; -1: what is quoted there reads otherwise */
	PgQuery__ScanResult *tokens;
};

static const char *
as_text(const PgQuery__Node *n)
{
	if (n != NULL && n->node_case == PG_QUERY__NODE__NODE_LIST && n->list->n_items > 0)
		n = n->list->items[0];
	return n != NULL && n->node_case == PG_QUERY__NODE__NODE_STRING ? n->string->sval : NULL;
}

static void
take_options(struct body *b, PgQuery__Node *const *options, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const PgQuery__DefElem *e =
		    options[i]->node_case == PG_QUERY__NODE__NODE_DEF_ELEM ? options[i]->def_elem : NULL;

		if (e != NULL && strcmp(e->defname, "as") == 0)
			b->text = as_text(e->arg);
		else if (e != NULL && strcmp(e->defname, "language") == 0 && as_text(e->arg) != NULL)
			b->language = as_text(e->arg);
	}
}

static PgQuery__ScanResult *
scan(const char *text)
{
	PgQueryScanResult result = pg_query_scan(text);
	PgQuery__ScanResult *ret = NULL;

	if (result.error == NULL)
		ret = pg_query__scan_result__unpack(NULL, result.pbuf.len, (const uint8_t *)result.pbuf.data);
	pg_query_free_scan_result(result);
	return ret;
}

/* Where the body stands in the side: the string that holds it as it is. */
static void
find_place(struct body *b)
{
	const struct sql_statement *s = &b->r->script->statements[b->i];
	char *own = strndup(b->r->text->sql + s->offset, (size_t)s->length);
	PgQuery__ScanResult *tokens = scan(own);
	size_t i;

	for (i = 0; tokens != NULL && b->offset < 0 && i < tokens->n_tokens; i++) {
		const PgQuery__ScanToken *t = tokens->tokens[i];
		const char *p = own + t->start, *end = own + t->end;
		size_t quote = 1;

		if (t->token != PG_QUERY__TOKEN__SCONST)
			continue;
		if (*p == '$' && memchr(p + 1, '$', (size_t)(end - p - 1)) != NULL)
			quote = (size_t)((const char *)memchr(p + 1, '$', (size_t)(end - p - 1)) - p) + 1;
		if ((size_t)(end - p) == b->len + 2 * quote && memcmp(p + quote, b->text, b->len) == 0)
			b->offset = s->offset + t->start + (int64_t)quote;
	}
	if (tokens != NULL)
		pg_query__scan_result__free_unpacked(tokens, NULL);
	free(own);
}

/* Byte of the side for a byte of the body. */
static int64_t
place(const struct body *b, size_t at)
{
	return b->offset < 0 ? b->r->script->statements[b->i].offset : b->offset + (int64_t)at;
}

/* Takes what the block does as the statement's own. */
static void
merge(struct body *b, const PgQuery__Node *n, const struct lint_at *at)
{
	struct sql_statement *s = &b->r->script->statements[b->i];
	struct sql_touches all = { .arena = b->r->arena, .n = s->n_touches, .cap = s->n_touches };
	bool destructive, reversible;
	size_t i;

	all.items = s->touches;
	for (i = 0; i < at->n_touches; i++) {
		const struct sql_touch *t = &at->touches[i];

		sql_touch_add(&all, t->object, t->lock,
		    (t->rewrites ? SQL_REWRITES : 0) | (t->scans ? SQL_SCANS : 0) |
			(t->writes ? SQL_WRITES : 0));
	}
	s->n_touches = all.n;
	s->touches = all.items;
	sql_effect(n, &destructive, &reversible);
	s->destructive = s->destructive || destructive;
}

static void
add_node(struct body *b, PgQuery__Node *n, size_t from, size_t to, size_t base)
{
	struct sql_reading *r = b->r;
	struct sql_touches touches = { .arena = r->arena };
	struct lint_at at = {
		.node = n,
		.i = b->i,
		.inside = b->inside,
		.offset = place(b, from),
		.length = (int64_t)(to - from),
		.base = place(b, base),
	};

	/* SELECT ... INTO a variable makes no table. */
	if (n->node_case == PG_QUERY__NODE__NODE_SELECT_STMT && n->select_stmt->into_clause != NULL &&
	    strcmp(b->language, "plpgsql") == 0) {
		pg_query__into_clause__free_unpacked(n->select_stmt->into_clause, NULL);
		n->select_stmt->into_clause = NULL;
	}
	if (b->offset < 0) {
		at.offset = r->script->statements[b->i].offset;
		at.length = r->script->statements[b->i].length;
	}
	sql_touch(&touches, n);
	at.n_touches = touches.n;
	at.touches = touches.items;
	if (b->inside == LINT_DO)
		merge(b, n, &at);
	r->inner = sql_reading_more(r, r->inner, r->n_inner, &r->cap_inner, sizeof(*r->inner));
	if (r->seen[b->i].n_inner++ == 0)
		r->seen[b->i].inner = r->n_inner;
	r->inner[r->n_inner++] = at;
}

/* Statements in a part of the body; what is not SQL after all is passed over. */
static void
add_sql(struct body *b, const char *text, size_t from, size_t to)
{
	PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(text);
	PgQuery__ParseResult *tree = NULL;
	size_t i;

	if (parsed.error == NULL)
		tree = pg_query__parse_result__unpack(
		    NULL, parsed.parse_tree.len, (const uint8_t *)parsed.parse_tree.data);
	pg_query_free_protobuf_parse_result(parsed);
	if (tree == NULL)
		return;
	sql_reading_keep(b->r, tree);
	for (i = 0; i < tree->n_stmts; i++) {
		const PgQuery__RawStmt *raw = tree->stmts[i];
		size_t at = from + (size_t)raw->stmt_location,
		       end = raw->stmt_len > 0 ? at + (size_t)raw->stmt_len : to;

		if (raw->stmt == NULL)
			continue;
		if (tree->n_stmts > 1)
			at = sql_skip_comments(b->text, at, end);
		add_node(b, raw->stmt, at, end, from);
	}
}

/* ---- plpgsql ---- */

static bool
is(const struct body *b, size_t k, const char *word)
{
	const PgQuery__ScanToken *t;
	size_t len = strlen(word);

	if (k >= b->tokens->n_tokens)
		return false;
	t = b->tokens->tokens[k];
	return (size_t)(t->end - t->start) == len && strncasecmp(b->text + t->start, word, len) == 0;
}

static bool
is_any(const struct body *b, size_t k, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (is(b, k, *words))
			return true;
	}
	return false;
}

/* The token behind the next `word` before `end` that stands in no parentheses and in no CASE. */
static size_t
behind(const struct body *b, size_t k, size_t end, const char *word)
{
	int depth = 0;

	for (; k < end; k++) {
		if (depth == 0 && is(b, k, word))
			return k + 1;
		if (is(b, k, "(") || is(b, k, "case"))
			depth++;
		else if (is(b, k, ")") || is(b, k, "end"))
			depth--;
	}
	return end;
}

static size_t
skip_to_sql(const struct body *b, size_t k, size_t end)
{
	static const char *const alone[] = { "begin", "else", "loop", "then", "exception", NULL };
	static const char *const tests[] = { "if", "elsif", "elseif", "when", "case", NULL };
	static const char *const loops[] = { "while", "for", "foreach", NULL };
	size_t at = SIZE_MAX;

	while (k < end && k != at) {
		at = k;
		if (is(b, k, "<<"))
			k += 3;
		else if (is_any(b, k, alone))
			k++;
		else if (is_any(b, k, tests))
			k = behind(b, is(b, k, "case") ? k + 1 : k, end, "then");
		else if (is_any(b, k, loops))
			k = behind(b, k, end, "loop");
		else if (is(b, k, "declare"))
			k = end;
	}
	return k < end ? k : end;
}

static void
add_transaction_control(struct body *b, size_t k)
{
	struct sql_reading *r = b->r;
	struct sql_statement *s = &r->script->statements[b->i];
	const PgQuery__ScanToken *t = b->tokens->tokens[k];
	const char *word = is(b, k, "commit") ? "COMMIT" : "ROLLBACK";

	if (b->inside == LINT_DO)
		s->alone = true;
	sql_reading_note(r, (size_t)place(b, (size_t)t->start),
	    gh_printf(r->arena, "%s within %s: it cannot run in a transaction", word,
		b->inside == LINT_DO ? "a DO block" : "the procedure"));
}

/* EXECUTE 'literal' */
static void
add_executed(struct body *b, size_t k)
{
	const PgQuery__ScanToken *t = k < b->tokens->n_tokens ? b->tokens->tokens[k] : NULL;
	const char *p;
	size_t len, quote = 1;

	if (t == NULL || t->token != PG_QUERY__TOKEN__SCONST || is(b, k + 1, "||"))
		return;
	p = b->text + t->start;
	len = (size_t)(t->end - t->start);
	if (*p == '$')
		quote = strcspn(p + 1, "$") + 2;
	if (*p != '$' && *p != '\'')
		return;
	if (len > 2 * quote && memchr(p + quote, '\'', len - 2 * quote) == NULL)
		add_sql(b, gh_strndup(b->r->arena, p + quote, len - 2 * quote), (size_t)t->start + quote,
		    (size_t)t->end - quote);
}

/* One statement of plpgsql: tokens first to last, without its semicolon. */
static void
add_statement(struct body *b, size_t first, size_t last)
{
	static const char *const sql[] = { "alter", "analyze", "call", "cluster", "comment", "copy", "create",
		"delete", "drop", "grant", "insert", "lock", "merge", "perform", "refresh", "reindex",
		"reset", "revoke", "select", "set", "truncate", "update", "vacuum", "with", NULL };
	static const char *const ends[] = { "commit", "rollback", NULL };
	size_t k = skip_to_sql(b, first, last), i;
	const char *text;
	int32_t from, to;

	if (k >= last)
		return;
	/* A variable may have that name. */
	if (is_any(b, k, ends) && (k + 1 == last || is(b, k + 1, "and")))
		add_transaction_control(b, k);
	if (is(b, k, "execute"))
		add_executed(b, k + 1);
	if (!is_any(b, k, sql))
		return;
	/* RETURNING ... INTO a variable is nothing that the grammar of SQL knows. */
	i = behind(b, k, last, "returning");
	if (i < last)
		last = behind(b, i, last, "into") < last ? behind(b, i, last, "into") - 1 : last;
	from = b->tokens->tokens[k]->start;
	to = b->tokens->tokens[last - 1]->end;
	text = gh_strndup(b->r->arena, b->text + from, (size_t)(to - from));
	if (is(b, k, "perform"))
		text = gh_printf(b->r->arena, "SELECT %s", text + strlen("perform"));
	add_sql(b, text, (size_t)from, (size_t)to);
}

static void
open_plpgsql(struct body *b)
{
	size_t k, first = 0, n = 0;

	b->tokens = scan(b->text);
	if (b->tokens == NULL)
		return;
	/* Comments are no tokens here. */
	for (k = 0; k < b->tokens->n_tokens; k++) {
		PgQuery__ScanToken *t = b->tokens->tokens[k];

		if (t->token == PG_QUERY__TOKEN__SQL_COMMENT || t->token == PG_QUERY__TOKEN__C_COMMENT)
			pg_query__scan_token__free_unpacked(t, NULL);
		else
			b->tokens->tokens[n++] = t;
	}
	b->tokens->n_tokens = n;
	for (k = 0; k < n; k++) {
		if (!is(b, k, ";"))
			continue;
		add_statement(b, first, k);
		first = k + 1;
	}
	pg_query__scan_result__free_unpacked(b->tokens, NULL);
}

static void
open_atomic(struct body *b, const PgQuery__Node *n)
{
	size_t i;

	if (n == NULL)
		return;
	if (n->node_case == PG_QUERY__NODE__NODE_LIST) {
		for (i = 0; i < n->list->n_items; i++)
			open_atomic(b, n->list->items[i]);
	} else if (n->node_case != PG_QUERY__NODE__NODE_RETURN_STMT) {
		PgQuery__Node copy = *n, *kept = gh_memdup(b->r->arena, &copy, sizeof(copy));

		add_node(b, kept, 0, 0, 0);
	}
}

void
sql_body(struct sql_reading *r, const PgQuery__Node *n, size_t i)
{
	struct body b = { .r = r, .i = i, .language = "plpgsql", .offset = -1 };

	if (n->node_case == PG_QUERY__NODE__NODE_DO_STMT) {
		b.inside = LINT_DO;
		take_options(&b, n->do_stmt->args, n->do_stmt->n_args);
	} else if (n->node_case == PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT) {
		b.inside = LINT_ROUTINE;
		b.language = "sql";
		take_options(&b, n->create_function_stmt->options, n->create_function_stmt->n_options);
		open_atomic(&b, n->create_function_stmt->sql_body);
	}
	if (b.text == NULL || *b.text == '\0')
		return;
	b.len = strlen(b.text);
	find_place(&b);
	if (strcasecmp(b.language, "plpgsql") == 0)
		open_plpgsql(&b);
	else if (strcasecmp(b.language, "sql") == 0)
		add_sql(&b, b.text, 0, b.len);
}
