/*
 * Who is at the other end: the kernel's word, not the peer's.
 */
#ifndef GH_RUNNER_PEER_H
#define GH_RUNNER_PEER_H

#include "runner/cmd.h"

/* The peer's uid when it connected. */
enum gh_code peer_uid(int fd, uid_t *ret, struct gh_err *err) GH_MUST_USE;
/* web.sock serves the web user alone; admin.sock anybody, whose account must stand for a person. */
enum gh_code peer_check(const struct config *c, enum cmd_way way, uid_t uid, struct gh_err *err) GH_MUST_USE;

#endif
