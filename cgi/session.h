/*
 * Who asks: the session behind the request's cookie.
 */
#ifndef GH_CGI_SESSION_H
#define GH_CGI_SESSION_H

#include "cgi/req.h"

/* Fills req->session from req->cookie and req->store.  Nobody signed in is no failure. */
enum gh_code session_load(struct req *req, struct gh_err *err) GH_MUST_USE;

#endif
