/*
 * What was read for the matrix before and is still true: a reader keeps it until anything is committed that
 * the matrix shows (table matrix_change).  Whatever it gives is what the statements would give now.
 */
#ifndef GH_STORE_MEMO_H
#define GH_STORE_MEMO_H

#include "store/store.h"

#define STORE_MEMO_BYTES ((size_t)4 << 20) /* beyond that it begins anew with the next transaction */

/*
 * Within a reader's transaction.  NULL when nothing is kept under the key; what is given stays until the
 * transaction's end and is not to be changed.
 */
const void *store_memo_find(const struct store *st, const char *key);
/* Where to read what is to be kept. */
struct gh_arena *store_memo_arena(struct store *st) __attribute__((returns_nonnull));
/* value lives in that arena. */
void store_memo_keep(struct store *st, const char *key, const void *value);

/* Of store.c: at the begin of each of a reader's transactions, and when the store closes. */
void store_memo_begin(struct store *st);
void store_memo_free(struct store *st);

#endif
