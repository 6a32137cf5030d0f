#include "base/ban.h"
#include "migration/lint_habit.h"

/* The project is one of those: its files say so. */
static bool
concerns(const struct lint *l)
{
	static const char *const words[] = { "authenticated", "anon", "uid", "service_role", "policy" };
	size_t i, k;

	if (lint_has(l->text->file) && strstr(l->text->file, "supabase") != NULL)
		return true;
	for (i = 0; i < l->n_tokens; i++) {
		for (k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			if (lint_token_is(l, i, words[k]))
				return true;
		}
	}
	return false;
}

static bool
is_secured(const struct lint *l, const char *table)
{
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		const PgQuery__AlterTableCmd *c;

		for (k = 0; l->all[i].node != NULL && (c = lint_command(&l->all[i], k)) != NULL; k++) {
			if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity &&
			    lint_same_name(lint_written_of(l, lint_relation(l->all[i].node)), table))
				return true;
		}
	}
	return false;
}

static void
file(struct lint *l)
{
	bool asked = false, does = false;
	size_t i;

	for (i = 0; i < l->n && !l->text->down; i++) {
		const struct lint_at *at = &l->all[i];
		const PgQuery__RangeVar *r;
		const char *table;

		if (at->node == NULL || at->inside != LINT_TOP ||
		    at->node->node_case != PG_QUERY__NODE__NODE_CREATE_STMT)
			continue;
		r = at->node->create_stmt->relation;
		if (lint_is_temporary(r) || (lint_has(r->schemaname) && strcmp(r->schemaname, "public") != 0))
			continue;
		if (!asked)
			does = concerns(l);
		asked = true;
		table = lint_name(l, r);
		if (does && !is_secured(l, table))
			lint_say(l, at,
			    (struct lint_said){
				.table = table,
				.message = gh_printf(l->arena,
				    "%s has no row level security: through an API everybody reads and writes "
				    "all of it",
				    table),
				.rewrite =
				    gh_printf(l->arena, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY;", table),
			    });
	}
}

const struct lint_rule lint_row_security_missing = {
	.about = { .id = "row-security-missing",
	    .title = "Public table without row level security",
	    .cost = "Where the database is reached through an API (PostgREST, Supabase) everybody reads and "
		    "writes all rows.",
	    .quiet =
		"Only for tables of the schema public in files that use row level security, roles or "
		"functions of such an API (auth.uid(), anon, authenticated), or in a folder named supabase.",
	    .safe = "ALTER TABLE ... ENABLE ROW LEVEL SECURITY, and policies.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.file = file,
};
