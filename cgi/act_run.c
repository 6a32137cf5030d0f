#include "base/ban.h"
#include "cgi/act_run.h"

static const char *
reason(const struct act_form *form)
{
	size_t i;

	for (i = 0; i < ACT_FIELDS && form->act->fields[i].name != NULL; i++) {
		if (strcmp(form->act->fields[i].name, "reason") == 0)
			return form->values[i].text;
	}
	gh_bug("%s has no reason", form->act->path);
}

enum gh_code
act_run_tell(struct req *req, const struct act_form *form, const int64_t *numbers, size_t n,
    struct act_done *done, struct gh_err *err)
{
	ACT_CALL call = { 0 };
	size_t i;

	act_call_start(&call, form);
	wire_put_i64(&call.out, req->id);
	wire_put_text(&call.out, reason(form));
	for (i = 0; i < n; i++)
		wire_put_i64(&call.out, numbers[i]);
	GH_TRY(act_call_send(&call, req, form->act->op, err));
	GH_TRY(wire_end(&call.reply.fields, err));
	done->to = gh_printf(req->arena, "/runs/%" PRId64, req->id);
	return GH_OK;
}

/* An act whose only field is the reason. */
static enum gh_code
act_run_reason(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	return act_run_tell(req, form, NULL, 0, done, err);
}

/* POST /runs/{id}/cancel: ends it at once, in a known state. */
const struct act act_run_cancel = {
	.path = "/runs/{id}/cancel",
	.op = WIRE_RUN_CANCEL,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = { ACT_RUN_REASON },
	.run = act_run_reason,
};

/* POST /runs/{id}/pause: it stops before the next migration, or batch. */
const struct act act_run_pause = {
	.path = "/runs/{id}/pause",
	.op = WIRE_RUN_PAUSE,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = { ACT_RUN_REASON },
	.run = act_run_reason,
};

/* POST /runs/{id}/resume: it goes on. */
const struct act act_run_resume = {
	.path = "/runs/{id}/resume",
	.op = WIRE_RUN_RESUME,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = { ACT_RUN_REASON },
	.run = act_run_reason,
};
