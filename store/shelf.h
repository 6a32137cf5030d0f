/*
 * The folder of backups as it was last looked at, and what holds on to a backup: reads.
 */
#ifndef GH_STORE_SHELF_H
#define GH_STORE_SHELF_H

#include "store/store.h"

struct store_shelf {
	int64_t looked_at;        /* 0: never yet */
	const char *problem;      /* why it could not be read, "" */
	int64_t total, free_size; /* bytes of its file system, -1 unknown */
	int64_t a_day;            /* bytes that new backups take a day, -1 not known yet */
	int64_t full_at;          /* at this pace; 0 not within ten years, -1 not known yet */
};
enum gh_code store_shelf_get(
    struct store *st, struct gh_arena *a, struct store_shelf *ret, struct gh_err *err) GH_MUST_USE;

/* Backups with files of ours that a target has taken since then, also those that are expired by now. */
struct store_pace {
	int64_t taken, first_at, last_at, bytes; /* 0 where none was taken */
};
enum gh_code store_pace_get(struct store *st, int64_t target_id, int64_t since, struct store_pace *ret,
    struct gh_err *err) GH_MUST_USE;

/*
 * What is open and names a backup: a run, a request, a task, or an incident, by its run or in the words of
 * its title and its notes (base/mention.h).
 */
struct store_pin {
	int64_t backup_id;
	const char *text; /* "run 12" */
};
struct store_pins {
	size_t n;
	struct store_pin *rows;
};
enum gh_code store_pin_list(struct store *st, struct gh_arena *a, int64_t target_id, struct store_pins *ret,
    struct gh_err *err) GH_MUST_USE;

#endif
