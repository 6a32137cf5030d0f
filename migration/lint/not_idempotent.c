#include "base/ban.h"
#include "migration/lint_habit.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

/* What would make it safe; NULL: it is, or nothing would. */
static const char *
lacks(const PgQuery__Node *n)
{
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_CREATE_STMT:
		return n->create_stmt->if_not_exists ? NULL : "IF NOT EXISTS";
	case PG_QUERY__NODE__NODE_INDEX_STMT:
		return n->index_stmt->if_not_exists || n->index_stmt->concurrent ? NULL : "IF NOT EXISTS";
	case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
		return n->create_schema_stmt->if_not_exists ? NULL : "IF NOT EXISTS";
	case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
		return n->create_extension_stmt->if_not_exists ? NULL : "IF NOT EXISTS";
	case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
		return n->create_seq_stmt->if_not_exists ? NULL : "IF NOT EXISTS";
	case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
		return lint_has(n->alter_enum_stmt->old_val) || n->alter_enum_stmt->skip_if_new_val_exists
		    ? NULL
		    : "IF NOT EXISTS";
	case PG_QUERY__NODE__NODE_VIEW_STMT:
		return n->view_stmt->replace ? NULL : "OR REPLACE";
	case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
		return n->create_function_stmt->replace ? NULL : "OR REPLACE";
	case PG_QUERY__NODE__NODE_DROP_STMT:
		return n->drop_stmt->missing_ok || n->drop_stmt->concurrent ? NULL : "IF EXISTS";
	default:
		return NULL;
	}
}

static const char *
lacks_in_table(const struct lint_at *at)
{
	const PgQuery__AlterTableCmd *c;
	size_t k;

	for (k = 0; (c = lint_command(at, k)) != NULL; k++) {
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn && !c->missing_ok)
			return "IF NOT EXISTS";
		if ((c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn ||
			c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint) &&
		    !c->missing_ok)
			return "IF EXISTS";
	}
	return NULL;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const char *word;

	if (l->script->n < 2 || (at->sql->group != 0 && l->script->transactional) || at->inside != LINT_TOP ||
	    l->text->verify)
		return;
	word = lacks(at->node);
	if (word == NULL)
		word = lacks_in_table(at);
	if (word != NULL)
		lint_say(l, at,
		    (struct lint_said){
			.message = gh_printf(l->arena,
			    "without %s a second try fails here, when a statement behind this one failed",
			    word),
		    });
}

const struct lint_rule lint_not_idempotent = {
	.about = { .id = "not-idempotent",
	    .title = "Cannot be run again after a failure",
	    .cost = "Outside of one transaction a part of the file stays when a later statement fails, and "
		    "the next try falls over that part.",
	    .quiet = "Quiet when the whole file is one transaction or one statement; and for CONCURRENTLY, "
		     "where IF NOT EXISTS hides an invalid index.",
	    .safe = "IF [NOT] EXISTS, OR REPLACE, or a file that is one transaction.",
	    .level = LINT_NOTICE,
	    .scale = LINT_FLAT },
	.statement = statement,
};
