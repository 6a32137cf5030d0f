#include "base/ban.h"
#include "migration/sql_reading.h"
#include "migration/sql_touch.h"

#define KIND(name) PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_##name
#define WHOLE      ((size_t)1 << 20)  /* a longer piece is parsed one statement after the other */
#define KEEP       ((size_t)16 << 20) /* bytes of text whose trees are kept for lint */

void
sql_reading_problem(struct sql_reading *r, size_t at, const char *message)
{
	if (*r->script->problem == '\0')
		r->script->problem = sql_problem(r->text->sql, at, r->place, r->arena, message);
}

void
sql_reading_note(struct sql_reading *r, size_t at, const char *message)
{
	struct sql_script *s = r->script;
	const char *line = gh_printf(
	    r->arena, "line %" PRId64 ": %s", sql_line(r->text->sql, at, r->place.first_line), message);

	/* The first few are enough. */
	if (strlen(s->note) < 500)
		s->note = *s->note == '\0' ? line : gh_printf(r->arena, "%s; %s", s->note, line);
}

void *
sql_reading_more(struct sql_reading *r, void *items, size_t n, size_t *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return items;
	*cap = *cap == 0 ? 16 : *cap * 2;
	more = gh_alloc_n(r->arena, *cap, size);
	if (n > 0)
		memcpy(more, items, n * size);
	return more;
}

void
sql_reading_keep(struct sql_reading *r, PgQuery__ParseResult *tree)
{
	r->trees = sql_reading_more(r, r->trees, r->n_trees, &r->cap_trees, sizeof(PgQuery__ParseResult *));
	r->trees[r->n_trees++] = tree;
}

size_t
sql_skip_comments(const char *s, size_t at, size_t end)
{
	int depth = 0;

	while (at < end) {
		bool two = end - at >= 2;

		if (two && s[at] == '/' && s[at + 1] == '*') {
			depth++;
			at += 2;
		} else if (two && depth > 0 && s[at] == '*' && s[at + 1] == '/') {
			depth--;
			at += 2;
		} else if (two && depth == 0 && s[at] == '-' && s[at + 1] == '-') {
			while (at < end && s[at] != '\n' && s[at] != '\r')
				at++;
		} else if (depth > 0 || (s[at] != '\0' && strchr(" \t\n\r\f\v", s[at]) != NULL)) {
			at++;
		} else {
			break;
		}
	}
	return at;
}

static void
look_at_transaction(const PgQuery__TransactionStmt *t, struct sql_seen *s)
{
	s->what = t->kind;
	s->savepoint = t->kind == KIND(SAVEPOINT) || t->kind == KIND(RELEASE) || t->kind == KIND(ROLLBACK_TO);
	s->transaction = !s->savepoint;
	s->plain = t->n_options == 0 && !t->chain;
}

/* Objects that an earlier statement of this side made and that this one takes away. */
static void
forget(struct sql_reading *r, size_t upto, const struct sql_gone *gone)
{
	size_t i, j;

	for (i = 0; i < upto && (gone->everything || gone->n > 0 || *gone->on != '\0'); i++) {
		struct sql_statement *s = &r->script->statements[i];
		bool hit = gone->everything || (*gone->on != '\0' && strcmp(r->seen[i].on, gone->on) == 0);

		for (j = 0; j < gone->n && !hit && *s->object != '\0'; j++)
			hit = strcmp(s->object, gone->names[j]) == 0 ||
			    strcmp(r->seen[i].on, gone->names[j]) == 0;
		if (hit)
			s->object = s->object_kind = "";
	}
}

static void
look_at(struct sql_reading *r, const PgQuery__Node *n, size_t i)
{
	struct sql_statement *s = &r->script->statements[i];
	struct sql_object object;
	struct sql_gone gone;
	struct sql_touches touches = { .arena = r->arena };
	const char *text;

	s->kind = sql_kind(n, r->arena);
	s->alone = sql_alone(n);
	if (n->node_case == PG_QUERY__NODE__NODE_TRANSACTION_STMT)
		look_at_transaction(n->transaction_stmt, &r->seen[i]);
	if ((text = sql_forbidden(n)) != NULL)
		sql_reading_problem(r, (size_t)s->offset, text);
	if ((text = sql_remark(n)) != NULL)
		sql_reading_note(r, (size_t)s->offset, text);
	sql_gone(n, r->arena, &gone);
	forget(r, i, &gone);
	r->moved = r->moved || sql_moves_search_path(n);
	sql_object(n, r->arena, &object);
	if (r->moved && !object.qualified)
		object.name = object.kind = "";
	s->object = object.name;
	s->object_kind = object.kind;
	r->seen[i].on = object.on;
	sql_effect(n, &s->destructive, &s->reversible);
	sql_touch(&touches, n);
	s->n_touches = touches.n;
	s->touches = touches.items;
	sql_body(r, n, i);
}

