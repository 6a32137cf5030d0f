#include "base/ban.h"
#include "runner/rehearsal.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "base/scratch.h"
#include "runner/job.h"
#include "runner/queue.h"
#include "runner/work_state.h"
#include "store/ledger_write.h"
#include "store/plan.h"
#include "store/rehearsal_write.h"

#include <dirent.h>

/* The one that runs. */
struct rehearsal {
	int64_t id;    /* 0: none */
	pid_t pid;     /* our child; 0: of another runner, or none */
	int64_t said;  /* the process that the journal names, 0 none yet */
	int64_t timer; /* looks at its journal */
	int64_t until; /* monotonic: then it is asked to stop, and then ended */
	bool asked;
	int64_t read; /* bytes of the journal that became rows */
	char journal[PATH_MAX], folder[PATH_MAX];
};

static void poll_fn(void *data);

static void
paths(struct runner *r, int64_t id)
{
	struct rehearsal *h = r->work->rehearsal;

	h->id = id;
	h->read = 0;
	h->said = 0;
	h->asked = false;
	h->until = gh_clock_mono() + REHEARSAL_LIMIT_US;
	(void)snprintf(
	    h->journal, sizeof(h->journal), "%s/rehearse.%" PRId64 ".journal", r->config->jobs, id);
	(void)snprintf(h->folder, sizeof(h->folder), "%s/rehearse.%" PRId64, r->config->jobs, id);
}

static enum gh_code
entry_add(
    struct runner *r, const struct store_rehearsal *h, const char *what, const char *text, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_entry e = { .at = gh_clock_now(),
		.actor = "runner",
		.way = "runner",
		.target = h->target,
		.outcome = strcmp(what, "failed") == 0 ? "failed" : "ok",
		.text = text };
	int64_t seq = 0;

	e.op = gh_printf(&a, "rehearsal.%s", what);
	e.subject = gh_printf(&a, "rehearsal/%" PRId64, h->id);
	return store_ledger_add(r->store, &e, &seq, err);
}

/* running -> done or failed, with all that the journal says. */
static enum gh_code
settle(struct runner *r, const char *died, struct gh_err *err)
{
	struct rehearsal *w = r->work->rehearsal;
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_rehearsal h;
	struct rehearsal_said said = { .sentence = "" };
	struct store_rehearsal_move m = { .from = "running", .to = "failed", .now = gh_clock_now() };
	struct gh_err why = { 0 };
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(store_rehearsal_get(r->store, &a, w->id, &h, err));
	m.text = died;
	if (access(w->journal, F_OK) == 0 &&
	    rehearsal_read(r->store, w->id, w->journal, &a, &said, &why) != GH_OK)
		m.text = why.msg;
	else if (said.outcome == WIRE_SUCCEEDED)
		m.to = "done";
	else if (w->asked)
		m.text = "it took too long and was ended";
	else if (said.outcome != 0)
		m.text = said.sentence;
	if (strcmp(m.to, "done") == 0) {
		m.text = "";
		GH_TRY(rehearsal_good(r->store, &h, &m.good, err));
	}
	GH_TRY(store_rehearsal_move(r->store, w->id, &m, err));
	GH_TRY(entry_add(r, &h, m.to, strcmp(m.to, "done") == 0 ? said.sentence : m.text, err));
	(void)gh_fault("runner.rehearsal.before-settle");
	GH_TRY(store_commit(&tx, err));
	gh_log_info("rehearsal.end", "rehearsal=%" PRId64 " state=%s good=%d", w->id, m.to, m.good);
	return GH_OK;
}

/* The job is gone: rows, folder, journal; then the next one. */
static void
end(struct runner *r, const char *died)
{
	struct rehearsal *h = r->work->rehearsal;
	struct gh_err err = { 0 };

	h->pid = 0;
	loop_timer_remove(r->loop, h->timer);
	h->timer = 0;
	if (settle(r, died, &err) != GH_OK) {
		/* A full disk, say: once more, a little later. */
		gh_log_err("rehearsal.settle", &err);
		h->timer = loop_timer_add(r->loop, 10 * GH_SECOND, REHEARSAL_EVERY_US, poll_fn, r);
		return;
	}
	err = (struct gh_err){ 0 };
	if (gh_scratch_remove(h->folder, &err) != GH_OK)
		gh_log_err("rehearsal.sweep", &err);
	(void)unlink(h->journal);
	(void)gh_fault("runner.rehearsal.ended");
	h->id = 0;
	rehearsal_kick(r);
	queue_kick(r);
}

