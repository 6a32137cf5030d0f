/*
 * What the page of a request shows of its rehearsal, and of what a way back would destroy.
 */
#ifndef GH_CGI_REQUEST_REHEARSAL_H
#define GH_CGI_REQUEST_REHEARSAL_H

#include "cgi/show.h"
#include "store/request.h"

/*
 * v.rehearsal: {state, sentence, place, text, migrations [{verdict, objects, passes [{title, steps}]}]} or
 * ""; v.rehearse: {url, form} or "", for who may ask for one now; v.rehearsing: one is under way.
 */
enum gh_code request_rehearsal_show(
    struct req *req, struct view *v, const struct store_request *r, struct gh_err *err) GH_MUST_USE;
/* v.losses: [{text}]; v.any_losses; v.loss_text: when it was counted, or why not; "" for a plan upwards. */
enum gh_code request_loss_show(
    struct req *req, struct view *v, const struct store_request *r, struct gh_err *err) GH_MUST_USE;

#endif
