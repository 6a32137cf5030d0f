#include "base/ban.h"
#include "runner/counting.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "migration/plan.h"
#include "runner/job.h"
#include "runner/queue.h"
#include "runner/refresh_read.h"
#include "runner/work_state.h"
#include "store/loss_write.h"
#include "store/plan.h"

/* The one that runs. */
struct counting {
	pid_t pid; /* 0: none */
	int64_t deadline;
	bool killed;
	int deaths; /* of its jobs, one after the other */
	char journal[PATH_MAX];
	char digest[GH_SHA256_HEX_LEN];
};

enum gh_code
counting_want(struct store *st, const char *digest, struct gh_err *err)
{
	struct store_count c;
	GH_ARENA a = { 0 };

	GH_TRY(store_count_find(st, &a, digest, &c, err));
	if (strcmp(c.state, "queued") == 0 || strcmp(c.state, "running") == 0)
		return GH_OK;
	return store_count_put(st, digest, "queued", "", 0, err);
}

struct reading {
	struct store *st;
	const char *digest;
};

static enum gh_code
frame(struct refresh_reader *r, void *data, struct wire_event *e, struct gh_err *err)
{
	const struct reading *g = data;
	struct store_loss l = { 0 };

	if (e->kind != WIRE_J_DESTROYS)
		return GH_OK;
	l.migration = wire_i64(&e->fields);
	l.statement = wire_i64(&e->fields);
	l.object = wire_text(&e->fields, &r->frame);
	l.there = wire_i64(&e->fields);
	l.since = wire_i64(&e->fields);
	l.text = wire_text(&e->fields, &r->frame);
	GH_TRY(wire_end(&e->fields, err));
	return store_loss_add(g->st, g->digest, &l, err);
}

/* Whose job was killed by somebody is counted again: it only reads. */
static bool
again(struct counting *w, const struct refresh_reader *reader, bool death)
{
	bool killed = death && !w->killed && reader->outcome == 0;

	w->deaths = killed ? (w->deaths + 1) % COUNTING_DEATHS : 0;
	return w->deaths != 0;
}

/*
 * What the journal says takes the place of what was counted before; a failure leaves that, and says so.
 * death: there was a job, and died is how it ended.
 */
static enum gh_code
settle(struct runner *r, const char *died, bool death, struct gh_err *err)
{
	struct counting *w = r->work->counting;
	struct reading g = { .st = r->store, .digest = w->digest };
	REFRESH_READER reader = { .fd = -1 };
	const char *text = died;
	struct gh_err why = { 0 };
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(store_loss_clear(r->store, w->digest, err));
	if (access(w->journal, F_OK) == 0 && refresh_read_all(&reader, w->journal, frame, &g, &why) != GH_OK)
		text = why.msg;
	else if (reader.outcome == WIRE_SUCCEEDED) {
		GH_TRY(store_count_put(r->store, w->digest, "done", reader.sentence, gh_clock_now(), err));
		return store_commit(&tx, err);
	} else if (reader.outcome != 0)
		text = reader.sentence;
	store_tx_done(&tx);
	if (again(w, &reader, death)) {
		gh_log_warn("counting.again", "plan=%s %s", w->digest, text);
		return store_count_put(r->store, w->digest, "queued", "", 0, err);
	}
	return store_count_put(r->store, w->digest, "failed", text, 0, err);
}

static void
end(struct runner *r, const char *died, bool death)
{
	struct counting *w = r->work->counting;
	struct gh_err err = { 0 };

	w->pid = 0;
	loop_timer_remove(r->loop, w->deadline);
	w->deadline = 0;
	if (settle(r, died, death, &err) != GH_OK) {
		/* It stays running, and is counted again with the next kick. */
		gh_log_err("counting.settle", &err);
		return;
	}
	(void)unlink(w->journal);
	counting_kick(r);
	/* A restore that nobody approves waits for it. */
	queue_kick(r);
}

