/*
 * The tracking table of a target, as its convention describes it.
 */
#ifndef GH_JOB_TRACKING_H
#define GH_JOB_TRACKING_H

#include "migration/convention.h"
#include "runner/job/pg.h"

struct tracking_row {
	const char *key;
	int64_t applied_at; /* 0 unknown */
};

struct tracking {
	bool exists, known;
	const char *why; /* exists but not known: what differs */
	size_t n;
	struct tracking_row *rows;
};

enum gh_code tracking_read(
    struct pg *pg, const struct convention *c, struct tracking *ret, struct gh_err *err) GH_MUST_USE;
bool tracking_has(const struct tracking *t, const char *key);
/* The newest key by version; "" when there is none. */
const char *tracking_newest(const struct tracking *t, struct gh_arena *a);
/* TRACKING and TRACKED frames. */
void tracking_say(struct job *j, const struct convention *c, const struct tracking *t);

#endif
