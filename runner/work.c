#include "base/ban.h"
#include "runner/work.h"

/* Nothing yet: the runner answers commands and reads, and starts nothing by itself. */

enum gh_code
work_start(struct runner *r, struct gh_err *err)
{
	(void)r;
	(void)err;
	return GH_OK;
}

void
work_stop(struct runner *r)
{
	(void)r;
}

void
work_config(struct runner *r)
{
	(void)r;
}

void
work_kick(struct runner *r)
{
	(void)r;
}
