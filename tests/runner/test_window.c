#include "base/ban.h"
#include "runner/window.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

static int64_t
utc(const char *text)
{
	struct tm tm = { 0 };

	assert_non_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
	return (int64_t)timegm(&tm) * GH_SECOND;
}

static struct window_look
look(const char *one, const char *other, const char *at, struct gh_arena *a)
{
	const char *windows[2] = { one, other };
	struct policy p = { .windows = windows, .n_windows = one == NULL ? 0 : other == NULL ? 1 : 2 };
	struct gh_err err = { 0 };
	struct window_look ret;

	if (window_look(&p, utc(at), a, &ret, &err) != GH_OK)
		fail_msg("%s", err.msg);
	return ret;
}

static void
without_windows_it_is_always_open(void **state)
{
	GH_ARENA a = { 0 };
	struct window_look w = look(NULL, NULL, "2026-11-21 10:00", &a);

	(void)state;
	assert_true(w.open);
	assert_int_equal(w.end, 0);
}

static void
says_when_the_first_of_them_opens(void **state)
{
	GH_ARENA a = { 0 };
	struct window_look w =
	    look("0 22 * * mon-fri for 4h Europe/Berlin", "0 6 * * sun for 2h UTC", "2026-11-21 21:30", &a);

	(void)state;
	assert_false(w.open);
	assert_string_equal(w.why, "It waits for its window, which opens Sunday 06:00 UTC.");
	w = look("0 22 * * mon-fri for 4h Europe/Berlin", "0 6 * * sun for 2h UTC", "2026-11-22 12:00", &a);
	assert_string_equal(w.why, "It waits for its window, which opens Monday 22:00 Europe/Berlin.");
	w = look("0 0 30 2 * for 4h UTC", NULL, "2026-11-21 21:30", &a);
	assert_string_equal(w.why, "It waits for its window, and none opens within five years.");
}

static void
ends_where_the_last_of_those_that_touch_ends(void **state)
{
	GH_ARENA a = { 0 };
	struct window_look w = look("0 22 * * * for 2h UTC", NULL, "2026-11-21 22:30", &a);

	(void)state;
	assert_true(w.open);
	assert_int_equal(w.end, utc("2026-11-22 00:00"));
	w = look("0 22 * * * for 2h UTC", "0 0 * * * for 90min UTC", "2026-11-21 22:30", &a);
	assert_int_equal(w.end, utc("2026-11-22 01:30"));
	w = look("0 22 * * * for 2h UTC", "30 22 * * * for 10min UTC", "2026-11-21 22:35", &a);
	assert_int_equal(w.end, utc("2026-11-22 00:00"));
	/* Without an end of its own it stops somewhere. */
	w = look("0 * * * * for 1h UTC", NULL, "2026-11-21 22:30", &a);
	assert_true(w.open && w.end > utc("2026-11-23 22:30"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_windows_it_is_always_open),
		cmocka_unit_test(says_when_the_first_of_them_opens),
		cmocka_unit_test(ends_where_the_last_of_those_that_touch_ends),
	};

	return cmocka_run_group_tests_name("runner/window", tests, NULL, NULL);
}
