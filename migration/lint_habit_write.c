#include "base/ban.h"
#include "migration/lint_habit.h"

/* What protobuf-c initialises messages with. */
#pragma GCC diagnostic ignored "-Wcast-qual"

const char *
lint_delete_in_batches(struct lint *l, const char *table)
{
	return gh_printf(l->arena,
	    "-- say which rows; in a file of its own: until it deletes none, each time in a transaction of "
	    "its own\n"
	    "-- gatehouse:batch repeat\n"
	    "DELETE FROM %s\n WHERE ctid IN (SELECT ctid FROM %s WHERE true LIMIT 10000);",
	    table, table);
}

const char *
lint_without_last_word(struct lint *l, const char *text, const char *word)
{
	size_t len = strlen(text), last = strlen(word);

	while (len > 0 && strchr(" \t\r\n;", text[len - 1]) != NULL)
		len--;
	if (len <= last || strncasecmp(text + len - last, word, last) != 0)
		return "";
	len -= last;
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	return gh_strndup(l->arena, text, len);
}

const char *
lint_granted_to(struct lint *l, const struct lint_at *at, const char *role)
{
	PgQuery__RoleSpec spec = PG_QUERY__ROLE_SPEC__INIT;
	PgQuery__Node item = PG_QUERY__NODE__INIT, node = *at->node, *items[1] = { &item };
	PgQuery__AlterDefaultPrivilegesStmt later;
	PgQuery__GrantStmt grant;
	const char *text;

	spec.roletype = PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING;
	spec.rolename = gh_strdup(l->arena, role);
	item.node_case = PG_QUERY__NODE__NODE_ROLE_SPEC;
	item.role_spec = &spec;
	if (node.node_case == PG_QUERY__NODE__NODE_GRANT_STMT) {
		grant = *node.grant_stmt;
		node.grant_stmt = &grant;
	} else {
		later = *node.alter_default_privileges_stmt;
		grant = *later.action;
		later.action = &grant;
		node.alter_default_privileges_stmt = &later;
	}
	grant.n_grantees = 1;
	grant.grantees = items;
	text = lint_sql(l, &node);
	return *text == '\0'
	    ? ""
	    : gh_printf(l->arena, "-- instead of %s the role of those who need it\n%s;", role, text);
}

const char *
lint_alter_function(struct lint *l, const PgQuery__CreateFunctionStmt *s, const char *what)
{
	const char *types = "";
	size_t i;

	for (i = 0; i < s->n_parameters; i++) {
		const PgQuery__FunctionParameter *p = s->parameters[i]->function_parameter;
		const char *type;

		if (s->parameters[i]->node_case != PG_QUERY__NODE__NODE_FUNCTION_PARAMETER)
			return "";
		if (p->mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT ||
		    p->mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE)
			continue;
		type = lint_type(l, p->arg_type);
		if (*type == '\0')
			return "";
		types = gh_printf(l->arena, "%s%s%s", types, *types == '\0' ? "" : ", ", type);
	}
	return gh_printf(l->arena, "ALTER %s %s(%s) %s;", s->is_procedure ? "PROCEDURE" : "FUNCTION",
	    lint_written(l, s->funcname, s->n_funcname), types, what);
}
