/*
 * Incidents and their notes: reads.
 */
#ifndef GH_STORE_INCIDENT_H
#define GH_STORE_INCIDENT_H

#include "store/store.h"

struct store_incident {
	int64_t id, run_id, target_id;                 /* 0 none */
	const char *target, *title, *severity, *state; /* low medium high; open closed */
	const char *person;                            /* who opened it, "" the runner */
	const char *closed_by;                         /* "" open */
	int64_t created_at, closed_at, notes;
};
struct store_incidents {
	size_t n;
	struct store_incident *rows;
	int64_t next; /* `before` of the next page, 0 at the end */
};
/* Newest first; state "" for all. */
enum gh_code store_incident_list(struct store *st, struct gh_arena *a, const char *state, int64_t before,
    int64_t limit, struct store_incidents *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_incident_get(struct store *st, struct gh_arena *a, int64_t id, struct store_incident *ret,
    struct gh_err *err) GH_MUST_USE;

struct store_note {
	int64_t id, created_at;
	const char *person, *text; /* person "": facts from the runner */
};
struct store_notes {
	size_t n;
	struct store_note *rows;
};
/* Oldest first. */
enum gh_code store_note_list(struct store *st, struct gh_arena *a, int64_t incident_id,
    struct store_notes *ret, struct gh_err *err) GH_MUST_USE;

#endif
