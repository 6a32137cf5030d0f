#include "base/ban.h"
#include "tests/support/fixture_runner.h"

static enum gh_code
close_it(struct fixture_runner *f, const char *who, int64_t id, const char *subject)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	return fixture_act(f, who, WIRE_SESSION_CLOSE, subject, &fields);
}

static void
ends_the_own_session(void **state)
{
	struct fixture_runner *f = *state;

	fixture_ok(f, close_it(f, "lead", 0, "session/0"));
	fixture_entry(f, "lead", "session.close",
	    gh_printf(&f->arena, "session/%" PRId64, fixture_person(f, "lead")->session), "ok");
	fixture_refused(f, GH_UNAUTHENTICATED, "sign in again", close_it(f, "lead", 0, "session/0"));
	fixture_entry(f, "", "session.close", "", "refused");
}

static void
refuses_somebody_elses_and_unknown_ones(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = fixture_person(f, "lead2")->session;

	fixture_refused(
	    f, GH_CONFLICT, "", close_it(f, "lead", id, gh_printf(&f->arena, "session/%" PRId64, id)));
	fixture_refused(f, GH_CONFLICT, "", close_it(f, "lead", 999, "session/999"));
	fixture_ok(f, close_it(f, "lead2", 0, "session/0"));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 0);
	fixture_cuts(f, "lead", WIRE_SESSION_CLOSE, "session/0", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(ends_the_own_session),
		FIXTURE_TEST(refuses_somebody_elses_and_unknown_ones),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_session_close", tests, NULL, NULL);
}
