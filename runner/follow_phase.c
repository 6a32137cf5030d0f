#include "base/ban.h"
#include "runner/follow_kind.h"

static enum gh_code
hook_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_hook = {
	.kind = WIRE_J_HOOK,
	.put = hook_put,
};

static enum gh_code
evidence_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_evidence = {
	.kind = WIRE_J_EVIDENCE,
	.put = evidence_put,
};

static enum gh_code
control_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_control = {
	.kind = WIRE_J_CONTROL,
	.put = control_put,
};
