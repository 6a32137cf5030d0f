/*
 * Backups that other systems make, as far as they are not rows of the inventory like all others
 * (store/backup.h): reads.
 */
#ifndef GH_STORE_OUTSIDE_H
#define GH_STORE_OUTSIDE_H

#include "store/task.h"

struct store_outside_source {
	int64_t target_id;
	const char *source;
	int64_t n, seen_at; /* backups that are listed; when the newest look was */
};
struct store_outside_sources {
	size_t n;
	struct store_outside_source *rows;
};
/* Those that have backups in the inventory that are not expired. */
enum gh_code store_outside_list(
    struct store *st, struct gh_arena *a, struct store_outside_sources *ret, struct gh_err *err) GH_MUST_USE;

struct store_outside_looks {
	int64_t queued_at, ended_at; /* of the newest task; 0 none */
	bool open;                   /* one is queued or under way */
};
enum gh_code store_outside_looked(struct store *st, int64_t target_id, const char *source,
    struct store_outside_looks *ret, struct gh_err *err) GH_MUST_USE;

/* How the look before that task ended: "done", "failed", "" there was none. */
enum gh_code store_outside_before(struct store *st, struct gh_arena *a, const struct store_task *t,
    const char **ret, struct gh_err *err) GH_MUST_USE;

/* Whether one of them would be the backup of a run now, as the inventory has it: the run looks again itself.
 */
struct store_outside_counts {
	bool holds;
	const char *source, *label; /* of the newest with which nothing is wrong; "" there is none */
	int64_t ended_at;
	int64_t limit_ms; /* as old as it may be */
	const char *text; /* a sentence or two for people */
};
enum gh_code store_outside_counts(struct store *st, struct gh_arena *a, int64_t target_id, int64_t limit_ms,
    int64_t now, struct store_outside_counts *ret, struct gh_err *err) GH_MUST_USE;

#endif
