/*
 * Invalid indexes: which are there, and which of them a statement can have left.  Others build indexes too,
 * and their builds fail too: what is not certainly a statement's own is named, never dropped.
 */
#ifndef GH_JOB_INDEXES_H
#define GH_JOB_INDEXES_H

#include "runner/job/run.h"

enum run_index_own {
	RUN_INDEX_FOREIGN = 0, /* the statement does not make it */
	RUN_INDEX_NAMED,       /* its name and its table's are in the statement, which means another schema */
	RUN_INDEX_PERHAPS,     /* of a statement that does not say what it makes */
	RUN_INDEX_HALF,        /* the statement drops it */
	RUN_INDEX_OWN,         /* the statement makes an index of that name on that table */
};

enum gh_code run_indexes_read(struct pg *pg, struct run_indexes *ret, struct gh_err *err) GH_MUST_USE;
bool run_indexes_have(const struct run_indexes *list, const struct run_index *x);
/* Whether it has the last part of a name as plans have it ("public.orders_day"). */
bool run_index_named(const struct run_index *x, const char *name);
/* Whether such a statement can leave an invalid index at all. */
bool run_index_makes(const struct plan_statement *st);
/* Whose it is, were it new since before that statement of sql. */
enum run_index_own run_index_own(
    const struct plan_sql *sql, const struct plan_statement *st, const struct run_index *x);

#endif
