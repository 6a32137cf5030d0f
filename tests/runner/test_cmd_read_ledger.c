#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "store/ledger_write.h"

static enum gh_code
ask(struct fixture_runner *f, const char *who, const char *actor, const char *cursor, int64_t limit)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, actor);
	wire_put_text(&out, "");
	wire_put_text(&out, "");
	wire_put_text(&out, cursor);
	wire_put_i64(&out, limit);
	return fixture_cli(f, who, WIRE_READ_LEDGER, false, &fields);
}

static void
entries(struct fixture_runner *f, int n, const char *text)
{
	struct store_entry e = { .at = 5,
		.actor = "lead",
		.way = "cli",
		.op = "test",
		.subject = "s",
		.target = "",
		.outcome = "ok",
		.text = text };
	int64_t seq;
	int i;

	for (i = 0; i < n; i++) {
		e.actor = i % 2 == 0 ? "lead" : "admin";
		assert_int_equal(store_ledger_add(f->runner->store, &e, &seq, &f->err), GH_OK);
	}
}

static void
lists_newest_first_and_filters(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	entries(f, 3, "x");
	fixture_ok(f, ask(f, "auditor", "", "", 50));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 3);
	assert_int_equal(fixture_cell(f, t, 0, "seq")->number, 3);
	assert_int_equal(strlen(fixture_cell(f, t, 0, "digest")->text), 64);
	fixture_ok(f, ask(f, "auditor", "admin", "", 50));
	assert_int_equal(fixture_table(f)->n_rows, 1);
}

static void
stops_where_a_frame_is_full_and_goes_on_there(void **state)
{
	struct fixture_runner *f = *state;
	char *text = gh_alloc(&f->arena, 2001);
	const struct wire_table *t;
	const char *cursor = "";
	int64_t expected = 60;
	size_t i;

	memset(text, 'x', 2000);
	entries(f, 60, text);
	do {
		fixture_ok(f, ask(f, "lead", "", cursor, 60));
		assert_true(f->reply.len < WIRE_FRAME_MAX);
		t = fixture_table(f);
		for (i = 0; i < t->n_rows; i++)
			assert_int_equal(fixture_cell(f, t, i, "seq")->number, expected--);
		cursor = t->next;
	} while (cursor[0] != '\0');
	assert_int_equal(expected, 0);
}

static void
is_not_for_viewers(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_FORBIDDEN, "auditor", ask(f, "viewer", "", "", 50));
	fixture_ok(f, ask(f, "admin", "", "", 50));
	fixture_refused(f, GH_BAD_INPUT, "cursor", ask(f, "admin", "", "-1", 50));
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
	wire_put_text(&out, "");
	wire_put_i64(&out, 1);
	fixture_cuts_cli(f, "lead", WIRE_READ_LEDGER, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(lists_newest_first_and_filters),
		FIXTURE_TEST(stops_where_a_frame_is_full_and_goes_on_there),
		FIXTURE_TEST(is_not_for_viewers),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_ledger", tests, NULL, NULL);
}
