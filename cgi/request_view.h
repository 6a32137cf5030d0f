/*
 * Parts of the page of a request: what the plan says of itself, and what this person may do with it now.
 */
#ifndef GH_CGI_REQUEST_VIEW_H
#define GH_CGI_REQUEST_VIEW_H

#include "cgi/show.h"
#include "store/request.h"

/* v.from, backup, on_failure, timeouts, and what request_policy_show and request_conditions_show make: read
 * from the plan's canonical bytes, not from today's policy. */
enum gh_code request_view_plan(
    struct req *req, struct view *v, const struct store_request *r, struct gh_err *err) GH_MUST_USE;
/*
 * v.approve, refuse, withdraw: {url, form} or ""; v.why_not: {tone, icon, title, text} or "".  cut: the page
 * does not show all of the SQL, which whoever may approve is told.
 */
void request_view_decision(struct req *req, struct view *v, const struct store_request *r,
    const struct store_approvals *approvals, bool cut);

#endif
