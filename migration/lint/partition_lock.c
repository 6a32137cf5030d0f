#include "base/ban.h"
#include "migration/lint_rule.h"

static void
created(struct lint *l, const struct lint_at *at, const PgQuery__CreateStmt *s)
{
	const PgQuery__RangeVar *parent =
	    s->n_inh_relations > 0 && s->inh_relations[0]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR
	    ? s->inh_relations[0]->range_var
	    : NULL;
	const char *text, *bound;

	if (s->partbound == NULL || parent == NULL || lint_is_new(l, at, parent))
		return;
	text = lint_sql(l, at->node);
	bound = strstr(text, "FOR VALUES ");
	lint_say(l, at,
	    (struct lint_said){
		.table = lint_name(l, parent),
		.message = gh_printf(l->arena, "nobody can read or write %s while %s is made part of it",
		    lint_name(l, parent), lint_name(l, s->relation)),
		.rewrite = bound == NULL || strstr(bound, "PARTITION BY") != NULL
		    ? ""
		    : gh_printf(l->arena,
			  "CREATE TABLE %s (LIKE %s INCLUDING ALL);\nALTER TABLE %s ATTACH PARTITION %s %s;",
			  lint_name(l, s->relation), lint_name(l, parent), lint_name(l, parent),
			  lint_name(l, s->relation), bound),
	    });
}

static void
detached(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__PartitionCmd *p)
{
	if (p->concurrent)
		return;
	lint_say(l, at,
	    (struct lint_said){
		.table = lint_name(l, r),
		.message = gh_printf(l->arena, "nobody can read or write %s while %s is taken out of it",
		    lint_name(l, r), lint_name(l, p->name)),
		.rewrite = gh_printf(l->arena,
		    "-- in a file of its own, without a transaction\n"
		    "ALTER TABLE %s DETACH PARTITION %s CONCURRENTLY;",
		    lint_name(l, r), lint_name(l, p->name)),
	    });
}

static void
attached(struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r, const PgQuery__PartitionCmd *p)
{
	if (lint_is_new(l, at, p->name))
		return;
	lint_say(l, at,
	    (struct lint_said){
		.level = LINT_NOTICE,
		.table = lint_name(l, p->name),
		.message = gh_printf(l->arena,
		    "all of %s is read under an ACCESS EXCLUSIVE lock before it becomes part of %s, unless a "
		    "valid check says that its rows are within the bounds",
		    lint_name(l, p->name), lint_name(l, r)),
	    });
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__RangeVar *r = lint_altered(l, at);
	const PgQuery__AlterTableCmd *c;
	size_t k;

	if (at->node->node_case == PG_QUERY__NODE__NODE_CREATE_STMT)
		created(l, at, at->node->create_stmt);
	for (k = 0; r != NULL && (c = lint_command(at, k)) != NULL; k++) {
		if (c->def == NULL || c->def->node_case != PG_QUERY__NODE__NODE_PARTITION_CMD)
			continue;
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition)
			detached(l, at, r, c->def->partition_cmd);
		if (c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition)
			attached(l, at, r, c->def->partition_cmd);
	}
}

const struct lint_rule lint_partition_lock = {
	.about = { .id = "partition-lock",
	    .title = "Partition made, attached or detached under a strong lock",
	    .cost = "CREATE TABLE ... PARTITION OF and DETACH lock the whole partitioned "
		    "table against everybody; ATTACH reads all of the new partition under a "
		    "lock, unless a check proves its bounds.",
	    .quiet = "Quiet when the same file creates the partitioned table; for ATTACH, "
		     "when it creates the partition.",
	    .safe = "Make the table by itself and ATTACH it, with a validated check of its "
		    "bounds; DETACH ... CONCURRENTLY.",
	    .level = LINT_WARNING,
	    .scale = LINT_TRAFFIC },
	.statement = statement,
};
