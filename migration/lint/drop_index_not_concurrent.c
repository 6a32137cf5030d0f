#include "base/ban.h"
#include "migration/lint_habit.h"

/* An earlier statement of this side made it. */
static bool
made_here(struct lint *l, const struct lint_at *at, const char *name)
{
	size_t i;

	for (i = lint_look_back(l, at); i < l->n && l->all[i].offset < at->offset; i++) {
		const PgQuery__Node *n = l->all[i].node;
		const char *made;

		if (n == NULL || n->node_case != PG_QUERY__NODE__NODE_INDEX_STMT)
			continue;
		made = lint_ident(l, n->index_stmt->idxname);
		if (lint_has(n->index_stmt->relation->schemaname))
			made = gh_printf(
			    l->arena, "%s.%s", lint_ident(l, n->index_stmt->relation->schemaname), made);
		if (lint_same_name(made, name))
			return true;
	}
	return false;
}

/* A way back drops the table itself after the index that bears its name. */
static bool
goes_with_its_table(const struct lint *l, const struct lint_at *at, const char *name)
{
	size_t i, j;

	for (i = at->i + 1; l->text->down && i < l->script->n; i++) {
		const struct sql_statement *s = &l->script->statements[i];

		if (strcmp(s->kind, "DROP TABLE") != 0)
			continue;
		for (j = 0; j < s->n_touches; j++) {
			if (strstr(lint_last_part(name), lint_last_part(s->touches[j].object)) != NULL)
				return true;
		}
	}
	return false;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__DropStmt *s = at->node->drop_stmt;
	const char *rewrite = "";
	size_t i, n = 0;

	if (at->node->node_case != PG_QUERY__NODE__NODE_DROP_STMT ||
	    s->remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_INDEX || s->concurrent)
		return;
	for (i = 0; i < at->n_touches; i++) {
		const char *name = at->touches[i].object;

		if (made_here(l, at, name) || goes_with_its_table(l, at, name))
			continue;
		rewrite = gh_printf(l->arena, "%s\nDROP INDEX CONCURRENTLY %s%s;", rewrite,
		    s->missing_ok ? "IF EXISTS " : "", name);
		n++;
	}
	if (n == 0)
		return;
	lint_say(l, at,
	    (struct lint_said){
		.message =
		    gh_printf(l->arena, "%s is dropped under a lock that stops everybody who reads its table",
			at->touches[0].object),
		.rewrite =
		    gh_printf(l->arena, "-- each in a file of its own, without a transaction%s", rewrite),
	    });
}

const struct lint_rule lint_drop_index_not_concurrent = {
	.about = { .id = "drop-index-not-concurrent",
	    .title = "Index dropped under a lock that stops readers",
	    .cost = "DROP INDEX waits for every query on the table to end, and while it "
		    "waits nobody else can start one.",
	    .quiet = "Quiet when the same file creates the index or its table, when a way back drops the "
		     "table that it is named after as well, and when the table is not read.",
	    .safe = "DROP INDEX CONCURRENTLY in a file of its own that runs without a "
		    "transaction.",
	    .level = LINT_WARNING,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
