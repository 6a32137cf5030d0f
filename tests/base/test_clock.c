#include "base/ban.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

static void
prints_utc(void **state)
{
	char buf[GH_CLOCK_LEN];

	(void)state;
	assert_string_equal(
	    gh_clock_iso(INT64_C(1795256163) * GH_SECOND + 999999, buf), "2026-11-21T10:16:03Z");
	assert_string_equal(gh_clock_utc(0, buf), "1970-01-01 00:00:00 UTC");
	assert_string_equal(gh_clock_utc(INT64_C(253402300799) * GH_SECOND, buf), "9999-12-31 23:59:59 UTC");
	assert_string_equal(gh_clock_iso(INT64_MAX, buf), "9999-01-01T00:00:00Z");
	assert_string_equal(gh_clock_iso(INT64_MIN, buf), "0000-01-01T00:00:00Z");
}

static void
says_how_long_ago(void **state)
{
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {
		{ 0, "just now" },
		{ 2 * GH_SECOND, "2 seconds ago" },
		{ 59 * GH_SECOND, "59 seconds ago" },
		{ GH_MINUTE, "1 minute ago" },
		{ 119 * GH_MINUTE, "1 hour ago" },
		{ 25 * GH_HOUR, "1 day ago" },
		{ 24 * 61 * GH_HOUR, "2 months ago" },
		{ 24 * 800 * GH_HOUR, "2 years ago" },
		{ -3 * GH_HOUR, "in 3 hours" },
	};
	char buf[GH_CLOCK_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(gh_clock_ago(GH_HOUR, GH_HOUR + cases[i].us, buf), cases[i].text);
}

static void
prints_spans(void **state)
{
	char buf[GH_CLOCK_LEN];

	(void)state;
	assert_string_equal(gh_clock_span(840, buf), "0.8 ms");
	assert_string_equal(gh_clock_span(340000, buf), "340 ms");
	assert_string_equal(gh_clock_span(4200000, buf), "4.2 s");
	assert_string_equal(gh_clock_span(192 * GH_SECOND, buf), "3 min 12 s");
	assert_string_equal(gh_clock_span(125 * GH_MINUTE, buf), "2 h 5 min");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_utc),
		cmocka_unit_test(says_how_long_ago),
		cmocka_unit_test(prints_spans),
	};

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
