#include "base/ban.h"
#include "base/duration.h"

#include <inttypes.h>
#include <setjmp.h>
#include <cmocka.h>

static void
reads_each_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = { { "250ms", 250 }, { "5s", 5000 }, { "10min", 600000 }, { "4h", 14400000 },
		{ "7d", 604800000 }, { "0s", 0 }, { "5 s", 5000 }, { "1ms", 1 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gh_err err = { 0 };
		int64_t ms = -1;

		assert_int_equal(gh_duration_read(rows[i].text, 0, INT64_MAX, &ms, &err), GH_OK);
		assert_int_equal(ms, rows[i].ms);
	}
}

static void
refuses_what_is_none(void **state)
{
	static const char *const rows[] = { "", "5", "0", "s", "5m", "5sec", "5 s ", "-5s", "+5s", " 5s",
		"5.5s", "1h30min", "99999999999999999999s", "999999999999999999d" };
	struct gh_err err = { 0 };
	int64_t ms = -1;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (gh_duration_read(rows[i], 0, INT64_MAX, &ms, NULL) != GH_BAD_INPUT)
			fail_msg("\"%s\" is taken as %" PRId64 " ms", rows[i], ms);
	}
	assert_int_equal(ms, -1);
	assert_int_equal(gh_duration_read("5000", 0, INT64_MAX, &ms, &err), GH_BAD_INPUT);
	assert_string_equal(err.msg,
	    "must be a whole number and its unit (ms, s, min, h or d), as in \"5s\", not \"5000\": "
	    "a number alone does not say of what");
}

static void
keeps_to_its_range(void **state)
{
	struct gh_err err = { 0 };
	int64_t ms = -1;

	(void)state;
	assert_int_equal(gh_duration_read("100ms", 100, 60000, &ms, NULL), GH_OK);
	assert_int_equal(gh_duration_read("1min", 100, 60000, &ms, NULL), GH_OK);
	assert_int_equal(gh_duration_read("99ms", 100, 60000, &ms, NULL), GH_BAD_INPUT);
	assert_int_equal(gh_duration_read("61s", 100, 60000, &ms, &err), GH_BAD_INPUT);
	assert_string_equal(err.msg, "must be \"100ms\" to \"1min\", not \"61s\"");
}

static void
writes_the_largest_exact_unit(void **state)
{
	char text[GH_DURATION_LEN];

	(void)state;
	assert_string_equal(gh_duration_text(0, text), "0s");
	assert_string_equal(gh_duration_text(1, text), "1ms");
	assert_string_equal(gh_duration_text(1500, text), "1500ms");
	assert_string_equal(gh_duration_text(90000, text), "90s");
	assert_string_equal(gh_duration_text(120000, text), "2min");
	assert_string_equal(gh_duration_text(3600000, text), "1h");
	assert_string_equal(gh_duration_text(172800000, text), "2d");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_unit),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(keeps_to_its_range),
		cmocka_unit_test(writes_the_largest_exact_unit),
	};

	return cmocka_run_group_tests_name("base/duration", tests, NULL, NULL);
}
