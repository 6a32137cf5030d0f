#include "base/ban.h"
#include "runner/waste.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/scratch.h"

#define EVERY_US  (GH_SECOND / 10)
#define BUDGET_US (GH_SECOND / 100)

static void
clear_fn(void *data)
{
	struct runner *r = data;
	struct gh_err err = { 0 };
	bool left;

	r->waste = 0;
	if (gh_scratch_clear(r->config->jobs, BUDGET_US, &left, &err) != GH_OK)
		/* Not again and again: with the next one, or the next runner. */
		gh_log_err("waste.clear", &err);
	else if (left)
		r->waste = loop_timer_add(r->loop, EVERY_US, 0, clear_fn, r);
}

void
waste_start(struct runner *r)
{
	if (r->waste == 0)
		r->waste = loop_timer_add(r->loop, 0, 0, clear_fn, r);
}

enum gh_code
waste_put(struct runner *r, const char *folder, struct gh_err *err)
{
	bool dropped;

	GH_TRY(gh_scratch_drop(folder, &dropped, err));
	if (dropped)
		waste_start(r);
	return GH_OK;
}

void
waste_stop(struct runner *r)
{
	loop_timer_remove(r->loop, r->waste);
	r->waste = 0;
}
