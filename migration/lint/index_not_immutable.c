#include "base/ban.h"
#include "migration/lint_habit.h"
#include "migration/sql_walk.h"

static bool
see(const ProtobufCMessage *m, void *to)
{
	static const char *const names[] = { "now", "clock_timestamp", "statement_timestamp",
		"transaction_timestamp", "timeofday", "random", "gen_random_uuid", "age", "to_char",
		"to_timestamp", "current_setting", "nextval", "concat", "concat_ws", "format" };
	const PgQuery__FuncCall *f = (const PgQuery__FuncCall *)(const void *)m;
	const char **found = to;
	const PgQuery__Node *last;
	size_t i;

	if (m->descriptor == &pg_query__sqlvalue_function__descriptor)
		*found = "the time or user of the session";
	if (m->descriptor != &pg_query__func_call__descriptor || f->n_funcname == 0)
		return *found == NULL;
	last = f->funcname[f->n_funcname - 1];
	for (i = 0; last->node_case == PG_QUERY__NODE__NODE_STRING && i < sizeof(names) / sizeof(names[0]);
	     i++) {
		if (strcmp(last->string->sval, names[i]) == 0)
			*found = names[i];
	}
	return *found == NULL;
}

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__IndexStmt *s = at->node->index_stmt;
	const char *found = NULL;
	size_t i;

	if (at->node->node_case != PG_QUERY__NODE__NODE_INDEX_STMT)
		return;
	if (s->where_clause != NULL)
		sql_walk(&s->where_clause->base, see, &found);
	for (i = 0; i < s->n_index_params && found == NULL; i++)
		sql_walk(&s->index_params[i]->base, see, &found);
	if (found != NULL)
		lint_say(l, at,
		    (struct lint_said){
			.table = lint_name(l, s->relation),
			.message = gh_printf(l->arena,
			    "the index uses %s, whose value changes: PostgreSQL refuses that", found),
		    });
}

const struct lint_rule lint_index_not_immutable = {
	.about = { .id = "index-not-immutable",
	    .title = "Index on a value that changes by itself",
	    .cost =
		"PostgreSQL refuses it (42P17), because the entry of a row would be wrong a moment later.",
	    .quiet = "Only functions of PostgreSQL that are known not to be immutable; others cannot be seen "
		     "from the file.",
	    .safe = "Index the column itself and compare with the value in the query.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
};
