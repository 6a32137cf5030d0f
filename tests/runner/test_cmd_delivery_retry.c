#include "base/ban.h"
#include "tests/support/fixture_message.h"

static enum gh_code
act(struct fixture_runner *f, const char *who, int64_t id)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	return fixture_act(
	    f, who, WIRE_DELIVERY_RETRY, gh_printf(&f->arena, "delivery/%" PRId64, id), &fields);
}

static void
a_failed_one_waits_again_from_its_first_attempt(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	fixture_notify(f);
	id = fixture_delivery(f, "failed");
	fixture_ok(f, act(f, "lead", id));
	assert_string_equal(
	    fixture_value(f, "SELECT state || attempts FROM delivery WHERE id = :id", id), "waiting0");
	fixture_entry(f, "lead", "delivery.retry", "delivery/1", "ok");
	fixture_refused(f, GH_CONFLICT, "waiting", act(f, "lead", id));
}

static void
is_for_leads_and_admins(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	fixture_notify(f);
	id = fixture_delivery(f, "failed");
	fixture_refused(f, GH_FORBIDDEN, "", act(f, "viewer", id));
	fixture_refused(f, GH_FORBIDDEN, "", act(f, "auditor", id));
	fixture_ok(f, act(f, "admin", id));
}

static void
only_a_failed_one_of_a_channel_that_is_there(void **state)
{
	struct fixture_runner *f = *state;
	int64_t sent = fixture_delivery(f, "sent"), failed = fixture_delivery(f, "failed");

	fixture_refused(f, GH_CONFLICT, "is sent", act(f, "lead", sent));
	fixture_refused(f, GH_CONFLICT, "no longer in the configuration", act(f, "lead", failed));
	fixture_refused(f, GH_NOT_FOUND, "99", act(f, "lead", 99));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	fixture_notify(f);
	wire_put_i64(&out, fixture_delivery(f, "failed"));
	fixture_cuts(f, "lead", WIRE_DELIVERY_RETRY, "delivery/1", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_failed_one_waits_again_from_its_first_attempt),
		FIXTURE_TEST(is_for_leads_and_admins),
		FIXTURE_TEST(only_a_failed_one_of_a_channel_that_is_there),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_delivery_retry", tests, NULL, NULL);
}
