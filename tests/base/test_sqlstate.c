#include "base/ban.h"
#include "base/sqlstate.h"

#include <setjmp.h>
#include <cmocka.h>

static void
names_a_code(void **state)
{
	(void)state;
	assert_string_equal(gh_sqlstate_name("08000"), "connection_exception");
	assert_string_equal(gh_sqlstate_name("23505"), "unique_violation");
	assert_string_equal(gh_sqlstate_name("XX002"), "index_corrupted");
}

static void
names_the_class_of_others(void **state)
{
	(void)state;
	assert_string_equal(gh_sqlstate_name("23ZZZ"), "(integrity constraint violation)");
	assert_string_equal(gh_sqlstate_name("HV00N"), "(foreign data wrapper error)");
}

static void
has_no_name_for_what_is_none(void **state)
{
	(void)state;
	assert_string_equal(gh_sqlstate_name(""), "");
	assert_string_equal(gh_sqlstate_name("23"), "");
	assert_string_equal(gh_sqlstate_name("235050"), "");
	assert_string_equal(gh_sqlstate_name("ZZ000"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_a_code),
		cmocka_unit_test(names_the_class_of_others),
		cmocka_unit_test(has_no_name_for_what_is_none),
	};

	return cmocka_run_group_tests_name("base/sqlstate", tests, NULL, NULL);
}
