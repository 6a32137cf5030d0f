#include "base/ban.h"
#include "tests/cgi/http.h"

static const char cookie[] = "gatehouse=0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20; "
			     "Path=/; HttpOnly; SameSite=Lax";

static void
answer_token(struct http *h, size_t len)
{
	struct wire_out out = http_answer(h);
	unsigned char token[64];
	size_t i;

	for (i = 0; i < sizeof(token); i++)
		token[i] = (unsigned char)(i + 1);
	wire_put_bytes(&out, token, len);
	wire_put_i64(&out, 9);
	wire_put_text(&out, "lead");
}

static void
signs_in_and_goes_on(void **state)
{
	struct http *h = *state;
	GH_SECRET secret = { 0 };

	answer_token(h, GH_TOKEN_LEN);
	assert_int_equal(
	    http_send(h, 0, "POST", "/signin", "name=+lead+&password=correct%20horse&next=%2Fruns%3Fa%3D1"),
	    303);
	assert_string_equal(h->reply.location, "/runs?a=1");
	assert_string_equal(h->reply.cookie, cookie);
	assert_int_equal(h->op, WIRE_SESSION_OPEN);
	assert_false(h->with_token);
	h->fields = (struct wire_in){ .at = (const unsigned char *)gh_text_str(&h->asked) };
	h->fields.end = h->fields.at + h->asked.len;
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "lead");
	wire_secret(&h->fields, &secret);
	assert_string_equal((const char *)secret.data, "correct horse");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "192.0.2.7");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "Firefox");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
uses_a_locked_cookie_over_tls(void **state)
{
	struct http *h = *state;

	answer_token(h, GH_TOKEN_LEN);
	h->in.https = true;
	assert_int_equal(http_send(h, 0, "POST", "/signin", "name=lead&password=x"), 303);
	assert_non_null(strstr(h->reply.cookie, "__Host-gatehouse=0102"));
	assert_non_null(strstr(h->reply.cookie, "; Secure"));
	assert_string_equal(h->reply.location, "/");
}

static void
leads_to_this_site_only(void **state)
{
	static const char *const elsewhere[] = { "https://evil.test/", "//evil.test/", "/%5Cevil.test",
		"%2F%09%2Fevil", "javascript:x" };
	struct http *h = *state;
	char body[128];
	size_t i;

	for (i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		answer_token(h, GH_TOKEN_LEN);
		(void)snprintf(body, sizeof(body), "name=lead&password=x&next=%s", elsewhere[i]);
		if (http_send(h, 0, "POST", "/signin", body) == 303)
			assert_string_equal(h->reply.location, "/");
		else
			assert_int_equal(h->reply.status, 422);
	}
}

static void
shows_the_form_again_without_the_password(void **state)
{
	struct http *h = *state;

	h->code = GH_UNAUTHENTICATED;
	h->message = "the name or the password is wrong";
	assert_int_equal(
	    http_send(h, 0, "POST", "/signin", "name=le%3Cad&password=canary-word&next=/runs"), 401);
	assert_says(h, "he name or the password is wrong");
	assert_says(h, "value=\"le&lt;ad\"");
	assert_says(h, "value=\"/runs\"");
	assert_says_not(h, "canary-word");
	assert_string_equal(h->reply.cookie, "");
}

static void
says_when_the_runner_is_down(void **state)
{
	struct http *h = *state;

	h->down = true;
	assert_int_equal(http_send(h, 0, "POST", "/signin", "name=lead&password=x"), 503);
	assert_says(h, "he runner does not answer; nothing was done");
	assert_int_equal(h->calls, 0);
}

static void
refuses_a_token_of_another_size(void **state)
{
	struct http *h = *state;

	answer_token(h, GH_TOKEN_LEN - 1);
	assert_int_equal(http_send(h, 0, "POST", "/signin", "name=lead&password=x"), 500);
	assert_string_equal(h->reply.cookie, "");
}

static void
wants_name_and_password(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_send(h, 0, "POST", "/signin", "name=lead"), 422);
	assert_says(h, "Password is missing");
	assert_int_equal(http_send(h, 0, "POST", "/signin", "password=x"), 422);
	assert_says(h, "Name is missing");
	assert_int_equal(http_send(h, 0, "POST", "/signin", "name=lead&password=x&role=admin"), 400);
	assert_says(h, "no field role");
	assert_int_equal(h->calls, 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(signs_in_and_goes_on),
		T(uses_a_locked_cookie_over_tls),
		T(leads_to_this_site_only),
		T(shows_the_form_again_without_the_password),
		T(says_when_the_runner_is_down),
		T(refuses_a_token_of_another_size),
		T(wants_name_and_password),
	};

	return cmocka_run_group_tests_name("cgi/act_session_open", tests, NULL, NULL);
}
