#include "base/ban.h"
#include "tests/support/fixture_control.h"

static void
keeps_what_is_not_given(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_batched(f);

	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "a", 2, INT64_C(9000), INT64_C(-1)));
	assert_string_equal(fixture_told(f, run), " 1 0 9000 0 | viewer: a");
	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "b", 2, INT64_C(-1), INT64_C(50)));
	assert_string_equal(fixture_told(f, run), " 2 0 9000 50 | viewer: b");
	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "c", 2, INT64_C(0), INT64_C(-1)));
	assert_string_equal(fixture_told(f, run), " 3 0 0 50 | viewer: c");
	fixture_refused(f, GH_BAD_INPUT, "or both",
	    fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "d", 2, INT64_C(-1), INT64_C(-1)));
}

static void
refuses_a_run_without_batches(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_running(f, false);

	fixture_refused(f, GH_CONFLICT, "no migration that runs in batches",
	    fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "a", 2, INT64_C(9000), INT64_C(-1)));
	assert_string_equal(fixture_told(f, run), " 0 0 0 0 | ");
}

static void
is_passed_on(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_batched(f);

	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "night", 2, INT64_C(9000), INT64_C(20)));
	assert_string_equal(fixture_told(f, run), " 1 0 9000 20 | viewer: night");
	fixture_refused(f, GH_CONFLICT, "that speed already",
	    fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "night", 2, INT64_C(9000), INT64_C(20)));
	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "day", 2, INT64_C(0), INT64_C(0)));
	assert_string_equal(fixture_told(f, run), " 2 0 0 0 | viewer: day");
	fixture_refused(f, GH_BAD_INPUT, "a batch has",
	    fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "no", 2, INT64_C(-2), INT64_C(0)));
	fixture_refused(f, GH_BAD_INPUT, "a batch has",
	    fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "no", 2, INT64_C(10000001), INT64_C(0)));
	fixture_refused(f, GH_BAD_INPUT, "an hour",
	    fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "no", 2, INT64_C(1), INT64_C(3600001)));
}

/* A run that is paused stays so. */
static void
leaves_the_rest_as_it_is(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_batched(f);

	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_PAUSE, run, "lunch", 0));
	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_SPEED, run, "night", 2, INT64_C(9000), INT64_C(20)));
	assert_string_equal(fixture_told(f, run), "pausing 2 0 9000 20 | viewer: night");
}

static void
refuses_what_cannot_be(void **state)
{
	fixture_tell_refusals(*state, WIRE_RUN_SPEED, 2, 100, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(is_passed_on),
		FIXTURE_TEST(keeps_what_is_not_given),
		FIXTURE_TEST(refuses_a_run_without_batches),
		FIXTURE_TEST(leaves_the_rest_as_it_is),
		FIXTURE_TEST(refuses_what_cannot_be),
	};

	return cmocka_run_group_tests_name("runner/cmd_run_speed", tests, NULL, NULL);
}
