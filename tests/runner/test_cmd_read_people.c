#include "base/ban.h"
#include "tests/support/fixture_runner.h"

static void
lists_everybody_with_their_roles(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	fixture_ok(f, fixture_cli(f, "viewer", WIRE_READ_PEOPLE, false, NULL));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, FIXTURE_PEOPLE);
	assert_string_equal(fixture_cell(f, t, 0, "name")->text, "admin");
	assert_string_equal(fixture_cell(f, t, 0, "roles")->text, "admin");
}

static void
is_for_admin_sock_and_people(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT frame = { 0 };
	struct wire_out out = { .text = &frame };

	wire_put_u16(&out, WIRE_READ_PEOPLE);
	gh_text_put_n(&frame, fixture_person(f, "admin")->token, GH_TOKEN_LEN);
	fixture_refused(f, GH_FORBIDDEN, "not for this socket", fixture_frame(f, CMD_WEB, geteuid(), &frame));
	fixture_refused(f, GH_BAD_INPUT, "no place", fixture_frame(f, CMD_CLI, 2005, &frame));
	fixture_refused(
	    f, GH_FORBIDDEN, "stands for nobody", fixture_cli(f, NULL, WIRE_READ_PEOPLE, false, NULL));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	fixture_cuts_cli(f, "lead", WIRE_READ_PEOPLE, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(lists_everybody_with_their_roles),
		FIXTURE_TEST(is_for_admin_sock_and_people),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_people", tests, NULL, NULL);
}
