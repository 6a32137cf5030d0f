#include "base/ban.h"
#include "tests/support/lint_rig.h"

#include <setjmp.h>
#include <cmocka.h>

#define RULE  "index-not-concurrent"
#define INDEX "CREATE INDEX i ON orders (x);\n"

static const struct lint_finding *
only(const char *rule, const char *sql)
{
	return lint_rig_fires_n(rule, sql, 1);
}

static void
knows_its_rules(void **state)
{
	const struct lint_about *a;
	size_t i, j;

	(void)state;
	for (i = 0; (a = lint_about(i)) != NULL; i++) {
		assert_ptr_equal(lint_about_find(a->id), a);
		assert_true(*a->title != '\0' && a->level != 0);
		assert_true(a->cost[strlen(a->cost) - 1] == '.');
		assert_true(a->quiet[strlen(a->quiet) - 1] == '.');
		assert_true(a->safe[strlen(a->safe) - 1] == '.');
		for (j = 0; a->id[j] != '\0'; j++)
			assert_true(islower((unsigned char)a->id[j]) || a->id[j] == '-');
	}
	assert_null(lint_about_find("no-such-rule"));
}

static void
says_where(void **state)
{
	const struct lint_finding *f;

	(void)state;
	lint_rig_text.first_line = 10;
	f = only(RULE, "SELECT '\xc3\xa9';  " INDEX);
	assert_int_equal(f->line, 10);
	assert_int_equal(f->column, 14);
	assert_int_equal(f->statement, 1);
	assert_int_equal(f->length, strlen(INDEX) - 2);
	assert_string_equal(f->table, "orders");
	assert_null(f->ignored);
}

static void
ignores_with_a_reason(void **state)
{
	(void)state;
	assert_string_equal(
	    only(RULE, "SELECT 1;\n-- gatehouse:ignore " RULE "  it is night \r\n" INDEX)->ignored,
	    "it is night");
	assert_string_equal(
	    only(RULE, "--gatehouse:ignore add-unique," RULE " small\n" INDEX)->ignored, "small");
	/* For its own statement only. */
	assert_null(only(RULE, "-- gatehouse:ignore " RULE " small\nSELECT 1;\n" INDEX)->ignored);
	/* The top of the file, with an empty line behind it, is for all. */
	assert_string_equal(
	    only(RULE, "-- gatehouse:ignore " RULE " small\n\nSELECT 1;\n" INDEX)->ignored, "small");
	/* Another rule. */
	assert_null(only(RULE, "-- gatehouse:ignore add-unique small\n" INDEX)->ignored);
	/* No comment of that kind. */
	assert_null(only(RULE, "/* gatehouse:ignore " RULE " small */\n" INDEX)->ignored);
	assert_null(only(RULE, "SELECT '\n-- gatehouse:ignore " RULE " small\n';\n" INDEX)->ignored);
	assert_null(only(RULE, "-- gatehouse:ignores " RULE " small\n" INDEX)->ignored);
}

static void
wants_a_reason(void **state)
{
	const struct lint_finding *f;

	(void)state;
	f = lint_rig_fires(
	    "ignore-without-reason", "SELECT 1;\n  -- gatehouse:ignore " RULE "\n" INDEX, RULE);
	assert_int_equal(f->line, 2);
	assert_int_equal(f->column, 3);
	assert_null(only(RULE, "-- gatehouse:ignore " RULE " \t\n" INDEX)->ignored);
}

static void
wants_a_rule_that_exists(void **state)
{
	(void)state;
	lint_rig_fires("ignore-unknown-rule", "-- gatehouse:ignore idnex small\n" INDEX, "idnex");
	lint_rig_fires("ignore-unknown-rule", "-- gatehouse:ignore\n" INDEX, "names no rule");
	lint_rig_quiet("ignore-unknown-rule", "-- gatehouse:ignore " RULE " small\n" INDEX);
}

static void
says_what_is_known_of_a_text_that_cannot_run(void **state)
{
	(void)state;
	lint_rig_text.mode = CONVENTION_WRAPPED;
	assert_int_equal(only(RULE, INDEX "VACUUM t;")->statement, -1);
	assert_int_equal(lint_rig_script.n, 0);
	assert_string_not_equal(lint_rig_script.problem, "");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, lint_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(knows_its_rules),
		T(says_where),
		T(ignores_with_a_reason),
		T(wants_a_reason),
		T(wants_a_rule_that_exists),
		T(says_what_is_known_of_a_text_that_cannot_run),
	};

	return cmocka_run_group_tests_name("migration/lint", tests, NULL, NULL);
}
