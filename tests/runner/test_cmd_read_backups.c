#include "base/ban.h"
#include "tests/support/fixture_runner.h"

static enum gh_code
ask(struct fixture_runner *f, const char *who, const char *target, const char *cursor)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, target);
	wire_put_text(&out, cursor);
	wire_put_i64(&out, 50);
	return fixture_cli(f, who, WIRE_READ_BACKUPS, false, &fields);
}

static void
answers_an_empty_table_where_there_is_nothing(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	fixture_ok(f, ask(f, "viewer", "", ""));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 0);
	assert_string_equal(t->columns[0], "backup");
	assert_string_equal(t->next, "");
	fixture_ok(f, ask(f, "viewer", "shop_production", "12"));
}

static void
refuses_bad_cursors_and_targets(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_BAD_INPUT, "cursor", ask(f, "viewer", "", "0"));
	fixture_refused(f, GH_BAD_INPUT, "cursor", ask(f, "viewer", "", "12x"));
	fixture_refused(f, GH_NOT_FOUND, "shop_moon", ask(f, "viewer", "shop_moon", ""));
	fixture_refused(f, GH_FORBIDDEN, "stands for nobody", ask(f, NULL, "", ""));
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
	fixture_cuts_cli(f, "lead", WIRE_READ_BACKUPS, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(answers_an_empty_table_where_there_is_nothing),
		FIXTURE_TEST(refuses_bad_cursors_and_targets),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_backups", tests, NULL, NULL);
}
