#include "base/ban.h"
#include "runner/job/analyse.h"

static bool
stopped(const void *job)
{
	return job_stopped(job);
}

enum gh_code
analyse_parser_read(struct analyse_parser *p, const struct sql_text *t, struct gh_arena *a,
    struct sql_script *ret, struct gh_err *err)
{
	p->child.stopped = stopped;
	p->child.stopped_to = p->job;
	p->child.wait = job_poll;
	return sql_child_read(&p->child, t, a, ret, err);
}

void
analyse_parser_done(struct analyse_parser *p)
{
	sql_child_done(&p->child);
}
