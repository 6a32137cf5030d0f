/*
 * The tracking tables of a target, as its convention describes them: reading them, and filling in the
 * convention's statements (convention.h, "the tracking table").
 */
#ifndef GH_JOB_TRACKING_H
#define GH_JOB_TRACKING_H

#include "migration/convention.h"
#include "migration/plan.h"
#include "runner/job/pg.h"

struct tracking {
	/* The newest shape that the tables have exactly; the convention's newest when there are none or they
	 * are of no known shape. */
	const struct convention_tracking *as;
	const char *schema, *table;
	const char *qualified; /* "schema.table", not quoted, as plans and frames have it */
	bool exists, known;    /* known: all tables are exactly as described; only then there are rows */
	const char *why;       /* exists but not known: what differs, one sentence; "" */
	size_t n;
	struct convention_row *rows; /* as select gives them: oldest first in the tool's own order */
};

/*
 * Reads the tables and, when they are of a known shape, their rows.  schema and table: as configured, "" the
 * convention's own.  Changes nothing.
 */
enum gh_code tracking_read(struct pg *pg, const struct convention *c, const char *schema, const char *table,
    struct tracking *ret, struct gh_err *err) GH_MUST_USE;
/* The same for the table that a plan names ("schema.table"). */
enum gh_code tracking_read_plan(struct pg *pg, const struct convention *c, const struct plan *p,
    struct tracking *ret, struct gh_err *err) GH_MUST_USE;

/* The last row with that key, NULL none: a later one replaces what an earlier one says. */
const struct convention_row *tracking_row(const struct tracking *t, const char *key);
/* Its last row says applied or baseline. */
bool tracking_has(const struct tracking *t, const char *key);
bool tracking_row_applied(const struct convention_row *row);
/* It says failed or dirty. */
bool tracking_row_failed(const struct convention_row *row);
/*
 * Key of the newest applied row by the order of select; "" when there is none.  A plan's `after`, and so the
 * TRACKING frame, is this: the run compares it before it begins.
 */
const char *tracking_newest(const struct tracking *t);

/* ---- the convention's statements ------------------------------------------------------------------------
 */

/* One statement as it is sent: names quoted in place, parameters numbered. */
struct tracking_statement {
	const char *sql;
	size_t n;
	const char **params; /* NULL: SQL NULL */
};

/* What parameters stand for. */
struct tracking_values {
	const struct plan_migration *migration; /* NULL: only run */
	const struct plan_sql *side;
	int64_t elapsed_ns; /* of the statements; 0 before */
	int64_t done;       /* statements that succeeded and stay, for `failed` */
	const char *error;  /* what the server said, for `failed`; NULL none */
	int64_t run;
};

/*
 * Fills one in: {schema} and {table} become names quoted by libpq (doubled quotes within '...'), :name the
 * next $n, but not within quotes, comments and casts.  A parameter that v does not have is a bug and aborts;
 * v may be NULL.  Texts live in the job's arena.
 */
enum gh_code tracking_fill(struct pg *pg, const struct tracking *t, const char *sql,
    const struct tracking_values *v, struct tracking_statement *ret, struct gh_err *err) GH_MUST_USE;
/* Fills in and sends each of a list (NULL at its end, or no list), one by one. */
enum gh_code tracking_send(struct pg *pg, const struct tracking *t, const char *const *list,
    const struct tracking_values *v, struct gh_err *err) GH_MUST_USE;

#endif
