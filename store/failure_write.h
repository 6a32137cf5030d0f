/*
 * What is known after a run that failed: writes.  Positions are given in the order of the calls.
 */
#ifndef GH_STORE_FAILURE_WRITE_H
#define GH_STORE_FAILURE_WRITE_H

#include "store/failure.h"
#include "store/write.h"

/* position is not looked at. */
enum gh_code store_run_fact_add(
    struct store *st, int64_t run_id, const struct store_run_fact *f, struct gh_err *err) GH_MUST_USE;
/* As the journal has it: names separated by tabs, rows as COPY writes them. */
struct store_cause_new {
	const char *title, *sql, *columns, *rows, *text;
	bool more;
};
enum gh_code store_cause_add(
    struct store *st, int64_t run_id, const struct store_cause_new *c, struct gh_err *err) GH_MUST_USE;
enum gh_code store_action_add(
    struct store *st, int64_t run_id, const struct store_action *x, struct gh_err *err) GH_MUST_USE;
/* Facts and actions were of a moment that has passed; causes stay. */
enum gh_code store_failure_clear(struct store *st, int64_t run_id, struct gh_err *err) GH_MUST_USE;

#endif
