#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_phases_statements_and_what_is_true(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/1"), 200);
	assert_says(h, "Run 1");
	assert_says(h, "succeeded");
	assert_says(h, "What is true now");
	assert_says(h, "connect");
	assert_says(h, "verify");
	assert_says(h, "class=\"k\">CREATE</span>");
}

static void
explains_a_failure(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says(h, "42P07");
	assert_says(h, "duplicate_table");
	assert_says(h, "The table or index is there already");
	assert_says(h, "already exists");
	assert_says(h, "href=\"/incidents/1\"");
	assert_says(h, "not reached");
	assert_says(h, "rolled back");
	assert_says(h, "Request again");
}

static void
escapes_what_a_statement_holds(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says(h, "&lt;script&gt;");
	assert_says_not(h, "<script>'");
}

static void
follows_a_run_that_is_open(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/4"), 200);
	assert_says(h, "data-hx-get=\"/runs/4\"");
	assert_says(h, "every 2s");
	assert_says(h, "Refresh</a>");
}

static void
stays_still_when_it_has_ended(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/1"), 200);
	assert_says_not(h, "data-hx-trigger");
}

static void
offers_the_way_back_after_success(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/3"), 200);
	assert_says(h, "href=\"/requests/new?target=shop_production&amp;direction=down\"");
}

static void
shows_the_backup_and_its_proof(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/3"), 200);
	assert_says(h, "it was not restored yet");
	assert_says(h, "/backups/2");
}

static void
has_an_etag_that_is_answered(void **state)
{
	struct http *h = *state;
	GH_TEXT head = { 0 };
	char etag[100];
	const char *at;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/1"), 200);
	reply_head(&h->reply, &head);
	at = strstr(gh_text_str(&head), "ETag: ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "ETag: %99[^\r\n]", etag), 1);
	h->in.none_match = etag;
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/1"), 304);
}

static void
knows_no_other_run(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/999"), 404);
	assert_says(h, "un 999 does not exist");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/0"), 404);
}

static void
is_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2?format=json"), 200);
	assert_says(h, "\"state\":\"failed-clean\"");
	assert_says(h, "\"request\":2");
	assert_says(h, "\"sqlstate\":\"42P07\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_phases_statements_and_what_is_true),
		T(explains_a_failure),
		T(escapes_what_a_statement_holds),
		T(follows_a_run_that_is_open),
		T(stays_still_when_it_has_ended),
		T(offers_the_way_back_after_success),
		T(shows_the_backup_and_its_proof),
		T(has_an_etag_that_is_answered),
		T(knows_no_other_run),
		T(is_json),
	};

	return cmocka_run_group_tests_name("cgi/page_run", tests, NULL, NULL);
}
