#include "base/ban.h"
#include "cgi/act_run.h"

/* POST /runs/{id}/speed: how large its batches are, and how long it rests between them. */
enum { SIZE, PAUSE };

/* Left empty: as it is now. */
static int64_t
number(const struct act_value *v)
{
	return v->text[0] == '\0' ? -1 : v->number;
}

static enum gh_code
act_run_speed_run(struct req *req, const struct act_form *form, struct act_done *done, struct gh_err *err)
{
	const int64_t numbers[] = { number(&form->values[SIZE]), number(&form->values[PAUSE]) };

	return act_run_tell(req, form, numbers, 2, done, err);
}

const struct act act_run_speed = {
	.path = "/runs/{id}/speed",
	.op = WIRE_RUN_SPEED,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = {
		[SIZE] = { "size", "Rows in a batch", ACT_INT, false, 10000000 },
		[PAUSE] = { "pause", "Pause between batches", ACT_INT, false, 3600000 },
		ACT_RUN_REASON,
	},
	.run = act_run_speed_run,
};
