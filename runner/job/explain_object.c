#include "base/ban.h"
#include "runner/job/explain.h"
#include "base/copytext.h"
#include "runner/job/sql.gen.h"

/* Undefined: what there is of a similar name.  There already: what it is. */

#define NEAR_ROWS    8
#define NAME_MAX_LEN 64

/* Edits between two names, without regard to case; both cut. */
static size_t
distance(const char *s, const char *t)
{
	size_t row[NAME_MAX_LEN + 1], n = strnlen(s, NAME_MAX_LEN), m = strnlen(t, NAME_MAX_LEN), i, k;

	for (k = 0; k <= m; k++)
		row[k] = k;
	for (i = 1; i <= n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (k = 1; k <= m; k++) {
			size_t above = row[k], best = corner;

			if (tolower((unsigned char)s[i - 1]) != tolower((unsigned char)t[k - 1]))
				best = 1 + (corner < above ? corner : above);
			if (row[k - 1] + 1 < best)
				best = row[k - 1] + 1;
			row[k] = best;
			corner = above;
		}
	}
	return row[m];
}

/* A name without its schema and its quotation marks. */
static const char *
bare(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot == NULL ? name : dot + 1;
}

struct near {
	int row;
	size_t distance;
};

/* The rows of res whose column `col` is closest to the name, closest first. */
static size_t
nearest(const PGresult *res, int col, const char *name, struct near ret[NEAR_ROWS])
{
	size_t n = 0, i;
	int row;

	for (row = 0; row < PQntuples(res); row++) {
		struct near x = { row, distance(bare(name), PQgetvalue(res, row, col)) };

		/* Half of it wrong is another name. */
		if (x.distance * 2 > strlen(bare(name)) + 1)
			continue;
		for (i = n; i > 0 && ret[i - 1].distance > x.distance; i--) {
			if (i < NEAR_ROWS)
				ret[i] = ret[i - 1];
		}
		if (i < NEAR_ROWS) {
			ret[i] = x;
			n += n < NEAR_ROWS ? 1 : 0;
		}
	}
	return n;
}

struct lookup {
	const char *sql;
	int col;          /* of the name */
	const char *what; /* "table" */
};

static void
rows_put(
    const PGresult *res, const struct near *near, size_t n, struct gh_text *columns, struct gh_text *rows)
{
	size_t i;
	int col;

	for (col = 0; col < PQnfields(res); col++)
		gh_copytext_put(columns, col == 0, PQfname(res, col));
	for (i = 0; i < n; i++) {
		for (col = 0; col < PQnfields(res); col++) {
			char cell[240];

			say_clean(cell, sizeof(cell), PQgetvalue(res, near[i].row, col));
			gh_copytext_put(rows, col == 0, cell);
		}
		gh_copytext_end(rows);
	}
}

/* The same name in a schema that is not looked in. */
static const char *
elsewhere(struct explain *x, const struct lookup *l, const PGresult *res, const struct near *near, size_t n)
{
	int path = PQfnumber(res, "in_search_path");

	if (n == 0 || near[0].distance != 0 || path < 0 || PQgetvalue(res, near[0].row, path)[0] == 't')
		return NULL;
	return gh_printf(x->pg->job->arena,
	    "%s is there, but in the schema %s, which is not in the search_path: write %s.%s.",
	    PQgetvalue(res, near[0].row, l->col), PQgetvalue(res, near[0].row, 0),
	    PQgetvalue(res, near[0].row, 0), PQgetvalue(res, near[0].row, l->col));
}

static enum gh_code
similar(struct explain *x, const struct lookup *l, const char *name, struct gh_err *err)
{
	struct gh_arena *a = x->pg->job->arena;
	struct near near[NEAR_ROWS];
	GH_TEXT columns = { 0 };
	GH_TEXT rows = { 0 };
	PG_RESULT res = NULL;
	const char *text;
	size_t n;

	GH_TRY(explain_query(x, l->sql, NULL, 0, &res, err));
	n = nearest(res, l->col, name, near);
	rows_put(res, near, n, &columns, &rows);
	text = elsewhere(x, l, res, near, n);
	if (text == NULL)
		text = n > 0
		    ? gh_printf(a, "There is no %s %s here; the closest is %s.", l->what, name,
			  PQgetvalue(res, near[0].row, l->col))
		    : gh_printf(a,
			  "There is no %s %s here, nor one with a similar name: see whether an earlier "
			  "migration is missing on this target.",
			  l->what, name);
	explain_say_rows(x, "What there is with a similar name",
	    &(struct explain_rows){ l->sql, gh_text_str(&columns), gh_text_str(&rows) }, text);
	return GH_OK;
}

