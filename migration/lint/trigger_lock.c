#include "base/ban.h"
#include "migration/lint_rule.h"

static bool
switches(const PgQuery__AlterTableCmd *c)
{
	return c->subtype >= PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig &&
	    c->subtype <= PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser;
}

static void
say(struct lint *l, const struct lint_at *at, const char *table, const char *who)
{
	if (*table == '\0' || lint_is_new_name(l, at->i, table))
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = table,
		.message =
		    gh_printf(l->arena, "%s %s must wait from here until the transaction ends", who, table),
		.rewrite = gh_printf(
		    l->arena, "BEGIN;\nSET LOCAL lock_timeout = '2s';\n%s;\nCOMMIT;", lint_text(l, at)),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	if (at->node->node_case == PG_QUERY__NODE__NODE_CREATE_TRIG_STMT)
		say(l, at, lint_name(l, at->node->create_trig_stmt->relation), "writers of");
	if (at->node->node_case == PG_QUERY__NODE__NODE_DROP_STMT &&
	    at->node->drop_stmt->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER && at->n_touches > 0)
		say(l, at, at->touches[0].object, "readers and writers of");
	for (k = 0; (c = lint_command(at, k)) != NULL; k++) {
		if (switches(c)) {
			say(l, at, lint_name(l, lint_relation(at->node)), "writers of");
			return;
		}
	}
}

const struct lint_rule lint_trigger_lock = {
	.about = { .id = "trigger-lock",
	    .title = "Trigger made, switched or dropped on a table in use",
	    .cost = "CREATE TRIGGER and ENABLE or DISABLE TRIGGER stop writers until the "
		    "transaction ends; DROP TRIGGER stops readers, too.",
	    .quiet = "Quiet when the same file creates the table, and when the table has no "
		     "traffic.",
	    .safe = "Put it into a transaction of its own with a short lock_timeout, and "
		    "try again when that passes.",
	    .level = LINT_NOTICE,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
