#include "base/ban.h"
#include "tests/support/fixture_runner.h"

static void
put(struct gh_text *fields, const char *name, const char *roles, const char *password)
{
	struct wire_out out = { .text = fields };
	GH_SECRET secret = { 0 };

	assert_true(gh_secret_set(&secret, password, strlen(password)));
	wire_put_text(&out, name);
	wire_put_text(&out, roles);
	wire_put_secret(&out, &secret);
}

static enum gh_code
add(struct fixture_runner *f, const char *who, const char *name, const char *roles, const char *password)
{
	GH_TEXT fields = { 0 };

	put(&fields, name, roles, password);
	return fixture_act(f, who, WIRE_PERSON_ADD, "person", &fields);
}

static void
lets_somebody_sign_in(void **state)
{
	struct fixture_runner *f = *state;
	struct store_person *person = NULL;

	fixture_ok(f, add(f, "admin", "newcomer", "viewer,lead", "ten letters"));
	assert_int_equal(store_person_find(f->runner->store, &f->arena, "newcomer", &person, &f->err), GH_OK);
	assert_int_equal(wire_i64(&f->fields), person->id);
	assert_int_equal(person->roles, ROLE_VIEWER | ROLE_LEAD);
	fixture_entry(f, "admin", "person.add", "person/newcomer", "ok");
}

static void
refuses_bad_names_roles_passwords_and_a_second_one(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_BAD_INPUT, "name must be", add(f, "admin", "a b", "viewer", "ten letters"));
	fixture_refused(f, GH_BAD_INPUT, "name must be", add(f, "admin", "", "viewer", "ten letters"));
	fixture_refused(f, GH_BAD_INPUT, "boss", add(f, "admin", "newcomer", "viewer,boss", "ten letters"));
	fixture_refused(f, GH_BAD_INPUT, "", add(f, "admin", "newcomer", "", "ten letters"));
	fixture_refused(f, GH_BAD_INPUT, "at least 10", add(f, "admin", "newcomer", "viewer", "ninechars"));
	fixture_refused(f, GH_BAD_INPUT, "at least 10",
	    add(f, "admin", "newcomer", "viewer", "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"));
	fixture_refused(f, GH_CONFLICT, "", add(f, "admin", "lead", "viewer", "ten letters"));
	fixture_entry(f, "admin", "person.add", "person/lead", "refused");
}

static void
is_for_admins(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_FORBIDDEN, "admin", add(f, "lead", "newcomer", "admin", "ten letters"));
	fixture_entry(f, "lead", "person.add", "person", "refused");
}

/* A store in which nobody is. */
static void
makes_the_first_person_for_root_and_the_runner_alone(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	GH_TEXT frame = { 0 };
	struct wire_out out = { .text = &frame };
	unsigned char none[GH_TOKEN_LEN] = { 0 };

	store_close(f->runner->store);
	*f->runner->store = (struct store){ 0 };
	assert_int_equal(store_open_memory(f->runner->store, &f->err), GH_OK);
	put(&fields, "first", "admin", "ten letters");
	wire_put_u16(&out, WIRE_PERSON_ADD);
	gh_text_put_n(&frame, none, sizeof(none));
	wire_put_text(&out, "");
	wire_put_text(&out, "");
	gh_text_put_n(&frame, fields.data, fields.len);
	fixture_refused(
	    f, GH_FORBIDDEN, "stands for nobody", fixture_frame(f, CMD_CLI, FIXTURE_STRANGER, &frame));
	fixture_refused(
	    f, GH_FORBIDDEN, "no such person", fixture_cli(f, "admin", WIRE_PERSON_ADD, true, &fields));
	fixture_ok(f, fixture_frame(f, CMD_CLI, 0, &frame));
	fixture_entry(f, "uid 0", "person.add", "person/first", "ok");
	fixture_refused(f, GH_FORBIDDEN, "stands for nobody", fixture_frame(f, CMD_CLI, 0, &frame));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	put(&fields, "newcomer", "viewer", "ten letters");
	fixture_cuts(f, "admin", WIRE_PERSON_ADD, "person", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(lets_somebody_sign_in),
		FIXTURE_TEST(refuses_bad_names_roles_passwords_and_a_second_one),
		FIXTURE_TEST(is_for_admins),
		FIXTURE_TEST(makes_the_first_person_for_root_and_the_runner_alone),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_person_add", tests, NULL, NULL);
}
