/*
 * The listening sockets: made here, or inherited from the service manager (LISTEN_FDS, by the names "web" and
 * "admin").
 */
#ifndef GH_RUNNER_LISTEN_H
#define GH_RUNNER_LISTEN_H

#include "runner/config.h"

struct listen_fds {
	int web, admin; /* -1: none */
};

/* What was inherited; takes the variables out of the environment.  Call it once, at start. */
enum gh_code listen_inherited(struct listen_fds *ret, struct gh_err *err) GH_MUST_USE;

/*
 * SOCKET/web.sock (0660, group of the web user) and SOCKET/admin.sock (0666), for those that are not
 * inherited.  A socket file that nobody listens on is removed; GH_CONFLICT when somebody does.
 */
enum gh_code listen_open(const struct config *c, struct listen_fds *fds, struct gh_err *err) GH_MUST_USE;

#endif
