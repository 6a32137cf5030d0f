#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;
	GH_SECRET secret = { 0 };

	assert_int_equal(http_post(h, FIXTURE_VIEWER, "/account/password", WIRE_PERSON_PASSWORD, "person/",
			     "old=old+word&new=new+word+12&again=new+word+12"),
	    303);
	assert_string_equal(h->reply.location, "/account");
	http_asked(h, FIXTURE_VIEWER, WIRE_PERSON_PASSWORD, "person/");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "");
	wire_secret(&h->fields, &secret);
	assert_string_equal((const char *)secret.data, "old word");
	wire_secret(&h->fields, &secret);
	assert_string_equal((const char *)secret.data, "new word 12");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_post(h, FIXTURE_VIEWER, "/account/password", WIRE_PERSON_PASSWORD, "person/",
			     "old=a&new=b&again=c"),
	    400);
	assert_says(h, "differ");
	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/account/password", WIRE_PERSON_PASSWORD, "person/", "old=a&new=b"),
	    422);
	assert_says(h, "again is missing");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_VIEWER, "/account/password", WIRE_PERSON_PASSWORD, "person/",
		"old=old+word&new=new+word+12&again=new+word+12" };

	http_refused(h, &act, GH_UNAUTHENTICATED, "the password is wrong", 401);
	assert_says_not(h, "old word");
	assert_says_not(h, "new word 12");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(sends_what_was_filled_in),
		T(asks_nobody_when_the_form_is_wrong),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_person_password", tests, NULL, NULL);
}
