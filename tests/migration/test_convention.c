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
knows_its_options(void **state)
{
	(void)state;
	assert_true(convention_option_known(&convention_flyway, "outOfOrder"));
	assert_true(convention_option_known(&convention_flyway, "placeholders.who"));
	assert_false(convention_option_known(&convention_flyway, "outoforder"));
	assert_true(convention_option_known(&convention_goose, "ANY"));
	assert_false(convention_option_known(&convention_dbmate, "ANY"));
	assert_false(convention_option_known(&convention_numbered, "strict"));
}

static bool
known(const struct convention *c, const char *qualified, const struct convention_column *columns, size_t n,
    const char *why)
{
	GH_ARENA a = { 0 };
	const char *text;
	bool ret = convention_table_known(&c->tracking[0].tables[0], qualified, columns, n, &a, &text);

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
	assert_true(known(&convention_numbered, "public.schema_migrations", good, 2, ""));
	good[0].type = "character varying";
	assert_true(known(&convention_numbered, "public.schema_migrations", good, 2, ""));
	assert_false(known(&convention_numbered, "public.schema_migrations", golang, 2,
	    "column version of public.schema_migrations is bigint, not character varying(255)"));
	assert_false(known(&convention_numbered, "public.schema_migrations", good, 1,
	    "public.schema_migrations has 1 columns, not 2"));
	assert_false(known(&convention_numbered, "public.schema_migrations", more, 3,
	    "public.schema_migrations has 3 columns, not 2"));
	assert_false(known(&convention_numbered, "public.schema_migrations", nullable, 2,
	    "column version of public.schema_migrations may be empty"));
	good[1].name = "run_on";
	assert_false(known(&convention_numbered, "public.schema_migrations", good, 2,
	    "column 2 of public.schema_migrations is run_on, not applied_at"));
}

static void
knows_the_sections_table(void **state)
{
	struct convention_column good[] = { { "id", "integer", "t" },
		{ "name", "character varying(255)", "t" }, { "run_on", "timestamp without time zone", "t" } };

	(void)state;
	assert_true(known(&convention_sections, "public.pgmigrations", good, 3, ""));
	good[0].type = "bigint";
	assert_false(known(&convention_sections, "public.pgmigrations", good, 3,
	    "column id of public.pgmigrations is bigint, not integer"));
	assert_false(known(&convention_sections, "public.pgmigrations", good, 0,
	    "public.pgmigrations has 0 columns, not 3"));
}

/* What every convention that is written must have; one that is not has no way to read. */
static void
says_all_that_a_job_needs(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; convention_all[i] != NULL; i++) {
		const struct convention *c = convention_all[i];

		if (c->read == NULL)
			continue;
		assert_non_null(c->title);
		assert_non_null(c->description);
		assert_non_null(c->rule);
		assert_non_null(c->fit);
		assert_true(c->n_tracking > 0);
		for (j = 0; j < c->n_tracking; j++) {
			assert_non_null(strstr(c->tracking[j].select, "{table}"));
			assert_true(c->tracking[j].n_tables > 0 && c->tracking[j].tables[0].n_columns > 0);
			assert_null(c->tracking[j].tables[0].name);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_name),
		cmocka_unit_test(knows_its_options),
		cmocka_unit_test(knows_the_numbered_table),
		cmocka_unit_test(knows_the_sections_table),
		cmocka_unit_test(says_all_that_a_job_needs),
	};

	return cmocka_run_group_tests_name("migration/convention", tests, NULL, NULL);
}
