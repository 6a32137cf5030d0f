/*
 * What a request's policy wants to be true before it runs, and which of it is: promotion, rehearsal, the
 * backup of others, window. Only what the store says; the runner asks again before it starts anything.
 */
#ifndef GH_CGI_REQUEST_CONDITIONS_H
#define GH_CGI_REQUEST_CONDITIONS_H

#include "cgi/show.h"
#include "store/request.h"

/*
 * v.conditions: [{mark, text}], v.any_conditions.  Empty when the request is over.  head: the bytes of its
 * plan.
 */
enum gh_code request_conditions_show(struct req *req, struct view *v, const struct store_request *r,
    const char *head, struct gh_err *err) GH_MUST_USE;

/* How old a backup of others may be that is the run's; 0: the policy takes none.  head: of a plan, or a
 * policy. */
int64_t request_outside_ms(struct req *req, const char *head);

#endif
