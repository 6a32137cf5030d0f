#include "base/ban.h"
#include "migration/lint_rule.h"

/* Locks that stop at least those who write. */
static bool
strong(const struct lint *l, const struct lint_at *at, const struct sql_touch *t)
{
	return t->lock >= SQL_SHARE && !lint_is_new_name(l, at->i, t->object);
}

struct locked {
	const char *first; /* table of this transaction, NULL none yet */
	int64_t group;
	bool said;
};

static void
see(struct lint *l, const struct lint_at *at, const struct sql_touch *t, struct locked *k)
{
	if (k->group != at->sql->group)
		*k = (struct locked){ .group = at->sql->group };
	if (k->first == NULL) {
		k->first = t->object;
	} else if (!k->said && !lint_same_name(k->first, t->object)) {
		k->said = true;
		lint_say(l, at,
		    (struct lint_said){
			.table = t->object,
			.message = gh_printf(l->arena,
			    "%s is locked while %s already is: both wait for whoever holds the other up",
			    t->object, k->first),
		    });
	}
}

static void
file(struct lint *l)
{
	struct locked k = { .group = 0 };
	size_t i, j;

	for (i = 0; i < l->n; i++) {
		const struct lint_at *at = &l->all[i];

		if (at->sql->group == 0 || at->inside != LINT_TOP || at->node == NULL ||
		    (at->node->node_case == PG_QUERY__NODE__NODE_DROP_STMT &&
			at->node->drop_stmt->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX))
			continue;
		for (j = 0; j < at->n_touches; j++) {
			if (strong(l, at, &at->touches[j]))
				see(l, at, &at->touches[j], &k);
		}
	}
}

const struct lint_rule lint_lock_order = {
	.about = { .id = "several-tables-locked",
	    .title = "Several tables locked in one transaction",
	    .cost = "Each lock is kept until the end while the next one is waited for: "
		    "traffic stops on all of them, and two such transactions in another "
		    "order are a deadlock.",
	    .quiet = "Quiet for tables that the same file creates, and when only one table "
		     "with traffic is locked.",
	    .safe = "One table a transaction, in migrations of their own; where they belong "
		    "together, lock in the same order as the application writes.",
	    .level = LINT_WARNING,
	    .scale = LINT_TRAFFIC },
	.file = file,
};
