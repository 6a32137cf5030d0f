#include "base/ban.h"
#include "runner/window.h"
#include "base/window.h"

#define CHAIN_MAX 100 /* windows that follow each other without a gap */

/* The end of what is open at that moment, 0 when nothing is. */
static int64_t
open_until(const struct gh_window *w, size_t n, int64_t at)
{
	int64_t end = 0, until;
	size_t i;

	for (i = 0; i < n; i++) {
		if (gh_window_open(&w[i], at, &until) && until > end)
			end = until;
	}
	return end;
}

static const char *
closed(const struct gh_window *w, size_t n, int64_t now, struct gh_arena *a)
{
	const struct gh_window *first = NULL;
	char when[GH_WINDOW_WHEN_LEN];
	int64_t opens = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		int64_t next = gh_window_next(&w[i], now);

		if (next != 0 && (first == NULL || next < opens)) {
			first = &w[i];
			opens = next;
		}
	}
	if (first == NULL)
		return "It waits for its window, and none opens within five years.";
	return gh_printf(
	    a, "It waits for its window, which opens %s.", gh_window_when(first, opens, now, when));
}

enum gh_code
window_look(
    const struct policy *p, int64_t now, struct gh_arena *a, struct window_look *ret, struct gh_err *err)
{
	struct gh_window *w = gh_alloc_n(a, p->n_windows, sizeof(*w));
	int64_t later;
	size_t i;

	*ret = (struct window_look){ .open = p->n_windows == 0, .why = "" };
	for (i = 0; i < p->n_windows; i++)
		GH_TRY(gh_window_read(p->windows[i], &w[i], err));
	if (ret->open)
		return GH_OK;
	ret->end = open_until(w, p->n_windows, now);
	ret->open = ret->end != 0;
	for (i = 0; i < CHAIN_MAX && ret->open; i++) {
		later = open_until(w, p->n_windows, ret->end);
		if (later <= ret->end)
			break;
		ret->end = later;
	}
	if (!ret->open)
		ret->why = closed(w, p->n_windows, now, a);
	return GH_OK;
}
