#include "base/ban.h"
#include "runner/queue.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "migration/plan.h"
#include "runner/control.h"
#include "runner/follow.h"
#include "runner/job.h"
#include "runner/message.h"
#include "runner/refresh.h"
#include "runner/ready.h"
#include "runner/run_end.h"
#include "runner/task.h"
#include "runner/waste.h"
#include "runner/work_state.h"
#include "store/control_write.h"
#include "store/ledger_write.h"
#include "store/plan.h"
#include "store/request_write.h"
#include "store/run_write.h"

/*
 * First the store says that the run runs, then the job is started: a runner that dies in between finds a run
 * without a journal, and knows that nothing ran.  The other way round it could start a plan twice.
 */
static enum gh_code
claim(struct runner *r, const struct store_run *run, int64_t window_end, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	int64_t now = gh_clock_now(), seq = 0;
	struct store_entry e = { .at = now,
		.actor = "runner",
		.way = "runner",
		.op = "run.start",
		.outcome = "ok",
		.target = run->target };
	STORE_TX tx = { 0 };

	e.subject = gh_printf(&a, "run/%" PRId64, run->id);
	e.text = gh_printf(&a, "request %" PRId64 ", plan %s, %s %s", run->request_id, run->plan_digest,
	    run->direction, run->goal);
	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(store_run_start(r->store, run->id, now, err));
	if (window_end != 0)
		GH_TRY(store_control_window(r->store, run->id, window_end, err));
	GH_TRY(store_request_move(r->store, run->request_id, "approved", "started", "", now, err));
	GH_TRY(store_ledger_add(r->store, &e, &seq, err));
	GH_TRY(message_run(r, run->id, CONFIG_BEFORE, now, err));
	return store_commit(&tx, err);
}

/* What the run's hooks are told, and how long it may begin something new. */
static enum gh_code
facts(struct runner *r, const struct store_run *run, const struct config_target *conf, struct gh_arena *a,
    struct wire_spec *ret, struct gh_err *err)
{
	struct store_run_detail d;

	GH_TRY(store_run_detail(r->store, a, run->id, &d, err));
	ret->environment = conf->environment;
	ret->project = conf->project->name;
	ret->goal = run->goal;
	ret->person = run->person;
	ret->reason = d.reason;
	ret->request = run->request_id;
	ret->window_end_us = d.window_end;
	config_outside_spec(r->config, conf->name, NULL, a, ret);
	return GH_OK;
}

/* The backup that it restores, whether that is encrypted and proved first; nothing for any other run. */
static enum gh_code
restores(struct runner *r, const struct store_run *run, struct gh_arena *a, struct wire_spec *ret,
    bool *ret_sealed, struct gh_err *err)
{
	struct store_plan_restore p;
	struct store_backup b;
	struct gh_err why = { 0 };
	enum gh_code code = store_plan_restore_get(r->store, a, run->plan_digest, &p, &why);

	*ret_sealed = false;
	if (code == GH_NOT_FOUND)
		return GH_OK;
	if (code != GH_OK)
		return gh_fail(err, code, "%s", why.msg);
	GH_TRY(store_backup_get(r->store, a, p.backup, &b, err));
	*ret_sealed = b.encrypted_to[0] != '\0' && b.target_id == run->target_id;
	ret->backup_tables = b.table_count;
	ret->backup_rows = b.row_count;
	ret->level = strcmp(b.level, wire_level_name(WIRE_COUNTED)) == 0 ? "" : wire_level_name(WIRE_COUNTED);
	return GH_OK;
}

/* Its backup is encrypted, and read again before anything is applied. */
static bool
opens_its_own(const struct config_target *conf)
{
	return conf->policy.backup && conf->backup.encrypt_to[0] != '\0' &&
	    conf->policy.backup_level > POLICY_CHECKSUMMED;
}

