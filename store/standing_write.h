/*
 * What is where, and the tables of a target: writes.
 */
#ifndef GH_STORE_STANDING_WRITE_H
#define GH_STORE_STANDING_WRITE_H

#include "store/standing.h"
#include "store/write.h"

/*
 * A target's standings as a check found them, within the caller's transaction: start, then each, then end.
 * Only what differs is written; what does not come again is forgotten at the end.
 */
struct store_standing_set {
	struct store *store;
	int64_t target_id;
	struct store_standings old;
	bool *seen; /* of old */
	/* Filled by the caller after start, for tables that only hold the newest version. */
	bool newest_stays; /* it was recorded there when the target was looked at before, too */
	int64_t looked_at; /* when that was; 0 when that look has failed */
};
struct store_standing_new {
	const char *key, *standing, *decision, *checksum, *by, *text;
	/*
	 * What is true when it was not there yet when the newest version was recorded: "" a row of its own
	 * tells that it is applied.  Then it is out of order and never runs, until it is pending.
	 */
	const char *late;
	const char *after; /* without a file: the key of the migration that it stands behind */
	int64_t applied_at;
	bool present, applied;
};
/* The set lives in the arena. */
enum gh_code store_standing_start(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_standing_set *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_standing_put(struct store_standing_set *set, struct gh_arena *a,
    const struct store_standing_new *s, struct gh_err *err) GH_MUST_USE;
enum gh_code store_standing_end(struct store_standing_set *set, struct gh_err *err) GH_MUST_USE;

/* The same for its tables. */
struct store_table_set {
	struct store *store;
	int64_t target_id;
	struct store_tables old;
	bool *seen;
};
enum gh_code store_table_start(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_table_set *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_table_put(
    struct store_table_set *set, const struct store_table *t, struct gh_err *err) GH_MUST_USE;
enum gh_code store_table_end(struct store_table_set *set, struct gh_err *err) GH_MUST_USE;

/*
 * What a run's migration, by its position in the plan, has become, until the target is looked at: done as the
 * plan says, or taken back again.
 */
enum gh_code store_standing_ran(struct store *st, int64_t run_id, int64_t migration, bool done, int64_t at,
    struct gh_err *err) GH_MUST_USE;

#endif
