/*
 * What lint found in the SQL of a migration, what its statements touch, and how bad that is on one target.
 */
#ifndef GH_STORE_FINDING_H
#define GH_STORE_FINDING_H

#include "store/standing.h"

struct store_finding {
	const char *side;
	int64_t position, statement; /* statement -1: the file */
	const char *rule;
	const char *level; /* wire_lint_name: from the statement alone */
	const char *scale; /* wire_scale_name: what makes it worse on a live table */
	int64_t line, column;
	const char *object; /* table concerned, "" none */
	const char *message, *rewrite;
	bool ignored;
	const char *reason; /* why it is ignored */
};
struct store_findings {
	size_t n;
	struct store_finding *rows;
};
/* side "" for all: the up first. */
enum gh_code store_finding_list(struct store *st, struct gh_arena *a, int64_t migration_id, const char *side,
    struct store_findings *ret, struct gh_err *err) GH_MUST_USE;

struct store_statement_touch {
	int64_t statement; /* position */
	const char *object;
	const char *lock; /* wire_lock_name, "" it is created here */
	int64_t strength; /* of the lock, 0 to 8 */
	bool rewrites, scans, writes;
};
struct store_statement_touches {
	size_t n;
	struct store_statement_touch *rows;
};
/* In the order of the statements. */
enum gh_code store_statement_touch_list(struct store *st, struct gh_arena *a, int64_t migration_id,
    const char *side, struct store_statement_touches *ret, struct gh_err *err) GH_MUST_USE;

/* ---- how bad it is here: no store is needed ----------------------------------------------------------- */

/* "4.1 million rows", "1.2 GB", in the arena; rows below 0: "an unknown number of rows" */
const char *finding_rows(int64_t rows, struct gh_arena *a);
const char *finding_bytes(int64_t bytes, struct gh_arena *a);

/*
 * A finding's severity on a target whose table is t; NULL: the target does not have it, so nothing is there
 * that could be locked or lost.  The level is a wire_lint_name; *ret_why one sentence in the arena, "" when
 * nothing of the target matters.
 */
const char *finding_level(const char *level, const char *scale, const struct store_table *t,
    struct gh_arena *a, const char **ret_why);

#endif
