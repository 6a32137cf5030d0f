#include "base/ban.h"
#include "migration/lint_rule.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	size_t i;

	if (at->node->node_case != PG_QUERY__NODE__NODE_LOCK_STMT)
		return;
	for (i = 0; i < at->n_touches; i++) {
		const struct sql_touch *t = &at->touches[i];

		if (t->lock <= SQL_ROW_SHARE || lint_is_new_name(l, at->i, t->object))
			continue;
		lint_say(l, at,
		    (struct lint_said){
			.table = t->object,
			.message = gh_printf(l->arena,
			    "%s stays locked until the transaction ends: others cannot %s it", t->object,
			    t->lock == SQL_ACCESS_EXCLUSIVE ? "read" : "write to"),
		    });
	}
}

const struct lint_rule lint_lock_table = {
	.about = { .id = "lock-table",
	    .title = "Table locked by hand",
	    .cost = "The lock is kept until the transaction ends, whatever the statements "
		    "behind it take.",
	    .quiet = "Quiet for ACCESS SHARE and ROW SHARE, and when the same file creates "
		     "the table.",
	    .safe = "Leave it out: each statement takes the lock that it needs; where it "
		    "must be, keep the transaction short and set lock_timeout.",
	    .level = LINT_WARNING,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
