#include "base/ban.h"
#include "cgi/act_run.h"

#include "base/clock.h"

/* POST /runs/{id}/extend: its window ends later. */
enum { MINUTES };

static enum gh_code
act_run_extend_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	const int64_t until = req->now_us + form->values[MINUTES].number * 60 * GH_SECOND;

	return act_run_tell(req, form, &until, 1, done, err);
}

const struct act act_run_extend = {
	.path = "/runs/{id}/extend",
	.op = WIRE_RUN_EXTEND,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = {
		[MINUTES] = { "minutes", "Minutes from now", ACT_INT, true, 1440 },
		ACT_RUN_REASON,
	},
	.run = act_run_extend_run,
};