static enum gh_code
launch(struct runner *r, const struct store_run *run, pid_t *ret_pid, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	GH_TEXT plan = { .limit = PLAN_LIMIT };
	GH_FD int passfile = -1;
	GH_FD int control = -1;
	GH_FD int key = -1;
	bool sealed;
	const struct config_target *conf = config_target_find(r->config, run->target);
	struct wire_spec spec = { .id = run->id,
		.plan_digest = run->plan_digest,
		.backup_folder = r->config->backups,
		.backend_start = "",
		.intent_xid = "" };
	struct job_order o = { .kind = WIRE_JOB_RUN, .id = run->id, .spec = &spec };

	if (conf == NULL)
		return gh_fail(err, GH_CONFLICT, "target %s is no longer in the configuration", run->target);
	GH_TRY(store_plan_read(r->store, run->plan_digest, &plan, err));
	GH_TRY(config_passfile(r->config, conf, &passfile, err));
	GH_TRY(job_spec_target(r, conf, &spec, err));
	GH_TRY(facts(r, run, conf, &a, &spec, err));
	GH_TRY(restores(r, run, &a, &spec, &sealed, err));
	GH_TRY(control_open(r, run->id, &control, err));
	if (sealed || opens_its_own(conf))
		GH_TRY(config_backup_key(conf, &key, err));
	spec.scratch = conf->backup.prove_server;
	spec.scratch_folder = job_scratch_path(r->config, &a, run->id);
	GH_TRY(waste_put(r, spec.scratch_folder, err));
	spec.plan = plan.data;
	spec.plan_len = plan.len;
	o.journal = job_journal_path(r->config, &a, run->id);
	o.passfile = passfile;
	o.control = control;
	o.key = key;
	if (gh_fault("runner.run.before-exec"))
		return gh_fail(err, GH_UNAVAILABLE, "the job was not started (injected)");
	GH_TRY(job_start(r, &o, ret_pid, err));
	(void)gh_fault("runner.run.after-exec");
	return GH_OK;
}

/* The run is running in the store and nowhere else. */
static enum gh_code
launch_failed(struct runner *r, const struct store_run *run, const char *why, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	STORE_TX tx = { 0 };
	int64_t now = gh_clock_now();
	const char *text = gh_printf(&a, "The run could not be started, nothing was changed: %s.", why);

	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(store_event_add(r->store, run->id, "log", text, now, err));
	GH_TRY(run_end(r, run->id, WIRE_FAILED_CLEAN, text, now, err));
	return store_commit(&tx, err);
}

static enum gh_code
start(struct runner *r, const struct store_run *run, int64_t window_end, struct gh_err *err)
{
	struct gh_err why = { 0 };
	pid_t pid = 0;

	(void)gh_fault("runner.run.before-claim");
	GH_TRY(claim(r, run, window_end, err));
	(void)gh_fault("runner.run.after-claim");
	if (launch(r, run, &pid, &why) != GH_OK) {
		control_remove(r, run->id);
		return launch_failed(r, run, why.msg, err);
	}
	gh_log_info("run.start", "run=%" PRId64 " target=%s plan=%s pid=%ld", run->id, run->target,
	    run->plan_digest, (long)pid);
	/* Following first: without it the run has nobody; its process number is only for people. */
	GH_TRY(follow_add(r, run->id, pid, err));
	GH_TRY(store_run_pid(r->store, run->id, pid, err));
	(void)gh_fault("runner.run.after-pid");
	return GH_OK;
}

static enum gh_code
kick(struct runner *r, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_runs open_runs = { 0 }, queued = { 0 };
	size_t i, running = 0;

	GH_TRY(store_run_queue(r->store, &a, STORE_PAGE_MAX, &queued, err));
	if (queued.n == 0)
		return GH_OK;
	GH_TRY(store_run_open_list(r->store, &a, &open_runs, err));
	for (i = 0; i < open_runs.n; i++)
		running += strcmp(open_runs.rows[i].state, "running") == 0 ? 1 : 0;
	for (i = 0; i < queued.n && running < (size_t)r->config->parallel_runs; i++) {
		const struct store_run *run = &queued.rows[i];
		struct ready ready = { 0 };
		struct gh_err why = { 0 };

		if (refresh_target_busy(r, run->target))
			continue;
		/* One that does not start must not keep the others waiting. */
		if (ready_look(r, run, gh_clock_now(), &ready, &why) != GH_OK) {
			gh_log_err("run.ready", &why);
			continue;
		}
		if (!ready.now)
			continue;
		if (start(r, run, ready.window_end, &why) != GH_OK)
			gh_log_err("run.start", &why);
		else
			running++;
	}
	return GH_OK;
}

void
queue_kick(struct runner *r)
{
	struct gh_err err = { 0 };

	if (r->work == NULL || r->work->follow == NULL)
		return;
	if (kick(r, &err) != GH_OK)
		gh_log_err("queue.kick", &err);
	/* Runs come first. */
	task_kick(r);
}
