#include "base/ban.h"
#include "runner/job/batch.h"
#include "base/clock.h"
#include "runner/job/control.h"
#include "runner/job/progress.h"

static int64_t
pause_ms(const struct batching *g)
{
	int64_t size, pause;

	control_speed(g->r->job, &size, &pause);
	return pause > 0 ? pause : g->b.pause_ms;
}

static void
progress(struct batching *g)
{
	const struct progress p = { .at = { .migration = (int64_t)g->s->i },
		.activity = strcmp(g->state, "waiting") == 0 || strcmp(g->state, "paused") == 0 ? g->state
												: "running",
		.text = g->why,
		.done = g->passed,
		.total = g->expected < 0 ? 0 : g->expected,
		.unit = "rows",
		.since_us = g->since_us };

	progress_say(g->r->job, &p);
}

void
batch_say(struct batching *g, bool now)
{
	int64_t at = gh_clock_mono();
	struct wire_out o;

	if (g->s->back || (!now && at - g->said < BATCH_SAY_US))
		return;
	g->said = at;
	say_start(g->r->job, WIRE_J_BATCH, &o);
	wire_put_i64(&o, (int64_t)g->s->i);
	wire_put_text(&o, g->state);
	say_put(&o, gh_text_str(&g->at));
	wire_put_i64(&o, g->batches);
	wire_put_i64(&o, g->rows);
	wire_put_i64(&o, g->passed);
	wire_put_i64(&o, g->expected);
	wire_put_i64(&o, g->split > 0 ? g->split : g->size);
	wire_put_i64(&o, g->last_us);
	wire_put_i64(&o, pause_ms(g));
	say_put(&o, g->why);
	wire_put_i64(&o, (int64_t)g->n_left_out);
	say_end(g->r->job, &o);
	progress(g);
}

void
batch_say_row(struct batching *g, const char *key)
{
	const struct pg_error *e = &g->r->pg.error;
	struct wire_out o;

	if (g->s->back)
		return;
	/* The row belongs to its batch, which must be known before. */
	batch_say(g, true);
	say_start(g->r->job, WIRE_J_BATCH_ROW, &o);
	wire_put_i64(&o, (int64_t)g->s->i);
	say_put(&o, key);
	wire_put_text(&o, e->sqlstate);
	say_put(&o,
	    e->detail[0] == '\0' ? e->message
				 : gh_printf(g->r->job->arena, "%s (%s)", e->message, e->detail));
	say_end(g->r->job, &o);
}

void
batch_say_evidence(struct batching *g, const char *name, enum wire_state state, const char *text)
{
	struct wire_out o;

	say_start(g->r->job, WIRE_J_EVIDENCE, &o);
	wire_put_text(&o, "query");
	say_put(&o, name);
	wire_put_u8(&o, (uint8_t)state);
	say_put(&o, text);
	say_end(g->r->job, &o);
}
