/*
 * Batched data migrations of a run, as their journals tell them: how far each is, points for a chart, the
 * rows that were left out.  Reads.
 */
#ifndef GH_STORE_BATCH_H
#define GH_STORE_BATCH_H

#include "store/store.h"

struct store_batch {
	int64_t migration; /* position in the plan */
	int64_t at, started_at;
	const char *state;  /* running waiting paused done failed */
	const char *cursor; /* key up to which it is done; "" none */
	int64_t batches;
	int64_t rows;             /* changed; what an earlier run of the same migration has done included */
	int64_t passed, expected; /* rows behind the cursor, of so many; expected -1: not known */
	int64_t size, batch_us, pause_ms;
	const char *why; /* it waits; "" it does not */
	int64_t left_out;
};
struct store_batches {
	size_t n;
	struct store_batch *rows;
};
/* In the order of the plan; only those that were begun. */
enum gh_code store_batch_list(struct store *st, struct gh_arena *a, int64_t run_id, struct store_batches *ret,
    struct gh_err *err) GH_MUST_USE;

/* At most 500 of a migration, at least a second apart. */
struct store_batch_point {
	int64_t at, rows, size, batch_us; /* rows: changed until then */
};
struct store_batch_points {
	size_t n;
	struct store_batch_point *rows;
};
/* Oldest first. */
enum gh_code store_batch_points(struct store *st, struct gh_arena *a, int64_t run_id, int64_t migration,
    struct store_batch_points *ret, struct gh_err *err) GH_MUST_USE;

struct store_batch_row {
	const char *key, *sqlstate, *message;
};
struct store_batch_rows {
	size_t n;
	struct store_batch_row *rows;
};
/* Rows that this run left out, in the order in which they were met. */
enum gh_code store_batch_rows(struct store *st, struct gh_arena *a, int64_t run_id, int64_t migration,
    struct store_batch_rows *ret, struct gh_err *err) GH_MUST_USE;

#endif
