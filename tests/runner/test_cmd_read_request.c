#include "base/ban.h"
#include "tests/support/fixture_run.h"

static enum gh_code
ask(struct fixture_runner *f, int64_t id)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	return fixture_cli(f, "viewer", WIRE_READ_REQUEST, false, &fields);
}

static void
answers_one_row(void **state)
{
	struct fixture_runner *f = *state;
	int64_t request = 0, run = 0;
	const struct wire_table *t;

	fixture_run(f, &request, &run);
	fixture_ok(f, ask(f, request));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(fixture_cell(f, t, 0, "goal")->text, "to 0001");
	assert_string_equal(fixture_cell(f, t, 0, "person")->text, "viewer");
	assert_int_equal(strlen(fixture_cell(f, t, 0, "digest")->text), 64);
	assert_int_equal(fixture_cell(f, t, 0, "needed")->number, 0);
	assert_int_equal(fixture_cell(f, t, 0, "run")->kind, 'i');
	assert_int_equal(fixture_cell(f, t, 0, "run")->number, run);
}

static void
knows_no_other_request(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_NOT_FOUND, "99", ask(f, 99));
	fixture_refused(f, GH_NOT_FOUND, "", ask(f, -1));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 1);
	fixture_cuts_cli(f, "viewer", WIRE_READ_REQUEST, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(answers_one_row),
		FIXTURE_TEST(knows_no_other_request),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_request", tests, NULL, NULL);
}