/* "function lower(integer, x) does not exist" */
static const char *
function_name(struct explain *x)
{
	const char *s = strstr(x->error->message, "function ");

	if (s == NULL)
		return NULL;
	s += strlen("function ");
	return gh_strndup(x->pg->job->arena, s, strcspn(s, "( "));
}

/* 'column "a" ...', or 'column t.a does not exist' without quotation marks */
static const char *
column_name(struct explain *x)
{
	const char *s = strstr(x->error->message, "column ");

	if (explain_quoted(x, 0) != NULL)
		return explain_quoted(x, 0);
	if (s == NULL)
		return NULL;
	s += strlen("column ");
	return gh_strndup(x->pg->job->arena, s, strcspn(s, " "));
}

enum gh_code
explain_undefined(struct explain *x, struct gh_err *err)
{
	const char *touched = explain_touched(x), *name = explain_quoted(x, 0);
	const char *const params[] = { touched };
	struct lookup l = { SQL_EXPLAIN_NAMES, 1, "object" };

	if (pg_error_is(x->error, "42P01")) {
		l = (struct lookup){ SQL_EXPLAIN_RELATIONS, 1, "relation" };
	} else if (pg_error_is(x->error, "42703")) {
		l = (struct lookup){ NULL, 1, "column" };
		GH_TRY(explain_value(x, SQL_EXPLAIN_TABLE_COLUMNS, params, 1, &l.sql, err));
		name = column_name(x);
	} else if (pg_error_is(x->error, "42883")) {
		l = (struct lookup){ SQL_EXPLAIN_FUNCTIONS, 1, "function" };
		name = function_name(x);
	} else if (pg_error_is(x->error, "3F000")) {
		l.what = "schema";
	}
	if (name == NULL || l.sql == NULL) {
		explain_say(x, "What is missing", "", NULL, x->error->message);
		return GH_OK;
	}
	return similar(x, &l, name, err);
}

enum gh_code
explain_exists(struct explain *x, struct gh_err *err)
{
	struct gh_arena *a = x->pg->job->arena;
	const char *name = explain_quoted(x, 0), *on = explain_quoted(x, 1), *composer, *query;
	const char *const params[] = { name == NULL ? "" : name, on == NULL ? "" : on };
	bool column = pg_error_is(x->error, "42701");
	PG_RESULT res = NULL;
	int valid;

	if (name == NULL && !pg_error_is(x->error, "42723")) {
		explain_say(x, "What is there already", "", NULL, x->error->message);
		return GH_OK;
	}
	composer = column                    ? SQL_EXPLAIN_EXISTS_COLUMN
	    : pg_error_is(x->error, "42P07") ? SQL_EXPLAIN_EXISTS_RELATION
					     : SQL_EXPLAIN_EXISTS_OBJECT;
	GH_TRY(explain_value(x, composer, params, column ? 2 : 1, &query, err));
	GH_TRY(explain_query(x, query, NULL, 0, &res, err));
	valid = PQfnumber(res, "valid");
	if (PQntuples(res) == 0)
		explain_say(x, "What is there already", query, res,
		    gh_printf(a,
			"Nothing of the name %s is there now: it was made by this run itself, twice.",
			params[0]));
	else if (valid >= 0 && PQgetvalue(res, 0, valid)[0] == 'f')
		explain_say(x, "What is there already", query, res,
		    gh_printf(a,
			"%s is an invalid index: an earlier CREATE INDEX CONCURRENTLY has left it. Drop it, "
			"then ask again.",
			params[0]));
	else
		explain_say(x, "What is there already", query, res,
		    gh_printf(a,
			"%s is there: made by hand, or by a run that was not recorded. Compare it with the "
			"migration; if they agree, write IF NOT EXISTS, or mark the migration as applied.",
			params[0]));
	return GH_OK;
}
