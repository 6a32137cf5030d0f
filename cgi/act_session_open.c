#include "base/ban.h"
#include "cgi/act.h"
#include "cgi/cookie.h"

/* POST /signin. */
enum { NAME, PASSWORD, NEXT };

static enum gh_code
act_session_open_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };
	const void *token;
	size_t len;

	act_call_start(&call, form);
	wire_put_text(&call.out, form->values[NAME].text);
	wire_put_secret(&call.out, form->values[PASSWORD].secret);
	wire_put_text(&call.out, req->address);
	wire_put_text(&call.out, req->agent);
	GH_TRY(act_call_send(&call, req, WIRE_SESSION_OPEN, err));
	token = wire_bytes(&call.reply.fields, &len);
	(void)wire_i64(&call.reply.fields);
	(void)wire_text(&call.reply.fields, req->arena);
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = form->values[NEXT].text;
	if (len != GH_TOKEN_LEN)
		return gh_fail(err, GH_INTERNAL, "the runner gave a token of %zu bytes", len);
	done->cookie = cookie_make(req->arena, req->https, token);
	return GH_OK;
}

const struct act act_session_open = {
	.path = "/signin",
	.op = WIRE_SESSION_OPEN,
	.open = true,
	.again = true,
	.again_tpl = TPL_SIGNIN,
	.again_title = "Sign in",
	.fields = {
		[NAME] = { "name", "Name", ACT_LINE, true, 64 },
		[PASSWORD] = { "password", "Password", ACT_SECRET, true, 0 },
		[NEXT] = { "next", "Page to go to", ACT_LINE, false, 2048 },
	},
	.run = act_session_open_run,
};
