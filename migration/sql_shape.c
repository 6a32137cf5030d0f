#include "base/ban.h"
#include "migration/sql_shape.h"
#include "base/text.h"
#include "migration/sql_name.h"

/* What protobuf-c initialises messages with. */
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wswitch-enum"

#define CONSTR(name) PG_QUERY__CONSTR_TYPE__CONSTR_##name
#define NODE(name)   PG_QUERY__NODE__NODE_##name

static void
tree_done(PgQuery__ParseResult **tree)
{
	if (*tree != NULL)
		pg_query__parse_result__free_unpacked(*tree, NULL);
	*tree = NULL;
}
#define TREE __attribute__((cleanup(tree_done))) PgQuery__ParseResult *

static PgQuery__Node *
root(const PgQuery__ParseResult *tree)
{
	return tree == NULL || tree->n_stmts != 1 ? NULL : tree->stmts[0]->stmt;
}

/* The tree as SQL; NULL when it cannot be written. */
static const char *
written(PgQuery__ParseResult *tree, struct gh_arena *a)
{
	size_t len = pg_query__parse_result__get_packed_size(tree);
	uint8_t *bytes = gh_alloc(a, len + 1);
	PgQueryProtobuf packed = { .len = pg_query__parse_result__pack(tree, bytes), .data = (char *)bytes };
	PgQueryDeparseResult r = pg_query_deparse_protobuf(packed);
	const char *ret = r.error != NULL || r.query == NULL ? NULL : gh_strdup(a, r.query);

	pg_query_free_deparse_result(r);
	return ret;
}

/* ---- which constraint -----------------------------------------------------------------------------------
 */

struct wanted {
	PgQuery__ConstrType types[2];
	const char *name;
	const PgQuery__Constraint *named, *unnamed;
	size_t n_unnamed;
};

static void
look_at(struct wanted *w, const PgQuery__Node *n)
{
	const PgQuery__Constraint *c = n == NULL || n->node_case != NODE(CONSTRAINT) ? NULL : n->constraint;

	if (c == NULL || (c->contype != w->types[0] && c->contype != w->types[1]))
		return;
	if (c->conname != NULL && c->conname[0] != '\0') {
		if (strcmp(c->conname, w->name) == 0)
			w->named = c;
		return;
	}
	w->unnamed = c;
	w->n_unnamed++;
}

static void
look_at_column(struct wanted *w, const PgQuery__Node *n)
{
	size_t i;

	if (n == NULL || n->node_case != NODE(COLUMN_DEF))
		return;
	for (i = 0; i < n->column_def->n_constraints; i++)
		look_at(w, n->column_def->constraints[i]);
}

/* NULL when the statement adds none of that name and not exactly one without a name. */
static const PgQuery__Constraint *
constraint_of(const PgQuery__Node *n, struct wanted *w)
{
	size_t i;

	if (n != NULL && n->node_case == NODE(ALTER_TABLE_STMT)) {
		for (i = 0; i < n->alter_table_stmt->n_cmds; i++) {
			const PgQuery__AlterTableCmd *c = n->alter_table_stmt->cmds[i]->alter_table_cmd;

			look_at(w, c->def);
			look_at_column(w, c->def);
		}
	} else if (n != NULL && n->node_case == NODE(CREATE_STMT)) {
		for (i = 0; i < n->create_stmt->n_table_elts; i++) {
			look_at(w, n->create_stmt->table_elts[i]);
			look_at_column(w, n->create_stmt->table_elts[i]);
		}
	}
	if (w->named != NULL)
		return w->named;
	return w->n_unnamed == 1 ? w->unnamed : NULL;
}

/* ---- queries --------------------------------------------------------------------------------------------
 */

static PgQuery__Node *
column_node(const char *name, struct gh_arena *a)
{
	PgQuery__Node *ret = gh_alloc(a, sizeof(*ret)), *part = gh_alloc(a, sizeof(*part));
	PgQuery__ColumnRef *ref = gh_alloc(a, sizeof(*ref));
	PgQuery__String *s = gh_alloc(a, sizeof(*s));

	pg_query__string__init(s);
	s->sval = gh_strdup(a, name);
	*part = (PgQuery__Node)PG_QUERY__NODE__INIT;
	part->node_case = NODE(STRING);
	part->string = s;
	*ref = (PgQuery__ColumnRef)PG_QUERY__COLUMN_REF__INIT;
	ref->n_fields = 1;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ref->fields = gh_memdup(a, &part, sizeof(part));
	*ret = (PgQuery__Node)PG_QUERY__NODE__INIT;
	ret->node_case = NODE(COLUMN_REF);
	ret->column_ref = ref;
	return ret;
}

