#include "base/ban.h"
#include "tests/support/fixture_control.h"

static void
is_for_what_is_paused(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_running(f, false);

	fixture_refused(
	    f, GH_CONFLICT, "is not paused", fixture_tell(f, "lead", WIRE_RUN_RESUME, run, "go", 0));
	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_PAUSE, run, "lunch", 0));
	fixture_ok(f, fixture_tell(f, "lead", WIRE_RUN_RESUME, run, "go", 0));
	assert_string_equal(fixture_told(f, run), "resuming 2 0 0 0 | lead: go");
	fixture_entry(f, "lead", "run.resume", gh_printf(&f->arena, "run/%" PRId64, run), "ok");
	fixture_refused(
	    f, GH_CONFLICT, "is not paused", fixture_tell(f, "lead", WIRE_RUN_RESUME, run, "go", 0));
}

static void
refuses_what_cannot_be(void **state)
{
	fixture_tell_refusals(*state, WIRE_RUN_RESUME, 0, 0, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(is_for_what_is_paused),
		FIXTURE_TEST(refuses_what_cannot_be),
	};

	return cmocka_run_group_tests_name("runner/cmd_run_resume", tests, NULL, NULL);
}
