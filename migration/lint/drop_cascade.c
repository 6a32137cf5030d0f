#include "base/ban.h"
#include "migration/lint_habit.h"

static void
say(struct lint *l, const struct lint_at *at, const char *what, const char *table)
{
	const char *text = lint_text(l, at);
	const char *rewrite = lint_without_last_word(l, text, "CASCADE");

	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message = gh_printf(l->arena, "CASCADE drops whatever depends on %s, unnamed", what),
		.rewrite = *rewrite == '\0'
		    ? ""
		    : gh_printf(
			  l->arena, "-- fails and names what depends on it: drop that first\n%s;", rewrite),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	if (l->text->down)
		return;
	if (at->node->node_case == PG_QUERY__NODE__NODE_DROP_STMT) {
		const PgQuery__DropStmt *s = at->node->drop_stmt;
		const char *name = s->n_objects == 0 ? "" : lint_dropped(l, s, 0);
		bool table = s->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE;

		if (s->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE && !lint_made_here(l, at, name))
			say(l, at, *name == '\0' ? "it" : name, table ? name : "");
		return;
	}
	for (k = 0; (c = lint_command(at, k)) != NULL; k++) {
		if (c->behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ||
		    lint_is_new(l, at, lint_relation(at->node)))
			continue;
		say(l, at, lint_has(c->name) ? lint_ident(l, c->name) : "it",
		    lint_name(l, lint_relation(at->node)));
		return;
	}
}

const struct lint_rule lint_drop_cascade = {
	.about = { .id = "drop-cascade",
	    .title = "DROP ... CASCADE",
	    .cost = "Whatever depends on it is dropped with it: views, foreign keys, functions that nobody "
		    "has named here.",
	    .quiet = "Quiet without CASCADE, in the way back, and for what the same file has made.",
	    .safe = "Drop what depends on it by name, then the object without CASCADE.",
	    .level = LINT_WARNING,
	    .scale = LINT_FLAT },
	.statement = statement,
};
