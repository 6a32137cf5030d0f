#include "base/ban.h"
#include "runner/follow_kind.h"

static enum gh_code
fact_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_fact = {
	.kind = WIRE_J_FACT,
	.put = fact_put,
};

static enum gh_code
cause_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_cause = {
	.kind = WIRE_J_CAUSE,
	.put = cause_put,
};

static enum gh_code
action_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_action = {
	.kind = WIRE_J_ACTION,
	.put = action_put,
};
