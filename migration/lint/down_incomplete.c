#include "base/ban.h"
#include "migration/lint_habit.h"
#include "migration/lint_back.h"

static void
say(struct lint *l, const struct lint_at *at, const char *kind, const char *what, const char *rewrite)
{
	lint_say(l, at,
	    (struct lint_said){
		.message = gh_printf(l->arena, "the down does not take back %s %s", kind, what),
		.rewrite = rewrite,
	    });
}

/* Columns that it adds to tables that stay. */
static void
look_at_columns(struct lint *l, const struct lint_at *at, const struct lint_back *back)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; (c = lint_command(at, k)) != NULL; k++) {
		const PgQuery__ColumnDef *column = lint_added_column(c);
		const char *table, *name;

		if (column == NULL || lint_is_new(l, at, lint_relation(at->node)))
			continue;
		table = lint_name(l, lint_relation(at->node));
		name = lint_ident(l, column->colname);
		if (!lint_back_drops(l, back, table, "") && !lint_back_column(l, back, table, name))
			say(l, at, "column", gh_printf(l->arena, "%s.%s", table, name),
			    gh_printf(l->arena, "ALTER TABLE %s DROP COLUMN %s;", table, name));
	}
}

static bool
replaces(const PgQuery__Node *n)
{
	return (n->node_case == PG_QUERY__NODE__NODE_VIEW_STMT && n->view_stmt->replace) ||
	    (n->node_case == PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT && n->create_function_stmt->replace) ||
	    (n->node_case == PG_QUERY__NODE__NODE_CREATE_TRIG_STMT && n->create_trig_stmt->replace) ||
	    n->node_case == PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT ||
	    n->node_case == PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const struct lint_back *back = lint_back(l);
	struct sql_object made;

	/* One that does nothing is another rule's. */
	if (back == NULL || back->opaque || back->n_effects == 0 || at->inside != LINT_TOP)
		return;
	look_at_columns(l, at, back);
	sql_object(at->node, l->arena, &made);
	/* Gone again, or renamed, within the up itself. */
	if (*made.name == '\0' || *at->sql->object == '\0' || replaces(at->node) ||
	    lint_back_drops(l, back, made.name, made.on))
		return;
	if (*made.on != '\0' && lint_made_here(l, at, made.on) && strcmp(made.kind, "table") != 0)
		return;
	say(l, at, made.kind, made.name, "");
}

const struct lint_rule lint_down_incomplete = {
	.about = { .id = "down-incomplete",
	    .title = "Way back that leaves something",
	    .cost = "What is left makes the next up fail, or stays for ever because nobody knows of it.",
	    .quiet = "Quiet for CREATE OR REPLACE, extensions and roles, and when the down holds code (DO, "
		     "functions) that cannot be followed.",
	    .safe = "Undo every statement of the up, the last one first.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
