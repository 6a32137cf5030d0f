#include "base/ban.h"
#include "runner/job/batch.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/control.h"
#include "runner/job/guard.h"
#include "runner/job/sql.gen.h"

bool
batch_step(const struct step *s)
{
	return !s->sql->row_inside && s->sql->sql_len > 0 && batch_is(s->sql->sql, s->sql->sql_len);
}

static void
say_error(struct batching *g)
{
	const struct plan_statement *st = g->s->sql->statements;
	const struct pg_error *e = &g->r->pg.error;
	struct say_at at = { .migration = (int64_t)g->s->i, .statement = g->s->back ? -1 : 0 };

	pg_error_say(g->r->job, e, at,
	    e->position == 0 || g->sql == NULL || g->s->sql->n_statements == 0
		? 0
		: pg_error_line(e, g->sql, strlen(g->sql), st->line));
}

static void
say_statement_of(struct batching *g, enum wire_state state, int64_t rows)
{
	struct say_at at = { .migration = (int64_t)g->s->i, .statement = 0 };

	if (!g->s->back)
		say_statement(
		    g->r->job, at, state, rows, state == WIRE_OK ? g->s->sql->statements[0].kind : "");
}

/* What people want now holds from the next part on; where it took too long, less, until they want anew. */
static int64_t
speed(struct batching *g)
{
	int64_t size, pause, wish;

	control_answer(g->r->job);
	wish = control_speed(g->r->job, &size, &pause);
	if (wish != g->wish)
		g->most = 0;
	g->wish = wish;
	if (size > BATCH_SIZE_MAX)
		size = BATCH_SIZE_MAX;
	if (g->most > 0 && size > g->most)
		size = g->most;
	if (size > 0)
		g->size = size;
	return pause > 0 ? pause : g->b.pause_ms;
}

/* The pause after a part that was committed. */
static void
rest(struct batching *g, int64_t ms)
{
	int64_t end = gh_clock_mono() + ms * 1000, left;

	while (!job_stopped(g->r->job) && (left = (end - gh_clock_mono()) / 1000) > 0)
		job_sleep(g->r->job, left < 250 ? left : 250);
}

static enum gh_code
parts(struct batching *g, struct gh_err *err)
{
	bool first = true;

	for (;;) {
		GH_ARENA a = { 0 };
		struct batch_part p = { 0 };
		int64_t pause;
		enum gh_code code;

		GH_TRY(job_bad(g->r->job, err));
		GH_TRY(batch_throttle(g, err));
		pause = speed(g);
		if (!first && pause > 0)
			rest(g, pause);
		first = false;
		code = batch_part_run(g, &a, &p, err);
		if (code == GH_OK && p.none)
			return GH_OK;
		if (code == GH_OK)
			batch_split_done(g, &p);
		else
			GH_TRY(batch_split_failed(g, &p, code, err));
		batch_say(g, false);
	}
}

static enum gh_code
verify(struct batching *g, struct gh_err *err)
{
	struct run *r = g->r;
	const struct plan_migration *m = &r->plan.migrations[g->s->i];
	const struct step v = { .i = g->s->i, .sql = &m->verify, .back = true };
	struct gh_err why = { 0 };
	enum gh_code code;

	if (g->s->back || r->plan.down || !m->has_verify)
		return GH_OK;
	code = transact_verify(r, &v, &why);
	return code == GH_OK ? GH_OK : gh_fail(err, code, "its verification failed: %s", why.msg);
}

/* What the tool records before and after, and the end of the cursor: one transaction. */
static enum gh_code
row(struct batching *g, int64_t from, struct gh_err *err)
{
	struct part part = { .s = g->s, .elapsed_ns = (gh_clock_mono() - from) * 1000 };
	const struct transact t = { .n = 1, .parts = &part, .intent = WIRE_INTENT_ROW };

	GH_TRY(batch_cursor_books(g, &part.books, err));
	GH_TRY(transact_run(g->r, &t, err));
	g->there = false;
	return GH_OK;
}

