#include "base/ban.h"
#include "runner/job/explain.h"
#include "base/copytext.h"
#include "migration/sql_shape_child.h"
#include "runner/job/sql.gen.h"
#include "runner/job/verify.h"

#define CELL_MAX ((size_t)240)   /* bytes of a value */
#define ROWS_MAX ((size_t)24000) /* bytes of all rows */
#define COLS_MAX 12

static const struct {
	const char *sqlstate; /* or its beginning */
	explain_family *run;
} families[] = {
	{ "23505", explain_unique },
	{ "23P01", explain_check },
	{ "23502", explain_null },
	{ "23514", explain_check },
	{ "23503", explain_foreign },
	{ "42501", explain_grant },
	{ "55P03", explain_lock },
	{ "40P01", explain_deadlock },
	{ "57014", explain_cancelled },
	{ "53100", explain_disk },
	{ "53200", explain_memory },
	{ "53300", explain_connections },
	{ "42P01", explain_undefined },
	{ "42703", explain_undefined },
	{ "42883", explain_undefined },
	{ "42704", explain_undefined },
	{ "3F000", explain_undefined },
	{ "42601", explain_built },
	{ "42P07", explain_exists },
	{ "42701", explain_exists },
	{ "42710", explain_exists },
	{ "42723", explain_exists },
	{ "42P06", explain_exists },
	{ "25006", explain_read_only },
	{ "25001", explain_alone },
	{ "0A000", explain_alone },
};

void
explain_start(struct explain *x, struct pg *pg, const struct plan *plan, const struct convention *c,
    const struct explain_error *what)
{
	const struct plan_statement *st;
	struct gh_arena *a = pg->job->arena;
	const char *detail = what->error.detail, *where = strstr(detail, "In: ");

	*x = (struct explain){ .pg = pg,
		.plan = plan,
		.convention = c,
		.what = what,
		.error = &what->error,
		.sql = explain_statement(&(struct explain){ .pg = pg, .what = what }, what->statement),
		.kind = "" };
	x->detail = where == NULL
	    ? detail
	    : gh_strndup(a, detail, (size_t)(where - detail) - (where > detail ? 1 : 0));
	if (x->sql[0] == '\0')
		return;
	st = &what->side->statements[what->statement];
	x->kind = st->kind;
	x->line = st->line;
}

void
explain_run(struct explain *x)
{
	struct gh_err err = { 0 };
	size_t i;

	if (x->error->position > 0)
		(void)explain_place(x, &err);
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (!pg_error_is(x->error, families[i].sqlstate))
			continue;
		if (families[i].run(x, &err) != GH_OK)
			say_log(x->pg->job, "the cause could not be looked at: %s", err.msg);
		return;
	}
}

enum gh_code
explain_query(struct explain *x, const char *sql, const char *const *params, size_t n, PGresult **ret,
    struct gh_err *err)
{
	PG_BATCH_VAR b = { 0 };
	struct gh_err why = { 0 };
	enum gh_code code;

	pg_batch_add(&b, SQL_RESET_ALL, NULL, 0);
	pg_batch_add(&b, SQL_RESET_ROLE, NULL, 0);
	pg_batch_add(&b, SQL_EXPLAIN_BEGIN, NULL, 0);
	pg_batch_add(&b, SQL_EXPLAIN_LIMITS, NULL, 0);
	code = pg_batch_run(x->pg, &b, PG_DEADLINE_MS, err);
	if (code == GH_OK)
		code = pg_query(x->pg, sql, params, n, ret, err);
	if (pg_rollback(x->pg, &why) != GH_OK && code == GH_OK)
		return gh_fail(err, GH_UNAVAILABLE, "%s", why.msg);
	return code;
}

enum gh_code
explain_row(struct explain *x, const char *sql, const char *const *params, size_t n, struct explain_row *ret,
    struct gh_err *err)
{
	struct gh_arena *a = x->pg->job->arena;
	PG_RESULT res = NULL;
	int i;

	*ret = (struct explain_row){ 0 };
	GH_TRY(explain_query(x, sql, params, n, &res, err));
	if (PQntuples(res) == 0)
		return GH_OK;
	ret->n = PQnfields(res);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ret->cells = gh_alloc_n(a, (size_t)ret->n, sizeof(*ret->cells));
	for (i = 0; i < ret->n; i++)
		ret->cells[i] = gh_strdup(a, PQgetvalue(res, 0, i));
	return GH_OK;
}

enum gh_code
explain_value(struct explain *x, const char *sql, const char *const *params, size_t n, const char **ret,
    struct gh_err *err)
{
	struct explain_row row;

	*ret = NULL;
	GH_TRY(explain_row(x, sql, params, n, &row, err));
	if (row.n > 0)
		*ret = row.cells[0];
	return GH_OK;
}

