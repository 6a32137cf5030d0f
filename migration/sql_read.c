#include "base/ban.h"
#include "migration/sql_reading.h"
#include "migration/sql_name.h"

#define WHOLE ((size_t)1 << 20)  /* a longer piece is parsed one statement after the other */
#define KEEP  ((size_t)16 << 20) /* bytes of text whose trees are kept for lint */

PgQuery__ParseResult *
sql_reading_parse(const char *text, PgQueryError *ret_error)
{
	PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(text);
	PgQuery__ParseResult *tree = NULL;

	*ret_error = (PgQueryError){ 0 };
	if (parsed.error == NULL)
		tree = pg_query__parse_result__unpack(
		    NULL, parsed.parse_tree.len, (const uint8_t *)parsed.parse_tree.data);
	if (tree == NULL) {
		ret_error->cursorpos = parsed.error == NULL ? 0 : parsed.error->cursorpos;
		ret_error->message =
		    strdup(parsed.error == NULL ? "the statement cannot be analysed" : parsed.error->message);
	}
	pg_query_free_protobuf_parse_result(parsed);
	return tree;
}

PgQuery__ParseResult *
sql_parse(const char *text)
{
	PgQueryError error;
	PgQuery__ParseResult *ret = sql_reading_parse(text, &error);

	free(error.message);
	return ret;
}

/* What could not be parsed: newer than the parser, or wrong. */
static void
read_error(struct sql_reading *r, size_t piece, size_t from, size_t len, const PgQueryError *error)
{
	if (sql_newer(r, piece, from, len, error))
		r->script->not_analysed = true;
	else
		sql_error(r, from, len, error);
}

static void
read_whole(struct sql_reading *r, size_t piece, const char *text, size_t from, size_t len)
{
	PgQueryError error;
	PgQuery__ParseResult *tree = sql_reading_parse(text, &error);
	size_t i;

	if (tree == NULL) {
		read_error(r, piece, from, len, &error);
		free(error.message);
		return;
	}
	sql_reading_keep(r, tree);
	for (i = 0; i < tree->n_stmts; i++) {
		const PgQuery__RawStmt *raw = tree->stmts[i];
		size_t at = (size_t)raw->stmt_location,
		       end = raw->stmt_len > 0 ? at + (size_t)raw->stmt_len : len;

		if (raw->stmt == NULL || !sql_reading_add(r, piece, from + at, from + end))
			continue;
		r->seen[r->script->n - 1].node = raw->stmt;
		r->seen[r->script->n - 1].base = (int64_t)from;
		sql_reading_look(r, raw->stmt, r->script->n - 1);
	}
}

/* Parses one statement by itself, so that a large file needs the memory of its largest statement only. */
static void
read_one(struct sql_reading *r, size_t i)
{
	struct sql_statement *s = &r->script->statements[i];
	char *one = strndup(r->text->sql + s->offset, (size_t)s->length);
	PgQueryError error;
	PgQuery__ParseResult *tree = sql_reading_parse(one, &error);

	free(one);
	free(error.message);
	if (tree == NULL || tree->n_stmts != 1 || tree->stmts[0]->stmt == NULL) {
		sql_reading_problem(r, (size_t)s->offset, "the statement cannot be analysed");
		if (tree != NULL)
			pg_query__parse_result__free_unpacked(tree, NULL);
		return;
	}
	sql_reading_look(r, tree->stmts[0]->stmt, i);
	r->kept += (size_t)s->length;
	if (r->kept > KEEP) {
		pg_query__parse_result__free_unpacked(tree, NULL);
		return;
	}
	r->seen[i].node = tree->stmts[0]->stmt;
	r->seen[i].base = s->offset;
	sql_reading_keep(r, tree);
}

static void
read_split(struct sql_reading *r, size_t piece, const char *text, size_t from, size_t len)
{
	PgQuerySplitResult split = pg_query_split_with_parser(text);
	int i;

	if (split.error != NULL)
		read_error(r, piece, from, len, split.error);
	for (i = 0; i < split.n_stmts && *r->script->problem == '\0'; i++) {
		size_t at = from + (size_t)split.stmts[i]->stmt_location;

		if (sql_reading_add(r, piece, at, at + (size_t)split.stmts[i]->stmt_len))
			read_one(r, r->script->n - 1);
	}
	pg_query_free_split_result(split);
}

