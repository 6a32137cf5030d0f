/*
 * Batched data migrations of a run: writes.
 */
#ifndef GH_STORE_BATCH_WRITE_H
#define GH_STORE_BATCH_WRITE_H

#include "store/batch.h"
#include "store/write.h"

#define STORE_BATCH_POINTS 500

/* How far it is now (b->at), and a point of its chart when the last one is long enough ago. */
enum gh_code store_batch_put(
    struct store *st, int64_t run_id, const struct store_batch *b, struct gh_err *err) GH_MUST_USE;
/* The batch must have been put. */
enum gh_code store_batch_row_add(struct store *st, int64_t run_id, int64_t migration,
    const struct store_batch_row *row, struct gh_err *err) GH_MUST_USE;

#endif
