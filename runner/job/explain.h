/*
 * Why a statement failed: after the run has taken back what it does, a query that shows the cause, by
 * SQLSTATE (explain.c has the table, explain_FAMILY.c what each asks).  Everything is read-only, in
 * transactions of its own with time limits; what goes wrong here is logged and changes nothing.
 *
 * Queries are made by the server (format() in sql/explain_*.sql) or from the statement's own tree
 * (migration/sql_shape.h, in a child that may die of it), and sent as they are shown.
 */
#ifndef GH_JOB_EXPLAIN_H
#define GH_JOB_EXPLAIN_H

#include "migration/plan.h"
#include "migration/convention.h"
#include "runner/job/pg.h"

#define EXPLAIN_ROWS 20 /* shown of a result */

/* The first error of a migration, kept before taking back needs the connection. */
struct explain_error {
	bool set;
	struct pg_error error;
	int64_t migration, statement; /* -1 none */
	const struct plan_sql *side;  /* that the statement is of */
};

struct explain {
	struct pg *pg;
	const struct plan *plan;
	const struct convention *convention;
	const struct explain_error *what;
	const struct pg_error *error; /* of what */
	const char *sql;              /* the statement; "" none */
	const char *kind;             /* "CREATE INDEX"; "" none */
	int64_t line;                 /* its first, in the file; 0 none */
	const char *detail;           /* the error's, without where in a function it was */
};

/* Fills x for an error. */
void explain_start(struct explain *x, struct pg *pg, const struct plan *plan, const struct convention *c,
    const struct explain_error *what);
/* Sends CAUSE frames.  Never fails, logs. */
void explain_run(struct explain *x);

/* ---- for the families -----------------------------------------------------------------------------------
 */

/* One query in a read-only transaction of its own. */
enum gh_code explain_query(struct explain *x, const char *sql, const char *const *params, size_t n,
    PGresult **ret, struct gh_err *err) GH_MUST_USE;
/* One row of texts: *ret NULL when there is none, "" for NULL. */
struct explain_row {
	int n;
	const char **cells;
};
enum gh_code explain_row(struct explain *x, const char *sql, const char *const *params, size_t n,
    struct explain_row *ret, struct gh_err *err) GH_MUST_USE;
/* The first value of the first row; NULL when there is none. */
enum gh_code explain_value(struct explain *x, const char *sql, const char *const *params, size_t n,
    const char **ret, struct gh_err *err) GH_MUST_USE;

/* The CAUSE frame.  res NULL: nothing was asked; then sql is "". */
void explain_say(
    struct explain *x, const char *title, const char *sql, const PGresult *res, const char *sentence);
/* The same without the first column, which says the same in every row: how many there are. */
void explain_say_counted(
    struct explain *x, const char *title, const char *sql, const PGresult *res, const char *sentence);
/* The same with rows of its own: columns by tabs, rows as COPY writes them; sql "" when none was asked. */
struct explain_rows {
	const char *sql, *columns, *rows;
};
void explain_say_rows(
    struct explain *x, const char *title, const struct explain_rows *r, const char *sentence);

/* A statement of the migration, NUL-terminated; "" when there is none. */
const char *explain_statement(struct explain *x, int64_t k);
/* Text between two quotation marks of the message, the nth from 0; NULL when there are fewer. */
const char *explain_quoted(struct explain *x, size_t nth);
/* The keys and values of "Key (a, b)=(1, 2) ..."; false when the detail is none. */
bool explain_key(struct explain *x, const char **ret_keys, const char **ret_values);
/* The relations that the statement touches, as an array's text ("{public.a}"). */
const char *explain_touched(struct explain *x);
/* "1 row", "5 rows", "more than 20 rows" */
const char *explain_count(struct explain *x, const PGresult *res, const char *one, const char *many);

/* ---- the families ---------------------------------------------------------------------------------------
 */

typedef enum gh_code explain_family(struct explain *x, struct gh_err *err);
explain_family explain_unique, explain_null, explain_check, explain_foreign, explain_grant, explain_lock,
    explain_deadlock, explain_cancelled, explain_disk, explain_memory, explain_connections, explain_undefined,
    explain_exists, explain_read_only, explain_place, explain_built, explain_alone;

#endif
