/*
 * What a request to restore a backup would do, and what would be lost by it, table by table.
 */
#ifndef GH_CGI_REQUEST_RESTORE_H
#define GH_CGI_REQUEST_RESTORE_H

#include "cgi/show.h"
#include "store/plan.h"
#include "store/request.h"

/* Whether the plan restores a backup: *ret is filled then, else false. */
enum gh_code request_restore_find(struct req *req, const struct store_request *r,
    struct store_plan_restore *ret, bool *ret_is, struct gh_err *err) GH_MUST_USE;
/* v.restore = {...} with its tables; p NULL: "". */
enum gh_code request_restore_show(struct req *req, struct view *v, const struct store_request *r,
    const struct store_plan_restore *p, struct gh_err *err) GH_MUST_USE;

#endif
