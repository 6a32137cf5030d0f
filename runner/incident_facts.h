/*
 * The incident of a run that failed: its title, its severity, and the facts as its first note.
 */
#ifndef GH_RUNNER_INCIDENT_FACTS_H
#define GH_RUNNER_INCIDENT_FACTS_H

#include "runner/config.h"
#include "store/store.h"

/* Within the caller's transaction, after the run's last rows.  severity is high on the last environment, else
 * medium. */
enum gh_code incident_facts_open(struct store *st, const struct config *c, int64_t run_id, int64_t at,
    int64_t *ret_id, struct gh_err *err) GH_MUST_USE;

#endif
