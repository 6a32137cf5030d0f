#include "base/ban.h"
#include "migration/sql_node.h"
#include "migration/sql_name.h"

#pragma GCC diagnostic ignored "-Wswitch-enum"

static void
set(struct sql_object *ret, const char *name, const char *kind)
{
	ret->name = name;
	ret->kind = *name == '\0' ? "" : kind;
}

static bool
has_text(const char *s)
{
	return s != NULL && *s != '\0';
}

/* A relation by itself; temporary ones end with the session. */
static void
relation(const PgQuery__RangeVar *r, const char *kind, struct gh_arena *a, struct sql_object *ret)
{
	if (r == NULL || (r->relpersistence != NULL && *r->relpersistence == 't') ||
	    (has_text(r->schemaname) && strncmp(r->schemaname, "pg_temp", 7) == 0))
		return;
	ret->qualified = has_text(r->schemaname);
	set(ret, sql_name_of(r, a), kind);
}

/* Something that has its name within a table: "public.orders.orders_touch". */
static void
within(const PgQuery__RangeVar *r, const char *name, const char *kind, struct gh_arena *a,
    struct sql_object *ret)
{
	ret->qualified = r != NULL && has_text(r->schemaname);
	ret->on = sql_name_of(r, a);
	set(ret, sql_name_join(ret->on, name, a), kind);
}

static void
listed(PgQuery__Node *const *names, size_t n, const char *kind, struct gh_arena *a, struct sql_object *ret)
{
	ret->qualified = n > 1;
	set(ret, sql_name_list(names, n, 2, a), kind);
}

static void
index_made(const PgQuery__IndexStmt *s, struct gh_arena *a, struct sql_object *ret)
{
	/* Without a name PostgreSQL makes one up. */
	if (s->relation == NULL || !has_text(s->idxname))
		return;
	ret->qualified = has_text(s->relation->schemaname);
	ret->on = sql_name_of(s->relation, a);
	set(ret,
	    sql_name_join(
		sql_name_quote(ret->qualified ? s->relation->schemaname : "public", a), s->idxname, a),
	    "index");
}

void
sql_object(const PgQuery__Node *n, struct gh_arena *a, struct sql_object *ret)
{
	*ret = (struct sql_object){ .name = "", .kind = "", .on = "" };
	switch (n->node_case) {
	case PG_QUERY__NODE__NODE_CREATE_STMT:
		relation(n->create_stmt->relation, "table", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
		relation(n->create_foreign_table_stmt->base_stmt->relation, "foreign table", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
		relation(n->create_table_as_stmt->into->rel,
		    n->create_table_as_stmt->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW
			? "materialized view"
			: "table",
		    a, ret);
		break;
	case PG_QUERY__NODE__NODE_SELECT_STMT:
		if (n->select_stmt->into_clause != NULL)
			relation(n->select_stmt->into_clause->rel, "table", a, ret);
		break;
	case PG_QUERY__NODE__NODE_VIEW_STMT:
		relation(n->view_stmt->view, "view", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
		relation(n->create_seq_stmt->sequence, "sequence", a, ret);
		break;
	case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
		relation(n->composite_type_stmt->typevar, "type", a, ret);
		break;
	case PG_QUERY__NODE__NODE_INDEX_STMT:
		index_made(n->index_stmt, a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
		listed(n->create_function_stmt->funcname, n->create_function_stmt->n_funcname,
		    n->create_function_stmt->is_procedure ? "procedure" : "function", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
		listed(n->create_enum_stmt->type_name, n->create_enum_stmt->n_type_name, "type", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT:
		listed(n->create_range_stmt->type_name, n->create_range_stmt->n_type_name, "type", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
		listed(
		    n->create_domain_stmt->domainname, n->create_domain_stmt->n_domainname, "domain", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
		within(n->create_trig_stmt->relation, n->create_trig_stmt->trigname, "trigger", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
		within(n->create_policy_stmt->table, n->create_policy_stmt->policy_name, "policy", a, ret);
		break;
	case PG_QUERY__NODE__NODE_RULE_STMT:
		within(n->rule_stmt->relation, n->rule_stmt->rulename, "rule", a, ret);
		break;
	case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
		ret->qualified = true;
		if (has_text(n->create_schema_stmt->schemaname))
			set(ret, sql_name_quote(n->create_schema_stmt->schemaname, a), "schema");
		break;
	case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
		ret->qualified = true;
		set(ret, sql_name_quote(n->create_extension_stmt->extname, a), "extension");
		break;
	default:
		break;
	}
}
