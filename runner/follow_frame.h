/*
 * A frame of a run's or a reconcile's journal with its fields read, and the sentence that people see for it.
 */
#ifndef GH_RUNNER_FOLLOW_FRAME_H
#define GH_RUNNER_FOLLOW_FRAME_H

#include "migration/plan.h"
#include "wire/journal.h"

struct follow_error {
	const char *sqlstate, *message, *detail, *hint, *schema, *table, *column, *constraint;
	int64_t position, line;
};

struct follow_frame {
	enum wire_journal_kind kind;
	int64_t at;
	int64_t migration, statement; /* positions in the plan; -1 none */
	enum wire_state state;
	enum wire_phase phase;
	enum wire_outcome outcome;
	int64_t number;   /* START pid, BACKEND pid, IDENTITY oid, STATEMENT rows, RETRY attempt */
	int64_t wait_ms;  /* RETRY */
	const char *text; /* the frame's sentence, never NULL */
	const char *word; /* START version, BACKEND start, IDENTITY database, STATEMENT tag, INTENT xid,
			     NOTICE severity */
	const char *system_id, *server_version, *role; /* IDENTITY */
	struct follow_error error;
};

/* Texts live in the arena.  GH_INTERNAL when fields are malformed; an unknown kind is read as LOG without a
 * sentence. */
enum gh_code follow_frame_read(
    const struct wire_event *e, struct gh_arena *a, struct follow_frame *ret, struct gh_err *err) GH_MUST_USE;

/*
 * The event that a frame makes: *ret_kind is the word of table event, *ret_text the sentence; NULL when the
 * frame makes none.  plan may be NULL (nothing is known about it): positions are printed as numbers then.
 */
void follow_frame_event(const struct follow_frame *f, const struct plan *plan, struct gh_arena *a,
    const char **ret_kind, const char **ret_text);

#endif