/* From here on whoever finds the run dead looks for a cursor. */
static enum gh_code
intend(struct batching *g, struct gh_err *err)
{
	migrate_say_intent(g->r, g->s, WIRE_INTENT_BATCH, "");
	if (job_flush(g->r->job, err) != GH_OK) {
		pg_error_text(&g->r->pg.error, false, "%s", err->msg);
		return GH_INTERNAL;
	}
	(void)gh_fault("job.batch.begun");
	return GH_OK;
}

static enum gh_code
all(struct batching *g, struct gh_err *err)
{
	GH_TRY(batch_open(g, err));
	GH_TRY(intend(g, err));
	batch_say(g, true);
	GH_TRY(parts(g, err));
	(void)gh_fault("job.batch.parts-done");
	GH_TRY(batch_ask_end(g, err));
	return verify(g, err);
}

/* What a failure has left: a cursor, when anything was committed by this run or by one before it. */
static void
left_set(struct batching *g)
{
	struct run *r = g->r;
	const struct batch_cursor c = { .at = g->has_at ? gh_text_str(&g->at) : NULL,
		.batches = g->batches,
		.rows = g->rows,
		.passed = g->passed,
		.expected = g->expected,
		.left_out = (int64_t)g->n_left_out };

	if (r->left == RUN_LEFT_DOUBT)
		return;
	r->left = g->there ? RUN_LEFT_BATCH : RUN_LEFT_NOTHING;
	r->left_text = batch_cursor_text(&c, r->job->arena);
}

static void
done(struct batching *g)
{
	gh_text_done(&g->at);
	gh_text_done(&g->ids);
	gh_text_done(&g->ahead.from);
	gh_text_done(&g->ahead.to);
}

/* A rehearsal looks before the first part and after the last one; what that gets wrong is its own failure. */
static enum gh_code
watched(struct batching *g, struct gh_err *err)
{
	struct run *r = g->r;
	struct run_watched w = { .step = g->s, .k = 0, .rows = -1 };
	struct pg_error error;
	struct gh_err why = { 0 };

	if (r->watch == NULL)
		return all(g, err);
	GH_TRY(r->watch->before(r->watch_arg, g->s, 0, err));
	w.code = all(g, err);
	w.rows = g->rows;
	error = r->pg.error;
	if (r->watch->after(r->watch_arg, &w, w.code == GH_OK ? err : &why) != GH_OK && w.code == GH_OK)
		return GH_INTERNAL;
	if (w.code != GH_OK)
		r->pg.error = error;
	return w.code;
}

enum gh_code
batch_run(struct run *r, const struct step *s, struct gh_err *err)
{
	__attribute__((cleanup(done))) struct batching g = { .r = r, .s = s, .state = "running", .why = "" };
	int64_t from = gh_clock_mono();
	struct gh_err why = { 0 };
	enum gh_code code;

	g.since_us = gh_clock_now();
	g.met = guard_count(&r->pg);
	r->left = RUN_LEFT_NOTHING;
	r->left_at = s->i;
	pg_place(&r->pg, (int64_t)s->i, 0);
	say_statement_of(&g, WIRE_STARTED, -1);
	code = watched(&g, err);
	if (code != GH_OK)
		say_error(&g);
	say_statement_of(&g, code == GH_OK ? WIRE_OK : WIRE_FAILED, g.rows);
	if (code == GH_OK)
		code = row(&g, from, err);
	g.state = code == GH_OK ? "done" : "failed";
	g.why = "";
	batch_say(&g, true);
	if (code != GH_OK) {
		left_set(&g);
		return code;
	}
	if (pg_query(&r->pg, SQL_DISCARD_TEMP, NULL, 0, NULL, &why) != GH_OK)
		say_log(
		    r->job, "temporary objects could not be removed, they go with the session: %s", why.msg);
	return GH_OK;
}
