#include "base/ban.h"
#include "store/control_write.h"
#include "tests/support/fixture_control.h"

static void
ends_the_window_later(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_running(f, false), now = gh_clock_now();

	fixture_refused(f, GH_CONFLICT, "has no window that ends",
	    fixture_tell(f, "viewer", WIRE_RUN_EXTEND, run, "nearly", 1, now + GH_HOUR));
	assert_int_equal(store_control_window(f->runner->store, run, now + GH_MINUTE, &f->err), GH_OK);
	fixture_refused(f, GH_CONFLICT, "is open until",
	    fixture_tell(f, "viewer", WIRE_RUN_EXTEND, run, "nearly", 1, now + GH_MINUTE / 2));
	fixture_refused(f, GH_BAD_INPUT, "within the next 24 hours",
	    fixture_tell(f, "viewer", WIRE_RUN_EXTEND, run, "nearly", 1, now - GH_MINUTE));
	fixture_refused(f, GH_BAD_INPUT, "within the next 24 hours",
	    fixture_tell(f, "viewer", WIRE_RUN_EXTEND, run, "nearly", 1, now + 25 * GH_HOUR));
	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_EXTEND, run, "nearly", 1, now + GH_HOUR));
	assert_string_equal(
	    fixture_told(f, run), gh_printf(&f->arena, " 1 %" PRId64 " 0 0 | viewer: nearly", now + GH_HOUR));
	fixture_entry(f, "viewer", "run.extend", gh_printf(&f->arena, "run/%" PRId64, run), "ok");
}

static void
refuses_what_cannot_be(void **state)
{
	fixture_tell_refusals(*state, WIRE_RUN_EXTEND, 1, gh_clock_now() + GH_HOUR, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(ends_the_window_later),
		FIXTURE_TEST(refuses_what_cannot_be),
	};

	return cmocka_run_group_tests_name("runner/cmd_run_extend", tests, NULL, NULL);
}
