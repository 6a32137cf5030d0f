#include "base/ban.h"
#include "runner/follow_kind.h"

static enum gh_code
progress_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_progress = {
	.kind = WIRE_J_PROGRESS,
	.put = progress_put,
};

static enum gh_code
episode_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	(void)st;
	(void)run;
	(void)e;
	(void)a;
	(void)err;
	return GH_OK;
}

const struct follow_kind follow_episode = {
	.kind = WIRE_J_EPISODE,
	.put = episode_put,
};
