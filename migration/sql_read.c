#include "base/ban.h"
#include "migration/sql_node.h"

#define KIND(name) PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_##name

/* What is known of a statement beyond what is handed out. */
struct seen {
	bool transaction; /* BEGIN, COMMIT and the like; savepoints are not */
	bool savepoint;
	bool plain; /* BEGIN without options, COMMIT without AND CHAIN */
	PgQuery__TransactionStmtKind what;
	const char *on; /* the table that its object belongs to */
};

struct reading {
	const char *text;
	size_t len;
	struct sql_place place;
	struct gh_arena *arena;
	struct sql_script *script;
	struct seen *seen;
	bool moved; /* the search path was changed */
};

static void
problem(struct reading *r, size_t at, const char *message)
{
	if (*r->script->problem == '\0')
		r->script->problem = sql_problem(r->text, at, r->place, r->arena, message);
}

/* First byte that is neither blank nor comment; the scanner has seen the text, so comments are closed. */
static size_t
skip_comments(const char *s, size_t at, size_t end)
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
look_at_transaction(const PgQuery__TransactionStmt *t, struct seen *s)
{
	s->what = t->kind;
	s->savepoint = t->kind == KIND(SAVEPOINT) || t->kind == KIND(RELEASE) || t->kind == KIND(ROLLBACK_TO);
	s->transaction = !s->savepoint;
	s->plain = t->n_options == 0 && !t->chain;
}

/* Objects that an earlier statement of this side made and that this one takes away. */
static void
forget(struct reading *r, size_t upto, const struct sql_gone *gone)
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
note(struct reading *r, size_t at, const char *message)
{
	struct sql_script *s = r->script;
	const char *line =
	    gh_printf(r->arena, "line %" PRId64 ": %s", sql_line(r->text, at, r->place.first_line), message);

	/* The first few are enough. */
	if (strlen(s->note) < 500)
		s->note = *s->note == '\0' ? line : gh_printf(r->arena, "%s; %s", s->note, line);
}

static void
look_at(struct reading *r, const PgQuery__Node *n, size_t i)
{
	struct sql_statement *s = &r->script->statements[i];
	struct sql_object object;
	struct sql_gone gone;
	const char *text;

	s->kind = sql_kind(n, r->arena);
	s->alone = sql_alone(n);
	if (n->node_case == PG_QUERY__NODE__NODE_TRANSACTION_STMT)
		look_at_transaction(n->transaction_stmt, &r->seen[i]);
	if ((text = sql_forbidden(n)) != NULL)
		problem(r, (size_t)s->offset, text);
	if ((text = sql_remark(n)) != NULL)
		note(r, (size_t)s->offset, text);
	sql_gone(n, r->arena, &gone);
	forget(r, i, &gone);
	r->moved = r->moved || sql_moves_search_path(n);
	sql_object(n, r->arena, &object);
	if (r->moved && !object.qualified)
		object.name = object.kind = "";
	s->object = object.name;
	s->object_kind = object.kind;
	r->seen[i].on = object.on;
}

/* Parses one statement by itself, so that a large file needs the memory of its largest statement only. */
static void
read_one(struct reading *r, size_t i)
{
	struct sql_statement *s = &r->script->statements[i];
	char *one = strndup(r->text + s->offset, (size_t)s->length);
	PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(one);
	PgQuery__ParseResult *tree = NULL;

	s->object = s->object_kind = r->seen[i].on = "";
	s->kind = "UNKNOWN";
	if (parsed.error == NULL)
		tree = pg_query__parse_result__unpack(
		    NULL, parsed.parse_tree.len, (const uint8_t *)parsed.parse_tree.data);
	if (tree != NULL && tree->n_stmts == 1 && tree->stmts[0]->stmt != NULL)
		look_at(r, tree->stmts[0]->stmt, i);
	else
		problem(r, (size_t)s->offset,
		    parsed.error != NULL ? parsed.error->message : "the statement cannot be analysed");
	if (tree != NULL)
		pg_query__parse_result__free_unpacked(tree, NULL);
	pg_query_free_protobuf_parse_result(parsed);
	free(one);
}

