/*
 * The frames of a journal, one function a kind (wire/journal.h has the fields).  Texts may hold any bytes:
 * what is not UTF-8 becomes '?', what is too long is cut.
 */
#ifndef GH_JOB_SAY_H
#define GH_JOB_SAY_H

#include "runner/job/job.h"

#define SAY_TEXT_MAX ((size_t)8192) /* bytes of one text in a frame */

/* Any other frame: start, wire_put_*, end. */
void say_start(struct job *j, enum wire_journal_kind kind, struct wire_out *ret);
void say_end(struct job *j, struct wire_out *out);
/* Puts a text of foreign origin. */
void say_put(struct wire_out *out, const char *s);
/* Copies into ret (size bytes) what say_put would write. */
void say_clean(char *ret, size_t size, const char *s);

void say_begin(struct job *j, const char *kind, const char *version);
void say_outcome(struct job *j, enum wire_outcome outcome, const char *sentence);
void say_log(struct job *j, const char *fmt, ...) GH_PRINTF(2, 3);
void say_phase(struct job *j, enum wire_phase phase, enum wire_state state, const char *evidence);
void say_backend(struct job *j, int64_t pid, const char *start);
void say_migration(struct job *j, int64_t migration, enum wire_state state, const char *sentence);

struct say_at { /* where in the plan; -1 none */
	int64_t migration, statement;
};
void say_statement(struct job *j, struct say_at at, enum wire_state state, int64_t rows, const char *tag);
void say_intent(struct job *j, struct say_at at, const char *xid);
void say_notice(struct job *j, struct say_at at, const char *severity, const char *message);
void say_retry(struct job *j, int64_t attempt, int64_t wait_ms, const char *why);
/* One thing that was looked at: ok, failed or skipped. */
void say_evidence(
    struct job *j, const char *kind, const char *name, enum wire_state state, const char *sentence);
/* PROGRESS that is about no migration and has no amount: "paused", "hook", "health". */
void say_doing(struct job *j, const char *activity, const char *sentence);

#endif
