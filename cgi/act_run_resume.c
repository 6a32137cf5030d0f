#include "base/ban.h"
#include "cgi/act_run.h"

/* POST /runs/{id}/resume: it goes on. */
const struct act act_run_resume = {
	.path = "/runs/{id}/resume",
	.op = WIRE_RUN_RESUME,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = { ACT_RUN_REASON },
	.run = act_run_reason,
};
