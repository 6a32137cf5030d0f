#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/finding.h"

static void
sizes_are_words(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(finding_rows(1, &a), "1 row");
	assert_string_equal(finding_rows(9999, &a), "9999 rows");
	assert_string_equal(finding_rows(41234, &a), "41 thousand rows");
	assert_string_equal(finding_rows(4100000, &a), "4.1 million rows");
	assert_string_equal(finding_rows(2500000000, &a), "2.5 billion rows");
	assert_string_equal(finding_rows(-1, &a), "an unknown number of rows");
	assert_string_equal(finding_bytes(1, &a), "1 byte");
	assert_string_equal(finding_bytes(1023, &a), "1023 bytes");
	assert_string_equal(finding_bytes(8192, &a), "8.0 kB");
	assert_string_equal(finding_bytes(INT64_C(1288490189), &a), "1.2 GB");
	assert_string_equal(finding_bytes(INT64_C(45) << 40, &a), "45 TB");
}

static void
severity_follows_the_table(void **state)
{
	static const struct {
		const char *level, *scale;
		struct store_table t;
		const char *want, *why;
	} cases[] = {
		{ "error", "flat", { .row_count = 1 }, "error", "" },
		{ "error", "size", { .row_count = 12, .bytes = 8192 }, "notice", "12 rows: quiet" },
		{ "error", "size", { .row_count = 50000, .bytes = 9 << 20 }, "warning",
		    "9.0 MB, 50 thousand rows: warning" },
		{ "warning", "size", { .row_count = 4100000, .bytes = 1288490189 }, "error",
		    "1.2 GB, 4.1 million rows: error" },
		{ "notice", "size", { .row_count = 4100000, .bytes = 1288490189 }, "warning",
		    "1.2 GB, 4.1 million rows: warning" },
		/* never analysed: the bytes tell */
		{ "warning", "size", { .row_count = -1, .bytes = 1288490189 }, "error",
		    "1.2 GB, an unknown number of rows: error" },
		{ "warning", "traffic",
		    { .row_count = 10, .bytes = 8192, .writes = 3000, .scans = 10, .seconds = 600 }, "error",
		    "10 rows, 300 writes and 1 scans a minute: error" },
		{ "error", "traffic", { .row_count = 10, .bytes = 8192, .seconds = 600 }, "notice",
		    "10 rows, 0 writes and 0 scans a minute: quiet" },
		{ "error", "traffic", { .row_count = 10, .bytes = 8192, .writes = 20, .seconds = 600 },
		    "warning", "10 rows, 2 writes and 0 scans a minute: warning" },
		{ "warning", "traffic", { .row_count = 10, .bytes = 8192, .writes = 2000 }, "notice",
		    "10 rows, traffic not known: quiet" },
		{ "warning", "fan-out", { .row_count = 10, .bytes = 8192, .fan_out = 4 }, "error",
		    "10 rows, 4 foreign keys refer to it: error" },
		{ "warning", "fan-out", { .row_count = 10, .bytes = 8192, .fan_out = 1 }, "warning",
		    "10 rows, 1 foreign key refers to it: warning" },
		{ "error", "fan-out", { .row_count = 10, .bytes = 8192 }, "notice",
		    "10 rows, 0 foreign keys refer to it: quiet" },
	};
	GH_ARENA a = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = NULL;
		const char *level = finding_level(cases[i].level, cases[i].scale, &cases[i].t, &a, &why);

		if (strcmp(level, cases[i].want) != 0 || strcmp(why, cases[i].why) != 0)
			fail_msg("case %zu: %s, \"%s\"", i, level, why);
	}
}

static void
a_table_that_is_not_there_is_quiet(void **state)
{
	GH_ARENA a = { 0 };
	const char *why = NULL;

	(void)state;
	assert_string_equal(finding_level("error", "size", NULL, &a, &why), "notice");
	assert_string_equal(why, "the table is new here: quiet");
	/* ... but not what has nothing to do with it */
	assert_string_equal(finding_level("error", "flat", NULL, &a, &why), "error");
	assert_string_equal(why, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_words),
		cmocka_unit_test(severity_follows_the_table),
		cmocka_unit_test(a_table_that_is_not_there_is_quiet),
	};

	return cmocka_run_group_tests_name("store/finding", tests, NULL, NULL);
}
