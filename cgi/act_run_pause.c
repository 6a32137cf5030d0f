#include "base/ban.h"
#include "cgi/act_run.h"

/* POST /runs/{id}/pause: it stops before the next migration, or batch. */
const struct act act_run_pause = {
	.path = "/runs/{id}/pause",
	.op = WIRE_RUN_PAUSE,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = { ACT_RUN_REASON },
	.run = act_run_reason,
};
