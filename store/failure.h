/*
 * What is known after a run that failed: facts of the catalog, causes (a query that shows why, with what it
 * gave) and what may be done next.  Reads.
 */
#ifndef GH_STORE_FAILURE_H
#define GH_STORE_FAILURE_H

#include "store/store.h"

struct store_run_fact {
	const char *kind;   /* "table", "index", "column", "constraint", "row", ... */
	const char *object; /* "public.orders" */
	bool good;          /* it is as it would be without the run, or after all of it */
	const char *text;   /* one sentence */
	int64_t position;   /* request.add names the fact by it */
};
struct store_run_facts {
	size_t n;
	struct store_run_fact *rows;
};
/* In the order in which they were found. */
enum gh_code store_run_fact_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_run_facts *ret, struct gh_err *err) GH_MUST_USE;

struct store_cause {
	const char *title;
	const char *sql; /* as it was sent; "" when nothing was asked */
	size_t n_columns;
	const char **columns;
	size_t n_rows;
	const char **cells; /* n_rows * n_columns, row by row; NULL is SQL NULL */
	bool more;          /* there were more rows */
	const char *text;   /* one sentence: what it means */
};
struct store_causes {
	size_t n;
	struct store_cause *rows;
};
enum gh_code store_cause_list(struct store *st, struct gh_arena *a, int64_t run_id, struct store_causes *ret,
    struct gh_err *err) GH_MUST_USE;

struct store_action {
	const char *kind; /* "retry", "down", "mark", "drop-index", "restore", "repair" */
	const char *goal; /* as request.add takes it; "" when it is nothing to ask for */
	const char *text; /* what it would do and why it is valid */
};
struct store_actions {
	size_t n;
	struct store_action *rows;
};
enum gh_code store_action_list(struct store *st, struct gh_arena *a, int64_t run_id,
    struct store_actions *ret, struct gh_err *err) GH_MUST_USE;

#endif
