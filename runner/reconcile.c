#include "base/ban.h"
#include "runner/reconcile.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "migration/plan.h"
#include "runner/conn.h"
#include "runner/job.h"
#include "runner/queue.h"
#include "runner/refresh.h"
#include "runner/run_end.h"
#include "runner/work_state.h"
#include "store/plan.h"
#include "store/run.h"

struct task {
	struct task *next;
	struct runner *runner;
	int64_t run_id;
	int64_t attempt; /* newest one that has a journal; 0 none */
	bool judged;     /* its journal was read and had no answer */
	pid_t pid;       /* our child, 0 none */
	int64_t wait_us; /* before the next attempt */
	int64_t timer;
};

struct reconcile {
	struct task *list;
};

static void step(struct task *t);

static void
timer_fn(void *data)
{
	struct task *t = data;

	t->timer = 0;
	step(t);
}

static void
later(struct task *t, int64_t after_us)
{
	loop_timer_remove(t->runner->loop, t->timer);
	t->timer = loop_timer_add(t->runner->loop, after_us, 0, timer_fn, t);
}

static void
back_off(struct task *t)
{
	later(t, t->wait_us);
	t->wait_us = t->wait_us * 2 > RECONCILE_LAST_US ? RECONCILE_LAST_US : t->wait_us * 2;
}

static void
task_remove(struct task *t)
{
	struct task **at = &t->runner->work->reconcile->list;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	loop_timer_remove(t->runner->loop, t->timer);
	free(t);
}

static void
child_fn(void *data, pid_t pid, int status)
{
	struct task *t = data;

	gh_log_info("job.end", "reconcile=%" PRId64 " pid=%ld status=%d", t->run_id, (long)pid, status);
	t->pid = 0;
	step(t);
}

/* The last phase that has ended well; 0 none. */
static enum gh_code
phase_of(struct task *t, struct gh_arena *a, int64_t *ret, struct gh_err *err)
{
	struct store_phases list = { 0 };
	const enum wire_phase *p;
	size_t i;

	GH_TRY(store_phase_list(t->runner->store, a, t->run_id, &list, err));
	for (p = wire_phase_order; *p != 0; p++) {
		for (i = 0; i < list.n; i++) {
			if (strcmp(list.rows[i].phase, wire_phase_name(*p)) == 0 &&
			    (strcmp(list.rows[i].state, "ok") == 0 ||
				strcmp(list.rows[i].state, "skipped") == 0))
				*ret = *p;
		}
	}
	return GH_OK;
}

/* How far the dead job had come, as its journal says. */
static enum gh_code
spec_fill(struct task *t, struct gh_arena *a, const struct store_run *run, struct wire_spec *spec,
    struct gh_err *err)
{
	struct store_run_detail d;
	struct store_run_migrations list = { 0 };
	size_t i;

	GH_TRY(store_run_detail(t->runner->store, a, t->run_id, &d, err));
	GH_TRY(store_run_migration_list(t->runner->store, a, t->run_id, &list, err));
	spec->id = t->run_id;
	spec->plan_digest = run->plan_digest;
	spec->backup_folder = t->runner->config->backups;
	spec->backend_pid = d.backend_pid;
	spec->backend_start = d.backend_start;
	spec->intent_migration = d.intent_migration;
	spec->intent_statement = d.intent_statement;
	spec->intent_xid = d.intent_xid;
	GH_TRY(phase_of(t, a, &spec->phase, err));
	for (i = 0; i < list.n; i++)
		spec->done += strcmp(list.rows[i].state, "ok") == 0 ? 1 : 0;
	return GH_OK;
}

static enum gh_code
launch(struct task *t, struct gh_err *err)
{
	struct runner *r = t->runner;
	GH_ARENA a = { .limit = PLAN_LIMIT };
	GH_TEXT plan = { .limit = PLAN_LIMIT };
	GH_FD int passfile = -1;
	const struct config_target *conf;
	struct wire_spec spec = { 0 };
	struct job_order o = { .kind = WIRE_JOB_RECONCILE, .id = t->run_id, .spec = &spec };
	struct store_run run;
	pid_t pid = 0;

	GH_TRY(store_run_get(r->store, &a, t->run_id, &run, err));
	conf = config_target_find(r->config, run.target);
	if (conf == NULL)
		return gh_fail(
		    err, GH_CONFLICT, "target %s is no longer in the configuration: put it back", run.target);
	GH_TRY(store_plan_read(r->store, run.plan_digest, &plan, err));
	GH_TRY(config_passfile(r->config, conf, &passfile, err));
	GH_TRY(job_spec_target(r, conf, &spec, err));
	GH_TRY(spec_fill(t, &a, &run, &spec, err));
	spec.max_retries = 0; /* we try again ourselves */
	spec.plan = plan.data;
	spec.plan_len = plan.len;
	o.passfile = passfile;
	o.journal = job_reconcile_path(r->config, &a, t->run_id, t->attempt + 1);
	t->attempt++;
	t->judged = false;
	(void)gh_fault("runner.reconcile.before-exec");
	GH_TRY(job_start(r, &o, &pid, err));
	(void)gh_fault("runner.reconcile.after-exec");
	GH_TRY(loop_child_add(r->loop, pid, child_fn, t, err));
	t->pid = pid;
	return GH_OK;
}

