#include "base/ban.h"
#include "migration/convention.h"

#include <setjmp.h>
#include <cmocka.h>

static void
finds_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(convention_find("numbered"), &convention_numbered);
	assert_ptr_equal(convention_find("sections"), &convention_sections);
	assert_null(convention_find("other"));
	assert_null(convention_find(""));
}

static void
orders_by_number_then_key(void **state)
{
	(void)state;
	assert_true(convention_compare("9", "9_x", "10", "10_a") < 0);
	assert_true(convention_compare("010", "010_x", "9", "9_x") > 0);
	assert_true(convention_compare("006", "006_b", "0006", "0006_a") > 0);
	assert_true(convention_compare("006", "006_a", "006", "006_b") < 0);
	assert_int_equal(convention_compare("006", "k", "06", "k"), 0);
	assert_true(convention_compare("000", "a", "001", "a") < 0);
}

static bool
known(const struct convention *c, const struct convention_column *columns, size_t n, const char *why)
{
	GH_ARENA a = { 0 };
	const char *text;
	bool ret = convention_tracking_known(c, columns, n, &a, &text);

	assert_string_equal(text, why);
	return ret;
}

static void
knows_the_numbered_table(void **state)
{
	struct convention_column good[] = { { "version", "character varying(255)", "t" },
		{ "applied_at", "timestamp without time zone", "f" } };
	struct convention_column golang[] = { { "version", "bigint", "t" }, { "dirty", "boolean", "t" } };
	struct convention_column more[] = { good[0], good[1], { "checksum", "text", "f" } };
	struct convention_column nullable[] = { { "version", "text", "f" }, good[1] };

	(void)state;
	assert_true(known(&convention_numbered, good, 2, ""));
	good[0].type = "character varying";
	assert_true(known(&convention_numbered, good, 2, ""));
	assert_false(known(&convention_numbered, golang, 2,
	    "column version of public.schema_migrations is bigint, not character varying(255)"));
	assert_false(known(&convention_numbered, good, 1, "public.schema_migrations has 1 columns, not 2"));
	assert_false(known(&convention_numbered, more, 3, "public.schema_migrations has 3 columns, not 2"));
	assert_false(known(
	    &convention_numbered, nullable, 2, "column version of public.schema_migrations may be empty"));
	good[1].name = "run_on";
	assert_false(known(
	    &convention_numbered, good, 2, "column 2 of public.schema_migrations is run_on, not applied_at"));
}

static void
knows_the_sections_table(void **state)
{
	struct convention_column good[] = { { "id", "integer", "t" },
		{ "name", "character varying(255)", "t" }, { "run_on", "timestamp without time zone", "t" } };

	(void)state;
	assert_true(known(&convention_sections, good, 3, ""));
	good[0].type = "bigint";
	assert_false(
	    known(&convention_sections, good, 3, "column id of public.pgmigrations is bigint, not integer"));
	assert_false(known(&convention_sections, good, 0, "public.pgmigrations has 0 columns, not 3"));
}

static void
says_all_that_a_job_needs(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; convention_all[i] != NULL; i++) {
		const struct convention_tracking *t = &convention_all[i]->tracking;

		assert_non_null(strstr(t->create, t->qualified));
		assert_non_null(strstr(t->select, t->qualified));
		assert_non_null(strstr(t->find, "$1"));
		assert_non_null(strstr(t->insert, "$1"));
		assert_non_null(strstr(t->delete, "$1"));
	}
	assert_int_equal(convention_sections.lock, 7241865325823964);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_name),
		cmocka_unit_test(orders_by_number_then_key),
		cmocka_unit_test(knows_the_numbered_table),
		cmocka_unit_test(knows_the_sections_table),
		cmocka_unit_test(says_all_that_a_job_needs),
	};

	return cmocka_run_group_tests_name("migration/convention", tests, NULL, NULL);
}
