#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_roles_and_sessions(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/account"), 200);
	assert_says(h, "approves or sends back");
	assert_says(h, "this one");
	assert_says(h, "action=\"/account/password\"");
	assert_says(h, "action=\"/signout\"");
}

static void
lets_one_end_other_sessions(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO session (id, person_id, verifier, address, agent, created_at, seen_at, "
		"expires_at) SELECT 90, 2, randomblob(32), '198.51.100.7', 'phone', created_at, seen_at, "
		"expires_at FROM session WHERE id = 2"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/account"), 200);
	assert_says(h, "198.51.100.7");
	assert_says(h, "action=\"/account/sessions/90/end\"");
	assert_says_not(h, "action=\"/account/sessions/2/end\"");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/account"), 200);
	assert_says_not(h, "198.51.100.7");
}

static void
keeps_tokens_out_of_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/account?format=json"), 200);
	assert_says(h, "\"roles\":[{\"role\":\"lead\"");
	assert_says_not(h, "csrf");
}

static void
is_for_people_who_are_signed_in(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, 0, "/account"), 303);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_roles_and_sessions),
		T(lets_one_end_other_sessions),
		T(keeps_tokens_out_of_json),
		T(is_for_people_who_are_signed_in),
	};

	return cmocka_run_group_tests_name("cgi/page_account", tests, NULL, NULL);
}
