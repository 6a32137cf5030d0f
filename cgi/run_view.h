/*
 * Parts of the page of a run: its phases, its SQL statement by statement, its error, its log.
 */
#ifndef GH_CGI_RUN_VIEW_H
#define GH_CGI_RUN_VIEW_H

#include "cgi/sqlview.h"

/* v.phases, in their order, also those not yet begun; v.any_phases. */
enum gh_code run_view_phases(
    struct req *req, struct view *v, const struct store_run *r, struct gh_err *err) GH_MUST_USE;
/* v.migrations, v.progress, v.more. */
enum gh_code run_view_sql(
    struct req *req, struct view *v, const struct store_run *r, struct gh_err *err) GH_MUST_USE;
/* v.error: {title, explain, message, ...} or "". */
enum gh_code run_view_error(struct req *req, struct view *v, const struct store_run *r,
    const struct store_run_detail *d, struct gh_err *err) GH_MUST_USE;
/* v.events: the newest ones; v.any_events, v.events_cut. */
enum gh_code run_view_events(
    struct req *req, struct view *v, const struct store_run *r, struct gh_err *err) GH_MUST_USE;
bool run_view_open(const struct store_run *r); /* queued, running or unknown */

#endif