static void
cell_put(struct gh_text *t, const PGresult *res, int row, int col, bool first)
{
	char cell[CELL_MAX + 8];

	if (PQgetisnull(res, row, col)) {
		gh_copytext_put(t, first, NULL);
		return;
	}
	say_clean(cell, CELL_MAX, PQgetvalue(res, row, col));
	if (strlen(PQgetvalue(res, row, col)) >= CELL_MAX)
		(void)snprintf(cell + strlen(cell), 8, " ...");
	gh_copytext_put(t, first, cell);
}

static void
say(struct explain *x, const char *const texts[5], bool more)
{
	struct wire_out o;

	say_start(x->pg->job, WIRE_J_CAUSE, &o);
	say_put(&o, texts[0]);
	say_put(&o, texts[1]);
	say_put(&o, texts[2]);
	wire_put_text(&o, texts[3]); /* clean, and longer than say_put takes */
	wire_put_u8(&o, more);
	say_put(&o, texts[4]);
	say_end(x->pg->job, &o);
}

struct shown {
	const char *title, *sql, *sentence;
	const PGresult *res; /* NULL none */
	int from;            /* the first column that is shown */
};

static void
say_result(struct explain *x, const struct shown *s)
{
	const PGresult *res = s->res;
	GH_TEXT columns = { 0 };
	GH_TEXT rows = { 0 };
	int n_cols = res == NULL ? 0 : PQnfields(res), n_rows = res == NULL ? 0 : PQntuples(res), row, col;

	n_cols = n_cols > COLS_MAX ? COLS_MAX : n_cols;
	for (col = s->from; col < n_cols; col++)
		gh_copytext_put(&columns, col == s->from, PQfname(res, col));
	for (row = 0; row < n_rows && row < EXPLAIN_ROWS && rows.len < ROWS_MAX; row++) {
		for (col = s->from; col < n_cols; col++)
			cell_put(&rows, res, row, col, col == s->from);
		gh_copytext_end(&rows);
	}
	say(x,
	    (const char *const[]){ s->title, s->sql, gh_text_str(&columns), gh_text_str(&rows), s->sentence },
	    row < n_rows);
}

void
explain_say(struct explain *x, const char *title, const char *sql, const PGresult *res, const char *sentence)
{
	say_result(x, &(struct shown){ title, sql, sentence, res, 0 });
}

void
explain_say_counted(
    struct explain *x, const char *title, const char *sql, const PGresult *res, const char *sentence)
{
	say_result(x, &(struct shown){ title, sql, sentence, res, PQnfields(res) > 1 ? 1 : 0 });
}

void
explain_say_rows(struct explain *x, const char *title, const struct explain_rows *r, const char *sentence)
{
	say(x, (const char *const[]){ title, r->sql, r->columns, r->rows, sentence }, false);
}

const char *
explain_statement(struct explain *x, int64_t k)
{
	const struct plan_sql *side = x->what->side;

	if (side == NULL || k < 0 || (size_t)k >= side->n_statements)
		return "";
	return gh_strndup(
	    x->pg->job->arena, side->sql + side->statements[k].offset, (size_t)side->statements[k].length);
}

const char *
explain_quoted(struct explain *x, size_t nth)
{
	const char *s = x->error->message, *end;

	for (;;) {
		s = strchr(s, '"');
		end = s == NULL ? NULL : strchr(s + 1, '"');
		if (end == NULL)
			return NULL;
		if (nth-- == 0)
			return gh_strndup(x->pg->job->arena, s + 1, (size_t)(end - s) - 1);
		s = end + 1;
	}
}

bool
explain_key(struct explain *x, const char **ret_keys, const char **ret_values)
{
	struct gh_arena *a = x->pg->job->arena;
	const char *from = strchr(x->detail, '('), *mid = strstr(x->detail, ")=("), *end;

	if (from == NULL || mid == NULL || mid < from)
		return false;
	end = strrchr(mid + 3, ')');
	if (end == NULL)
		return false;
	*ret_keys = gh_strndup(a, from + 1, (size_t)(mid - from) - 1);
	*ret_values = gh_strndup(a, mid + 3, (size_t)(end - mid) - 3);
	return true;
}

const char *
explain_touched(struct explain *x)
{
	struct gh_arena *a = x->pg->job->arena;
	struct sql_shape shape;

	sql_shape_child_read(x->sql, a, &shape);
	return verify_array(shape.tables, shape.n_tables, a);
}

const char *
explain_count(struct explain *x, const PGresult *res, const char *one, const char *many)
{
	int n = PQntuples(res);

	if (n > EXPLAIN_ROWS)
		return gh_printf(x->pg->job->arena, "more than %d %s", EXPLAIN_ROWS, many);
	return gh_printf(x->pg->job->arena, "%d %s", n, n == 1 ? one : many);
}
