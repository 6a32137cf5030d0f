/*
 * A throw-away PostgreSQL cluster: one for a test program, on a UNIX socket only, without fsync.  As root it
 * runs under the account postgres, because PostgreSQL refuses root.
 */
#ifndef GH_TESTS_PG_CLUSTER_H
#define GH_TESTS_PG_CLUSTER_H

#include "base/err.h"

#include <stdbool.h>

#ifndef PG_CLUSTER_BIN
#define PG_CLUSTER_BIN "/usr/lib/postgresql/15/bin"
#endif

struct pg_cluster {
	char folder[64]; /* socket and data */
	bool running;
};

/* fsync: for measurements.  The superuser is postgres, trusted. */
enum gh_code pg_cluster_start(struct pg_cluster *c, bool fsync, struct gh_err *err) GH_MUST_USE;
/* Stops it and removes the folder. */
void pg_cluster_stop(struct pg_cluster *c);
/* Ends the server as a crash would ("immediate"), and starts it again. */
enum gh_code pg_cluster_crash(struct pg_cluster *c, struct gh_err *err) GH_MUST_USE;
/* The first half of that alone. */
enum gh_code pg_cluster_down(struct pg_cluster *c, struct gh_err *err) GH_MUST_USE;
enum gh_code pg_cluster_up(struct pg_cluster *c, struct gh_err *err) GH_MUST_USE;
/* A standby of c, in a folder of its own; stopped like another one. */
enum gh_code pg_cluster_standby(
    const struct pg_cluster *c, struct pg_cluster *ret, struct gh_err *err) GH_MUST_USE;

#endif
