/*
 * Frames about backups, as rows: of runs (runner/follow_kind.h) and of tasks (runner/task_rows.c) the same.
 * Within the caller's transaction, which also keeps how far the journal was read.
 */
#ifndef GH_RUNNER_FOLLOW_BACKUP_H
#define GH_RUNNER_FOLLOW_BACKUP_H

#include "store/store.h"
#include "wire/journal.h"

/* Whose frames they are. */
struct follow_backup_of {
	int64_t target_id;
	int64_t run_id, task_id, person_id; /* 0 none */
	const char *kind;                   /* of a backup that the job took itself: run, hand, schedule */
	int64_t backup_id; /* which the tables and proofs are of; a BACKUP sets it; 0 none yet */
	bool broken;       /* set by a PROOF that failed */
};

/* BACKUP, BACKUP_TABLE, PROOF and PROOF_TABLE. */
bool follow_backup_is(enum wire_journal_kind kind);
/*
 * *ret_text: the sentence that people see for it, in the arena; NULL none.  GH_BAD_INPUT when the fields are
 * malformed or cannot be true: the journal is corrupt.
 */
enum gh_code follow_backup_put(struct store *st, struct follow_backup_of *f, const struct wire_event *e,
    struct gh_arena *a, const char **ret_text, struct gh_err *err) GH_MUST_USE;

#endif
