#include "base/ban.h"
#include "runner/job/tracking.h"
#include "runner/job/sql.gen.h"
#include "runner/job/verify.h"

static const char *
or_else(const char *given, const char *own)
{
	return given != NULL && given[0] != '\0' ? given : own;
}

static const char *
table_name(const struct convention_tracking *v, size_t i, const char *table)
{
	return v->tables[i].name == NULL ? table : v->tables[i].name;
}

/* A column of a table that is there without any has no name. */
static size_t
columns_of(const PGresult *res, const char *table, struct convention_column *ret, const char **ret_kind)
{
	size_t n = 0;
	int i;

	*ret_kind = "";
	for (i = 0; i < PQntuples(res); i++) {
		if (strcmp(PQgetvalue(res, i, 0), table) != 0)
			continue;
		*ret_kind = PQgetvalue(res, i, 1);
		if (PQgetisnull(res, i, 2))
			continue;
		ret[n++] = (struct convention_column){ .name = PQgetvalue(res, i, 2),
			.type = PQgetvalue(res, i, 3),
			.not_null = PQgetvalue(res, i, 4)[0] == 't' ? "t" : "f" };
	}
	return n;
}

/* One table of a shape against what is there.  *ret_there: something of that name is. */
static bool
table_fits(const struct tracking *t, size_t i, const PGresult *res, struct gh_arena *a, bool *ret_there,
    const char **ret_why)
{
	const char *table = table_name(t->as, i, t->table), *kind;
	const char *qualified = gh_printf(a, "%s.%s", t->schema, table);
	struct convention_column *columns = gh_alloc_n(a, (size_t)PQntuples(res), sizeof(*columns));
	size_t n = columns_of(res, table, columns, &kind);

	*ret_there = kind[0] != '\0';
	if (!*ret_there)
		*ret_why = gh_printf(a, "%s does not exist", qualified);
	else if (kind[0] != 'r') /* no tool makes a partitioned one */
		*ret_why = gh_printf(a, "%s is %s", qualified,
		    kind[0] == 'p' ? "a partitioned table, not a plain one" : "not a table");
	else
		return convention_table_known(&t->as->tables[i], qualified, columns, n, a, ret_why);
	return false;
}

static bool
is_there(const PGresult *res, const char *table)
{
	int i;

	for (i = 0; i < PQntuples(res); i++) {
		if (strcmp(PQgetvalue(res, i, 0), table) == 0)
			return true;
	}
	return false;
}

/*
 * Whether the tables are of the shape t->as.  Its own table missing counts as none, and what else is there
 * must then be as described: it is written to as well.
 */
static enum gh_code
shape(struct pg *pg, struct tracking *t, struct gh_err *err)
{
	struct gh_arena *a = pg->job->arena;
	const char *names[CONVENTION_TABLES + 1], *params[2], *why;
	PG_RESULT res = NULL;
	bool there, fits, first = false;
	size_t i;

	t->exists = t->known = false;
	t->why = "";
	for (i = 0; i < t->as->n_tables; i++)
		names[i] = table_name(t->as, i, t->table);
	if (t->as->not_beside != NULL)
		names[i++] = t->as->not_beside;
	params[0] = t->schema;
	params[1] = verify_array(names, i, a);
	GH_TRY(pg_query(pg, SQL_TRACKING_COLUMNS, params, 2, &res, err));
	for (i = 0; i < t->as->n_tables; i++) {
		fits = table_fits(t, i, res, a, &there, &why);
		if (i == 0)
			first = there;
		if (fits || (!there && !first))
			continue;
		t->exists = true;
		t->why = gh_strdup(a, why);
		return GH_OK;
	}
	t->exists = t->known = first;
	if (first && t->as->not_beside != NULL && is_there(res, t->as->not_beside)) {
		t->known = false;
		t->why = gh_printf(a, "%s.%s stands beside %s, so another tool made both", t->schema,
		    t->as->not_beside, t->qualified);
	}
	return GH_OK;
}

static const char *
value(const PGresult *r, int row, int column, struct gh_arena *a)
{
	return column < PQnfields(r) ? gh_strdup(a, PQgetvalue(r, row, column)) : "";
}

