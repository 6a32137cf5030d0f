#include "base/ban.h"
#include "tests/support/fixture_runner.h"

static void
frame(const char *name, const char *password, struct gh_text *ret)
{
	unsigned char token[GH_TOKEN_LEN];
	struct wire_out out = { .text = ret };
	GH_SECRET secret = { 0 };

	/* A token that the client chose: it must not become the session's. */
	memset(token, 7, sizeof(token));
	assert_true(gh_secret_set(&secret, password, strlen(password)));
	wire_put_u16(&out, WIRE_SESSION_OPEN);
	gh_text_put_n(ret, token, sizeof(token));
	wire_put_text(&out, name);
	wire_put_secret(&out, &secret);
	wire_put_text(&out, "192.0.2.7");
	wire_put_text(&out, "browser");
}

static enum gh_code
sign_in(struct fixture_runner *f, const char *name, const char *password)
{
	GH_TEXT text = { 0 };

	frame(name, password, &text);
	return fixture_frame(f, CMD_WEB, geteuid(), &text);
}

static void
gives_a_fresh_token_that_works(void **state)
{
	struct fixture_runner *f = *state;
	struct fixture_person *lead = fixture_person(f, "lead");
	unsigned char chosen[GH_TOKEN_LEN];
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };
	const void *token;
	size_t len = 0;
	int64_t id;

	fixture_ok(f, sign_in(f, "lead", FIXTURE_PASSWORD));
	token = wire_bytes(&f->fields, &len);
	assert_int_equal(len, GH_TOKEN_LEN);
	memset(chosen, 7, sizeof(chosen));
	assert_memory_not_equal(token, chosen, len);
	memcpy(lead->token, token, len);
	id = wire_i64(&f->fields);
	assert_string_equal(wire_text(&f->fields, &f->arena), "lead");
	assert_int_equal(wire_end(&f->fields, &f->err), GH_OK);
	fixture_entry(f, "lead", "session.open", gh_printf(&f->arena, "session/%" PRId64, id), "ok");
	wire_put_i64(&out, id);
	fixture_ok(f,
	    fixture_act(
		f, "lead", WIRE_SESSION_CLOSE, gh_printf(&f->arena, "session/%" PRId64, id), &fields));
}

static void
says_the_same_of_unknown_name_and_wrong_password(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(
	    f, GH_UNAUTHENTICATED, "name or password is wrong", sign_in(f, "lead", "not it, not it"));
	fixture_entry(f, "", "session.open", "person/lead", "refused");
	/* What is no name may be a password: it is not written down. */
	fixture_refused(
	    f, GH_UNAUTHENTICATED, "name or password is wrong", sign_in(f, "stranger", FIXTURE_PASSWORD));
	fixture_entry(f, "", "session.open", "session", "refused");
}

static void
refuses_the_sixth_attempt_even_with_the_password(void **state)
{
	struct fixture_runner *f = *state;
	int i;

	for (i = 0; i < SIGNIN_FAILURES; i++)
		fixture_refused(f, GH_UNAUTHENTICATED, "is wrong", sign_in(f, "lead", "not it, not it"));
	fixture_refused(f, GH_UNAUTHENTICATED, "too many", sign_in(f, "lead", FIXTURE_PASSWORD));
	fixture_ok(f, sign_in(f, "lead2", FIXTURE_PASSWORD));
}

static void
is_not_for_admin_sock(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT text = { 0 };

	frame("lead", FIXTURE_PASSWORD, &text);
	fixture_refused(f, GH_FORBIDDEN, "not for this socket", fixture_frame(f, CMD_CLI, 2002, &text));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT text = { 0 };
	size_t whole;

	frame("lead", FIXTURE_PASSWORD, &text);
	whole = text.len;
	for (text.len = 0; text.len < whole; text.len++)
		assert_int_equal(fixture_frame(f, CMD_WEB, geteuid(), &text), GH_BAD_INPUT);
	gh_text_putc(&text, 'x');
	assert_int_equal(fixture_frame(f, CMD_WEB, geteuid(), &text), GH_BAD_INPUT);
	assert_int_equal(fixture_entries(f), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(gives_a_fresh_token_that_works),
		FIXTURE_TEST(says_the_same_of_unknown_name_and_wrong_password),
		FIXTURE_TEST(refuses_the_sixth_attempt_even_with_the_password),
		FIXTURE_TEST(is_not_for_admin_sock),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_session_open", tests, NULL, NULL);
}
