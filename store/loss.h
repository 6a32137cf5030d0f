/*
 * What a plan downwards would destroy, as it was counted in the live database.  Reads.
 */
#ifndef GH_STORE_LOSS_H
#define GH_STORE_LOSS_H

#include "store/store.h"

struct store_count {
	const char *state; /* queued running done failed; "": never counted */
	const char *text;  /* why it failed, or what could not be counted */
	int64_t counted_at;
};
enum gh_code store_count_find(struct store *st, struct gh_arena *a, const char *digest,
    struct store_count *ret, struct gh_err *err) GH_MUST_USE;

struct store_loss {
	int64_t position, migration, statement; /* 0-based */
	const char *object;                     /* "public.orders.note" */
	int64_t there;                          /* rows or values; -1 cannot be counted */
	int64_t since;                          /* of them in rows written since the run; -1 unknown */
	const char *text; /* "public.orders.note: 18,204 values, 311 in rows written since the run" */
};
struct store_losses {
	size_t n;
	struct store_loss *rows;
};
/* In the plan's order. */
enum gh_code store_loss_list(struct store *st, struct gh_arena *a, const char *digest,
    struct store_losses *ret, struct gh_err *err) GH_MUST_USE;

/* For the runner: counts that are queued or running, oldest first. */
struct store_count_open {
	const char *digest, *state;
};
struct store_counts {
	size_t n;
	struct store_count_open *rows;
};
enum gh_code store_count_open_list(
    struct store *st, struct gh_arena *a, struct store_counts *ret, struct gh_err *err) GH_MUST_USE;
/* The transactions in which the migrations of a plan downwards were applied, separated by ",". */
enum gh_code store_count_xids(struct store *st, struct gh_arena *a, const char *digest, const char **ret,
    struct gh_err *err) GH_MUST_USE;

#endif