static void
child_fn(void *data, pid_t pid, int status)
{
	struct runner *r = data;
	GH_ARENA a = { 0 };

	(void)pid;
	end(r,
	    r->work->counting->killed ? "it took too long and was ended"
				      : gh_printf(&a, "its job %s", refresh_died(status, &a)),
	    true);
}

static void
deadline_fn(void *data)
{
	struct counting *w = ((struct runner *)data)->work->counting;

	w->deadline = 0;
	w->killed = true;
	gh_log_warn("counting.deadline", "plan=%s pid=%ld", w->digest, (long)w->pid);
	(void)kill(w->pid, SIGKILL);
}

static enum gh_code
launch(struct runner *r, struct gh_err *err)
{
	struct counting *w = r->work->counting;
	GH_ARENA a = { 0 };
	GH_TEXT plan = { .limit = PLAN_LIMIT };
	GH_FD int passfile = -1;
	struct wire_spec spec = {
		.plan_digest = w->digest, .backup_folder = "", .backend_start = "", .intent_xid = ""
	};
	struct job_order o = { .kind = WIRE_JOB_COUNT, .spec = &spec, .journal = w->journal };
	const struct config_target *conf;
	struct store_plan p;

	(void)snprintf(w->journal, sizeof(w->journal), "%s/count.%.16s.journal", r->config->jobs, w->digest);
	(void)unlink(w->journal);
	w->killed = false;
	GH_TRY(store_plan_get(r->store, &a, w->digest, &p, err));
	conf = config_target_find(r->config, p.target);
	if (conf == NULL)
		return gh_fail(err, GH_CONFLICT, "target %s is no longer in the configuration", p.target);
	GH_TRY(store_plan_read(r->store, w->digest, &plan, err));
	GH_TRY(store_count_xids(r->store, &a, w->digest, &spec.since_xid, err));
	GH_TRY(config_passfile(r->config, conf, &passfile, err));
	GH_TRY(job_spec_target(r, conf, &spec, err));
	spec.max_retries = 0;
	spec.plan = plan.data;
	spec.plan_len = plan.len;
	o.passfile = passfile;
	(void)gh_fault("runner.count.before-exec");
	GH_TRY(job_start(r, &o, &w->pid, err));
	w->deadline = loop_timer_add(r->loop, COUNTING_LIMIT_US, 0, deadline_fn, r);
	return loop_child_add(r->loop, w->pid, child_fn, r, err);
}

static enum gh_code
kick(struct runner *r, struct gh_err *err)
{
	struct counting *w = r->work->counting;
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_counts list;
	struct gh_err why = { 0 };

	GH_TRY(store_count_open_list(r->store, &a, &list, err));
	if (list.n == 0)
		return GH_OK;
	if (strcmp(w->digest, list.rows[0].digest) != 0)
		w->deaths = 0;
	(void)snprintf(w->digest, sizeof(w->digest), "%s", list.rows[0].digest);
	GH_TRY(store_count_put(r->store, w->digest, "running", "", 0, err));
	if (launch(r, &why) != GH_OK) {
		gh_log_err("counting.start", &why);
		end(r, why.msg, false);
	}
	return GH_OK;
}

void
counting_kick(struct runner *r)
{
	struct gh_err err = { 0 };

	if (r->work == NULL || r->work->counting == NULL || r->work->counting->pid != 0)
		return;
	if (kick(r, &err) != GH_OK)
		gh_log_err("counting.kick", &err);
}

enum gh_code
counting_start(struct runner *r, struct gh_err *err)
{
	r->work->counting = calloc(1, sizeof(*r->work->counting));
	if (r->work->counting == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	/* One that was running has lost its reader, and is counted again. */
	counting_kick(r);
	return GH_OK;
}

void
counting_stop(struct runner *r)
{
	struct counting *w = r->work->counting;

	if (w == NULL)
		return;
	loop_timer_remove(r->loop, w->deadline);
	if (w->pid != 0) {
		/* It only reads, and nobody will know what. */
		loop_child_remove(r->loop, w->pid);
		(void)kill(w->pid, SIGKILL);
		(void)unlink(w->journal);
	}
	free(w);
	r->work->counting = NULL;
}
