#include "base/ban.h"
#include "cgi/page.h"

/* GET /signin: next is where to go afterwards. */
static enum gh_code
page_signin_run(struct req *req, struct view *v, struct gh_err *err)
{
	const char *next = req_query(req, "next");

	(void)err;
	view_text(v, "next", req_local_path(next) ? next : "/");
	view_text(v, "name", "");
	view_text(v, "message",
	    *req_query(req, "expired") == '\0' ? "" : "Your session has expired. Sign in again to go on.");
	return GH_OK;
}

const struct page page_signin = {
	.path = "/signin",
	.needs = ROLE_PUBLIC,
	.tpl = TPL_SIGNIN,
	.title = "Sign in",
	.query = { "next", "expired" },
	.run = page_signin_run,
};
