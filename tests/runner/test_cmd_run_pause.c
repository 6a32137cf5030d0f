#include "base/ban.h"
#include "tests/support/fixture_control.h"

static void
is_wanted_once(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_running(f, false);

	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_PAUSE, run, "lunch", 0));
	assert_string_equal(fixture_told(f, run), "pausing 1 0 0 0 | viewer: lunch");
	fixture_refused(f, GH_CONFLICT, "is pausing already (viewer: lunch)",
	    fixture_tell(f, "lead", WIRE_RUN_PAUSE, run, "tea", 0));
	assert_string_equal(fixture_told(f, run), "pausing 1 0 0 0 | viewer: lunch");
	fixture_entry(f, "lead", "run.pause", gh_printf(&f->arena, "run/%" PRId64, run), "refused");
}

static void
refuses_what_cannot_be(void **state)
{
	fixture_tell_refusals(*state, WIRE_RUN_PAUSE, 0, 0, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(is_wanted_once),
		FIXTURE_TEST(refuses_what_cannot_be),
	};

	return cmocka_run_group_tests_name("runner/cmd_run_pause", tests, NULL, NULL);
}
