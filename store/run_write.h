/*
 * Runs as their journals tell them: writes.  Times are the journal's.
 */
#ifndef GH_STORE_RUN_WRITE_H
#define GH_STORE_RUN_WRITE_H

#include "store/run.h"
#include "store/write.h"

/* Queues the run of an approved request, its migrations pending.  GH_CONFLICT: not approved, or it has a run.
 */
enum gh_code store_run_add(
    struct store *st, int64_t request_id, int64_t now, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
/* queued -> running; GH_CONFLICT also when the target has another run that is running or unknown. */
enum gh_code store_run_start(struct store *st, int64_t id, int64_t now, struct gh_err *err) GH_MUST_USE;
enum gh_code store_run_pid(struct store *st, int64_t id, int64_t pid, struct gh_err *err) GH_MUST_USE;
/* A queued run's sentence: what it waits for. */
enum gh_code store_run_waits(struct store *st, int64_t id, const char *text, struct gh_err *err) GH_MUST_USE;
/* Sets the sentence, and ended_at for a state that ends it.  GH_CONFLICT when it is not in state `from`. */
enum gh_code store_run_move(struct store *st, int64_t id, const char *from, const char *to,
    const char *outcome, int64_t now, struct gh_err *err) GH_MUST_USE;

enum gh_code store_run_backend(
    struct store *st, int64_t id, int64_t pid, const char *start, struct gh_err *err) GH_MUST_USE;
/* migration -2: no intent is open. */
enum gh_code store_run_intent(struct store *st, int64_t id, int64_t migration, int64_t statement,
    const char *xid, struct gh_err *err) GH_MUST_USE;
/* The transaction that migration `position` was applied in: the open intent's; together: else that of the one
 * before it, with which it was committed. */
enum gh_code store_run_migration_xid(
    struct store *st, int64_t run_id, int64_t position, bool together, struct gh_err *err) GH_MUST_USE;
/* How long its way back is one approval away. */
enum gh_code store_run_revert(struct store *st, int64_t id, int64_t until, struct gh_err *err) GH_MUST_USE;
struct store_run_error {
	int64_t migration, statement, line;
	const char *sqlstate, *message, *detail, *hint, *object;
};
enum gh_code store_run_error(
    struct store *st, int64_t id, const struct store_run_error *e, struct gh_err *err) GH_MUST_USE;
/* How far the journal was followed: in the same transaction as the rows. */
enum gh_code store_run_journal(struct store *st, int64_t id, int64_t offset,
    const unsigned char sum[GH_SHA256_LEN], struct gh_err *err) GH_MUST_USE;

/* Each of these makes the row or moves it on; started_at is set by the first, ended_at by a state other than
 * "started". */
enum gh_code store_phase_put(struct store *st, int64_t run_id, const char *phase, const char *state,
    const char *evidence, int64_t at, struct gh_err *err) GH_MUST_USE;
enum gh_code store_run_migration_put(struct store *st, int64_t run_id, int64_t position, const char *state,
    const char *text, int64_t at, struct gh_err *err) GH_MUST_USE;
struct store_run_statement_new {
	int64_t run_id, migration, position, row_count, at;
	const char *state, *tag;
};
enum gh_code store_run_statement_put(
    struct store *st, const struct store_run_statement_new *s, struct gh_err *err) GH_MUST_USE;
/* What becomes of a migration becomes of its statements: those begun or in doubt, with done also those that
 * are ok. */
enum gh_code store_run_statement_move(struct store *st, int64_t run_id, int64_t migration, const char *state,
    bool done, int64_t at, struct gh_err *err) GH_MUST_USE;
/* Numbers it and advances the run's event_seq. */
enum gh_code store_event_add(struct store *st, int64_t run_id, const char *kind, const char *text, int64_t at,
    struct gh_err *err) GH_MUST_USE;

#endif
