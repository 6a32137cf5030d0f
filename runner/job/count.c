#include "base/ban.h"
#include "runner/job/job.h"

static enum gh_code
count_run(struct job *j, struct gh_err *err)
{
	(void)j;
	return gh_fail(err, GH_INTERNAL, "not yet");
}

const struct job_kind job_count = {
	.name = WIRE_JOB_COUNT,
	.run = count_run,
};
