#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/installation.h"
#include "store/write.h"

static void
has_a_name_that_stays(void **state)
{
	struct fixture *f = *state;
	char one[STORE_INSTALLATION_LEN], again[STORE_INSTALLATION_LEN];

	assert_int_equal(store_installation_get(&f->store, one, NULL), GH_OK);
	assert_int_equal(strspn(one, "0123456789abcdef"), 8);
	assert_int_equal(store_installation_get(&f->store, again, NULL), GH_OK);
	assert_string_equal(one, again);
}

static void
no_two_have_the_same(void **state)
{
	struct fixture *f = *state;
	struct store other = { 0 };
	char one[STORE_INSTALLATION_LEN], two[STORE_INSTALLATION_LEN];

	assert_int_equal(store_open_memory(&other, NULL), GH_OK);
	assert_int_equal(store_installation_get(&f->store, one, NULL), GH_OK);
	assert_int_equal(store_installation_get(&other, two, NULL), GH_OK);
	store_close(&other);
	assert_string_not_equal(one, two);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(has_a_name_that_stays),
		T(no_two_have_the_same),
	};

	return cmocka_run_group_tests_name("store/installation", tests, NULL, NULL);
}
