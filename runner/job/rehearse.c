#include "base/ban.h"
#include "runner/job/rehearse.h"
#include "runner/job/indexes.h"
#include "base/fault.h"
#include "runner/job/sql.gen.h"

/*
 * Each migration goes up, down and up again before the next one begins, so that every one has a verdict of
 * its own, whatever comes after it.
 */

/* One migration while it is rehearsed: what was true before it, after its up, after its way back. */
struct course {
	size_t i;
	const struct plan_migration *m;
	const char *called;
	struct fingerprint before, up, back;
	struct rehearse_tables held, held_up, held_back;
	const char *verdict, *text;
	struct fingerprint_difference d;
	bool loses;
	bool stop; /* nothing after it can be rehearsed */
};

static void
say(struct rehearse *h, const struct course *c)
{
	GH_TEXT lines = { .limit = SAY_TEXT_MAX };
	struct wire_out o;
	size_t i;

	for (i = 0; i < c->d.shown; i++)
		gh_text_putf(&lines, "%s%s", i == 0 ? "" : "\n", c->d.lines[i]);
	if (c->d.n > c->d.shown)
		gh_text_putf(&lines, "\nand %zu more", c->d.n - c->d.shown);
	say_start(h->job, WIRE_J_REHEARSED, &o);
	wire_put_i64(&o, (int64_t)c->i);
	wire_put_text(&o, c->verdict);
	say_put(&o, gh_text_str(&lines));
	wire_put_u8(&o, c->loses);
	say_put(&o, c->text);
	say_end(h->job, &o);
}

static enum gh_code
look(struct rehearse *h, struct fingerprint *print, struct rehearse_tables *held, struct gh_err *err)
{
	GH_TRY(fingerprint_take(&h->admin, h->own, h->job->arena, print, err));
	return rehearse_rows(h, held, err);
}

/* One pass; false when it failed, with *ret_why. */
static bool
pass(struct rehearse *h, struct course *c, enum rehearse_pass p, const char **ret_why)
{
	bool back = p == REHEARSE_DOWN && !h->run.plan.down;
	struct step s = { .i = c->i, .sql = back ? &c->m->back : &c->m->run, .back = back };
	const struct step verify = { .i = c->i, .sql = &c->m->verify, .back = true };
	struct gh_err why = { 0 };
	enum gh_code code;

	h->pass = p;
	h->run.left = RUN_LEFT_NOTHING;
	h->run.back = back ? c->i + 1 : 0;
	code = migrate_step(&h->run, &s, &why);
	h->run.back = 0;
	if (code == GH_OK && p == REHEARSE_UP && c->m->has_verify && c->m->run.row_inside) {
		h->run.watch = NULL;
		code = transact_verify(&h->run, &verify, &why);
		h->run.watch = &rehearse_watch;
	}
	if (code == GH_OK)
		return true;
	*ret_why = gh_strdup(h->job->arena, why.msg);
	/* What is left of it would be taken for the next one's. */
	c->stop = h->run.left != RUN_LEFT_NOTHING || h->run.pg.conn == NULL;
	return false;
}

static void
verdict(struct course *c, const char *word, const char *text)
{
	c->verdict = word;
	c->text = text;
}

/* Of a table, not of a view. */
static bool
of_table(const struct fingerprint *f, const char *column, struct gh_arena *a)
{
	const char *dot = strrchr(column, '.');

	return dot != NULL &&
	    fingerprint_find(f, "table", gh_strndup(a, column, (size_t)(dot - column))) != NULL;
}

/* Tables and columns that the way back takes away: what was written there since is lost. */
static const char *
dropped(const struct fingerprint *x, const struct fingerprint *y, struct gh_arena *a)
{
	static const char *const kinds[] = { "table", "column" };
	size_t i, k;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < x->n; i++) {
			const struct fingerprint_object *o = &x->objects[i];

			if (strcmp(o->kind, kinds[k]) == 0 && fingerprint_find(y, o->kind, o->name) == NULL &&
			    (k == 0 || of_table(x, o->name, a)))
				return gh_printf(a, "%s %s", o->kind, o->name);
		}
	}
	return NULL;
}

static void
judge_loss(struct rehearse *h, struct course *c)
{
	struct gh_arena *a = h->job->arena;
	const char *gone = dropped(&c->up, &c->back, a),
		   *table = rehearse_rows_differ(&c->held, &c->held_back);

	c->loses = gone != NULL || table != NULL;
	if (table != NULL)
		c->text = gh_printf(
		    a, "%s The rows of %s are not what they were before: measured.", c->text, table);
	if (gone != NULL)
		c->text = gh_printf(
		    a, "%s Its way back drops the %s: what was written there is lost.", c->text, gone);
}

