#include "base/ban.h"
#include "cli/when.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

/* 2026-11-21 10:16:03 UTC; the tests run in a zone of their own. */
#define NOW INT64_C(1795256163000000)

static int64_t
span(const char *text)
{
	int64_t ms = -1;

	return cli_span(text, 3600000, &ms, NULL) == GH_OK ? ms : -1;
}

static void
spans_have_a_unit(void **state)
{
	(void)state;
	assert_int_equal(span("100ms"), 100);
	assert_int_equal(span("2s"), 2000);
	assert_int_equal(span("5m"), 300000);
	assert_int_equal(span("5min"), 300000);
	assert_int_equal(span("1h"), 3600000);
	assert_int_equal(span("0"), 0);
	assert_int_equal(span("100"), -1);
	assert_int_equal(span("2h"), -1);
	assert_int_equal(span("-1s"), -1);
	assert_int_equal(span("s"), -1);
	assert_int_equal(span(""), -1);
	assert_int_equal(span("1s "), -1);
	assert_int_equal(span("99999999999999999999ms"), -1);
}

static int64_t
moment(const char *text)
{
	int64_t us = -1;

	return cli_moment(text, NOW, &us, NULL) == GH_OK ? us : -1;
}

static const char *
read_as(const char *text)
{
	static char buf[GH_CLOCK_LEN];

	return gh_clock_iso(moment(text), buf);
}

static void
moments_are_of_this_zone_unless_they_say_utc(void **state)
{
	(void)state;
	assert_string_equal(read_as("+30m"), "2026-11-21T10:46:03Z");
	/* Berlin, in winter: 11:16 there. */
	assert_string_equal(read_as("18:30"), "2026-11-21T17:30:00Z");
	assert_string_equal(read_as("11:16"), "2026-11-22T10:16:00Z");
	assert_string_equal(read_as("2026-11-22 04:00"), "2026-11-22T03:00:00Z");
	assert_string_equal(read_as("2026-07-01 04:00"), "2026-07-01T02:00:00Z");
	assert_string_equal(read_as("2026-11-22T04:00Z"), "2026-11-22T04:00:00Z");
	assert_string_equal(read_as("2026-11-22T04:00:05Z"), "2026-11-22T04:00:05Z");
}

static void
what_is_no_moment_is_refused(void **state)
{
	static const char *const wrong[] = { "", "+", "+2d", "+25h", "25:00", "18:30h", "tomorrow",
		"2026-11-22", "2026-11-22T04:00", "2026-13-01 04:00" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (moment(wrong[i]) != -1)
			fail_msg("\"%s\" was taken", wrong[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_have_a_unit),
		cmocka_unit_test(moments_are_of_this_zone_unless_they_say_utc),
		cmocka_unit_test(what_is_no_moment_is_refused),
	};

	if (setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1) !=
	    0) /* NOLINT(concurrency-mt-unsafe): one thread */
		return 1;
	tzset();
	return cmocka_run_group_tests_name("cli/when", tests, NULL, NULL);
}
