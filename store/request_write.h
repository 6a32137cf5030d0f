/*
 * Plans, requests and approvals: writes.
 */
#ifndef GH_STORE_REQUEST_WRITE_H
#define GH_STORE_REQUEST_WRITE_H

#include "store/plan.h"
#include "store/request.h"
#include "store/write.h"

struct store_plan_statement_new {
	int64_t line, group; /* group 0: by itself */
	const char *kind;
	const char *effect; /* store_statement_effect; NULL: not known */
	const char *sql;
	size_t sql_len;
};
struct store_plan_migration_new {
	const char *key, *version, *name, *description, *author, *digest;
	bool transactional, row_inside, stripped, has_back, has_verify, batched;
	size_t n_statements;
	const struct store_plan_statement_new *statements;
};
struct store_plan_new {
	const char *digest, *direction;
	const char *act; /* "run", "mark", "repair", "restore", "side"; NULL: run */
	int64_t target_id, now;
	const void *bytes;
	size_t len;
	size_t n_migrations;
	const struct store_plan_migration_new *migrations;
	const struct store_plan_restore *restore; /* "restore", "side"; else NULL */
};
/* A plan that is there already is left alone. */
enum gh_code store_plan_add(struct store *st, const struct store_plan_new *p, struct gh_err *err) GH_MUST_USE;

struct store_request_new {
	int64_t target_id, person_id, now, expires_at;
	const char *plan_digest, *direction, *goal, *reason;
	const char *state; /* "waiting"; "approved" only where no approval is needed */
	int64_t reverts;   /* the run whose revert window this is in, 0 none; then `needed` counts */
	int64_t needed;
};
enum gh_code store_request_add(
    struct store *st, const struct store_request_new *r, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
/* GH_CONFLICT when it is not in state `from`, or the change is not legal.  "approved" needs the target's
 * approvals. */
enum gh_code store_request_move(struct store *st, int64_t id, const char *from, const char *to,
    const char *text, int64_t now, struct gh_err *err) GH_MUST_USE;

struct store_approval_new {
	int64_t request_id, person_id, now, expires_at;
	const char *plan_digest, *decision, *comment;
};
/* GH_CONFLICT: own request, second decision of this person, other plan, request no longer waiting. */
enum gh_code store_approval_add(
    struct store *st, const struct store_approval_new *a, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;

#endif
