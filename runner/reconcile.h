/*
 * What is true after a run whose job died: a reconcile job asks the target, again and again until it has an
 * answer (1 s apart at first, 5 min at most).  Its journals are jobs/RUN.reconcile.N.journal.  Until then the
 * run is unknown and its target is held.
 *
 * All is read from the files: a runner that was restarted meanwhile finds the newest attempt's journal, waits
 * for its job when that lives, and takes over its answer.
 */
#ifndef GH_RUNNER_RECONCILE_H
#define GH_RUNNER_RECONCILE_H

#include "base/clock.h"
#include "runner/runner.h"
#include "wire/journal.h"

#define RECONCILE_FIRST_US GH_SECOND
#define RECONCILE_LAST_US  (5 * GH_MINUTE)

struct reconcile;

enum gh_code reconcile_start(struct runner *r, struct gh_err *err) GH_MUST_USE;
void reconcile_stop(struct runner *r);
/* A run that is unknown.  Harmless when it is looked into already. */
void reconcile_add(struct runner *r, int64_t run_id);

/*
 * Takes over the journal at path: migrations, events and, when the job found an answer, the run's end; one
 * transaction. *ret_outcome is 0 when the job died, WIRE_UNKNOWN when it could not tell; text (size bytes)
 * then gets why.
 */
enum gh_code reconcile_apply(struct runner *r, int64_t run_id, const char *path,
    enum wire_outcome *ret_outcome, char *text, size_t size, struct gh_err *err) GH_MUST_USE;

#endif
