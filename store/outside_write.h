/*
 * Backups that other systems make: writes.  A look at a source puts every backup that is listed and then
 * says that the list was whole: what was not in it is expired.  A look of which only a part became rows
 * expires nothing.
 */
#ifndef GH_STORE_OUTSIDE_WRITE_H
#define GH_STORE_OUTSIDE_WRITE_H

#include "store/store.h"

struct store_outside_new {
	int64_t target_id;
	const char *source, *label; /* one row each */
	int64_t started_at, ended_at;
	int64_t size, database_bytes; /* -1 unknown */
	const char *server_version;   /* "" unknown */
	const char *client_version;   /* of the other system, "" unknown */
	const char *level;            /* "none" or "written" */
	const char *broken;           /* what the other system says is wrong with it, "" nothing */
	int64_t keep_until;           /* 0 unknown */
	int64_t seen_at;              /* when the look began */
};
/* Adds it or brings it up to date; what an earlier look saw changes nothing.  One that is expired comes back.
 */
enum gh_code store_outside_put(
    struct store *st, const struct store_outside_new *b, struct gh_err *err) GH_MUST_USE;
/* Those of the source that were not seen since then are expired. */
enum gh_code store_outside_gone(
    struct store *st, int64_t target_id, const char *source, int64_t since, struct gh_err *err) GH_MUST_USE;

/* Of the looks by the clock that have ended, all but the newest `keep` of that source go. */
enum gh_code store_outside_prune(
    struct store *st, int64_t target_id, const char *source, int64_t keep, struct gh_err *err) GH_MUST_USE;

#endif
