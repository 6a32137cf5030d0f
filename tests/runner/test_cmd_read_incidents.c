#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "store/ledger_write.h"

static enum gh_code
ask(struct fixture_runner *f, const char *who, const char *state_word, const char *cursor)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, state_word);
	wire_put_text(&out, cursor);
	wire_put_i64(&out, 50);
	return fixture_cli(f, who, WIRE_READ_INCIDENTS, false, &fields);
}

static void
lists_by_state(void **state)
{
	struct fixture_runner *f = *state;
	const struct store_incident_new by_runner = { .title = "A", .severity = "high", .now = 1 };
	const struct wire_table *t;
	int64_t id;

	assert_int_equal(store_incident_add(f->runner->store, &by_runner, &id, &f->err), GH_OK);
	fixture_ok(f, ask(f, "viewer", "open", ""));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(fixture_cell(f, t, 0, "title")->text, "A");
	assert_string_equal(fixture_cell(f, t, 0, "opened_by")->text, "runner");
	assert_int_equal(fixture_cell(f, t, 0, "closed_at")->kind, 'n');
	fixture_ok(f, ask(f, "viewer", "closed", ""));
	assert_int_equal(fixture_table(f)->n_rows, 0);
}

static void
refuses_other_states_and_bad_cursors(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_BAD_INPUT, "open or closed", ask(f, "viewer", "ajar", ""));
	fixture_refused(f, GH_BAD_INPUT, "cursor", ask(f, "viewer", "", "x"));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, "");
	wire_put_text(&out, "");
	wire_put_i64(&out, 1);
	fixture_cuts_cli(f, "lead", WIRE_READ_INCIDENTS, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(lists_by_state),
		FIXTURE_TEST(refuses_other_states_and_bad_cursors),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_incidents", tests, NULL, NULL);
}