/* True when the script is exactly one BEGIN ... COMMIT, which are then taken out. */
static bool
strip(struct reading *r)
{
	struct sql_script *s = r->script;
	const struct seen *first = &r->seen[0], *last = &r->seen[s->n - 1];
	size_t i;

	if (s->n < 2 || !first->transaction || !last->transaction || !first->plain || !last->plain ||
	    (first->what != KIND(BEGIN) && first->what != KIND(START)) || last->what != KIND(COMMIT))
		return false;
	for (i = 1; i < s->n - 1; i++) {
		if (r->seen[i].transaction)
			return false;
		if (s->statements[i].alone)
			problem(r, (size_t)s->statements[i].offset,
			    gh_printf(r->arena,
				"%s cannot run inside the file's BEGIN ... COMMIT: leave them out",
				s->statements[i].kind));
	}
	s->statements++;
	r->seen++;
	s->n -= 2;
	s->stripped = true;
	return true;
}

static void
check_transactions(struct reading *r)
{
	struct sql_script *s = r->script;
	size_t i, alone = 0;

	if (s->n == 0 || strip(r))
		return;
	for (i = 0; i < s->n; i++) {
		if (r->seen[i].transaction)
			problem(r, (size_t)s->statements[i].offset,
			    gh_printf(r->arena,
				"%s: only one BEGIN ... COMMIT around the whole file is possible, the run "
				"brings its own",
				s->statements[i].kind));
		alone += s->statements[i].alone;
	}
	s->transactional = alone == 0;
	for (i = 0; alone > 0 && i < s->n; i++) {
		if (r->seen[i].savepoint)
			problem(r, (size_t)s->statements[i].offset,
			    gh_printf(r->arena, "%s needs a transaction, which this file cannot have",
				s->statements[i].kind));
	}
	if (alone > 0 && alone < s->n)
		note(r, (size_t)s->statements[0].offset,
		    "some statements cannot run in a transaction, so each of this file runs by itself and "
		    "stays when a "
		    "later one fails");
}

static void
read_split(struct reading *r, const PgQuerySplitResult *split)
{
	struct sql_script *s = r->script;
	size_t i, line_at = 0;
	int64_t line = r->place.first_line;

	if (split->n_stmts > SQL_STATEMENTS_MAX) {
		problem(r, 0, gh_printf(r->arena, "more than %d statements", SQL_STATEMENTS_MAX));
		return;
	}
	s->n = (size_t)split->n_stmts;
	s->statements = gh_alloc_n(r->arena, s->n, sizeof(*s->statements));
	r->seen = gh_alloc_n(r->arena, s->n, sizeof(*r->seen));
	for (i = 0; i < s->n; i++) {
		size_t from = (size_t)split->stmts[i]->stmt_location,
		       to = from + (size_t)split->stmts[i]->stmt_len;

		from = skip_comments(r->text, from, to);
		while (to > from && strchr(" \t\n\r\f\v", r->text[to - 1]) != NULL)
			to--;
		line = sql_line(r->text + line_at, from - line_at, line);
		line_at = from;
		s->statements[i].offset = (int64_t)from;
		s->statements[i].length = (int64_t)(to - from);
		s->statements[i].line = line;
		read_one(r, i);
	}
	check_transactions(r);
}

void
sql_read(const char *text, size_t len, struct sql_place place, struct gh_arena *a, struct sql_script *ret)
{
	struct reading r = { .text = text, .len = len, .place = place, .arena = a, .script = ret };
	PgQuerySplitResult split;

	*ret = (struct sql_script){ .transactional = true, .problem = "", .note = "" };
	split = pg_query_split_with_parser(text);
	if (split.error != NULL)
		ret->problem = sql_error(text, len, place, split.error, a);
	else
		read_split(&r, &split);
	pg_query_free_split_result(split);
	if (*ret->problem != '\0') {
		ret->n = 0;
		ret->transactional = true;
		ret->stripped = false;
	}
}
