#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/window.h"

/* A window of a policy, asked about a moment in each month of two years. */

#define FIRST INT64_C(1735689600000000) /* 2025-01-01 */

static void
ask(const struct gh_window *w, int64_t at)
{
	char when[GH_WINDOW_WHEN_LEN];
	int64_t until = 0, next = gh_window_next(w, at), ends = 0;

	if (gh_window_open(w, at, &until) && (until <= at || until > at + w->length_us))
		gh_bug("a window that is open ends at another time");
	if (next == 0)
		return;
	if (next <= at)
		gh_bug("the next window is not next");
	if (!gh_window_open(w, next, &ends) || ends != next + w->length_us)
		gh_bug("a window is not open when it opens");
	if (strlen(gh_window_when(w, next, at, when)) >= sizeof(when))
		gh_bug("a time is too long");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	struct gh_window w;
	int64_t i;

	if (gh_window_read(gh_strndup(&a, (const char *)data, size), &w, &err) != GH_OK) {
		if (err.msg[0] == '\0')
			gh_bug("a refusal without a reason");
		return 0;
	}
	for (i = 0; i < 24; i++)
		ask(&w, FIRST + i * 30 * 24 * GH_HOUR + i * GH_HOUR);
	return 0;
}
