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
	    f, who, WIRE_REQUEST_REFUSE, gh_printf(&f->arena, "request/%" PRId64, id), &fields);
}

static const char *
state_of(struct fixture_runner *f, int64_t id)
{
	return fixture_value(f, "SELECT state || ' ' || state_text FROM request WHERE id = ?1", id);
}

static void
ends_a_waiting_request(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	fixture_ok(f, act(f, "lead", id, "not on a Friday"));
	assert_string_equal(state_of(f, id), "refused not on a Friday");
	assert_string_equal(
	    fixture_value(f, "SELECT decision FROM approval WHERE request_id = ?1", id), "no");
	fixture_entry(f, "lead", "request.refuse", "request/1", "ok");
	fixture_refused(
	    f, GH_CONFLICT, "is refused: not on a Friday", act(f, "lead2", id, "nor on a Monday"));
}

static void
is_for_leads_and_not_for_their_own(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	fixture_refused(f, GH_FORBIDDEN, "lead", act(f, "viewer", id, "no"));
	fixture_refused(f, GH_NOT_FOUND, "9", act(f, "lead", 9, "no"));
	id = fixture_request_by(f, "shop_production", "lead", fixture_later(), &run);
	fixture_refused(f, GH_FORBIDDEN, "withdraw", act(f, "lead", id, "no"));
	assert_string_equal(state_of(f, id), "waiting ");
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	int64_t run;

	fixture_shop(f);
	put(&fields, fixture_request(f, "shop_production", &run), "no");
	fixture_cuts(f, "lead", WIRE_REQUEST_REFUSE, "request/1", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(ends_a_waiting_request),
		FIXTURE_TEST(is_for_leads_and_not_for_their_own),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_request_refuse", tests, NULL, NULL);
}
