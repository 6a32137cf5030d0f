#include "base/ban.h"
#include "migration/sql_loss.h"
#include "migration/sql_reading.h"
#include "migration/sql_touch.h"

#define KIND(name) PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_##name

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

void
sql_reading_look(struct sql_reading *r, const PgQuery__Node *n, size_t i)
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
	sql_loss(n, r->arena, s);
	sql_body(r, n, i);
}

bool
sql_reading_add(struct sql_reading *r, size_t piece, size_t from, size_t to)
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
