#include "base/ban.h"
#include "migration/flyway_name.h"

#include <setjmp.h>
#include <cmocka.h>

static void
reads(const char *name, char kind, const char *version, const char *canon, const char *description)
{
	GH_ARENA a = { 0 };
	struct flyway_name n;

	flyway_name_read(name, &a, &n);
	if (n.kind != kind || n.refused != NULL || strcmp(n.version, version) != 0 ||
	    strcmp(n.canon, canon) != 0 || strcmp(n.description, description) != 0)
		fail_msg("%s: %c %s %s %s", name, n.kind, n.version, n.canon, n.description);
}

static void
reads_versions_and_descriptions(void **state)
{
	(void)state;
	reads("V1__a.sql", 'V', "1", "1", "a");
	reads("V1_2__add_user_photos.sql", 'V', "1.2", "1.2", "add user photos");
	reads("V001.020.0__x__y.sql", 'V', "001.020.0", "1.20", "x  y");
	reads("V1.sql", 'V', "1", "1", "");
	reads("U1.0__a.sql", 'U', "1.0", "1", "a");
	reads("B5__base.sql", 'B', "5", "5", "base");
	reads("R__all_views.sql", 'R', "", "", "all views");
	reads("V0__a.sql", 'V', "0", "0", "a");
	reads("V0.0__a.sql", 'V', "0.0", "0", "a");
	reads("V10.0.1__a.sql", 'V', "10.0.1", "10.0.1", "a");
	reads("afterMigrate__x.sql", 'c', "", "", "");
	reads("beforeMigrate.sql", 'c', "", "", "");
	reads("createSchema.sql", 'c', "", "", "");
	reads("notes.sql", 0, "", "", "");
	reads("before.sql", 0, "", "", "");
	reads("README.md", 0, "", "", "");
	reads(".sql", 0, "", "", "");
}

static void
knows_steps_of_code(void **state)
{
	GH_ARENA a = { 0 };
	struct flyway_name n;

	(void)state;
	flyway_name_read("V44_1__Fill.java", &a, &n);
	assert_true(n.code);
	assert_string_equal(n.canon, "44.1");
	flyway_name_read("V44_1__Fill.class", &a, &n);
	assert_int_equal(n.kind, 'V');
	flyway_name_read("V44_1__Fill$1.class", &a, &n);
	assert_int_equal(n.kind, 0);
	flyway_name_read("View.java", &a, &n);
	assert_int_equal(n.kind, 0);
	assert_null(n.refused);
}

static void
refuses(const char *name, const char *why)
{
	GH_ARENA a = { 0 };
	struct flyway_name n;

	flyway_name_read(name, &a, &n);
	if (n.refused == NULL || strstr(n.refused, why) == NULL)
		fail_msg("%s: %s", name, n.refused == NULL ? "taken" : n.refused);
}

static void
refuses_what_flyway_skips(void **state)
{
	(void)state;
	refuses("V__a.sql", "the version is missing");
	refuses("V1a__b.sql", "\"1a\" is no version");
	refuses("V1.__b.sql", "\"1.\" is no version");
	refuses("V1..2__b.sql", "is no version");
	refuses("Views.sql", "\"iews\" is no version");
	refuses("R1__a.sql", "a repeatable migration has no version");
	refuses("v1__a.sql", "capital V");
	refuses("r__a.sql", "capital R");
}

static void
compares_versions_part_by_part(void **state)
{
	(void)state;
	assert_true(flyway_version_compare("1", "2") < 0);
	assert_true(flyway_version_compare("10", "9") > 0);
	assert_true(flyway_version_compare("1.10", "1.9") > 0);
	assert_true(flyway_version_compare("1", "1.1") < 0);
	assert_true(flyway_version_compare("2", "1.9.9") > 0);
	assert_int_equal(flyway_version_compare("1.2", "1.2"), 0);
	assert_true(flyway_version_compare("99999999999999999999", "100000000000000000000") < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_versions_and_descriptions),
		cmocka_unit_test(knows_steps_of_code),
		cmocka_unit_test(refuses_what_flyway_skips),
		cmocka_unit_test(compares_versions_part_by_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