/* Adds the statement that lies between two bytes; false when there is none or are too many. */
static bool
add_statement(struct sql_reading *r, size_t piece, size_t from, size_t to)
{
	struct sql_script *s = r->script;
	size_t cap = r->cap, last;

	from = sql_skip_comments(r->text->sql, from, to);
	while (to > from && strchr(" \t\n\r\f\v", r->text->sql[to - 1]) != NULL)
		to--;
	if (to == from)
		return false;
	if (s->n >= SQL_STATEMENTS_MAX) {
		sql_reading_problem(r, 0, gh_printf(r->arena, "more than %d statements", SQL_STATEMENTS_MAX));
		return false;
	}
	s->statements = sql_reading_more(r, s->statements, s->n, &r->cap, sizeof(*s->statements));
	r->seen = sql_reading_more(r, r->seen, s->n, &cap, sizeof(*r->seen));
	last = s->n == 0 ? 0 : (size_t)s->statements[s->n - 1].offset;
	s->statements[s->n] = (struct sql_statement){
		.offset = (int64_t)from,
		.length = (int64_t)(to - from),
		.line = sql_line(r->text->sql + last, from - last,
		    s->n == 0 ? r->place.first_line : s->statements[s->n - 1].line),
		.kind = "UNKNOWN",
		.object = "",
		.object_kind = "",
	};
	r->seen[s->n] = (struct sql_seen){ .on = "", .piece = piece };
	s->n++;
	return true;
}

/* NULL on failure, which is the script's problem then. */
static PgQuery__ParseResult *
parse(struct sql_reading *r, const char *text, size_t from, size_t len)
{
	PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(text);
	PgQuery__ParseResult *tree = NULL;

	if (parsed.error == NULL)
		tree = pg_query__parse_result__unpack(
		    NULL, parsed.parse_tree.len, (const uint8_t *)parsed.parse_tree.data);
	if (tree == NULL && *r->script->problem == '\0')
		r->script->problem = sql_error(r, from, len, parsed.error == NULL ? NULL : parsed.error);
	pg_query_free_protobuf_parse_result(parsed);
	return tree;
}

static void
read_whole(struct sql_reading *r, size_t piece, const char *text, size_t from, size_t len)
{
	PgQuery__ParseResult *tree = parse(r, text, from, len);
	size_t i;

	if (tree == NULL)
		return;
	sql_reading_keep(r, tree);
	for (i = 0; i < tree->n_stmts; i++) {
		const PgQuery__RawStmt *raw = tree->stmts[i];
		size_t at = (size_t)raw->stmt_location,
		       end = raw->stmt_len > 0 ? at + (size_t)raw->stmt_len : len;

		if (raw->stmt == NULL || !add_statement(r, piece, from + at, from + end))
			continue;
		r->seen[r->script->n - 1].node = raw->stmt;
		r->seen[r->script->n - 1].base = (int64_t)from;
		look_at(r, raw->stmt, r->script->n - 1);
	}
}

/* Parses one statement by itself, so that a large file needs the memory of its largest statement only. */
static void
read_one(struct sql_reading *r, size_t i)
{
	struct sql_statement *s = &r->script->statements[i];
	char *one = strndup(r->text->sql + s->offset, (size_t)s->length);
	PgQuery__ParseResult *tree = parse(r, one, (size_t)s->offset, (size_t)s->length);

	free(one);
	if (tree == NULL)
		return;
	if (tree->n_stmts != 1 || tree->stmts[0]->stmt == NULL) {
		sql_reading_problem(r, (size_t)s->offset, "the statement cannot be analysed");
		pg_query__parse_result__free_unpacked(tree, NULL);
		return;
	}
	look_at(r, tree->stmts[0]->stmt, i);
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
		r->script->problem = sql_error(r, from, len, split.error);
	for (i = 0; i < split.n_stmts && *r->script->problem == '\0'; i++) {
		size_t at = from + (size_t)split.stmts[i]->stmt_location;

		if (add_statement(r, piece, at, at + (size_t)split.stmts[i]->stmt_len))
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
		.error_at = r->error_at,
		.error = r->error,
	};

	lint_run(&l, r->script);
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
	for (i = 0; i < r->script->n; i++) {
		struct sql_object object;

		if (r->seen[i].node == NULL)
			continue;
		sql_object(r->seen[i].node, r->arena, &object);
		if (strstr(object.kind, "table") == NULL && strstr(object.kind, "view") == NULL)
			continue;
		r->created = sql_reading_more(r, r->created, r->n_new, &r->cap_new, sizeof(*r->created));
		r->created[r->n_new++] = (struct lint_new){ .name = object.name, .i = i };
	}
}

void
sql_read(const struct sql_text *t, struct gh_arena *a, struct sql_script *ret)
{
	struct sql_reading r = { .text = t, .arena = a, .script = ret, .error_at = -1 };
	size_t i;

	r.place = (struct sql_place){ .file = t->file, .first_line = t->first_line };
	*ret = (struct sql_script){ .problem = "", .note = "" };
	for (i = 0; i < t->n_pieces && *ret->problem == '\0'; i++)
		read_piece(&r, i, t->pieces[i].offset, t->pieces[i].len);
	if (t->n_pieces == 0)
		read_piece(&r, 0, 0, t->len);
	if (r.error_at < 0)
		sql_group(&r);
	if (r.error_at < 0)
		collect(&r);
	lint(&r);
	sql_tokens_digest(&r);
	for (i = 0; i < r.n_trees; i++)
		pg_query__parse_result__free_unpacked(r.trees[i], NULL);
	if (*ret->problem == '\0')
		return;
	ret->n = 0;
	ret->transactional = ret->stripped = ret->row_inside = false;
	for (i = 0; i < ret->findings.n; i++)
		ret->findings.items[i].statement = -1;
}
