#include "base/ban.h"
#include "runner/job/check.h"
#include "runner/job/sql.gen.h"
#include "runner/job/verify.h"
#include "migration/foreign.h"

/* A table with its columns, out of rows that are in order. */
struct named {
	const char *schema, *table;
	size_t n;
	struct convention_column *columns;
};

/* The table that begins at *row; *row becomes that of the next. */
static void
named_next(const PGresult *r, int *row, struct gh_arena *a, struct named *ret)
{
	int from = *row;

	*ret = (struct named){ .schema = PQgetvalue(r, from, 0), .table = PQgetvalue(r, from, 1) };
	ret->columns = gh_alloc_n(a, (size_t)(PQntuples(r) - from), sizeof(*ret->columns));
	for (; *row < PQntuples(r) && strcmp(PQgetvalue(r, *row, 0), ret->schema) == 0 &&
	     strcmp(PQgetvalue(r, *row, 1), ret->table) == 0;
	     (*row)++)
		ret->columns[ret->n++] = (struct convention_column){ .name = PQgetvalue(r, *row, 2),
			.type = PQgetvalue(r, *row, 3),
			.not_null = PQgetvalue(r, *row, 4)[0] == 't' ? "t" : "f" };
}

enum gh_code
check_whose(struct pg *pg, const char *schema, const char *table, const char **ret, struct gh_err *err)
{
	struct gh_arena *a = pg->job->arena;
	const char *params[] = { verify_array(&table, 1, a) };
	PG_RESULT r = NULL;
	int row = 0;

	*ret = NULL;
	GH_TRY(pg_query(pg, SQL_NAMED_COLUMNS, params, 1, &r, err));
	while (row < PQntuples(r) && *ret == NULL) {
		struct named t;

		named_next(r, &row, a, &t);
		if (strcmp(t.schema, schema) == 0)
			*ret = convention_table_whose(t.table, t.columns, t.n, a);
	}
	return GH_OK;
}

/* What a table of another tool means for what the folder's names alone have decided. */
static void
foreign_doubt(struct pg *pg, const struct convention_detected *d, const struct foreign *t,
    const struct named *it, struct convention_detected *ret)
{
	struct gh_arena *a = pg->job->arena;

	ret->why = gh_printf(
	    a, "%s; the database has %s.%s, the table of %s", d->why, it->schema, it->table, t->title);
	if (d->c == NULL)
		return;
	ret->why = gh_printf(a,
	    "the folder reads as %s, but its table is not there and %s.%s is as %s makes it, which may have "
	    "applied some "
	    "of them: write convention = \"%s\" in the project's section of gatehouse.conf when they are to "
	    "be applied "
	    "here by its rules",
	    d->why, it->schema, it->table, t->title, d->c->name);
	ret->c = NULL;
}

/* Tables of tools whose migrations Gatehouse does not run: said, never written to. */
static enum gh_code
foreign_say(struct pg *pg, struct convention_detected *d, struct gh_err *err)
{
	const struct convention_detected before = *d;
	struct gh_arena *a = pg->job->arena;
	const char *params[1];
	PG_RESULT r = NULL;
	size_t n = 0;
	int row = 0;

	while (foreign_tables[n] != NULL)
		n++;
	params[0] = verify_array(foreign_tables, n, a);
	GH_TRY(pg_query(pg, SQL_NAMED_COLUMNS, params, 1, &r, err));
	while (row < PQntuples(r)) {
		const struct foreign *t;
		struct named it;

		named_next(r, &row, a, &it);
		t = foreign_table(it.table, it.columns, it.n);
		if (t != NULL)
			foreign_doubt(pg, before.c == NULL ? d : &before, t, &it, d);
	}
	return GH_OK;
}

/* The shape that was found, as people read it; of several types that would do, the first. */
static const char *
has_text(const struct tracking *t, struct gh_arena *a)
{
	const struct convention_table *table = &t->as->tables[0];
	struct convention_column columns[CONVENTION_COLUMNS];
	size_t i;

	for (i = 0; i < table->n_columns; i++) {
		const char *type = table->columns[i].type;

		columns[i] = table->columns[i];
		columns[i].type = gh_strndup(a, type, strcspn(type, "|"));
	}
	return convention_table_text(t->qualified, columns, table->n_columns, a);
}

static void
candidate_look(struct pg *pg, struct convention_candidate *it)
{
	const struct wire_spec *s = &pg->job->spec;
	struct gh_err why = { 0 };
	struct tracking t;

	/* One whose table cannot be read is not the one. */
	if (tracking_read(pg, it->c, s->schema, s->table, &t, &why) != GH_OK) {
		it->other = gh_strdup(pg->job->arena, why.msg);
		return;
	}
	it->table = t.exists && t.known;
	if (it->table)
		it->has = has_text(&t, pg->job->arena);
	it->other = t.why;
}

/* No table and no mark of its own speaks for it. */
static bool
by_names(const struct convention_detected *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		if (d->candidates[i].c == d->c)
			return !d->candidates[i].table && d->candidates[i].fit.strength <= 2;
	}
	return false;
}

enum gh_code
check_detect(struct pg *pg, const struct reading *r, struct convention_detected *d, struct gh_err *err)
{
	size_t i;

	GH_TRY(folder_detect(pg->job, r, d, err));
	if (pg->job->spec.convention[0] != '\0')
		return GH_OK;
	for (i = 0; i < d->n; i++)
		candidate_look(pg, &d->candidates[i]);
	convention_decide(d, pg->job->arena);
	return d->c == NULL || by_names(d) ? foreign_say(pg, d, err) : GH_OK;
}
