/*
 * A target: connecting to it and knowing which database it is.  The spec's connection string has no password;
 * the passfile is a descriptor that libpq reads by its name under /proc.
 */
#ifndef GH_JOB_TARGET_H
#define GH_JOB_TARGET_H

#include "runner/job/pg.h"

#define TARGET_PASSFILE "/proc/self/fd/5"
#define TARGET_NAME_LEN 48

struct target_identity {
	const char *system_id, *database, *version, *role, *backend_start;
	int64_t oid, version_number, backend_pid;
	bool superuser, recovery;
};

/*
 * The application_name of the sessions of a run: "gatehouse:RUN:INSTALLATION".  A second one of the run (its
 * guard) adds a space and a word, and is a survivor like the first.
 */
void target_session_name(const struct wire_spec *s, char ret[TARGET_NAME_LEN]);

/*
 * Connects, with the spec's retries (not for a wrong password, role or database); refuses a pooler, a standby
 * and a superuser that the policy does not allow.  The message names target and cause.  Journals BACKEND.
 */
enum gh_code target_connect(struct pg *pg, struct target_identity *ret, struct gh_err *err) GH_MUST_USE;
/* Begins an attempt under that application_name; NULL without memory.  PQconnectPoll goes on with it. */
PGconn *target_connect_begin(const struct wire_spec *s, const char *name);
void target_say(struct job *j, const struct target_identity *id);

/* The key that one run a database holds. */
int64_t target_lock_key(void);
/* Session locks: ours and those of the team's own tool; each polled up to wait_ms. */
enum gh_code target_lock(
    struct pg *pg, const int64_t *tool_keys, size_t n, int64_t wait_ms, struct gh_err *err) GH_MUST_USE;

#endif
