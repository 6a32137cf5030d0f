#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_every_file_with_what_it_is_taken_for(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/shop"), 200);
	assert_says(h, "add_photos.sql");
	assert_says(h, "no number");
	assert_says(h, "0001_create_customers_down.sql");
	assert_says(h, "href=\"/migrations/shop/0001_create_customers\"");
	assert_says(h, "numbered");
}

static void
chooses_by_what_they_are_taken_for(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/shop?as=refused"), 200);
	assert_says(h, "add_photos.sql");
	assert_says_not(h, "0001_create_customers.sql");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/shop?as=odd"), 400);
	assert_says(h, "o file is taken as");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/shop?after=0006_orders_total"), 200);
	assert_says_not(h, "0001_create_customers.sql");
}

static void
says_what_stops_the_whole_folder(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE project SET folder_problem = 'two files are 0007', detected_text = 'golang-migrate "
		"or sqlx'"));
	assert_ok(h->f, fixture_exec(h->f, "UPDATE target SET blocked = 'version 7 is dirty'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/shop"), 200);
	assert_says(h, "two files are 0007");
	assert_says(h, "golang-migrate or sqlx");
	assert_says(h, "version 7 is dirty");
}

static void
says_what_to_do_first(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "DELETE FROM project_file"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/shop"), 200);
	assert_says(h, "gatehouse create");
}

static void
is_csv_and_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/shop?format=csv"), 200);
	assert_says(h, "add_photos.sql,refused");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/shop?format=json"), 200);
	assert_says(h, "\"convention\":\"numbered\"");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/projects/none"), 404);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_every_file_with_what_it_is_taken_for),
		T(chooses_by_what_they_are_taken_for),
		T(says_what_stops_the_whole_folder),
		T(says_what_to_do_first),
		T(is_csv_and_json),
	};

	return cmocka_run_group_tests_name("cgi/page_project", tests, NULL, NULL);
}
