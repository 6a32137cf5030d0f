#include "base/ban.h"
#include "cgi/backup_view.h"

#include "base/clock.h"

/* A line of sizes from the oldest to the newest, its foot at nothing; a dot a backup. */
#define WIDTH  240
#define HEIGHT 36
#define EDGE   4

struct scale {
	int64_t first, last, most;
};

static int64_t
across(const struct scale *s, int64_t at)
{
	if (s->last == s->first)
		return WIDTH - EDGE;
	return EDGE + (int64_t)((double)(at - s->first) / (double)(s->last - s->first) * (WIDTH - 2 * EDGE));
}

static int64_t
down(const struct scale *s, int64_t size)
{
	return HEIGHT - EDGE - (int64_t)((double)size / (double)s->most * (HEIGHT - 2 * EDGE));
}

static const char *
tone(const struct store_backup *b)
{
	if (*b->broken != '\0' || strcmp(b->state, "missing") == 0)
		return "bad";
	return strcmp(b->level, "counted") == 0 ? "good" : "wait";
}

/* "It has grown from 1.2 MB to 1.4 MB in 9 backups." */
static const char *
sentence(struct req *req, const struct store_backup *oldest, const struct store_backup *newest, size_t n)
{
	struct view *words = view_new(req->arena);
	const char *from, *to;

	view_bytes(words, "from", oldest->size);
	view_bytes(words, "to", newest->size);
	from = view_find(words, "from", 4)->text;
	to = view_find(words, "to", 2)->text;
	if (strcmp(from, to) == 0)
		return gh_printf(req->arena, "%s, as %zu backups ago", to, n - 1);
	return gh_printf(req->arena, "%s, %s from %s over %zu backups", to,
	    newest->size > oldest->size ? "up" : "down", from, n);
}

void
backup_chart(struct req *req, struct view *v, const struct store_backups *list)
{
	const struct store_backup *shown[BACKUP_CHART];
	struct scale s = { .most = 1 };
	struct view *chart, *dots;
	GH_TEXT line = { 0 };
	size_t i, n = 0;

	for (i = 0; i < list->n && n < BACKUP_CHART; i++) {
		if (*list->rows[i].file != '\0' && list->rows[i].size >= 0)
			shown[n++] = &list->rows[i];
	}
	if (n < 2) {
		view_text(v, "chart", "");
		return;
	}
	s.first = shown[n - 1]->ended_at;
	s.last = shown[0]->ended_at;
	for (i = 0; i < n; i++)
		s.most = shown[i]->size > s.most ? shown[i]->size : s.most;
	chart = view_form(v, "chart");
	dots = view_list(chart, "dots");
	for (i = n; i-- > 0;) {
		int64_t x = across(&s, shown[i]->ended_at), y = down(&s, shown[i]->size);
		struct view *dot = view_item(dots);
		char utc[GH_CLOCK_LEN];

		gh_text_putf(&line, "%s%" PRId64 " %" PRId64, i == n - 1 ? "M" : "L", x, y);
		view_int(dot, "x", x);
		view_int(dot, "y", y);
		view_text(dot, "tone", tone(shown[i]));
		view_textf(dot, "title", "%s: %s, %s", gh_clock_utc(shown[i]->ended_at, utc), shown[i]->file,
		    shown[i]->level);
	}
	view_text(chart, "line", gh_text_str(&line));
	view_text(chart, "sentence", sentence(req, shown[n - 1], shown[0], n));
}
