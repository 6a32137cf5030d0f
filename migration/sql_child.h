/*
 * sql_read in a child that may die of its text: many texts, one child, with limits on stack, memory and time.
 */
#ifndef GH_MIGRATION_SQL_CHILD_H
#define GH_MIGRATION_SQL_CHILD_H

#include "migration/sql.h"

#include <poll.h>

/* Cleanup variable: SQL_CHILD c = { 0 }; */
struct sql_child {
	/* To hear when the work shall stop; NULL: it does not. */
	bool (*stopped)(const void *to);
	const void *stopped_to;
	/* How to wait; NULL: poll(). */
	int (*wait)(struct pollfd *fds, size_t n, int64_t timeout_ms);
	pid_t pid;           /* 0: none runs */
	int fd;              /* of the one that runs */
	size_t asked, bytes; /* since it started */
};
#define SQL_CHILD __attribute__((cleanup(sql_child_done))) struct sql_child

/*
 * As sql_read, in the child; starts one when none runs.  A child that dies of the text makes that the
 * script's problem and the next call starts another.  Fails only when no child can be started or the work
 * shall stop.  The arena's limit must leave room for the answer: SQL_ARENA_LIMIT.
 */
enum gh_code sql_child_read(struct sql_child *p, const struct sql_text *t, struct gh_arena *a,
    struct sql_script *ret, struct gh_err *err) GH_MUST_USE;
void sql_child_done(struct sql_child *p);

#endif
