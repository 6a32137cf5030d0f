#include "base/ban.h"
#include "runner/refresh_item.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/folder.h"
#include "runner/conn.h"
#include "runner/job.h"
#include "runner/queue.h"
#include "runner/stale.h"
#include "runner/work_state.h"
#include "store/backup.h"
#include "store/project_write.h"

static void refresh_next(struct runner *r);

static void
soon_fn(void *data)
{
	struct runner *r = data;

	r->work->refresh->soon = 0;
	refresh_next(r);
	/* What could not be begun is no reason to wait any longer. */
	queue_kick(r);
}

/* Jobs are started from the loop, not from within a command's transaction. */
static void
start_soon(struct runner *r)
{
	if (r->work->refresh->soon == 0)
		r->work->refresh->soon = loop_timer_add(r->loop, 0, 0, soon_fn, r);
}

static void
want(struct refresh_item *it, bool forced, int64_t since)
{
	if (it == NULL || (it->pid != 0 && it->started >= since))
		return;
	it->wanted = true;
	it->forced = it->forced || forced;
	start_soon(it->runner);
}

void
refresh_project(struct runner *r, const char *name, int64_t since)
{
	want(refresh_item_find(r, false, name), true, since);
}

void
refresh_target(struct runner *r, const char *name, int64_t since)
{
	want(refresh_item_find(r, true, name), true, since);
}

/* Unless its signature is still the one that is known. */
static void
refresh_project_again(struct runner *r, const char *name)
{
	want(refresh_item_find(r, false, name), false, gh_clock_now());
}

bool
refresh_target_busy(const struct runner *r, const char *name)
{
	const struct refresh_item *it = refresh_item_find(r, true, name);

	return it != NULL && (it->wanted || it->pid != 0);
}

bool
refresh_project_busy(const struct runner *r, const char *name)
{
	const struct refresh_item *it = refresh_item_find(r, false, name);

	return it != NULL && (it->wanted || it->pid != 0);
}

void
refresh_all(struct runner *r)
{
	struct refresh_item *it;

	for (it = r->work->refresh->items; it != NULL; it = it->next) {
		if (it->pid == 0)
			it->wanted = true;
	}
	start_soon(r);
}

static void
tick_fn(void *data)
{
	refresh_all(data);
}

void
refresh_config(struct runner *r)
{
	struct refresh *f = r->work->refresh;
	size_t i;

	refresh_items_drop(r);
	for (i = 0; i < r->config->n_projects; i++)
		refresh_item_add(r, false, r->config->projects[i].name);
	for (i = 0; i < r->config->n_targets; i++)
		refresh_item_add(r, true, r->config->targets[i].name);
	loop_timer_remove(r->loop, f->tick);
	f->tick = loop_timer_add(r->loop, r->config->refresh_seconds * GH_SECOND,
	    r->config->refresh_seconds * GH_SECOND, tick_fn, r);
	start_soon(r);
}

