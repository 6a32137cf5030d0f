#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_both_sides(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0004"), 200);
	assert_says(h, "orders_customer_index");
	assert_says(h, "id=\"up\"");
	assert_says(h, "id=\"down\"");
	assert_says(h, "outside a transaction");
	assert_says(h, "outside a transaction");
}

static void
says_that_there_is_no_way_back(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0005"), 200);
	assert_says(h, "There is no way back");
}

static void
shows_where_it_is_and_where_it_ran(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0005"), 200);
	assert_says(h, "shop_production");
	assert_says(h, "pending");
	assert_says(h, "href=\"/runs/2\">Run 2</a>");
	assert_says(h, "rolled back");
}

static void
takes_a_whole_key(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0005_add_photos"), 200);
	assert_says(h, "add_photos");
	assert_says(h, "Photos of products &lt;b&gt;&amp;");
}

static void
says_what_is_wrong_with_it(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(
		h->f, "UPDATE migration_side SET problem = 'x.sql:7:18: syntax error' WHERE side = 'up'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0005"), 200);
	assert_says(h, "This file cannot run");
	assert_says(h, "x.sql:7:18: syntax error");
}

static void
shows_one_whose_file_is_gone(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0000"), 200);
	assert_says(h, "the file is gone");
}

static void
knows_no_other(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0042"), 404);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/none/0001"), 404);
}

static void
says_what_no_statement_undoes(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE migration_statement SET reversible = 1, destructive = 0"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0001"), 200);
	assert_says_not(h, "undoes it by itself");
	assert_says_not(h, "destroys data");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE migration_statement SET reversible = 0"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0001"), 200);
	assert_says(h, "no statement undoes it by itself");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE migration_statement SET destructive = 1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/migrations/shop/0001"), 200);
	assert_says(h, "destroys data");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(says_what_no_statement_undoes),
		T(shows_both_sides),
		T(says_that_there_is_no_way_back),
		T(shows_where_it_is_and_where_it_ran),
		T(takes_a_whole_key),
		T(says_what_is_wrong_with_it),
		T(shows_one_whose_file_is_gone),
		T(knows_no_other),
	};

	return cmocka_run_group_tests_name("cgi/page_migration", tests, NULL, NULL);
}
