/*
 * What the commands about requests share.
 */
#ifndef GH_RUNNER_REQUEST_H
#define GH_RUNNER_REQUEST_H

#include "runner/cmd.h"
#include "store/project.h"
#include "store/request.h"

#define REQUEST_LIFE_US     (24 * GH_HOUR)
#define REQUEST_REASON_MAX  2000
#define REQUEST_COMMENT_MAX 2000
#define REQUEST_GOAL_MAX    400 /* bytes; the keys of some tools hold a path */

/*
 * Makes sure that the target and its project's folder were read after the command arrived: deferred until
 * they were. GH_CONFLICT while a run is under way there, because then nothing that is read holds.
 */
enum gh_code request_look(struct cmd_ctx *c, const char *target, struct gh_err *err) GH_MUST_USE;

/* GH_CONFLICT unless the request waits for a decision; says what became of it. */
enum gh_code request_waiting(
    const struct cmd_ctx *c, const struct store_request *q, struct gh_err *err) GH_MUST_USE;

/* GH_CONFLICT when this person has decided on it before. */
enum gh_code request_undecided(
    struct cmd_ctx *c, const struct store_request *q, struct gh_err *err) GH_MUST_USE;

#endif
