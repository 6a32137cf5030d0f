#include "base/ban.h"
#include "cgi/overview_view.h"

/* Thirty days as a strip: a column a day, a mark a run, its shape and colour the outcome. */
#define DAYS   30
#define DAY    (24 * GH_HOUR)
#define WIDTH  24 /* of a day; the picture is 720 wide (templates/overview_strip.mustache) */
#define STEP   11 /* from mark to mark */
#define BESIDE 2  /* marks side by side in a day */
#define MOST   12 /* marks in a day; more are counted, not drawn */

enum kind { GOOD, BAD, ODD, LIVE, CALM, KINDS };

static const struct {
	const char *shape, *word;
} kinds[KINDS] = {
	[GOOD] = { "good", "succeeded" },
	[BAD] = { "bad", "failed" },
	[ODD] = { "odd", "needs a look" },
	[LIVE] = { "live", "running" },
	[CALM] = { "calm", "queued" },
};

static enum kind
kind_of(const char *state)
{
	if (strcmp(state, "succeeded") == 0)
		return GOOD;
	if (strcmp(state, "failed-clean") == 0)
		return BAD;
	if (strcmp(state, "running") == 0)
		return LIVE;
	return strcmp(state, "queued") == 0 ? CALM : ODD;
}

static const char *
strip_sentence(struct req *req, const size_t counts[KINDS], size_t total)
{
	const char *text;
	bool first = true;
	enum kind k;

	if (total == 0)
		return "No run yet";
	text = gh_printf(req->arena, "%s: ", show_count(req, (int64_t)total, "run", "runs"));
	for (k = GOOD; k < KINDS; k++) {
		if (counts[k] == 0)
			continue;
		text = gh_printf(req->arena, "%s%s%zu %s", text, first ? "" : ", ", counts[k], kinds[k].word);
		first = false;
	}
	return text;
}

/* "23 Oct" */
static const char *
day_name(struct req *req, int64_t at)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
		"Oct", "Nov", "Dec" };
	time_t seconds = (time_t)(at / GH_SECOND);
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL)
		return "";
	return gh_printf(req->arena, "%d %s", tm.tm_mday, months[tm.tm_mon % 12]);
}

struct strip {
	size_t in_day[DAYS], counts[KINDS], total, highest;
};

static int64_t
run_at(const struct store_run *r)
{
	return r->started_at != 0 ? r->started_at : r->queued_at;
}

/* The first day's midnight. */
static int64_t
strip_start(const struct req *req)
{
	return (req->now_us / DAY - (DAYS - 1)) * DAY;
}

static void
measure(const struct req *req, const struct store_runs *runs, struct strip *s)
{
	size_t i;

	for (i = 0; i < runs->n; i++) {
		int64_t day = (run_at(&runs->rows[i]) - strip_start(req)) / DAY;

		if (run_at(&runs->rows[i]) < strip_start(req) || day >= DAYS)
			continue;
		s->counts[kind_of(runs->rows[i].state)]++;
		s->total++;
		if (s->in_day[day] < MOST)
			s->in_day[day]++;
		if ((s->in_day[day] + BESIDE - 1) / BESIDE > s->highest)
			s->highest = (s->in_day[day] + BESIDE - 1) / BESIDE;
	}
}

static void
draw(struct req *req, struct view *marks, const struct store_runs *runs, const struct strip *s, int64_t base)
{
	size_t at[DAYS] = { 0 }, i;

	/* Oldest first, so that a column grows as the day went. */
	for (i = runs->n; i-- > 0;) {
		const struct store_run *r = &runs->rows[i];
		int64_t day = (run_at(r) - strip_start(req)) / DAY;
		struct view *item;

		if (run_at(r) < strip_start(req) || day >= DAYS || at[day] >= s->in_day[day])
			continue;
		item = view_item(marks);
		view_int(item, "x", day * WIDTH + 2 + STEP * (int64_t)(at[day] % BESIDE));
		view_int(item, "y", base - STEP * (int64_t)(at[day] / BESIDE + 1));
		view_text(item, "shape", kinds[kind_of(r->state)].shape);
		view_text(item, "title",
		    gh_printf(
			req->arena, "Run %" PRId64 " on %s: %s", r->id, r->target, show_word(r->state)));
		at[day]++;
	}
}

enum gh_code
overview_strip(struct req *req, struct view *v, struct gh_err *err)
{
	struct store_run_filter filter = { .limit = STORE_PAGE_MAX };
	struct view *form = view_form(v, "strip"), *list;
	struct strip s = { .highest = 1 };
	struct store_runs runs;
	int64_t base, i;
	enum kind k;

	GH_TRY(store_run_list(req->store, req->arena, &filter, &runs, err));
	measure(req, &runs, &s);
	base = STEP * (int64_t)s.highest + 2;
	view_int(form, "height", base + 3);
	view_text(form, "sentence", strip_sentence(req, s.counts, s.total));
	view_text(form, "first", day_name(req, strip_start(req)));
	list = view_list(form, "days");
	for (i = 0; i < DAYS; i++) {
		struct view *item = view_item(list);

		view_int(item, "x", i * WIDTH + 2);
		view_int(item, "y", base + 1);
	}
	draw(req, view_list(form, "marks"), &runs, &s, base);
	list = view_list(form, "key");
	for (k = GOOD; k < KINDS; k++) {
		struct view *item;

		if (s.counts[k] == 0)
			continue;
		item = view_item(list);
		view_text(item, "shape", kinds[k].shape);
		view_text(item, "word", kinds[k].word);
	}
	return GH_OK;
}
