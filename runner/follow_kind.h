/*
 * Kinds of journal frames that make rows of their own: one line in the table of follow_kind.c, one function
 * that reads the frame's fields and writes what becomes of them, its event included.  The older kinds, which
 * change what others are, stand in follow_frame.c and follow_rows.c.
 */
#ifndef GH_RUNNER_FOLLOW_KIND_H
#define GH_RUNNER_FOLLOW_KIND_H

#include "runner/follow_rows.h"

struct follow_kind {
	enum wire_journal_kind kind;
	bool reconcile; /* frames of a reconcile job count as well */
	/* GH_BAD_INPUT when the fields are malformed: the journal is corrupt. */
	enum gh_code (*put)(struct store *st, const struct follow_run *run, const struct wire_event *e,
	    struct gh_arena *a, struct gh_err *err);
};
extern const struct follow_kind follow_progress, follow_episode, follow_hook, follow_evidence, follow_control,
    follow_fact, follow_cause, follow_action, follow_batch, follow_batch_row, follow_backup,
    follow_backup_table, follow_proof, follow_proof_table, follow_outside, follow_database, follow_sidecar,
    follow_sidecar_seen;

/* A frame OUTSIDE of any job that has looked for the target. */
enum gh_code follow_outside_put(struct store *st, int64_t target_id, const struct wire_event *e,
    struct gh_arena *a, struct gh_err *err) GH_MUST_USE;

/* NULL for the older kinds. */
const struct follow_kind *follow_kind_find(enum wire_journal_kind kind);
/* Reads the end of the fields: GH_BAD_INPUT naming the kind when they do not fit. */
enum gh_code follow_kind_end(struct wire_in *in, const char *kind, struct gh_err *err) GH_MUST_USE;

#endif
