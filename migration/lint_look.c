#include "base/ban.h"
#include "migration/lint_rule.h"
#include "migration/sql_name.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

bool
lint_has(const char *s)
{
	return s != NULL && *s != '\0';
}

const PgQuery__AlterTableCmd *
lint_command(const struct lint_at *at, size_t k)
{
	const PgQuery__AlterTableStmt *s;

	if (at->node->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT)
		return NULL;
	s = at->node->alter_table_stmt;
	if (s->objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || k >= s->n_cmds ||
	    s->cmds[k]->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_CMD)
		return NULL;
	return s->cmds[k]->alter_table_cmd;
}

const PgQuery__ColumnDef *
lint_added_column(const PgQuery__AlterTableCmd *c)
{
	if (c->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn || c->def == NULL ||
	    c->def->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF)
		return NULL;
	return c->def->column_def;
}

const PgQuery__Constraint *
lint_added_constraint(const PgQuery__AlterTableCmd *c)
{
	if (c->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint || c->def == NULL ||
	    c->def->node_case != PG_QUERY__NODE__NODE_CONSTRAINT)
		return NULL;
	return c->def->constraint;
}

const PgQuery__Constraint *
lint_column_constraint(const PgQuery__ColumnDef *c, PgQuery__ConstrType type)
{
	size_t i;

	for (i = 0; i < c->n_constraints; i++) {
		const PgQuery__Node *n = c->constraints[i];

		if (n->node_case == PG_QUERY__NODE__NODE_CONSTRAINT && n->constraint->contype == type)
			return n->constraint;
	}
	return NULL;
}

const PgQuery__RangeVar *
lint_relation(const PgQuery__Node *n)
{
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
		return n->alter_table_stmt->relation;
	case PG_QUERY__NODE__NODE_INDEX_STMT:
		return n->index_stmt->relation;
	case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
		return n->create_trig_stmt->relation;
	case PG_QUERY__NODE__NODE_UPDATE_STMT:
		return n->update_stmt->relation;
	case PG_QUERY__NODE__NODE_DELETE_STMT:
		return n->delete_stmt->relation;
	case PG_QUERY__NODE__NODE_INSERT_STMT:
		return n->insert_stmt->relation;
	case PG_QUERY__NODE__NODE_MERGE_STMT:
		return n->merge_stmt->relation;
	case PG_QUERY__NODE__NODE_RENAME_STMT:
		return n->rename_stmt->relation;
	case PG_QUERY__NODE__NODE_CREATE_STMT:
		return n->create_stmt->relation;
	case PG_QUERY__NODE__NODE_COPY_STMT:
		return n->copy_stmt->relation;
	case PG_QUERY__NODE__NODE_CLUSTER_STMT:
		return n->cluster_stmt->relation;
	case PG_QUERY__NODE__NODE_REINDEX_STMT:
		return n->reindex_stmt->relation;
	case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
		return n->refresh_mat_view_stmt->relation;
	case PG_QUERY__NODE__NODE_RULE_STMT:
		return n->rule_stmt->relation;
	case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
		return n->create_policy_stmt->table;
	case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
		return n->alter_policy_stmt->table;
	default:
		return NULL;
	}
}

/* public is where a name without a schema goes. */
bool
lint_same_name(const char *a, const char *b)
{
	size_t n = strlen("public.");

	a += strncmp(a, "public.", n) == 0 ? n : 0;
	b += strncmp(b, "public.", n) == 0 ? n : 0;
	return strcmp(a, b) == 0;
}

/* ---- tables made here ---- */

static const char *
without_public(const char *name)
{
	size_t n = strlen("public.");

	return strncmp(name, "public.", n) == 0 ? name + n : name;
}

/* The slot of a name, or the empty one where it would stand. */
static const struct lint_new **
slot(const struct lint *l, const char *name)
{
	const char *p;
	size_t h = 5381;

	name = without_public(name);
	for (p = name; *p != '\0'; p++)
		h = h * 33 + (unsigned char)*p;
	for (h %= l->n_slots; l->slots[h] != NULL; h = (h + 1) % l->n_slots) {
		if (strcmp(without_public(l->slots[h]->name), name) == 0)
			break;
	}
	return &l->slots[h];
}

