#include "base/ban.h"
#include "migration/convention.h"

#include <setjmp.h>
#include <cmocka.h>

static void
is_in_the_table(void **state)
{
	(void)state;
	assert_ptr_equal(convention_find("goose"), &convention_goose);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_in_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
