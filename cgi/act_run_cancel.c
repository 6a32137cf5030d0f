#include "base/ban.h"
#include "cgi/act_run.h"

/* POST /runs/{id}/cancel: ends it at once, in a known state. */
const struct act act_run_cancel = {
	.path = "/runs/{id}/cancel",
	.op = WIRE_RUN_CANCEL,
	.back = "/runs/%d64",
	.back_label = "Back to the run",
	.fields = { ACT_RUN_REASON },
	.run = act_run_reason,
};
