/*
 * Requests and approvals: reads.
 */
#ifndef GH_STORE_REQUEST_H
#define GH_STORE_REQUEST_H

#include "store/store.h"

struct store_request {
	int64_t id, target_id, person_id;
	const char *target, *environment, *project;
	const char *plan_digest, *direction, *goal, *reason, *person;
	const char *state, *state_text; /* waiting approved refused withdrawn expired stale started done */
	int64_t created_at, expires_at, moved_at;
	int64_t needed;     /* approvals that the target asks for; of a revert fewer may be enough */
	int64_t given;      /* approvals with yes */
	int64_t migrations; /* in the plan */
	int64_t run;        /* 0 none */
	const char *run_state;
	int64_t reverts; /* the run that it takes back within its revert window, 0 none */
};
struct store_requests {
	size_t n;
	struct store_request *rows;
	int64_t next; /* `before` of the next page, 0 at the end */
};

enum gh_code store_request_get(struct store *st, struct gh_arena *a, int64_t id, struct store_request *ret,
    struct gh_err *err) GH_MUST_USE;
/* Newest first; state "" for all; before 0 for the first page. */
enum gh_code store_request_list(struct store *st, struct gh_arena *a, const char *state, int64_t before,
    int64_t limit, struct store_requests *ret, struct gh_err *err) GH_MUST_USE;
/* Waiting or approved ones whose time is over; for the runner. */
enum gh_code store_request_overdue(struct store *st, struct gh_arena *a, int64_t now,
    struct store_requests *ret, struct gh_err *err) GH_MUST_USE;

struct store_approval {
	int64_t id, person_id, created_at, expires_at;
	const char *person, *plan_digest, *decision, *comment; /* decision: "yes", "no" */
};
struct store_approvals {
	size_t n;
	struct store_approval *rows;
};
enum gh_code store_approval_list(struct store *st, struct gh_arena *a, int64_t request_id,
    struct store_approvals *ret, struct gh_err *err) GH_MUST_USE;

#endif
