#include "base/ban.h"
#include "migration/lint_habit.h"

bool
lint_made_here(struct lint *l, const struct lint_at *at, const char *name)
{
	struct sql_object made;
	size_t i;

	if (lint_is_new_name(l, at->i, name))
		return true;
	for (i = 0; i < l->n && *name != '\0' && l->all[i].i < at->i; i++) {
		if (l->all[i].node == NULL || l->all[i].inside == LINT_ROUTINE)
			continue;
		sql_object(l->all[i].node, l->arena, &made);
		if (*made.name != '\0' && lint_same_name(made.name, name))
			return true;
	}
	return false;
}

/* A command of another ALTER TABLE on the same table that does `what` to the column. */
static bool
altered(const struct lint *l, const struct lint_at *at, bool earlier, const char *column,
    bool (*what)(const PgQuery__AlterTableCmd *c, const char *column))
{
	const PgQuery__AlterTableCmd *c;
	const char *table = lint_written_of(l, lint_relation(at->node));
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		const struct lint_at *other = &l->all[i];

		if (other->node == NULL || (earlier && other->i >= at->i))
			continue;
		for (k = 0; (c = lint_command(other, k)) != NULL; k++) {
			if (what(c, column) &&
			    lint_same_name(lint_written_of(l, lint_relation(other->node)), table))
				return true;
		}
	}
	return false;
}

static bool
adds(const PgQuery__AlterTableCmd *c, const char *column)
{
	const PgQuery__ColumnDef *added = lint_added_column(c);

	return added != NULL && strcmp(added->colname, column) == 0;
}

static bool
drops(const PgQuery__AlterTableCmd *c, const char *column)
{
	return c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn && strcmp(c->name, column) == 0;
}

static bool
sets_default(const PgQuery__AlterTableCmd *c, const char *column)
{
	return c->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault && c->def != NULL &&
	    strcmp(c->name, column) == 0;
}

bool
lint_column_is_new(const struct lint *l, const struct lint_at *at, const char *column)
{
	return altered(l, at, true, column, adds);
}

bool
lint_column_goes(const struct lint *l, const struct lint_at *at, const char *column)
{
	return altered(l, at, false, column, drops);
}

bool
lint_default_set(const struct lint *l, const struct lint_at *at, const char *column)
{
	return altered(l, at, false, column, sets_default);
}

bool
lint_view_follows(const struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		const PgQuery__Node *n = l->all[i].node;

		if (n != NULL && l->all[i].i > at->i && n->node_case == PG_QUERY__NODE__NODE_VIEW_STMT &&
		    lint_same_name(lint_written_of(l, n->view_stmt->view), lint_written_of(l, r)))
			return true;
	}
	return false;
}

static bool
is_named(const PgQuery__Node *n, const char *name)
{
	return n->node_case == PG_QUERY__NODE__NODE_STRING && strcmp(n->string->sval, name) == 0;
}

/* A primary key or a unique constraint, of a column or of the table. */
static bool
is_key_on(const PgQuery__Constraint *c, const char *column, bool of_column)
{
	if (c->contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY &&
	    c->contype != PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE)
		return false;
	return of_column || (c->n_keys > 0 && is_named(c->keys[0], column));
}

static bool
keys_in_table(const PgQuery__CreateStmt *s, const char *column)
{
	size_t i, k;

	for (i = 0; i < s->n_table_elts; i++) {
		const PgQuery__Node *n = s->table_elts[i];

		if (n->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
		    is_key_on(n->constraint, column, false))
			return true;
		if (n->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF ||
		    strcmp(n->column_def->colname, column) != 0)
			continue;
		for (k = 0; k < n->column_def->n_constraints; k++) {
			const PgQuery__Node *c = n->column_def->constraints[k];

			if (c->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
			    is_key_on(c->constraint, column, true))
				return true;
		}
	}
	return false;
}

bool
lint_is_indexed(struct lint *l, const char *table, const char *column)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		const PgQuery__Node *n = l->all[i].node;

		if (n == NULL)
			continue;
		if (n->node_case == PG_QUERY__NODE__NODE_CREATE_STMT &&
		    lint_same_name(lint_name(l, n->create_stmt->relation), table) &&
		    keys_in_table(n->create_stmt, column))
			return true;
		if (n->node_case == PG_QUERY__NODE__NODE_INDEX_STMT && n->index_stmt->n_index_params > 0 &&
		    n->index_stmt->index_params[0]->node_case == PG_QUERY__NODE__NODE_INDEX_ELEM &&
		    lint_has(n->index_stmt->index_params[0]->index_elem->name) &&
		    strcmp(n->index_stmt->index_params[0]->index_elem->name, column) == 0 &&
		    lint_same_name(lint_name(l, n->index_stmt->relation), table))
			return true;
	}
	return false;
}

bool
lint_is_temporary(const PgQuery__RangeVar *r)
{
	return (lint_has(r->relpersistence) && *r->relpersistence == 't') ||
	    (lint_has(r->schemaname) && strncmp(r->schemaname, "pg_temp", 7) == 0);
}

static bool
is_integer(const PgQuery__Node *n, int32_t *ret)
{
	if (n == NULL || n->node_case != PG_QUERY__NODE__NODE_A_CONST ||
	    n->a_const->val_case != PG_QUERY__A__CONST__VAL_IVAL)
		return false;
	*ret = n->a_const->ival->ival;
	return true;
}

bool
lint_is_true(const PgQuery__Node *n)
{
	int32_t left = 0, right = 0;

	if (n->node_case == PG_QUERY__NODE__NODE_A_CONST)
		return n->a_const->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL &&
		    n->a_const->boolval->boolval;
	return n->node_case == PG_QUERY__NODE__NODE_A_EXPR && n->a_expr->n_name == 1 &&
	    is_named(n->a_expr->name[0], "=") && is_integer(n->a_expr->lexpr, &left) &&
	    is_integer(n->a_expr->rexpr, &right) && left == right;
}

bool
lint_token_is(const struct lint *l, size_t i, const char *word)
{
	size_t len = strlen(word);

	return i < l->n_tokens && (size_t)(l->tokens[i].end - l->tokens[i].start) == len &&
	    strncasecmp(l->text->sql + l->tokens[i].start, word, len) == 0;
}

size_t
lint_token_at(const struct lint *l, int64_t byte)
{
	size_t i;

	for (i = 0; i < l->n_tokens && l->tokens[i].start != byte; i++)
		continue;
	return i;
}

size_t
lint_statement_begin(const struct lint *l, size_t i)
{
	while (i > 0 && !lint_token_is(l, i - 1, ";"))
		i--;
	while (i < l->n_tokens &&
	    (l->tokens[i].token == PG_QUERY__TOKEN__SQL_COMMENT ||
		l->tokens[i].token == PG_QUERY__TOKEN__C_COMMENT))
		i++;
	return i;
}
