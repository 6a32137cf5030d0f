/*
 * What the commands about people and sessions share.
 */
#ifndef GH_RUNNER_PEOPLE_H
#define GH_RUNNER_PEOPLE_H

#include "runner/cmd.h"

#define PEOPLE_PASSWORD_MIN 10 /* characters */

/* Somebody who has not left; GH_NOT_FOUND. */
enum gh_code people_get(
    struct cmd_ctx *c, const char *name, struct store_person **ret, struct gh_err *err) GH_MUST_USE;
/* Checks a new password and keeps its hash. */
enum gh_code people_password_set(
    struct cmd_ctx *c, int64_t person, const struct gh_secret *password, struct gh_err *err) GH_MUST_USE;
/* Ends a person's sessions, but not the one that does it; their tokens are forgotten. */
enum gh_code people_sessions_end(struct cmd_ctx *c, int64_t person, struct gh_err *err) GH_MUST_USE;

#endif
