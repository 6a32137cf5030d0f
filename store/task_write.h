/*
 * Tasks: writes.  The runner alone; times are wall clock, in us.
 */
#ifndef GH_STORE_TASK_WRITE_H
#define GH_STORE_TASK_WRITE_H

#include "store/task.h"
#include "store/write.h"

struct store_task_new {
	const char *kind; /* take, prove, outside */
	int64_t target_id;
	int64_t backup_id;  /* prove: which; 0 none */
	int64_t person_id;  /* 0: the clock */
	const char *reason; /* "" none */
	const char *level;  /* prove: how far, "" as the policy says */
	const char *source; /* outside: name of its section, "" none */
	int64_t now;
};
/* Queues it; whether it makes sense beside others is the caller's affair. */
enum gh_code store_task_add(
    struct store *st, const struct store_task_new *t, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;

struct store_task_move {
	const char *from, *to, *text;
	int64_t now;
};
/* GH_CONFLICT when it is not in state `from`, or the change is not legal. */
enum gh_code store_task_move(
    struct store *st, int64_t id, const struct store_task_move *m, struct gh_err *err) GH_MUST_USE;
/* activity, note, done, total, unit and since of t. */
enum gh_code store_task_progress(
    struct store *st, const struct store_task *t, struct gh_err *err) GH_MUST_USE;
/* The backup that came of it. */
enum gh_code store_task_backup(
    struct store *st, int64_t id, int64_t backup_id, struct gh_err *err) GH_MUST_USE;
/* Who wants it ended and why, "PERSON: REASON"; GH_CONFLICT when it is not running. */
enum gh_code store_task_cancel(struct store *st, int64_t id, const char *who, struct gh_err *err) GH_MUST_USE;
enum gh_code store_task_pid(struct store *st, int64_t id, int64_t pid, struct gh_err *err) GH_MUST_USE;
/* How far its journal was read: in the transaction that has made rows of it. */
enum gh_code store_task_journal(struct store *st, int64_t id, int64_t offset,
    const unsigned char sum[GH_SHA256_LEN], struct gh_err *err) GH_MUST_USE;

#endif
