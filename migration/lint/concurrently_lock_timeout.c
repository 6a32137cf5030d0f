#include "base/ban.h"
#include "migration/lint_rule.h"

#define SHORT_MS 60000

static bool
concurrent(const PgQuery__Node *n)
{
	return sql_alone(n) &&
	    (n->node_case == PG_QUERY__NODE__NODE_INDEX_STMT ||
		n->node_case == PG_QUERY__NODE__NODE_DROP_STMT ||
		n->node_case == PG_QUERY__NODE__NODE_REINDEX_STMT ||
		n->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT);
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	int64_t ms;

	if (!concurrent(at->node))
		return;
	ms = lint_lock_timeout(l, at);
	if (ms <= 0 || ms >= SHORT_MS)
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = at->n_touches > 0 ? at->touches[0].object : "",
		.message = gh_printf(l->arena,
		    "lock_timeout is %" PRId64 " ms: a transaction that is open for longer ends this in the "
		    "middle",
		    ms),
		.rewrite =
		    gh_printf(l->arena, "SET lock_timeout = 0;\n%s;\nRESET lock_timeout;", lint_text(l, at)),
	    });
}

const struct lint_rule lint_concurrently_lock_timeout = {
	.about = { .id = "concurrently-lock-timeout",
	    .title = "CONCURRENTLY under a short lock_timeout",
	    .cost = "CONCURRENTLY waits for every transaction that is older, as for a lock: "
		    "a short lock_timeout ends it in the middle and leaves an invalid "
		    "index.",
	    .quiet = "Quiet without lock_timeout, or with one of a minute or more.",
	    .safe = "Switch lock_timeout off for this statement: what it waits for stops "
		    "nobody else.",
	    .level = LINT_WARNING,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
