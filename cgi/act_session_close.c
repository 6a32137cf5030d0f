#include "base/ban.h"
#include "cgi/act.h"
#include "cgi/cookie.h"

/* POST /signout: ends the session of this browser. */
static enum gh_code
act_session_close_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };

	act_call_start(&call, form);
	wire_put_i64(&call.out, 0);
	GH_TRY(act_call_send(&call, req, WIRE_SESSION_CLOSE, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = "/signin";
	done->cookie = cookie_make(req->arena, req->https, NULL);
	return GH_OK;
}

const struct act act_session_close = {
	.path = "/signout",
	.op = WIRE_SESSION_CLOSE,
	.back = "/",
	.back_label = "Back",
	.run = act_session_close_run,
};
