/*
 * A private throw-away cluster: made by initdb in a folder of mode 0700, reachable by a UNIX socket in it and
 * by nothing else, never flushed to the disk.  Roles and settings are the target's, passwords are not.  The
 * server dies with the job; what a killed job leaves of the folder, the runner removes (base/scratch.h).
 *
 *   cluster.c        its programs, starting and stopping
 *   cluster_like.c   settings, roles and the database as the target has them
 */
#ifndef GH_JOB_CLUSTER_H
#define GH_JOB_CLUSTER_H

#include "runner/job/target.h"

/* Its superuser: a name that no target's role has. */
#define CLUSTER_OWNER "gatehouse rehearsal"

struct cluster {
	struct job *job;
	const char *folder;   /* absolute; made here, 0700 */
	const char *bin;      /* folder of the server's programs */
	const char *version;  /* "15.20" */
	const char *settings; /* lines of postgresql.conf, "" none */
	const char *preload;  /* shared_preload_libraries, "" none */
	const char *without;  /* libraries that could not be loaded, "" none */
	const char *option;   /* that names a server instead of it, NULL rehearse_server */
	pid_t pid;            /* 0: not running */
	int log;              /* what the server says, -1 none */
};

/*
 * Where initdb and postgres of that major version are: spec.pg_bin, or one of the usual places.
 * GH_NOT_FOUND with what to do.
 */
enum gh_code cluster_programs(struct cluster *c, int64_t major, struct gh_err *err) GH_MUST_USE;
/* settings and preload as the target's server has them; nothing of the cluster itself is needed yet. */
enum gh_code cluster_settings(struct cluster *c, struct pg *target, struct gh_err *err) GH_MUST_USE;
/* Makes and starts it. */
enum gh_code cluster_start(struct cluster *c, struct gh_err *err) GH_MUST_USE;
/* libpq keywords for a database of it. */
const char *cluster_connection(const struct cluster *c, const char *database, const char *user);
/* Roles, memberships, the empty database with its owner, privileges and settings.  admin: its superuser. */
enum gh_code cluster_like(struct pg *admin, struct pg *target, struct gh_err *err) GH_MUST_USE;
/* Ends it and removes the folder: never fails, logs. */
void cluster_stop(struct cluster *c);

/* A connection of its own for what is not the target: no retries, no checks. */
enum gh_code cluster_connect(struct pg *pg, const char *connection, struct gh_err *err) GH_MUST_USE;

#endif