static void
read_piece(struct sql_reading *r, size_t piece, size_t from, size_t len)
{
	char *part = from == 0 && len == r->text->len ? NULL : strndup(r->text->sql + from, len);
	const char *text = part == NULL ? r->text->sql : part;

	(void)sql_tokens_add(r, from, len);
	if (len <= WHOLE)
		read_whole(r, piece, text, from, len);
	else
		read_split(r, piece, text, from, len);
	free(part);
}

static void
lint(struct sql_reading *r)
{
	struct lint l = {
		.text = r->text,
		.script = r->script,
		.arena = r->arena,
		.n = r->n_at,
		.all = r->at,
		.n_new = r->n_new,
		.created = r->created,
		.n_tokens = r->n_tokens,
		.tokens = r->tokens,
		.n_odd = r->n_odd,
		.odd = r->odd,
		.error_at = r->error_at,
		.error = r->error,
	};

	lint_run(&l, r->script);
}

/* A table or view that it makes, temporary ones too; "" none. */
static const char *
made(const PgQuery__Node *n, struct gh_arena *a)
{
	struct sql_object object;
	const PgQuery__RangeVar *r = NULL;

	sql_object(n, a, &object);
	if (strstr(object.kind, "table") != NULL || strstr(object.kind, "view") != NULL)
		return object.name;
	if (*object.name != '\0')
		return "";
	if (n->node_case == PG_QUERY__NODE__NODE_CREATE_STMT)
		r = n->create_stmt->relation;
	else if (n->node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT)
		r = n->create_table_as_stmt->into->rel;
	return sql_name_written(r, a);
}

/* The statements that lint looks at, after groups are known. */
static void
collect(struct sql_reading *r)
{
	size_t i, k;

	for (i = 0; i < r->script->n; i++) {
		const struct sql_statement *s = &r->script->statements[i];

		r->at = sql_reading_more(r, r->at, r->n_at, &r->cap_at, sizeof(*r->at));
		r->at[r->n_at++] = (struct lint_at){
			.node = r->seen[i].node,
			.sql = s,
			.i = i,
			.offset = s->offset,
			.length = s->length,
			.base = r->seen[i].base,
			.n_touches = s->n_touches,
			.touches = s->touches,
		};
		for (k = 0; k < r->seen[i].n_inner; k++) {
			r->at = sql_reading_more(r, r->at, r->n_at, &r->cap_at, sizeof(*r->at));
			r->at[r->n_at] = r->inner[r->seen[i].inner + k];
			r->at[r->n_at].sql = s;
			r->at[r->n_at++].i = i;
		}
	}
	for (i = 0; i < r->n_at; i++) {
		const char *name = r->at[i].node == NULL || r->at[i].inside == LINT_ROUTINE
		    ? ""
		    : made(r->at[i].node, r->arena);

		if (*name == '\0')
			continue;
		r->created = sql_reading_more(r, r->created, r->n_new, &r->cap_new, sizeof(*r->created));
		r->created[r->n_new++] = (struct lint_new){ .name = name, .i = r->at[i].i };
	}
}

void
sql_read(const struct sql_text *t, struct gh_arena *a, struct sql_script *ret)
{
	struct sql_reading r = { .text = t, .arena = a, .script = ret, .error_at = -1 };
	size_t i;

	r.place = (struct sql_place){ .file = t->file, .first_line = t->first_line };
	*ret = (struct sql_script){ .problem = "", .note = "" };
	sql_batch_begin(&r);
	for (i = 0; i < t->n_pieces && *ret->problem == '\0'; i++)
		read_piece(&r, i, t->pieces[i].offset, t->pieces[i].len);
	if (t->n_pieces == 0)
		read_piece(&r, 0, 0, t->len);
	if (r.error_at < 0 && r.batch != NULL)
		sql_batch_group(&r);
	else if (r.error_at < 0)
		sql_group(&r);
	if (r.error_at < 0)
		collect(&r);
	lint(&r);
	sql_tokens_digest(&r);
	sql_tokens_mark(&r);
	for (i = 0; i < r.n_trees; i++)
		pg_query__parse_result__free_unpacked(r.trees[i], NULL);
	if (*ret->problem == '\0')
		return;
	ret->n = 0;
	ret->transactional = ret->stripped = ret->row_inside = false;
	for (i = 0; i < ret->findings.n; i++)
		ret->findings.items[i].statement = -1;
}
