#include "base/ban.h"
#include "migration/marker.h"

#include <setjmp.h>
#include <cmocka.h>

static size_t
find(const char *text, const char *word)
{
	return marker_find(text, strlen(text), word);
}

static void
finds_markers_as_the_tool_does(void **state)
{
	(void)state;
	assert_int_equal(find("-- Up Migration\nA;", "up"), 0);
	assert_int_equal(find("A;\n-- down migration of x\n", "down"), 3);
	/* the blank line before it goes with it; a ruler and the marker on the next line are one */
	assert_int_equal(find("A;\n\n  --DOWN   migration", "down"), 3);
	assert_int_equal(find("A;\n-- ----\n-- Up Migration", "up"), 3);
	assert_int_equal(find("A;\r\n-- Down Migration\r\n", "down"), 4);
	assert_int_equal(find("A;\r-- Down Migration", "down"), 3);
}

static void
finds_nothing_else(void **state)
{
	static const char *const none[] = { "", "-", "--", "-- up", "-- Up", "A; -- Up Migration",
		"-- UpMigration", "-- startup migration", "/* Up Migration */", "-- up\nmigrations" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]) - 1; i++)
		assert_int_equal(find(none[i], "up"), strlen(none[i]));
	/* \s+ spans lines */
	assert_int_equal(find(none[i], "up"), 0);
}

static void
knows_text_without_sql(void **state)
{
	static const struct {
		const char *text;
		bool ret;
	} cases[] = { { "", true }, { " \t\r\n", true }, { "-- x; y\n", true }, { "-- x\rA", false },
		{ "/* a /* b */ c */ \n", true }, { "/* a /* b */ c", true }, { "A", false },
		{ "/* */ A", false }, { "*/", false } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *t = cases[i].text;

		if (marker_only_comments(t, t + strlen(t)) != cases[i].ret)
			fail_msg("wrong about %s", t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_markers_as_the_tool_does),
		cmocka_unit_test(finds_nothing_else),
		cmocka_unit_test(knows_text_without_sql),
	};

	return cmocka_run_group_tests_name("migration/marker", tests, NULL, NULL);
}
