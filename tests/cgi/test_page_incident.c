#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_facts_first_then_notes(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/1"), 200);
	assert_says(h, "Gatehouse");
	assert_says(h, "recorded the facts");
	assert_says(h, "href=\"/runs/2\"");
	assert_says(h, "action=\"/incidents/1/notes\"");
}

static void
lets_leads_auditors_and_admins_close_it(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/incidents/1"), 200);
	assert_says(h, "action=\"/incidents/1/close\"");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/incidents/1"), 200);
	assert_says(h, "action=\"/incidents/1/close\"");
	assert_int_equal(http_get(h, FIXTURE_ADMIN, "/incidents/1"), 200);
	assert_says(h, "action=\"/incidents/1/close\"");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/1"), 200);
	assert_says(h, "A lead, an auditor or an admin closes it");
	assert_says_not(h, "/close\"");
}

static void
escapes_notes(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO note (incident_id, person_id, text, created_at) VALUES (1, 2, "
		"'<b>tomorrow</b>', 1)"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/1"), 200);
	assert_says(h, "&lt;b&gt;tomorrow&lt;/b&gt;");
	assert_says_not(h, "<b>tomorrow");
}

static void
offers_nothing_when_it_is_closed(void **state)
{
	struct http *h = *state;

	assert_ok(
	    h->f, fixture_exec(h->f, "UPDATE incident SET state = 'closed', closed_at = 1, closed_by = 2"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/incidents/1"), 200);
	assert_says(h, "closed by lead");
	assert_says_not(h, "/notes\"");
	assert_says_not(h, "/close\"");
}

static void
knows_no_other(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/incidents/99"), 404);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_facts_first_then_notes),
		T(lets_leads_auditors_and_admins_close_it),
		T(escapes_notes),
		T(offers_nothing_when_it_is_closed),
		T(knows_no_other),
	};

	return cmocka_run_group_tests_name("cgi/page_incident", tests, NULL, NULL);
}
