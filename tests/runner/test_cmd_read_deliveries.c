#include "base/ban.h"
#include "tests/support/fixture_message.h"

static enum gh_code
ask(struct fixture_runner *f, const char *word, const char *channel, const char *cursor)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, word);
	wire_put_text(&out, channel);
	wire_put_text(&out, cursor);
	wire_put_i64(&out, 2);
	return fixture_cli(f, "viewer", WIRE_READ_DELIVERIES, false, &fields);
}

static void
lists_newest_first_by_state_and_channel(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	(void)fixture_delivery(f, "sent");
	(void)fixture_delivery(f, "failed");
	(void)fixture_delivery(f, "waiting");
	fixture_ok(f, ask(f, "", "", ""));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 2);
	assert_string_equal(t->next, "2");
	assert_string_equal(fixture_cell(f, t, 0, "state")->text, "waiting");
	assert_int_equal(fixture_cell(f, t, 1, "next_at")->kind, 'n');
	assert_string_equal(fixture_cell(f, t, 0, "target")->text, "shop_production");
	fixture_ok(f, ask(f, "", "", "2"));
	assert_string_equal(fixture_cell(f, fixture_table(f), 0, "state")->text, "sent");
	fixture_ok(f, ask(f, "failed", "chat", ""));
	assert_int_equal(fixture_table(f)->n_rows, 1);
	fixture_ok(f, ask(f, "", "other", ""));
	assert_int_equal(fixture_table(f)->n_rows, 0);
}

static void
refuses_other_states_and_bad_cursors(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_BAD_INPUT, "waiting, sending, sent or failed", ask(f, "lost", "", ""));
	fixture_refused(f, GH_BAD_INPUT, "cursor", ask(f, "", "", "x"));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, "");
	wire_put_text(&out, "");
	wire_put_text(&out, "");
	wire_put_i64(&out, 1);
	fixture_cuts_cli(f, "lead", WIRE_READ_DELIVERIES, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(lists_newest_first_by_state_and_channel),
		FIXTURE_TEST(refuses_other_states_and_bad_cursors),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_deliveries", tests, NULL, NULL);
}
