#include "base/ban.h"
#include "cgi/act.h"

/* POST /account/password: a new password for oneself. */
enum { OLD, NEW, AGAIN };

static enum gh_code
act_person_password_run(
    struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };
	const struct gh_secret *one = form->values[NEW].secret, *two = form->values[AGAIN].secret;

	if (one->len != two->len || !gh_equal(one->data, two->data, one->len))
		return gh_fail(
		    err, GH_BAD_INPUT, "the new password and its repetition differ; nothing was changed");
	act_call_start(&call, form);
	wire_put_text(&call.out, "");
	wire_put_secret(&call.out, form->values[OLD].secret);
	wire_put_secret(&call.out, form->values[NEW].secret);
	GH_TRY(act_call_send(&call, req, WIRE_PERSON_PASSWORD, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = "/account";
	return GH_OK;
}

const struct act act_person_password = {
	.path = "/account/password",
	.op = WIRE_PERSON_PASSWORD,
	.back = "/account",
	.back_label = "Back to the account",
	.fields = {
		[OLD] = { "old", "Present password", ACT_SECRET, true, 0 },
		[NEW] = { "new", "New password", ACT_SECRET, true, 0 },
		[AGAIN] = { "again", "New password, again", ACT_SECRET, true, 0 },
	},
	.run = act_person_password_run,
};
