#include "base/ban.h"
#include "tests/support/fixture_runner.h"

static enum gh_code
role(struct fixture_runner *f, const char *who, const char *name, const char *roles)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, name);
	wire_put_text(&out, roles);
	return fixture_act(f, who, WIRE_PERSON_ROLE, gh_printf(&f->arena, "person/%s", name), &fields);
}

static void
gives_other_roles_and_ends_the_sessions(void **state)
{
	struct fixture_runner *f = *state;
	struct store_person *person = NULL;

	fixture_ok(f, role(f, "admin", "lead", "viewer"));
	fixture_entry(f, "admin", "person.role", "person/lead", "ok");
	assert_int_equal(store_person_find(f->runner->store, &f->arena, "lead", &person, &f->err), GH_OK);
	assert_int_equal(person->roles, ROLE_VIEWER);
	fixture_refused(f, GH_UNAUTHENTICATED, "sign in again", role(f, "lead", "lead", "admin"));
}

static void
is_for_admins_who_do_not_leave_none(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_FORBIDDEN, "admin", role(f, "viewer", "viewer", "admin"));
	fixture_refused(f, GH_CONFLICT, "last admin", role(f, "admin", "admin", "lead"));
	fixture_ok(f, role(f, "admin", "lead", "lead,admin"));
	fixture_ok(f, role(f, "admin", "admin", "viewer"));
	/* Their own session went on, without the role. */
	fixture_refused(f, GH_FORBIDDEN, "admin", role(f, "admin", "lead", "viewer"));
}

static void
refuses_unknown_people_and_roles(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_NOT_FOUND, "nobody", role(f, "admin", "nobody", "lead"));
	fixture_refused(f, GH_BAD_INPUT, "chief", role(f, "admin", "lead", "chief"));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, "lead");
	wire_put_text(&out, "viewer");
	fixture_cuts(f, "admin", WIRE_PERSON_ROLE, "person/lead", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(gives_other_roles_and_ends_the_sessions),
		FIXTURE_TEST(is_for_admins_who_do_not_leave_none),
		FIXTURE_TEST(refuses_unknown_people_and_roles),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_person_role", tests, NULL, NULL);
}
