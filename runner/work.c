#include "base/ban.h"
#include "runner/work.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "runner/conn.h"
#include "runner/control.h"
#include "runner/follow.h"
#include "runner/outbox.h"
#include "runner/overdue.h"
#include "runner/queue.h"
#include "runner/reconcile.h"
#include "runner/counting.h"
#include "runner/rehearsal.h"
#include "runner/refresh.h"
#include "runner/run_end.h"
#include "runner/shelf.h"
#include "runner/stale.h"
#include "runner/task.h"
#include "runner/waste.h"
#include "runner/work_state.h"
#include "store/project_write.h"

#include <dirent.h>

#define TICK_US (30 * GH_SECOND)

static const char *
schedule_text(struct gh_arena *a, const struct config_backup *b)
{
	GH_TEXT text = { 0 };
	size_t i;

	for (i = 0; i < b->n_schedules; i++)
		gh_text_putf(&text, "%s%s", i == 0 ? "" : ", ", b->schedules[i]);
	return gh_strdup(a, gh_text_str(&text));
}

/* The configuration's projects and targets, in the store. */
static enum gh_code
config_sync(struct runner *r, struct gh_err *err)
{
	const struct config *c = r->config;
	GH_ARENA a = { 0 };
	struct store_project_conf *projects = gh_alloc_n(&a, c->n_projects, sizeof(*projects));
	struct store_target_conf *targets = gh_alloc_n(&a, c->n_targets, sizeof(*targets));
	struct store_conf conf = { .n_projects = c->n_projects,
		.n_targets = c->n_targets,
		.projects = projects,
		.targets = targets };
	size_t i;

	for (i = 0; i < c->n_projects; i++)
		projects[i] = (struct store_project_conf){ .name = c->projects[i].name,
			.folder = c->projects[i].folder,
			.convention = c->projects[i].convention,
			.tracking = c->projects[i].tracking };
	for (i = 0; i < c->n_targets; i++) {
		const struct config_target *t = &c->targets[i];
		GH_TEXT policy = { 0 };

		GH_TRY(policy_write(&t->policy, &policy, err));
		targets[i] = (struct store_target_conf){ .name = t->name,
			.project = t->project->name,
			.environment = t->environment,
			.position = t->position,
			/* Whoever takes it. */
			.backup = t->policy.backup || t->policy.backup_outside_ms > 0,
			.rollback_on_failure = t->policy.rollback_on_failure,
			.approvals = t->policy.approvals,
			.lock_timeout_ms = t->policy.lock_timeout_ms,
			.statement_timeout_ms = t->policy.statement_timeout_ms,
			.policy = gh_strdup(&a, gh_text_str(&policy)),
			.backup_schedule = schedule_text(&a, &t->backup),
			.prove_within_ms = t->backup.prove_within_ms,
			.prove_level = policy_level_name(t->backup.prove_level),
			.prove_every_ms = t->backup.prove_every_ms };
	}
	return store_conf_sync(r->store, &conf, gh_clock_now(), err);
}

/* Journals of looks at folders and targets that nobody waits for any more. */
static void
sweep(const struct config *c)
{
	GH_ARENA a = { 0 };
	DIR *dir = opendir(c->jobs);
	const struct dirent *e;

	if (dir == NULL)
		return;
	while ((e = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): the runner has one thread */
		if (strncmp(e->d_name, "analyse.", 8) == 0 || strncmp(e->d_name, "check.", 6) == 0)
			(void)unlink(gh_printf(&a, "%s/%s", c->jobs, e->d_name));
	}
	(void)closedir(dir);
}

/* What time alone brings about: requests expire, proofs are overdue, a closed incident frees its target. */
static void
tick_fn(void *data)
{
	struct runner *r = data;
	struct gh_err err = { 0 };

	if (stale_expire(r, gh_clock_now(), &err) != GH_OK)
		gh_log_err("work.expire", &err);
	err = (struct gh_err){ 0 };
	if (run_release(r, &err) != GH_OK)
		gh_log_err("work.release", &err);
	control_kick(r);
	task_clock(r, gh_clock_now());
	overdue_look(r, gh_clock_now());
	/* One whose end could not be written is counted again. */
	counting_kick(r);
	queue_kick(r);
}

enum gh_code
work_start(struct runner *r, struct gh_err *err)
{
	r->work = calloc(1, sizeof(*r->work));
	if (r->work == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	sweep(r->config);
	control_sweep(r);
	waste_start(r);
	control_kick(r);
	(void)gh_fault("runner.start.before-config");
	GH_TRY(config_sync(r, err));
	(void)gh_fault("runner.start.before-follow");
	GH_TRY(reconcile_start(r, err));
	GH_TRY(follow_start(r, err));
	GH_TRY(refresh_start(r, err));
	GH_TRY(outbox_start(r, err));
	GH_TRY(rehearsal_start(r, err));
	GH_TRY(counting_start(r, err));
	GH_TRY(task_start(r, err));
	shelf_start(r);
	r->work->tick = loop_timer_add(r->loop, 0, TICK_US, tick_fn, r);
	return GH_OK;
}

void
work_stop(struct runner *r)
{
	if (r->work == NULL)
		return;
	loop_timer_remove(r->loop, r->work->tick);
	waste_stop(r);
	shelf_stop(r);
	task_stop(r);
	counting_stop(r);
	rehearsal_stop(r);
	outbox_stop(r);
	refresh_stop(r);
	follow_stop(r);
	reconcile_stop(r);
	free(r->work);
	r->work = NULL;
}

void
work_config(struct runner *r)
{
	struct gh_err err = { 0 };

	if (config_sync(r, &err) != GH_OK)
		gh_log_err("work.config", &err);
	refresh_config(r);
	outbox_soon(r);
	rehearsal_kick(r);
	counting_kick(r);
	task_config(r, gh_clock_now());
	task_kick(r);
	shelf_kick(r);
}

void
work_kick(struct runner *r)
{
	struct gh_err err = { 0 };

	/* Closing an incident may have freed a target. */
	if (r->work != NULL && run_release(r, &err) != GH_OK)
		gh_log_err("work.release", &err);
	control_kick(r);
	rehearsal_kick(r);
	counting_kick(r);
	queue_kick(r);
}