static PgQuery__Node *
not_null_node(PgQuery__Node *arg, struct gh_arena *a)
{
	PgQuery__Node *ret = gh_alloc(a, sizeof(*ret));
	PgQuery__NullTest *t = gh_alloc(a, sizeof(*t));

	*t = (PgQuery__NullTest)PG_QUERY__NULL_TEST__INIT;
	t->arg = arg;
	t->nulltesttype = PG_QUERY__NULL_TEST_TYPE__IS_NOT_NULL;
	*ret = (PgQuery__Node)PG_QUERY__NODE__INIT;
	ret->node_case = NODE(NULL_TEST);
	ret->null_test = t;
	return ret;
}

static PgQuery__Node *
and_node(PgQuery__Node **args, size_t n, struct gh_arena *a)
{
	PgQuery__Node *ret = gh_alloc(a, sizeof(*ret));
	PgQuery__BoolExpr *b = gh_alloc(a, sizeof(*b));

	*b = (PgQuery__BoolExpr)PG_QUERY__BOOL_EXPR__INIT;
	b->boolop = PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR;
	b->n_args = n;
	b->args = args;
	*ret = (PgQuery__Node)PG_QUERY__NODE__INIT;
	ret->node_case = NODE(BOOL_EXPR);
	ret->bool_expr = b;
	return ret;
}

/* The template's table becomes t; what was there comes back for the tree's own end. */
struct table_kept {
	PgQuery__RangeVar *r;
	char *schema, *name;
};

static struct table_kept
table_put(const PgQuery__SelectStmt *s, const struct sql_shape_table *t, struct gh_arena *a)
{
	PgQuery__RangeVar *r = s->from_clause[0]->range_var;
	struct table_kept kept = { r, r->schemaname, r->relname };

	r->schemaname = gh_strdup(a, t->schema);
	r->relname = gh_strdup(a, t->name);
	return kept;
}

static void
table_back(const struct table_kept *kept)
{
	kept->r->schemaname = kept->schema;
	kept->r->relname = kept->name;
}

const char *
sql_shape_check(
    const char *statement, const char *constraint, const struct sql_shape_table *t, struct gh_arena *a)
{
	TREE from = sql_parse(statement);
	TREE tree = sql_parse(
	    "SELECT count(*) OVER () AS violating, t.* FROM s.n AS t WHERE NOT (y) LIMIT " SQL_SHAPE_ROWS);
	struct wanted w = { .types = { CONSTR(CHECK), CONSTR(CHECK) }, .name = constraint };
	const PgQuery__Constraint *c = constraint_of(root(from), &w);
	PgQuery__SelectStmt *s;
	PgQuery__Node **place, *kept;
	struct table_kept table;
	const char *ret;

	if (c == NULL || c->raw_expr == NULL || root(tree) == NULL)
		return NULL;
	s = root(tree)->select_stmt;
	place = &s->where_clause->bool_expr->args[0];
	kept = *place;
	*place = c->raw_expr;
	table = table_put(s, t, a);
	ret = written(tree, a);
	table_back(&table);
	*place = kept;
	return ret;
}

/* What a unique index or constraint is on. */
struct unique_keys {
	size_t n;
	PgQuery__Node **keys;
	PgQuery__Node *where; /* NULL none */
	bool nulls;           /* NULLs count as equal */
};

static void
keys_of_index(const PgQuery__IndexStmt *x, struct gh_arena *a, struct unique_keys *ret)
{
	size_t i;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ret->keys = gh_alloc_n(a, x->n_index_params, sizeof(*ret->keys));
	for (i = 0; i < x->n_index_params; i++) {
		PgQuery__IndexElem *e = x->index_params[i]->index_elem;

		ret->keys[ret->n++] = e->expr != NULL ? e->expr : column_node(e->name, a);
	}
	ret->where = x->where_clause;
	ret->nulls = x->nulls_not_distinct;
}

static void
keys_of_constraint(const PgQuery__Constraint *c, struct gh_arena *a, struct unique_keys *ret)
{
	size_t i;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ret->keys = gh_alloc_n(a, c->n_keys, sizeof(*ret->keys));
	for (i = 0; i < c->n_keys; i++)
		ret->keys[ret->n++] = column_node(c->keys[i]->string->sval, a);
	ret->nulls = c->nulls_not_distinct;
}

static void
keys_read(PgQuery__Node *n, const char *constraint, struct gh_arena *a, struct unique_keys *ret)
{
	struct wanted w = { .types = { CONSTR(UNIQUE), CONSTR(PRIMARY) }, .name = constraint };
	const PgQuery__Constraint *c;

	*ret = (struct unique_keys){ 0 };
	if (n != NULL && n->node_case == NODE(INDEX_STMT) && n->index_stmt->unique) {
		keys_of_index(n->index_stmt, a, ret);
		return;
	}
	c = constraint_of(n, &w);
	if (c != NULL)
		keys_of_constraint(c, a, ret);
}

