#include "base/ban.h"
#include "cgi/run_batch.h"

#include "store/batch.h"
#include "store/plan.h"

/* The chart is 600 wide and 96 high (templates/run_batches.mustache). */
#define WIDTH  600
#define HEIGHT 96

struct speed {
	const struct store_batch_points *points;
	int64_t most, least; /* rows a second */
};

/* Rows a second before point i, which is not the first. */
static int64_t
rate(const struct store_batch_points *p, size_t i)
{
	int64_t us = p->rows[i].at - p->rows[i - 1].at;

	return us <= 0 ? 0 : (p->rows[i].rows - p->rows[i - 1].rows) * GH_SECOND / us;
}

static struct speed
measure(const struct store_batch_points *p)
{
	struct speed s = { .points = p, .most = 1, .least = INT64_MAX };
	size_t i;

	for (i = 1; i < p->n; i++) {
		int64_t v = rate(p, i);

		s.most = v > s.most ? v : s.most;
		s.least = v < s.least ? v : s.least;
	}
	return s;
}

static int64_t
height(const struct speed *s, size_t i)
{
	return HEIGHT - rate(s->points, i) * (HEIGHT - 4) / (s->most < 1 ? 1 : s->most);
}

/* The speed over time as a path: "M0 40L12 38L30 41"; closed: down to the axis, to be filled. */
static const char *
path(struct req *req, const struct speed *s, bool closed)
{
	const struct store_batch_points *p = s->points;
	int64_t start = p->rows[0].at, span = p->rows[p->n - 1].at - start;
	GH_TEXT text = { .limit = (size_t)64 << 10 };
	size_t i;

	if (closed)
		gh_text_putf(&text, "M0 %dL0 %" PRId64, HEIGHT, height(s, 1));
	else
		gh_text_putf(&text, "M0 %" PRId64, height(s, 1));
	for (i = 1; i < p->n; i++)
		gh_text_putf(
		    &text, "L%" PRId64 " %" PRId64, (p->rows[i].at - start) * WIDTH / span, height(s, i));
	if (closed)
		gh_text_putf(&text, "L%d %dZ", WIDTH, HEIGHT);
	return gh_strdup(req->arena, gh_text_str(&text));
}

/* item.chart: {area, line, most, says, from, to} or "" when there is too little to draw. */
static enum gh_code
show_chart(struct req *req, struct view *item, const struct store_run *r, const struct store_batch *b,
    struct gh_err *err)
{
	struct store_batch_points p;
	struct view *chart;
	struct speed s;

	GH_TRY(store_batch_points(req->store, req->arena, r->id, b->migration, &p, err));
	if (p.n < 3 || p.rows[p.n - 1].at <= p.rows[0].at) {
		view_text(item, "chart", "");
		return GH_OK;
	}
	s = measure(&p);
	chart = view_form(item, "chart");
	view_text(chart, "area", path(req, &s, true));
	view_text(chart, "line", path(req, &s, false));
	view_text(chart, "most", show_number(req, s.most));
	view_text(chart, "says",
	    gh_printf(req->arena, "Rows a second over time, between %s and %s", show_number(req, s.least),
		show_number(req, s.most)));
	view_time(chart, "from", p.rows[0].at);
	view_time(chart, "to", p.rows[p.n - 1].at);
	return GH_OK;
}

/* Rows a second since it began; in the last minute when there are points for it. */
static int64_t
speed_now(struct req *req, const struct store_run *r, const struct store_batch *b)
{
	struct store_batch_points p;
	size_t i, from;

	if (store_batch_points(req->store, req->arena, r->id, b->migration, &p, NULL) != GH_OK || p.n < 2)
		return b->at <= b->started_at ? 0 : b->rows * GH_SECOND / (b->at - b->started_at);
	for (from = p.n - 1; from > 0 && p.rows[p.n - 1].at - p.rows[from].at < 60 * GH_SECOND; from--)
		continue;
	i = p.n - 1;
	return p.rows[i].at <= p.rows[from].at
	    ? 0
	    : (p.rows[i].rows - p.rows[from].rows) * GH_SECOND / (p.rows[i].at - p.rows[from].at);
}

static enum gh_code
show_left_out(struct req *req, struct view *item, const struct store_run *r, const struct store_batch *b,
    struct gh_err *err)
{
	struct view *list = view_list(item, "left_rows");
	struct store_batch_rows rows;
	size_t i;

	GH_TRY(store_batch_rows(req->store, req->arena, r->id, b->migration, &rows, err));
	for (i = 0; i < rows.n; i++) {
		struct view *one = view_item(list);

		view_text(one, "key", rows.rows[i].key);
		view_text(one, "sqlstate", rows.rows[i].sqlstate);
		view_text(one, "message", rows.rows[i].message);
	}
	view_bool(item, "any_left", rows.n > 0);
	return GH_OK;
}

static void
show_numbers(struct req *req, struct view *item, const struct store_run *r, const struct store_batch *b)
{
	int64_t speed = speed_now(req, r, b);
	bool open = strcmp(r->state, "running") == 0 && strcmp(b->state, "done") != 0 &&
	    strcmp(b->state, "failed") != 0;
	char span[GH_CLOCK_LEN];

	view_text(item, "rows", show_count(req, b->rows, "row", "rows"));
	view_text(item, "of",
	    b->expected < 0 ? ""
			    : gh_printf(req->arena, "%s of %s", show_number(req, b->passed),
				  show_number(req, b->expected)));
	view_bool(item, "measured", b->expected > 0);
	view_int(item, "percent",
	    b->expected <= 0               ? 0
		: b->passed >= b->expected ? 100
					   : b->passed * 100 / b->expected);
	view_text(item, "speed", gh_printf(req->arena, "%s rows/s", show_number(req, speed)));
	view_text(item, "left",
	    !open || speed <= 0 || b->expected <= b->passed
		? ""
		: gh_printf(req->arena, "about %s",
		      gh_clock_span((b->expected - b->passed) * GH_SECOND / speed, span)));
	view_text(item, "batches", show_count(req, b->batches, "batch", "batches"));
	view_text(item, "size", show_number(req, b->size));
	view_span(item, "batch_took", b->batch_us);
	view_text(item, "pause", gh_clock_span(b->pause_ms * 1000, span));
	view_text(item, "cursor", b->cursor);
	view_text(item, "why", open ? b->why : "");
	view_int(item, "left_out", b->left_out);
	view_text(item, "speed_url", open ? show_url(req, "/runs/%d64/control?do=speed", r->id) : "");
}

enum gh_code
run_batch_show(struct req *req, struct view *v, const struct store_run *r, struct gh_err *err)
{
	struct view *list = view_list(v, "batches");
	struct store_batches rows;
	size_t i;

	GH_TRY(store_batch_list(req->store, req->arena, r->id, &rows, err));
	for (i = 0; i < rows.n; i++) {
		const struct store_batch *b = &rows.rows[i];
		struct store_plan_migrations plan;
		struct view *item = view_item(list);

		GH_TRY(store_plan_migration_list(
		    req->store, req->arena, r->plan_digest, b->migration, 1, &plan, err));
		view_int(item, "migration", b->migration);
		view_text(item, "version", plan.n == 0 ? "" : plan.rows[0].version);
		view_text(item, "name", plan.n == 0 ? "" : plan.rows[0].name);
		view_text(item, "state", b->state);
		show_mark(item, "mark", b->state);
		show_numbers(req, item, r, b);
		GH_TRY(show_chart(req, item, r, b, err));
		GH_TRY(show_left_out(req, item, r, b, err));
	}
	view_bool(v, "any_batches", rows.n > 0);
	return GH_OK;
}