static void
judge_back(struct rehearse *h, struct course *c)
{
	const struct fingerprint_words w = { "before the migration", "after its way back", REHEARSE_OBJECTS };
	bool changed = strcmp(c->before.digest, c->up.digest) != 0;
	bool rows = rehearse_rows_differ(&c->held, &c->held_up) != NULL;

	fingerprint_compare(&c->before, &c->back, &w, h->job->arena, &c->d);
	if ((changed || rows) && strcmp(c->up.digest, c->back.digest) == 0 &&
	    rehearse_rows_differ(&c->held_up, &c->held_back) == NULL)
		verdict(c, "nothing", "Its way back does nothing.");
	else if (c->d.verdict == FINGERPRINT_DIFFERS)
		verdict(c, "differs",
		    gh_printf(h->job->arena, "After its way back %zu object%s not what %s before.", c->d.n,
			c->d.n == 1 ? " is" : "s are", c->d.n == 1 ? "it was" : "they were"));
	else if (c->d.verdict == FINGERPRINT_COLUMN_ORDER)
		verdict(c, "column-order", "Its way back leads back but for the order of columns.");
	else
		verdict(c, "exact", "Its way back leads back exactly.");
	judge_loss(h, c);
}

/* Up again: what went wrong here is the way back's fault. */
static enum gh_code
again(struct rehearse *h, struct course *c, struct gh_err *err)
{
	const struct fingerprint_words w = { "when it was first applied", "when it was applied again",
		REHEARSE_OBJECTS };
	struct gh_arena *a = h->job->arena;
	struct fingerprint_difference d;
	struct fingerprint print;
	const char *why = "";

	if (!pass(h, c, REHEARSE_AGAIN, &why)) {
		verdict(c, "fails", gh_printf(a, "After its way back it cannot be applied again: %s", why));
		c->stop = true;
		return GH_OK;
	}
	GH_TRY(fingerprint_take(&h->admin, h->own, a, &print, err));
	fingerprint_compare(&c->up, &print, &w, a, &d);
	if (d.verdict == FINGERPRINT_DIFFERS && strcmp(c->verdict, "exact") == 0) {
		c->d = d;
		verdict(c, "differs", "Applied again after its way back it makes something else.");
	}
	return GH_OK;
}

static enum gh_code
up(struct rehearse *h, struct course *c, struct gh_err *err)
{
	struct gh_arena *a = h->job->arena;
	const char *why = "";

	if (!pass(h, c, REHEARSE_UP, &why)) {
		verdict(c, "fails", gh_printf(a, "It cannot be applied: %s", why));
		c->stop = true;
		return GH_OK;
	}
	GH_TRY(look(h, &c->up, &c->held_up, err));
	if (!c->m->has_back) {
		verdict(c, "no-down", "It can be applied; it has no way back.");
		return GH_OK;
	}
	if (job_stopped(h->job))
		return gh_fail(err, GH_CONFLICT, "asked to stop");
	if (!pass(h, c, REHEARSE_DOWN, &why)) {
		verdict(c, "fails", gh_printf(a, "Its way back fails: %s", why));
		return GH_OK;
	}
	GH_TRY(look(h, &c->back, &c->held_back, err));
	judge_back(h, c);
	return again(h, c, err);
}

/* A plan downwards has no way back to compare with: what it does, and what it takes away. */
static enum gh_code
down(struct rehearse *h, struct course *c, struct gh_err *err)
{
	struct gh_arena *a = h->job->arena;
	const char *why = "", *gone, *table;

	if (!pass(h, c, REHEARSE_DOWN, &why)) {
		verdict(c, "fails", gh_printf(a, "It cannot be taken back: %s", why));
		c->stop = true;
		return GH_OK;
	}
	GH_TRY(look(h, &c->back, &c->held_back, err));
	verdict(c, "ran", "It can be taken back.");
	if (strcmp(c->before.digest, c->back.digest) == 0 &&
	    rehearse_rows_differ(&c->held, &c->held_back) == NULL)
		verdict(c, "nothing", "Its way back does nothing.");
	gone = dropped(&c->before, &c->back, a);
	table = rehearse_rows_fewer(&c->held, &c->held_back);
	c->loses = gone != NULL || table != NULL;
	if (gone != NULL)
		c->text = gh_printf(a, "%s It drops the %s.", c->text, gone);
	if (table != NULL)
		c->text = gh_printf(a, "%s %s has fewer rows afterwards.", c->text, table);
	return GH_OK;
}

static enum gh_code
one(struct rehearse *h, struct course *c, struct gh_err *err)
{
	const struct plan_migration *m = &h->run.plan.migrations[c->i];

	c->m = m;
	c->called = plan_called(m->key, m->version);
	GH_TRY(look(h, &c->before, &c->held, err));
	return h->run.plan.down ? down(h, c, err) : up(h, c, err);
}

