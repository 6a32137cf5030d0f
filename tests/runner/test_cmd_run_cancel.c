#include "base/ban.h"
#include "tests/support/fixture_control.h"

/* Of a target that needs no approval anybody may; of another a lead, who need not be another than asked for
 * it. */
static void
is_wanted_from_then_on(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_running(f, false);

	fixture_ok(f, fixture_tell(f, "viewer", WIRE_RUN_CANCEL, run, "too slow", 0));
	assert_string_equal(fixture_told(f, run), "cancelling 1 0 0 0 | viewer: too slow");
	fixture_entry(f, "viewer", "run.cancel", gh_printf(&f->arena, "run/%" PRId64, run), "ok");
	assert_string_equal(fixture_value(f, "SELECT text FROM ledger ORDER BY seq DESC LIMIT 1", 0),
	    "cancels the run: too slow");
	assert_string_equal(
	    fixture_value(f, "SELECT text FROM event WHERE run_id = ?1 AND kind = 'control'", run),
	    "viewer cancels the run: too slow");
}

static void
is_for_a_lead_where_approval_is_needed(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = fixture_running(f, true);

	fixture_refused(
	    f, GH_FORBIDDEN, "lead", fixture_tell(f, "auditor", WIRE_RUN_CANCEL, run, "too slow", 0));
	fixture_entry(f, "auditor", "run.cancel", gh_printf(&f->arena, "run/%" PRId64, run), "refused");
	fixture_ok(f, fixture_tell(f, "lead", WIRE_RUN_CANCEL, run, "too slow", 0));
}

static void
refuses_what_cannot_be(void **state)
{
	fixture_tell_refusals(*state, WIRE_RUN_CANCEL, 0, 0, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(is_wanted_from_then_on),
		FIXTURE_TEST(is_for_a_lead_where_approval_is_needed),
		FIXTURE_TEST(refuses_what_cannot_be),
	};

	return cmocka_run_group_tests_name("runner/cmd_run_cancel", tests, NULL, NULL);
}