enum gh_code
refresh_start(struct runner *r, struct gh_err *err)
{
	r->work->refresh = calloc(1, sizeof(*r->work->refresh));
	if (r->work->refresh == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	refresh_config(r);
	return GH_OK;
}

void
refresh_stop(struct runner *r)
{
	struct refresh *f = r->work->refresh;
	struct refresh_item *it, *next;

	if (f == NULL)
		return;
	loop_timer_remove(r->loop, f->tick);
	loop_timer_remove(r->loop, f->soon);
	for (it = f->items; it != NULL; it = next) {
		next = it->next;
		if (it->pid != 0) {
			/* Nobody will read what it finds. */
			loop_child_remove(r->loop, it->pid);
			loop_timer_remove(r->loop, it->deadline);
			(void)kill(it->pid, SIGKILL);
			(void)unlink(it->journal);
		}
		refresh_item_free(it);
	}
	free(f);
	r->work->refresh = NULL;
}

/* Everything of a project is compared again. */
static enum gh_code
targets_again(struct runner *r, struct gh_arena *a, int64_t project_id, struct gh_err *err)
{
	struct store_targets targets = { 0 };
	size_t i;

	GH_TRY(store_target_list(r->store, a, project_id, &targets, err));
	for (i = 0; i < targets.n; i++)
		refresh_target(r, targets.rows[i].name, gh_clock_now());
	return GH_OK;
}

static enum gh_code
project_done(
    struct refresh_item *it, struct gh_arena *a, const struct refresh_result *res, struct gh_err *err)
{
	struct runner *r = it->runner;
	struct store_project was, is;
	struct store_targets targets = { 0 };
	size_t i;

	GH_TRY(store_project_get(r->store, a, it->name, &was, err));
	GH_TRY(refresh_project_apply(r->store, &was, res, err));
	GH_TRY(store_project_get(r->store, a, it->name, &is, err));
	/* A target that was compared with another folder says nothing about this one. */
	if (is.problem[0] == '\0' &&
	    (strcmp(was.signature, is.signature) != 0 || strcmp(was.convention, is.convention) != 0))
		return targets_again(r, a, is.id, err);
	GH_TRY(store_target_list(r->store, a, is.id, &targets, err));
	for (i = 0; i < targets.n; i++)
		GH_TRY(stale_check(r, targets.rows[i].id, err));
	return GH_OK;
}

static enum gh_code
target_done(struct refresh_item *it, struct gh_arena *a, const struct refresh_result *res, struct gh_err *err)
{
	struct runner *r = it->runner;
	struct store_project was, is;
	struct store_target t;

	GH_TRY(store_target_get(r->store, a, it->name, &t, err));
	if (t.active_run != 0)
		return GH_OK;
	GH_TRY(store_project_get(r->store, a, t.project, &was, err));
	GH_TRY(refresh_target_apply(r->store, &t, res, err));
	GH_TRY(store_target_get(r->store, a, it->name, &t, err));
	GH_TRY(store_project_get(r->store, a, t.project, &is, err));
	if (strcmp(was.convention, is.convention) != 0) {
		/* The database has told which tool's folder it is: that holds for the other targets, too. */
		refresh_project(r, t.project, gh_clock_now());
		return targets_again(r, a, is.id, err);
	}
	if (t.problem[0] == '\0' && is.problem[0] == '\0' && strcmp(t.signature, is.signature) != 0) {
		refresh_project_again(r, t.project);
		return GH_OK;
	}
	return stale_check(r, t.id, err);
}

static void
child_fn(void *data, pid_t pid, int status)
{
	struct refresh_item *it = data;
	struct runner *r = it->runner;
	struct refresh_result res = { .journal = it->journal, .started = it->started, .status = status };
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };

	(void)pid;
	it->pid = 0;
	r->work->refresh->running--;
	loop_timer_remove(r->loop, it->deadline);
	if (!it->gone &&
	    (it->target ? target_done(it, &a, &res, &err) : project_done(it, &a, &res, &err)) != GH_OK)
		gh_log_err(it->target ? "refresh.target" : "refresh.project", &err);
	(void)unlink(it->journal);
	refresh_items_drop(r);
	refresh_next(r);
	conn_resume_deferred(r);
	queue_kick(r);
}

static void
deadline_fn(void *data)
{
	struct refresh_item *it = data;

	gh_log_warn("refresh.deadline", "what=%s pid=%ld", it->name, (long)it->pid);
	(void)kill(it->pid, SIGKILL);
}

static enum gh_code
item_exec(struct refresh_item *it, const struct job_order *o, struct gh_err *err)
{
	struct runner *r = it->runner;
	pid_t pid = 0;

	it->started = gh_clock_now();
	GH_TRY(job_start(r, o, &pid, err));
	GH_TRY(loop_child_add(r->loop, pid, child_fn, it, err));
	it->pid = pid;
	it->deadline = loop_timer_add(r->loop, REFRESH_DEADLINE_US, 0, deadline_fn, it);
	r->work->refresh->running++;
	return GH_OK;
}

static enum gh_code
project_begin(struct refresh_item *it, struct gh_arena *a, bool forced, struct gh_err *err)
{
	struct runner *r = it->runner;
	const struct config_project *conf = config_project_find(r->config, it->name);
	struct job_order o = {
		.kind = WIRE_JOB_ANALYSE, .journal = it->journal, .passfile = -1, .limited = true
	};
	struct wire_spec spec = { .target = "",
		.connection = "",
		.plan_digest = "",
		.backup_folder = "",
		.pg_dump = "",
		.pg_restore = "",
		.backend_start = "",
		.intent_xid = "",
		.intent_migration = -2,
		.intent_statement = -2 };
	char signature[GH_SHA256_HEX_LEN];
	struct store_project p;

	if (conf == NULL)
		return GH_OK;
	GH_TRY(store_project_get(r->store, a, it->name, &p, err));
	if (!forced && p.problem[0] == '\0' && gh_folder_signature(conf->folder, signature, NULL) == GH_OK &&
	    strcmp(signature, p.signature) == 0)
		return store_folder_end(r->store, p.id, signature, it->started, err);
	spec.id = p.id;
	job_spec_project(conf, &spec);
	if (spec.convention[0] == '\0' && p.found_on[0] != '\0')
		spec.convention = p.convention;
	o.id = p.id;
	o.spec = &spec;
	(void)snprintf(it->journal, sizeof(it->journal), "%s/analyse.%" PRId64 ".journal", r->config->jobs,
	    ++r->work->refresh->serial);
	return item_exec(it, &o, err);
}

