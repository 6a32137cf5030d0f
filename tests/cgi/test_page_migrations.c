#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_a_cell_for_each_target(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations"), 200);
	assert_says(h, "create_customers");
	assert_says(h, "shop_development");
	assert_says(h, "shop_production");
	assert_says(h, "applied");
	assert_says(h, "pending");
	assert_says(h, "file missing");
	assert_says(h, "href=\"/migrations/shop/0006");
}

static void
looks_for_a_text(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?text=photos"), 200);
	assert_says(h, "add_photos");
	assert_says_not(h, "create_customers");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?text=Who+buys"), 200);
	assert_says(h, "create_customers");
	assert_says_not(h, "add_photos");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?text=SHOP+TEAM"), 200);
	assert_says(h, "create_customers");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?text=nothing-such"), 200);
	assert_says(h, "No migration matches");
}

static void
leads_to_what_every_file_is_taken_for(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations"), 200);
	assert_says(h, "1 refused");
	assert_says(h, "href=\"/projects/shop\"");
}

static void
shows_only_what_is_asked_for_on_a_target(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_get(h, FIXTURE_VIEWER, "/migrations?state=pending&target=shop_production"), 200);
	assert_says(h, "orders_total");
	assert_says_not(h, "create_customers");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?state=missing"), 200);
	assert_says_not(h, "orders_total");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?state=odd"), 400);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?target=none"), 400);
}

static void
says_what_changed_since_it_ran(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE standing SET standing = 'edited', text = 'its checksum is another' "
		"WHERE key = '0001_create_customers'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations"), 200);
	assert_says(h, "changed since");
	assert_says(h, "its checksum is another");
}

static void
says_why_nothing_runs(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE target SET blocked = 'version 7 is dirty'"));
	assert_ok(h->f, fixture_exec(h->f, "UPDATE project SET folder_problem = 'two files are 0007'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations"), 200);
	assert_says(h, "version 7 is dirty");
	assert_says(h, "two files are 0007");
}

static void
turns_pages_by_number_and_key(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?before=3&key=0003_orders_status"), 200);
	assert_says(h, "create_orders");
	assert_says_not(h, "orders_total");
}

static void
says_why_the_folder_cannot_be_read(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE project SET problem = 'permission denied'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations"), 200);
	assert_says(h, "could not be read");
	assert_says(h, "permission denied");
}

static void
refuses_bad_input(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?project=none"), 404);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?before=-1"), 400);
	assert_says(h, "Before is not a number");
}

static void
says_what_to_do_first(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE project SET ended_at = 1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations"), 200);
	assert_says(h, "No migration yet");
	assert_says(h, "No project is configured yet");
}

static void
is_csv_and_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?format=csv"), 200);
	assert_says(h, "project,key,version");
	assert_says(h, "0006_orders_total");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations?format=json"), 200);
	assert_says(h, "\"cells\":[{\"target\":\"shop_development\",\"state\":\"applied\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_a_cell_for_each_target),
		T(looks_for_a_text),
		T(leads_to_what_every_file_is_taken_for),
		T(shows_only_what_is_asked_for_on_a_target),
		T(says_what_changed_since_it_ran),
		T(says_why_nothing_runs),
		T(turns_pages_by_number_and_key),
		T(says_why_the_folder_cannot_be_read),
		T(refuses_bad_input),
		T(says_what_to_do_first),
		T(is_csv_and_json),
	};

	return cmocka_run_group_tests_name("cgi/page_migrations", tests, NULL, NULL);
}
