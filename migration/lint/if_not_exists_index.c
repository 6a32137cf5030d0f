#include "base/ban.h"
#include "migration/lint_rule.h"

static bool
dropped_before(const struct lint *l, const struct lint_at *at, const char *index)
{
	size_t i;

	for (i = lint_look_back(l, at); i < l->n && l->all[i].offset < at->offset; i++) {
		const PgQuery__Node *n = l->all[i].node;

		if (n != NULL && n->node_case == PG_QUERY__NODE__NODE_DROP_STMT && l->all[i].n_touches > 0 &&
		    lint_same_name(l->all[i].touches[0].object, index))
			return true;
	}
	return false;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__IndexStmt *s = at->node->index_stmt;
	PgQuery__IndexStmt safe;
	PgQuery__Node node = *at->node;
	const char *name;

	if (at->node->node_case != PG_QUERY__NODE__NODE_INDEX_STMT || !s->concurrent || !s->if_not_exists)
		return;
	name = lint_ident(l, s->idxname);
	if (lint_has(s->relation->schemaname))
		name = gh_printf(l->arena, "%s.%s", lint_ident(l, s->relation->schemaname), name);
	if (dropped_before(l, at, name))
		return;
	safe = *s;
	safe.if_not_exists = false;
	node.index_stmt = &safe;
	lint_say(l, at,
	    (struct lint_said){
		.table = lint_name(l, s->relation),
		.message = gh_printf(l->arena,
		    "if an earlier try failed, %s is there but invalid, and this does nothing", name),
		.rewrite = gh_printf(l->arena,
		    "-- each by itself, without a transaction\nDROP INDEX CONCURRENTLY IF EXISTS %s;\n%s;",
		    name, lint_sql(l, &node)),
	    });
}

const struct lint_rule lint_if_not_exists_index = {
	.about = { .id = "if-not-exists-invalid-index",
	    .title = "IF NOT EXISTS may take an invalid index for a good one",
	    .cost = "When CREATE INDEX CONCURRENTLY fails it leaves an invalid index of "
		    "that name; with IF NOT EXISTS the next try sees the name, does nothing "
		    "and succeeds.",
	    .quiet = "Quiet without CONCURRENTLY or without IF NOT EXISTS, and when the same "
		     "file drops the index before.",
	    .safe = "Drop what may be left first: DROP INDEX CONCURRENTLY IF EXISTS, then "
		    "CREATE INDEX CONCURRENTLY.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
