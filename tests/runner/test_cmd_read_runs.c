#include "base/ban.h"
#include "tests/support/fixture_list.h"

static void
answers_an_empty_table_where_there_is_nothing(void **state)
{
	fixture_list_empty(*state, WIRE_READ_RUNS, "run");
}

static void
refuses_what_makes_no_sense_and_every_cut(void **state)
{
	fixture_list_refuses(*state, WIRE_READ_RUNS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(answers_an_empty_table_where_there_is_nothing),
		FIXTURE_TEST(refuses_what_makes_no_sense_and_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_runs", tests, NULL, NULL);
}
