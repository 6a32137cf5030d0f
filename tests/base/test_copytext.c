#include "base/ban.h"
#include "base/copytext.h"

#include <setjmp.h>
#include <cmocka.h>

static void
comes_back_as_it_was_put(void **state)
{
	static const char *const cells[] = { "a\tb", "", NULL, "line\nnext\r", "back\\slash \\N", "\\.",
		"x" };
	size_t n = sizeof(cells) / sizeof(cells[0]), i;
	GH_TEXT t = { 0 };
	GH_ARENA a = { 0 };
	const char *at, *cell;
	bool end;

	(void)state;
	for (i = 0; i < n; i++) {
		gh_copytext_put(&t, i == 0, cells[i]);
	}
	gh_copytext_end(&t);
	at = gh_text_str(&t);
	for (i = 0; i < n; i++) {
		assert_true(gh_copytext_next(&at, &a, &cell, &end));
		assert_int_equal(end, i == n - 1);
		if (cells[i] == NULL)
			assert_null(cell);
		else
			assert_string_equal(cell, cells[i]);
	}
	assert_false(gh_copytext_next(&at, &a, &cell, &end));
}

static void
reads_what_copy_writes(void **state)
{
	GH_ARENA a = { 0 };
	const char *at = "1\tann\\tx\n2\t\\N\n\n", *cell;
	bool end;

	(void)state;
	assert_true(gh_copytext_next(&at, &a, &cell, &end) && !end);
	assert_string_equal(cell, "1");
	assert_true(gh_copytext_next(&at, &a, &cell, &end) && end);
	assert_string_equal(cell, "ann\tx");
	assert_true(gh_copytext_next(&at, &a, &cell, &end) && !end);
	assert_true(gh_copytext_next(&at, &a, &cell, &end) && end);
	assert_null(cell);
	assert_true(gh_copytext_next(&at, &a, &cell, &end) && end);
	assert_string_equal(cell, "");
	assert_false(gh_copytext_next(&at, &a, &cell, &end));
}

static void
survives_what_is_cut(void **state)
{
	GH_ARENA a = { 0 };
	const char *at = "a\\", *cell;
	bool end;

	(void)state;
	assert_true(gh_copytext_next(&at, &a, &cell, &end) && end);
	assert_string_equal(cell, "a\\");
	assert_false(gh_copytext_next(&at, &a, &cell, &end));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_was_put),
		cmocka_unit_test(reads_what_copy_writes),
		cmocka_unit_test(survives_what_is_cut),
	};

	return cmocka_run_group_tests_name("base/copytext", tests, NULL, NULL);
}
