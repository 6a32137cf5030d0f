/*
 * The socket on which nginx finds us.
 */
#ifndef GH_CGI_LISTEN_H
#define GH_CGI_LISTEN_H

#include "base/err.h"

/* A new socket at path, mode 0660; one left behind by a dead process is replaced, one in use is GH_CONFLICT.
 */
enum gh_code listen_open(const char *path, int *ret_fd, struct gh_err *err) GH_MUST_USE;
/* The socket that systemd opened for us (LISTEN_FDS, LISTEN_PID), -1 when there is none. */
int listen_inherited(void);

#endif
