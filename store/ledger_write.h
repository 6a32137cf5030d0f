/*
 * Ledger, incidents and notes: writes.
 */
#ifndef GH_STORE_LEDGER_WRITE_H
#define GH_STORE_LEDGER_WRITE_H

#include "store/incident.h"
#include "store/ledger.h"
#include "store/write.h"

/* Numbers, canonises and chains it; of e it reads at (0: now), actor, way, session, op, subject, target,
 * outcome, text. */
enum gh_code store_ledger_add(
    struct store *st, const struct store_entry *e, int64_t *ret_seq, struct gh_err *err) GH_MUST_USE;

struct store_incident_new {
	int64_t run_id, target_id, person_id; /* 0 none; person_id 0: the runner */
	const char *title, *severity;
	int64_t now;
};
enum gh_code store_incident_add(
    struct store *st, const struct store_incident_new *i, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
/* GH_CONFLICT when it is closed. */
enum gh_code store_incident_close(
    struct store *st, int64_t id, int64_t person_id, int64_t now, struct gh_err *err) GH_MUST_USE;
/* person_id 0: facts from the runner.  GH_CONFLICT when the incident is closed. */
enum gh_code store_note_add(struct store *st, int64_t incident_id, int64_t person_id, const char *text,
    int64_t now, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;

#endif