static void
child_fn(void *data, pid_t pid, int status)
{
	GH_ARENA a = { 0 };

	(void)pid;
	end(data, gh_printf(&a, "its job %s before it said how it went", refresh_died(status, &a)));
}

/* Rows of what the journal has had since. */
static enum gh_code
rows(struct runner *r, struct rehearsal_said *ret, struct gh_err *err)
{
	struct rehearsal *h = r->work->rehearsal;
	GH_ARENA a = { 0 };
	struct stat st;
	STORE_TX tx = { 0 };

	*ret = (struct rehearsal_said){ .sentence = "" };
	if (stat(h->journal, &st) != 0 || st.st_size == h->read)
		return GH_OK;
	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(rehearsal_read(r->store, h->id, h->journal, &a, ret, err));
	GH_TRY(store_commit(&tx, err));
	h->said = ret->pid;
	h->read = st.st_size;
	return GH_OK;
}

static bool
alive(const struct rehearsal *h)
{
	GH_FD int fd = open(h->journal, O_RDONLY | O_CLOEXEC);
	bool ret = false;

	return fd >= 0 && job_alive(fd, &ret, NULL) == GH_OK && ret;
}

static void
poll_fn(void *data)
{
	struct runner *r = data;
	struct rehearsal *h = r->work->rehearsal;
	struct rehearsal_said said;
	struct gh_err err = { 0 };
	pid_t pid;

	if (h->pid == 0 && !alive(h)) {
		end(r, "its job was ended before it said how it went");
		return;
	}
	if (rows(r, &said, &err) != GH_OK)
		gh_log_err("rehearsal.read", &err);
	/* Whose lock is on the journal is who has written its number there. */
	pid = h->pid != 0 ? h->pid : (pid_t)h->said;
	if (gh_clock_mono() < h->until || pid <= 0)
		return;
	gh_log_warn("rehearsal.deadline", "rehearsal=%" PRId64 " pid=%ld", h->id, (long)pid);
	(void)kill(pid, h->asked ? SIGKILL : SIGTERM);
	h->asked = true;
	h->until = gh_clock_mono() + REHEARSAL_GRACE_US;
}

static enum gh_code
claim(struct runner *r, const struct store_rehearsal *h, struct gh_err *err)
{
	const struct store_rehearsal_move m = {
		.from = "queued", .to = "running", .text = "", .now = gh_clock_now()
	};

	(void)gh_fault("runner.rehearsal.before-claim");
	return store_rehearsal_move(r->store, h->id, &m, err);
}

static enum gh_code
launch(struct runner *r, const struct store_rehearsal *h, struct gh_err *err)
{
	const struct config_target *conf = config_target_find(r->config, h->target);
	struct rehearsal *w = r->work->rehearsal;
	GH_TEXT plan = { .limit = PLAN_LIMIT };
	GH_FD int passfile = -1;
	/* The name of its sessions is not that of a run. */
	struct wire_spec spec = { .id = -h->id,
		.plan_digest = h->plan_digest,
		.backup_folder = "",
		.backend_start = "",
		.intent_xid = "",
		.scratch_folder = w->folder };
	struct job_order o = { .kind = WIRE_JOB_REHEARSE, .id = h->id, .spec = &spec, .journal = w->journal };

	if (conf == NULL)
		return gh_fail(err, GH_CONFLICT, "target %s is no longer in the configuration", h->target);
	GH_TRY(gh_scratch_remove(w->folder, err));
	(void)unlink(w->journal);
	GH_TRY(store_plan_read(r->store, h->plan_digest, &plan, err));
	GH_TRY(config_passfile(r->config, conf, &passfile, err));
	GH_TRY(job_spec_target(r, conf, &spec, err));
	spec.max_retries = 0;
	spec.plan = plan.data;
	spec.plan_len = plan.len;
	spec.scratch = conf->rehearse_server;
	spec.sample_rows = conf->rehearse_rows;
	o.passfile = passfile;
	if (gh_fault("runner.rehearsal.before-exec"))
		return gh_fail(err, GH_UNAVAILABLE, "the job was not started (injected)");
	GH_TRY(job_start(r, &o, &w->pid, err));
	return loop_child_add(r->loop, w->pid, child_fn, r, err);
}

