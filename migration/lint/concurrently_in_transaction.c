#include "base/ban.h"
#include "migration/lint_rule.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	bool inside = at->inside != LINT_TOP;

	if (!sql_alone(at->node) || (!inside && at->sql->group == 0 && *l->script->problem == '\0') ||
	    (!inside && *l->script->problem != '\0' && l->script->n == 1 &&
		l->text->mode != CONVENTION_WRAPPED))
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = at->n_touches > 0 ? at->touches[0].object : "",
		.message =
		    gh_printf(l->arena, "%s cannot run in a transaction%s", sql_kind(at->node, l->arena),
			inside ? ", and what a block or a function does is always in one" : ""),
		.rewrite = gh_printf(l->arena, "-- in a file of its own, without a transaction\n%s;",
		    inside ? lint_sql(l, at->node) : lint_text(l, at)),
	    });
}

const struct lint_rule lint_concurrently_in_transaction = {
	.about = { .id = "concurrently-in-transaction",
	    .title = "Statement that cannot run in a transaction stands in one",
	    .cost = "PostgreSQL refuses it (25001), and nothing of the transaction is kept.",
	    .quiet = "Quiet when the statement runs by itself.",
	    .safe = "Put it into a file of its own, with the mark by which the tool runs a "
		    "file without a transaction.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.routines = true,
	.statement = statement,
};
