/*
 * What a run has run and looked at around its migrations: the operator's hooks with what they said, and every
 * single thing that was checked.
 */
#ifndef GH_CGI_RUN_CHECKS_H
#define GH_CGI_RUN_CHECKS_H

#include "cgi/show.h"

/* v.hooks: [{when, command, mark, output, took}], v.any_hooks. */
enum gh_code run_checks_hooks(
    struct req *req, struct view *v, const struct store_run *r, struct gh_err *err) GH_MUST_USE;
/* v.checks: [{kind, name, mark, text}], v.any_checks, v.checks_sum. */
enum gh_code run_checks_evidence(
    struct req *req, struct view *v, const struct store_run *r, struct gh_err *err) GH_MUST_USE;

#endif
