#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "store/secrets.h"

static void
put(struct gh_text *fields, const char *name, const char *old, const char *new)
{
	struct wire_out out = { .text = fields };
	GH_SECRET secret = { 0 };

	wire_put_text(&out, name);
	assert_true(gh_secret_set(&secret, old, strlen(old)));
	wire_put_secret(&out, &secret);
	assert_true(gh_secret_set(&secret, new, strlen(new)));
	wire_put_secret(&out, &secret);
}

static enum gh_code
change(struct fixture_runner *f, const char *who, const char *name, const char *old, const char *new)
{
	GH_TEXT fields = { 0 };

	put(&fields, name, old, new);
	return fixture_act(f, who, WIRE_PERSON_PASSWORD, gh_printf(&f->arena, "person/%s", name), &fields);
}

static bool
has_password(struct fixture_runner *f, const char *who, const char *password)
{
	char hash[GH_PWHASH_LEN] = "";
	GH_SECRET secret = { 0 };
	bool found = false;

	assert_true(gh_secret_set(&secret, password, strlen(password)));
	assert_int_equal(
	    store_password_get(f->runner->secrets, fixture_person(f, who)->id, hash, &found, &f->err), GH_OK);
	return found && gh_password_matches(hash, &secret);
}

static void
changes_the_own_one_and_keeps_this_session(void **state)
{
	struct fixture_runner *f = *state;

	fixture_ok(f, change(f, "lead", "", FIXTURE_PASSWORD, "another password"));
	fixture_entry(f, "lead", "person.password", "person/lead", "ok");
	assert_true(has_password(f, "lead", "another password"));
	fixture_refused(f, GH_UNAUTHENTICATED, "password is wrong",
	    change(f, "lead", "", FIXTURE_PASSWORD, "a third password"));
	fixture_entry(f, "lead", "person.password", "person/lead", "refused");
	assert_true(has_password(f, "lead", "another password"));
}

static void
is_an_admins_for_others_whose_sessions_end(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(
	    f, GH_FORBIDDEN, "admin", change(f, "lead", "admin", FIXTURE_PASSWORD, "another password"));
	fixture_ok(f, change(f, "admin", "lead", FIXTURE_PASSWORD, "another password"));
	fixture_refused(f, GH_UNAUTHENTICATED, "sign in again",
	    change(f, "lead", "", "another password", "a third password"));
	fixture_refused(
	    f, GH_NOT_FOUND, "nobody", change(f, "admin", "nobody", FIXTURE_PASSWORD, "another password"));
}

static void
refuses_short_and_unchanged_ones_and_endless_guessing(void **state)
{
	struct fixture_runner *f = *state;
	int i;

	fixture_refused(f, GH_BAD_INPUT, "at least 10", change(f, "lead", "", FIXTURE_PASSWORD, "short"));
	fixture_refused(
	    f, GH_BAD_INPUT, "is the old one", change(f, "lead", "", FIXTURE_PASSWORD, FIXTURE_PASSWORD));
	for (i = 0; i < SIGNIN_FAILURES; i++)
		fixture_refused(
		    f, GH_UNAUTHENTICATED, "wrong", change(f, "lead", "", "guess", "another password"));
	fixture_refused(
	    f, GH_UNAUTHENTICATED, "too many", change(f, "lead", "", FIXTURE_PASSWORD, "another password"));
}

static void
needs_no_old_one_on_admin_sock(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	GH_TEXT with = { 0 };

	put(&fields, "viewer", "", "another password");
	put(&with, "viewer", FIXTURE_PASSWORD, "another password");
	fixture_refused(
	    f, GH_BAD_INPUT, "no place", fixture_cli(f, "admin", WIRE_PERSON_PASSWORD, true, &with));
	fixture_ok(f, fixture_cli(f, "admin", WIRE_PERSON_PASSWORD, true, &fields));
	assert_true(has_password(f, "viewer", "another password"));
	fixture_refused(
	    f, GH_FORBIDDEN, "admin", fixture_cli(f, "lead", WIRE_PERSON_PASSWORD, true, &fields));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	put(&fields, "", FIXTURE_PASSWORD, "another password");
	fixture_cuts(f, "lead", WIRE_PERSON_PASSWORD, "person/", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(changes_the_own_one_and_keeps_this_session),
		FIXTURE_TEST(is_an_admins_for_others_whose_sessions_end),
		FIXTURE_TEST(refuses_short_and_unchanged_ones_and_endless_guessing),
		FIXTURE_TEST(needs_no_old_one_on_admin_sock),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_person_password", tests, NULL, NULL);
}
