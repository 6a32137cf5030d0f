#include "base/ban.h"
#include "migration/lint_habit.h"

static bool
is_copy(const char *name)
{
	static const char *const words[] = { "backup", "bak", "old", "tmp", "temp", "archive" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasestr(name, words[i]) != NULL)
			return true;
	}
	return false;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__IntoClause *into = NULL;
	const char *table;

	if (at->node->node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT &&
	    at->node->create_table_as_stmt->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
		into = at->node->create_table_as_stmt->into;
	if (at->node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT)
		into = at->node->select_stmt->into_clause;
	/* In PL/pgSQL INTO means a variable. */
	if (into == NULL || into->rel == NULL || into->skip_data || at->inside != LINT_TOP || l->text->down ||
	    is_copy(into->rel->relname) ||
	    (lint_has(into->rel->relpersistence) && *into->rel->relpersistence == 't'))
		return;
	table = lint_name(l, into->rel);
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message =
		    gh_printf(l->arena, "%s gets no keys, defaults, NOT NULL, indexes or rights", table),
		.rewrite = gh_printf(l->arena,
		    "-- instead of source the table that is copied; then copy in batches\nCREATE TABLE %s "
		    "(LIKE source INCLUDING ALL);",
		    table),
	    });
}

const struct lint_rule lint_create_table_as = {
	.about = { .id = "create-table-as",
	    .title = "CREATE TABLE ... AS",
	    .cost = "The copy has no keys, defaults, NOT NULL, indexes or rights, and the whole source is "
		    "read in one statement.",
	    .quiet = "Quiet for temporary tables, WITH NO DATA, and copies whose name says backup, bak, old, "
		     "tmp or archive.",
	    .safe = "CREATE TABLE ... (LIKE ... INCLUDING ALL), then copy in batches.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