static enum gh_code
rows_read(struct pg *pg, struct tracking *t, struct gh_err *err)
{
	struct gh_arena *a = pg->job->arena;
	struct tracking_statement s;
	PG_RESULT r = NULL;
	int i;

	GH_TRY(tracking_fill(pg, t, t->as->select, NULL, &s, err));
	GH_TRY(pg_query(pg, s.sql, s.params, s.n, &r, err));
	t->n = (size_t)PQntuples(r);
	t->rows = gh_alloc_n(a, t->n, sizeof(*t->rows));
	for (i = 0; i < PQntuples(r); i++)
		t->rows[i] = (struct convention_row){ .key = value(r, i, 0, a),
			.applied_at = strtoll(PQgetvalue(r, i, 1), NULL, 10),
			.state = value(r, i, 2, a),
			.checksum = value(r, i, 3, a),
			.by = value(r, i, 4, a),
			.detail = value(r, i, 5, a) };
	return GH_OK;
}

/* Plans name the table "schema.table". */
static enum gh_code
names_check(const struct tracking *t, struct gh_err *err)
{
	if (strchr(t->schema, '.') != NULL)
		return gh_fail(err, GH_BAD_INPUT,
		    "the schema of the tracking table, %s, has a dot in its name: that is not possible",
		    t->schema);
	if (strchr(t->schema, '\\') != NULL || strchr(t->table, '\\') != NULL)
		return gh_fail(err, GH_BAD_INPUT,
		    "the tracking table %s has a backslash in its name: that is not possible", t->qualified);
	return GH_OK;
}

enum gh_code
tracking_read(struct pg *pg, const struct convention *c, const char *schema, const char *table,
    struct tracking *ret, struct gh_err *err)
{
	struct tracking found = { 0 };
	size_t i;

	*ret = (struct tracking){ .why = "" };
	for (i = 0; i < c->n_tracking; i++) {
		const struct convention_tracking *v = &c->tracking[i];
		struct tracking t = { .as = v,
			.schema = or_else(schema, v->schema),
			.table = or_else(table, v->table),
			.why = "" };

		t.qualified = gh_printf(pg->job->arena, "%s.%s", t.schema, t.table);
		GH_TRY(names_check(&t, err));
		GH_TRY(shape(pg, &t, err));
		/* The first is what would be made; of those that are there, the newest says why it does not
		 * fit. */
		if (i == 0 || t.known || (t.exists && !found.exists))
			found = t;
		if (t.known)
			break;
	}
	if (found.as == NULL)
		return gh_fail(err, GH_BAD_INPUT, "the convention %s has no tracking table", c->name);
	*ret = found;
	return ret->known ? rows_read(pg, ret, err) : GH_OK;
}

enum gh_code
tracking_read_plan(
    struct pg *pg, const struct convention *c, const struct plan *p, struct tracking *ret, struct gh_err *err)
{
	const char *dot = strchr(p->tracking, '.');

	if (dot == NULL)
		gh_bug("the plan's tracking table %s has no schema", p->tracking);
	return tracking_read(
	    pg, c, gh_strndup(pg->job->arena, p->tracking, (size_t)(dot - p->tracking)), dot + 1, ret, err);
}

const struct convention_row *
tracking_row(const struct tracking *t, const char *key)
{
	size_t i;

	for (i = t->n; i > 0; i--) {
		if (strcmp(t->rows[i - 1].key, key) == 0)
			return &t->rows[i - 1];
	}
	return NULL;
}

bool
tracking_row_applied(const struct convention_row *row)
{
	return row != NULL && (strcmp(row->state, "applied") == 0 || strcmp(row->state, "baseline") == 0);
}

bool
tracking_row_failed(const struct convention_row *row)
{
	return row != NULL && (strcmp(row->state, "failed") == 0 || strcmp(row->state, "dirty") == 0);
}

bool
tracking_has(const struct tracking *t, const char *key)
{
	return tracking_row_applied(tracking_row(t, key));
}

const char *
tracking_newest(const struct tracking *t)
{
	size_t i;

	for (i = t->n; i > 0; i--) {
		const struct convention_row *row = &t->rows[i - 1];

		if (tracking_row_applied(row) && tracking_row(t, row->key) == row)
			return row->key;
	}
	return "";
}