/* Each key is a result and a group; NULLs are left out unless they count. */
static void
keys_put(PgQuery__SelectStmt *s, const struct unique_keys *k, struct gh_arena *a)
{
	PgQuery__Node **targets = gh_alloc_n(a, k->n + 1, sizeof(PgQuery__Node *));
	PgQuery__Node **tests = gh_alloc_n(a, k->n + 1, sizeof(PgQuery__Node *));
	size_t i, n_tests = 0;

	for (i = 0; i < k->n; i++) {
		PgQuery__ResTarget *t = gh_alloc(a, sizeof(*t));
		PgQuery__Node *node = gh_alloc(a, sizeof(*node));

		pg_query__res_target__init(t);
		t->val = k->keys[i];
		*node = (PgQuery__Node)PG_QUERY__NODE__INIT;
		node->node_case = NODE(RES_TARGET);
		node->res_target = t;
		targets[i] = node;
		if (!k->nulls)
			tests[n_tests++] = not_null_node(k->keys[i], a);
	}
	targets[k->n] = s->target_list[0];
	if (k->where != NULL)
		tests[n_tests++] = k->where;
	s->target_list = targets;
	s->n_target_list = k->n + 1;
	s->group_clause = k->keys;
	s->n_group_clause = k->n;
	s->where_clause = n_tests == 0 ? NULL : n_tests == 1 ? tests[0] : and_node(tests, n_tests, a);
}

/* "email, lower(name)" */
static const char *
keys_text(const struct unique_keys *k, struct gh_arena *a)
{
	TREE tree = sql_parse("SELECT y");
	GH_TEXT text = { 0 };
	size_t i;

	for (i = 0; root(tree) != NULL && i < k->n; i++) {
		PgQuery__Node **place = &root(tree)->select_stmt->target_list[0]->res_target->val,
			      *kept = *place;
		const char *s;

		*place = k->keys[i];
		s = written(tree, a);
		*place = kept;
		gh_text_putf(&text, "%s%s", i == 0 ? "" : ", ", s == NULL ? "?" : s + strlen("SELECT "));
	}
	return gh_strdup(a, gh_text_str(&text));
}

const char *
sql_shape_unique(const char *statement, const char *constraint, const struct sql_shape_table *t,
    struct gh_arena *a, const char **ret_keys)
{
	TREE from = sql_parse(statement);
	TREE tree = sql_parse("SELECT count(*) AS rows FROM s.n GROUP BY x HAVING count(*) > 1 "
			      "ORDER BY count(*) DESC LIMIT " SQL_SHAPE_ROWS);
	struct unique_keys k;
	struct table_kept table;
	PgQuery__SelectStmt *s, kept;
	const char *ret;

	*ret_keys = "";
	keys_read(root(from), constraint, a, &k);
	if (k.n == 0 || root(tree) == NULL)
		return NULL;
	s = root(tree)->select_stmt;
	kept = *s;
	keys_put(s, &k, a);
	table = table_put(s, t, a);
	ret = written(tree, a);
	table_back(&table);
	*s = kept;
	*ret_keys = keys_text(&k, a);
	return ret;
}

static const char **
names(PgQuery__Node *const *list, size_t n, struct gh_arena *a)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	const char **ret = gh_alloc_n(a, n, sizeof(*ret));
	size_t i;

	for (i = 0; i < n; i++)
		ret[i] = gh_strdup(a, list[i]->string->sval);
	return ret;
}

bool
sql_shape_foreign(
    const char *statement, const char *constraint, struct gh_arena *a, struct sql_shape_key *ret)
{
	TREE from = sql_parse(statement);
	struct wanted w = { .types = { CONSTR(FOREIGN), CONSTR(FOREIGN) }, .name = constraint };
	const PgQuery__Constraint *c = constraint_of(root(from), &w);

	*ret = (struct sql_shape_key){ 0 };
	/* One of a column is on that column, which is new: nothing can be in the way. */
	if (c == NULL || c->pktable == NULL || c->n_fk_attrs == 0)
		return false;
	*ret = (struct sql_shape_key){ .n = c->n_fk_attrs,
		.n_parent = c->n_pk_attrs,
		.columns = names(c->fk_attrs, c->n_fk_attrs, a),
		.parent_columns = names(c->pk_attrs, c->n_pk_attrs, a),
		.parent_schema = gh_strdup(a, c->pktable->schemaname == NULL ? "" : c->pktable->schemaname),
		.parent = gh_strdup(a, c->pktable->relname) };
	return true;
}
