/*
 * From a path to its page and its act.
 */
#ifndef GH_CGI_ROUTE_H
#define GH_CGI_ROUTE_H

#include "cgi/act.h"
#include "cgi/page.h"

struct route {
	const struct page *page; /* GET; NULL none */
	const struct act *act;   /* POST; NULL none */
};

/* Finds both and fills req's params, id and name.  GH_BAD_INPUT when the path cannot be decoded. */
enum gh_code route_find(struct req *req, struct route *ret, struct gh_err *err) GH_MUST_USE;
/* Whether path fits pattern; fills req as above.  *ret_code is GH_BAD_INPUT when a part cannot be decoded. */
bool route_match(
    struct req *req, const char *pattern, const char *path, enum gh_code *ret_code, struct gh_err *err);

#endif