static enum gh_code
passes(struct rehearse *h, struct gh_err *err)
{
	const struct plan *p = &h->run.plan;
	const char *stopped = NULL;
	size_t i, bad = 0;

	for (i = 0; i < p->n_migrations; i++) {
		struct course c = { .i = i, .verdict = "fails", .text = "" };

		if (job_stopped(h->job))
			return gh_fail(err, GH_CONFLICT, "asked to stop");
		if (stopped == NULL)
			GH_TRY(one(h, &c, err));
		else
			c.text = gh_printf(h->job->arena, "Not reached: %s failed before it.", stopped);
		if (c.stop && stopped == NULL)
			stopped = c.called;
		bad += strcmp(c.verdict, "fails") == 0 || strcmp(c.verdict, "differs") == 0 ||
		    strcmp(c.verdict, "nothing") == 0;
		say(h, &c);
		GH_TRY(job_flush(h->job, err));
		(void)gh_fault("job.rehearse.migration");
	}
	if (bad == 0)
		job_outcome(h->job, WIRE_SUCCEEDED, "%zu migration%s rehearsed: all is well.",
		    p->n_migrations, p->n_migrations == 1 ? "" : "s");
	else
		job_outcome(h->job, WIRE_SUCCEEDED, "%zu migration%s rehearsed, %zu of them badly.",
		    p->n_migrations, p->n_migrations == 1 ? "" : "s", bad);
	return GH_OK;
}

/* The run's own beginnings, on the copy. */
static enum gh_code
begin(struct rehearse *h, struct gh_err *err)
{
	struct run *r = &h->run;

	h->job->spec.connection = h->run_at;
	h->job->spec.allow_superuser = true;
	GH_TRY(target_connect(&r->pg, &r->id, err));
	GH_TRY(run_lock(&r->pg, r->convention, &r->plan, RUN_LOCK_WAIT_MS, err));
	GH_TRY(run_tracking(r, err));
	r->tracking_there = r->tracking.exists;
	GH_TRY(transact_make(r, err));
	if (r->convention->lock != NULL) {
		GH_TRY(run_lock_row(r, err));
		GH_TRY(run_tracking(r, err));
	}
	GH_TRY(run_indexes_read(&r->pg, &r->invalid, err));
	r->steady = true;
	r->watch = &rehearse_watch;
	r->watch_arg = h;
	return GH_OK;
}

/* Names of the convention's tables, those that the configuration has renamed included. */
static void
tracking_names(struct rehearse *h)
{
	const struct convention *c = h->run.convention;
	const char *tracking = h->run.plan.tracking, *dot = strchr(tracking, '.');
	struct gh_arena *a = h->job->arena;
	GH_TEXT t = { 0 };
	size_t i, k;

	h->schema = gh_strndup(a, tracking, (size_t)(dot - tracking));
	gh_text_put(&t, "{\"");
	for (dot++; *dot != '\0'; dot++) {
		if (*dot == '"' || *dot == '\\')
			gh_text_putc(&t, '\\');
		gh_text_putc(&t, *dot);
	}
	gh_text_putc(&t, '"');
	for (i = 0; i < c->n_tracking; i++) {
		for (k = 0; k < c->tracking[i].n_tables; k++) {
			if (c->tracking[i].tables[k].name != NULL)
				gh_text_putf(&t, ",\"%s\"", c->tracking[i].tables[k].name);
		}
	}
	/* Beside them is how far a batched migration is: what the target has begun goes on from there. */
	gh_text_put(&t, ",\"gatehouse_batch\"}");
	h->names = gh_strdup(a, gh_text_str(&t));
}

static enum gh_code
rehearse(struct rehearse *h, struct gh_err *err)
{
	GH_TRY(target_connect(&h->source, &h->id, err));
	h->run.id = h->id;
	GH_TRY(run_pin(&h->run, err));
	(void)gh_fault("job.rehearse.begin");
	GH_TRY(rehearse_place(h, err));
	GH_TRY(rehearse_copy(h, err));
	GH_TRY(begin(h, err));
	return passes(h, err);
}

static enum gh_code
rehearse_run(struct job *j, struct gh_err *err)
{
	const struct say_at nowhere = { .migration = -1, .statement = -1 };
	struct rehearse h = { .job = j,
		.run = { .job = j, .pg = { .job = j, .at = nowhere }, .backup = "" },
		.source = { .job = j, .at = nowhere },
		.admin = { .job = j, .at = nowhere },
		.cluster = { .job = j, .folder = j->spec.scratch_folder } };
	enum gh_code code;

	GH_TRY(run_plan_read(j, &h.run.plan, &h.run.convention, err));
	if (h.run.plan.act != PLAN_RUN)
		return gh_fail(err, GH_CONFLICT, "only a plan that runs migrations can be rehearsed");
	tracking_names(&h);
	flush_start(&h.run.flush, j->journal.fd);
	code = rehearse(&h, err);
	flush_done(&h.run.flush);
	rehearse_place_done(&h);
	pg_close(&h.source);
	gh_arena_done(&h.moments);
	gh_text_done(&h.notes);
	return code;
}

const struct job_kind job_rehearse = {
	.name = WIRE_JOB_REHEARSE,
	.run = rehearse_run,
};