/* Databases that restores of the target have left, as an array; "" none. */
static enum gh_code
kept(struct runner *r, int64_t target, struct gh_arena *a, const char **ret, struct gh_err *err)
{
	struct store_kept_databases list;
	GH_TEXT t = { 0 };
	size_t i;

	GH_TRY(store_kept_database_list(r->store, a, target, &list, err));
	for (i = 0; i < list.n; i++) {
		if (strcmp(list.rows[i].state, "kept") == 0)
			gh_text_putf(&t, "%s%" PRId64, t.len == 0 ? "{" : ",", list.rows[i].oid);
	}
	*ret = t.len == 0 ? "" : gh_printf(a, "%s}", gh_text_str(&t));
	return GH_OK;
}

static enum gh_code
target_begin(struct refresh_item *it, struct gh_arena *a, struct gh_err *err)
{
	struct runner *r = it->runner;
	const struct config_target *conf = config_target_find(r->config, it->name);
	struct job_order o = { .kind = WIRE_JOB_CHECK, .journal = it->journal };
	struct wire_spec spec = {
		.plan_digest = "", .backup_folder = "", .backend_start = "", .intent_xid = ""
	};
	struct store_project p;
	struct store_target t;
	GH_FD int passfile = -1;

	if (conf == NULL)
		return GH_OK;
	GH_TRY(store_target_get(r->store, a, it->name, &t, err));
	if (t.active_run != 0)
		return GH_OK;
	GH_TRY(config_passfile(r->config, conf, &passfile, err));
	GH_TRY(job_spec_target(r, conf, &spec, err));
	GH_TRY(kept(r, t.id, a, &spec.kept, err));
	GH_TRY(store_project_get(r->store, a, t.project, &p, err));
	if (spec.convention[0] == '\0' && p.found_on[0] != '\0' && strcmp(p.found_on, t.name) != 0)
		spec.convention = p.convention;
	/* Somebody waits for the answer, and the next look is soon. */
	spec.max_retries = 0;
	spec.id = t.id;
	o.id = t.id;
	o.spec = &spec;
	o.passfile = passfile;
	(void)snprintf(it->journal, sizeof(it->journal), "%s/check.%" PRId64 ".journal", r->config->jobs,
	    ++r->work->refresh->serial);
	return item_exec(it, &o, err);
}

/* It could not even be begun: that is its problem now, so that nobody waits for it. */
static void
begin_failed(struct refresh_item *it, const struct gh_err *why)
{
	struct runner *r = it->runner;
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	struct store_project p;
	struct store_target t;
	enum gh_code code;

	gh_log_err("refresh.begin", why);
	if (it->target) {
		code = store_target_get(r->store, &a, it->name, &t, &err);
		if (code == GH_OK)
			code = store_target_problem(r->store, t.id, false, why->msg, it->started, &err);
	} else {
		code = store_project_get(r->store, &a, it->name, &p, &err);
		if (code == GH_OK)
			code = store_project_problem(r->store, p.id, why->msg, it->started, &err);
	}
	if (code != GH_OK)
		gh_log_err("refresh.begin", &err);
	conn_resume_deferred(r);
}

static void
refresh_next(struct runner *r)
{
	struct refresh_item *it;

	for (it = r->work->refresh->items; it != NULL && r->work->refresh->running < REFRESH_JOBS;
	     it = it->next) {
		struct gh_err err = { 0 };
		bool forced = it->forced;
		GH_ARENA a = { 0 };

		if (!it->wanted || it->pid != 0 || it->gone)
			continue;
		it->wanted = false;
		it->forced = false;
		it->started = gh_clock_now();
		if ((it->target ? target_begin(it, &a, &err) : project_begin(it, &a, forced, &err)) != GH_OK)
			begin_failed(it, &err);
	}
}