static void
hold(struct task *t, const char *why)
{
	struct gh_err err = { 0 };

	gh_log_warn("run.unknown", "run=%" PRId64 " why=\"%s\"", t->run_id, why);
	if (run_hold(t->runner, t->run_id, why, gh_clock_now(), &err) != GH_OK)
		gh_log_err("reconcile.hold", &err);
}

/* The newest attempt's journal: 1 there is an answer, 0 none, -1 its job lives. */
static int
judge(struct task *t, struct gh_err *err)
{
	struct runner *r = t->runner;
	GH_ARENA a = { 0 };
	const char *path = job_reconcile_path(r->config, &a, t->run_id, t->attempt);
	GH_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum wire_outcome outcome = 0;
	char why[400] = "";
	bool alive = false;

	if (fd < 0)
		return 0;
	if (job_alive(fd, &alive, err) != GH_OK)
		return -1;
	if (alive)
		return -1;
	t->judged = true;
	if (reconcile_apply(r, t->run_id, path, &outcome, why, sizeof(why), err) != GH_OK) {
		hold(t, err->msg);
		return 0;
	}
	if (outcome != 0 && outcome != WIRE_UNKNOWN)
		return 1;
	hold(t, why);
	return 0;
}

static void
finish(struct task *t)
{
	struct runner *r = t->runner;
	GH_ARENA a = { 0 };
	struct gh_err err = { 0 };
	struct store_run run;

	if (store_run_get(r->store, &a, t->run_id, &run, &err) == GH_OK)
		refresh_target(r, run.target, gh_clock_now());
	else
		gh_log_err("reconcile.end", &err);
	task_remove(t);
	conn_resume_deferred(r);
	queue_kick(r);
}

static void
step(struct task *t)
{
	struct gh_err err = { 0 };

	if (t->pid != 0)
		return;
	if (t->attempt > 0 && !t->judged) {
		switch (judge(t, &err)) {
		case 1:
			finish(t);
			return;
		case 0:
			back_off(t);
			return;
		default:
			later(t, GH_SECOND);
			return;
		}
	}
	if (launch(t, &err) != GH_OK) {
		t->judged = true;
		hold(t, err.msg);
		back_off(t);
	}
}

/* Attempts are numbered from 1 without gaps. */
static int64_t
newest_attempt(const struct config *c, int64_t run_id)
{
	GH_ARENA a = { 0 };
	int64_t n = 0;

	while (access(job_reconcile_path(c, &a, run_id, n + 1), F_OK) == 0)
		n++;
	return n;
}

void
reconcile_add(struct runner *r, int64_t run_id)
{
	struct task *t;

	for (t = r->work->reconcile->list; t != NULL; t = t->next) {
		if (t->run_id == run_id)
			return;
	}
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		gh_bug("out of memory");
	t->runner = r;
	t->run_id = run_id;
	t->attempt = newest_attempt(r->config, run_id);
	t->wait_us = RECONCILE_FIRST_US;
	t->next = r->work->reconcile->list;
	r->work->reconcile->list = t;
	later(t, 0);
}

enum gh_code
reconcile_start(struct runner *r, struct gh_err *err)
{
	r->work->reconcile = calloc(1, sizeof(*r->work->reconcile));
	return r->work->reconcile == NULL ? gh_fail(err, GH_INTERNAL, "out of memory") : GH_OK;
}

void
reconcile_stop(struct runner *r)
{
	struct task *t, *next;

	if (r->work->reconcile == NULL)
		return;
	for (t = r->work->reconcile->list; t != NULL; t = next) {
		next = t->next;
		if (t->pid != 0)
			loop_child_remove(r->loop, t->pid);
		loop_timer_remove(r->loop, t->timer);
		free(t);
	}
	free(r->work->reconcile);
	r->work->reconcile = NULL;
}
