/*
 * The two sockets and their connections: one frame in, one frame out, close.  A frame must be whole within
 * CONN_SEND_US of the connection; at most CONN_MAX connections live at a time, further ones wait in the
 * backlog.
 */
#ifndef GH_RUNNER_CONN_H
#define GH_RUNNER_CONN_H

#include "runner/cmd.h"
#include "runner/listen.h"
#include "runner/runner.h"

#define CONN_MAX     64
#define CONN_SEND_US (5 * GH_SECOND)

/* Serves the two sockets, which are the connections' from now on (-1 each: none, for tests). */
enum gh_code conn_start(struct runner *r, struct listen_fds fds, struct gh_err *err) GH_MUST_USE;
/* Stops accepting, closes all connections (a reply under way is finished first) and frees. */
void conn_stop(struct runner *r);

/* A connection on fd as if it had been accepted: for tests with a socketpair.  Takes fd. */
void conn_add(struct runner *r, int fd, enum cmd_way way);

/* Has every deferred frame dispatched again in the next turn of the loop.  Cheap when there is none; harmless
 * without sockets (r->conns NULL).
 */
void conn_resume_deferred(struct runner *r);

#endif