static enum gh_code
kick(struct runner *r, struct gh_err *err)
{
	struct rehearsal *w = r->work->rehearsal;
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_rehearsals open_list = { 0 };
	struct gh_err why = { 0 };
	size_t i;

	GH_TRY(store_rehearsal_open_list(r->store, &a, &open_list, err));
	for (i = 0; i < open_list.n && w->id == 0; i++) {
		const struct store_rehearsal *h = &open_list.rows[i];

		if (strcmp(h->state, "queued") != 0)
			continue;
		GH_TRY(claim(r, h, err));
		paths(r, h->id);
		why = (struct gh_err){ 0 };
		if (launch(r, h, &why) != GH_OK) {
			gh_log_err("rehearsal.start", &why);
			end(r, why.msg);
			return GH_OK;
		}
		w->timer = loop_timer_add(r->loop, REHEARSAL_EVERY_US, REHEARSAL_EVERY_US, poll_fn, r);
		gh_log_info("rehearsal.start", "rehearsal=%" PRId64 " target=%s plan=%s pid=%ld", h->id,
		    h->target, h->plan_digest, (long)w->pid);
	}
	return GH_OK;
}

void
rehearsal_kick(struct runner *r)
{
	struct gh_err err = { 0 };

	if (r->work == NULL || r->work->rehearsal == NULL || r->work->rehearsal->id != 0)
		return;
	if (kick(r, &err) != GH_OK)
		gh_log_err("rehearsal.kick", &err);
}

/* Folders of jobs that are gone; the one that is followed keeps its own until it has ended. */
static void
sweep(const struct runner *r)
{
	GH_ARENA a = { 0 };
	DIR *dir = opendir(r->config->jobs);
	const struct dirent *e;

	if (dir == NULL)
		return;
	while ((e = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): the runner has one thread */
		const char *path = gh_printf(&a, "%s/%s", r->config->jobs, e->d_name);
		struct gh_err err = { 0 };
		struct stat st;

		if (strncmp(e->d_name, "rehearse.", 9) != 0 ||
		    strcmp(path, r->work->rehearsal->folder) == 0 ||
		    strcmp(path, r->work->rehearsal->journal) == 0)
			continue;
		if (lstat(path, &st) == 0 && !S_ISDIR(st.st_mode))
			(void)unlink(path);
		else if (gh_scratch_remove(path, &err) != GH_OK)
			gh_log_err("rehearsal.sweep", &err);
	}
	(void)closedir(dir);
}

enum gh_code
rehearsal_start(struct runner *r, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_rehearsals open_list = { 0 };
	struct rehearsal *w = calloc(1, sizeof(*w));
	size_t i;

	if (w == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	r->work->rehearsal = w;
	GH_TRY(store_rehearsal_open_list(r->store, &a, &open_list, err));
	for (i = 0; i < open_list.n; i++) {
		if (strcmp(open_list.rows[i].state, "running") != 0)
			continue;
		/* Another runner has started it: there is at most one. */
		paths(r, open_list.rows[i].id);
		w->timer = loop_timer_add(r->loop, 0, REHEARSAL_EVERY_US, poll_fn, r);
		break;
	}
	sweep(r);
	rehearsal_kick(r);
	return GH_OK;
}

void
rehearsal_stop(struct runner *r)
{
	struct rehearsal *w = r->work->rehearsal;

	if (w == NULL)
		return;
	loop_timer_remove(r->loop, w->timer);
	/* It goes on without us: the next runner takes it up. */
	if (w->pid != 0)
		loop_child_remove(r->loop, w->pid);
	free(w);
	r->work->rehearsal = NULL;
}