static bool
is_set(const PgQuery__Node *n)
{
	return n != NULL && n->node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT &&
	    (n->variable_set_stmt->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL ||
		(lint_has(n->variable_set_stmt->name) &&
		    strcasecmp(n->variable_set_stmt->name, "lock_timeout") == 0));
}

void
lint_look_prepare(struct lint *l)
{
	size_t i;

	l->n_slots = 2 * l->n_new + 1;
	l->slots = gh_alloc_n(l->arena, l->n_slots, sizeof(struct lint_new *));
	for (i = 0; i < l->n_new; i++) {
		const struct lint_new **at = slot(l, l->created[i].name);

		/* The first of them counts. */
		if (*at == NULL)
			*at = &l->created[i];
	}
	l->sets = gh_alloc_n(l->arena, l->n, sizeof(struct lint_at *));
	for (i = 0; i < l->n; i++) {
		if (l->all[i].inside != LINT_ROUTINE && is_set(l->all[i].node))
			l->sets[l->n_sets++] = &l->all[i];
	}
}

#define LOOK_BACK 1000

size_t
lint_look_back(const struct lint *l, const struct lint_at *at)
{
	size_t i = (size_t)(at - l->all);

	return i > LOOK_BACK ? i - LOOK_BACK : 0;
}

bool
lint_is_new_name(const struct lint *l, size_t i, const char *name)
{
	const struct lint_new *made;

	if (strncmp(name, "pg_temp", 7) == 0)
		return true;
	made = *slot(l, name);
	return made != NULL && made->i <= i;
}

bool
lint_is_new(const struct lint *l, const struct lint_at *at, const PgQuery__RangeVar *r)
{
	return r != NULL && lint_is_new_name(l, at->i, sql_name_written(r, l->arena));
}

const PgQuery__RangeVar *
lint_altered(const struct lint *l, const struct lint_at *at)
{
	if (lint_command(at, 0) == NULL || lint_is_new(l, at, at->node->alter_table_stmt->relation))
		return NULL;
	return at->node->alter_table_stmt->relation;
}

/* ---- lock_timeout ---- */

/* "5s", "200ms", "1min", "5000"; -1 when it is none of these. */
static int64_t
milliseconds(const char *s)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "", 1 }, { "ms", 1 }, { "s", 1000 }, { "min", 60000 }, { "h", 3600000 },
		{ "d", 86400000 } };
	char *end = NULL;
	double n = strtod(s, &end);
	size_t i;

	if (end == s || !(n >= 0) || n > 1e9)
		return -1;
	end += strspn(end, " \t");
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit) == 0)
			return (int64_t)(n * (double)units[i].ms);
	}
	return -1;
}

/* What a SET says; -1 when it is no SET lock_timeout that can be told. */
static int64_t
set_to(const struct lint *l, const PgQuery__Node *n)
{
	const PgQuery__VariableSetStmt *s;
	const PgQuery__AConst *c;

	if (n == NULL || n->node_case != PG_QUERY__NODE__NODE_VARIABLE_SET_STMT)
		return -1;
	s = n->variable_set_stmt;
	if (s->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL)
		return l->text->lock_timeout_ms;
	if (!lint_has(s->name) || strcasecmp(s->name, "lock_timeout") != 0)
		return -1;
	if (s->n_args != 1 || s->args[0]->node_case != PG_QUERY__NODE__NODE_A_CONST)
		return l->text->lock_timeout_ms;
	c = s->args[0]->a_const;
	if (c->val_case == PG_QUERY__A__CONST__VAL_IVAL)
		return c->ival->ival;
	return c->val_case == PG_QUERY__A__CONST__VAL_SVAL ? milliseconds(c->sval->sval) : -1;
}

int64_t
lint_lock_timeout(const struct lint *l, const struct lint_at *at)
{
	int64_t ret = 0, ms;
	size_t i;

	for (i = 0; i < l->n_sets && l->sets[i]->offset < at->offset; i++) {
		const struct lint_at *s = l->sets[i];

		if ((ms = set_to(l, s->node)) < 0)
			continue;
		/* SET LOCAL ends with its transaction. */
		if (!s->node->variable_set_stmt->is_local ||
		    (s->sql->group != 0 && s->sql->group == at->sql->group))
			ret = ms;
	}
	return ret;
}
