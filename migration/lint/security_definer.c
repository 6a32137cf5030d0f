#include "base/ban.h"
#include "migration/lint_habit.h"

static void
statement(struct lint *l, const struct lint_at *at)
{
	const PgQuery__CreateFunctionStmt *s = at->node->create_function_stmt;
	bool definer = false, path = false;
	size_t i;

	if (at->node->node_case != PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT)
		return;
	for (i = 0; i < s->n_options; i++) {
		const PgQuery__DefElem *e = s->options[i]->def_elem;

		if (s->options[i]->node_case != PG_QUERY__NODE__NODE_DEF_ELEM || e->arg == NULL)
			continue;
		if (strcmp(e->defname, "security") == 0)
			definer =
			    e->arg->node_case == PG_QUERY__NODE__NODE_BOOLEAN && e->arg->boolean->boolval;
		if (strcmp(e->defname, "set") == 0 &&
		    e->arg->node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT &&
		    strcmp(e->arg->variable_set_stmt->name, "search_path") == 0)
			path = true;
	}
	if (definer && !path)
		lint_say(l, at,
		    (struct lint_said){
			.message = gh_printf(l->arena,
			    "%s runs with the rights of its owner and with the search_path of whoever calls "
			    "it",
			    lint_written(l, s->funcname, s->n_funcname)),
			.rewrite = lint_alter_function(l, s, "SET search_path = pg_catalog, pg_temp"),
		    });
}

const struct lint_rule lint_security_definer = {
	.about = { .id = "security-definer",
	    .title = "SECURITY DEFINER without search_path",
	    .cost = "Whoever can make objects in a schema of the caller's search_path makes the function run "
		    "them with the rights of its owner.",
	    .quiet = "Quiet when the function sets search_path.",
	    .safe =
		"SET search_path = pg_catalog, pg_temp at the function, and schemas written out in its body.",
	    .level = LINT_ERROR,
	    .scale = LINT_FLAT },
	.statement = statement,
};
