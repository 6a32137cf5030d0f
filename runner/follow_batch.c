#include "base/ban.h"
#include "runner/follow_kind.h"

static enum gh_code
batch_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_batch = {
	.kind = WIRE_J_BATCH,
	.put = batch_put,
};

static enum gh_code
batch_row_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_batch_row = {
	.kind = WIRE_J_BATCH_ROW,
	.put = batch_row_put,
};
