/*
 * What a plan says of how it would be run: its policy and the queries asked after it, from its canonical
 * bytes. Who approves the plan approves all of it, so all of it is shown.
 */
#ifndef GH_CGI_REQUEST_POLICY_H
#define GH_CGI_REQUEST_POLICY_H

#include "cgi/sqlview.h"

/* v.rules: [{name, value}], v.hooks: [{when, command, limit}], v.queries: [{name, sql}], v.any_hooks,
 * any_queries. bytes: of the plan; what is not understood is left out. */
void request_policy_show(struct req *req, struct view *v, const char *bytes, size_t len);
/* The same of a target's policy text, which has no queries. */
void request_policy_text(struct req *req, struct view *v, const char *policy);

#endif
