/*
 * What both kinds of counting share: of a plan downwards (count.c), and of a restore (restore_count.c).
 */
#ifndef GH_JOB_COUNT_H
#define GH_JOB_COUNT_H

#include "runner/job/pg.h"

/* "18,204" */
const char *count_grouped(int64_t n, struct gh_arena *a);

/* One thing that would be gone. */
struct count_found {
	struct say_at at;
	const char *object, *text;
	int64_t there, since; /* -1 unknown */
};
void count_say(struct job *j, const struct count_found *f);

/*
 * Asks a query of two numbers: how many there are, and how many of them are newer.  That it cannot be counted
 * is no error but *ret_why, in the arena; NULL it was.  An error is a connection that is lost.
 */
enum gh_code count_ask(struct pg *pg, const char *sql, int64_t *ret_there, int64_t *ret_since,
    const char **ret_why, struct gh_err *err) GH_MUST_USE;

#endif
