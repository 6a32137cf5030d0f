/*
 * What the page of a failed run says beyond the error: the query that shows the cause with its result, what
 * is true in the catalog now, and only the acts that are valid.
 */
#ifndef GH_CGI_RUN_FAILURE_H
#define GH_CGI_RUN_FAILURE_H

#include "cgi/sqlview.h"

/* v.causes: [{title, sql, text, columns, rows, more}], v.facts, v.actions; v.any_causes, any_facts,
 * any_actions. */
enum gh_code run_failure_show(struct req *req, struct view *v, const struct store_run *r,
    const struct store_run_detail *d, struct gh_err *err) GH_MUST_USE;

#endif
