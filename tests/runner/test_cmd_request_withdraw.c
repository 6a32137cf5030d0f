#include "base/ban.h"
#include "tests/support/fixture_plan.h"

static void
put(struct gh_text *fields, int64_t id, const char *comment)
{
	struct wire_out out = { .text = fields };

	wire_put_i64(&out, id);
	wire_put_text(&out, comment);
}

static enum gh_code
act(struct fixture_runner *f, const char *who, int64_t id, const char *comment)
{
	GH_TEXT fields = { 0 };

	put(&fields, id, comment);
	return fixture_act(
	    f, who, WIRE_REQUEST_WITHDRAW, gh_printf(&f->arena, "request/%" PRId64, id), &fields);
}

static const char *
state_of(struct fixture_runner *f, int64_t id)
{
	return fixture_value(f, "SELECT state || ' ' || state_text FROM request WHERE id = ?1", id);
}

static void
is_for_the_requester_or_an_admin(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	fixture_refused(f, GH_FORBIDDEN, "who asked", act(f, "lead", id, ""));
	assert_string_equal(state_of(f, id), "waiting ");
	fixture_ok(f, act(f, "viewer", id, "not needed"));
	assert_string_equal(state_of(f, id), "withdrawn not needed");
	fixture_entry(f, "viewer", "request.withdraw", "request/1", "ok");
	fixture_refused(f, GH_CONFLICT, "is withdrawn", act(f, "viewer", id, ""));
	fixture_ok(f, act(f, "admin", fixture_request(f, "shop_production", &run), ""));
	fixture_refused(f, GH_NOT_FOUND, "99", act(f, "viewer", 99, ""));
}

static void
takes_a_queued_run_with_it(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_development", &run);
	fixture_ok(f, act(f, "viewer", id, ""));
	assert_string_equal(fixture_value(f, "SELECT state FROM run WHERE id = ?1", run), "failed-clean");
	assert_string_equal(fixture_value(f, "SELECT outcome FROM run WHERE id = ?1", run),
	    "The run was never started, nothing was changed: its request is withdrawn.");
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	int64_t run;

	fixture_shop(f);
	put(&fields, fixture_request(f, "shop_production", &run), "no");
	fixture_cuts(f, "viewer", WIRE_REQUEST_WITHDRAW, "request/1", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(is_for_the_requester_or_an_admin),
		FIXTURE_TEST(takes_a_queued_run_with_it),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_request_withdraw", tests, NULL, NULL);
}
