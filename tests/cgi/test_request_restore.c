#include "base/ban.h"
#include "tests/cgi/http.h"

/* The waiting request of the fixture asks for a restore instead. */
static void
restores(struct http *h, const char *keep)
{
	GH_TEXT sql = { 0 };

	gh_text_putf(&sql,
	    "INSERT INTO plan_restore SELECT plan_digest, 1, 'shop.dump.zst', printf('%%064d', 7), '', 4096, "
	    "5,"
	    " '0003_orders_status', 2, 1207, 'shop', '%s', 604800000 FROM request WHERE id = 5;"
	    "INSERT INTO backup_table VALUES (1, 'public.orders', 1200, 8192, 1200);"
	    "INSERT INTO plan_count SELECT plan_digest, 'done', '1 of 2 tables differs from the backup.', 9"
	    " FROM request WHERE id = 5;"
	    "INSERT INTO plan_loss SELECT plan_digest, 0, 0, -1, 'public.orders', 1303, 103, 't' FROM request"
	    " WHERE id = 5;"
	    "INSERT INTO plan_loss SELECT plan_digest, 1, 0, -1, 'public.added', 4, -1, 't' FROM request"
	    " WHERE id = 5",
	    keep);
	assert_ok(h->f, fixture_exec(h->f, gh_text_str(&sql)));
}

static void
says_what_becomes_of_which_database(void **state)
{
	struct http *h = *state;

	restores(h, "shop_before_5");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "What would happen");
	assert_says(h, "the names swapped");
	assert_says(h, "<code>shop_before_5</code>");
	assert_says(h, "for at least 7d");
	assert_says(h, "1,207 rows in 2 tables");
	assert_says_not(h, "What would run, in this order");
	assert_says_not(h, "Lint found nothing");
}

static void
counts_what_would_be_lost_table_by_table(void **state)
{
	struct http *h = *state;

	restores(h, "shop_before_5");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "What would be lost, table by table");
	assert_says(h, "1,303");
	assert_says(h, "1,200");
	assert_says(h, "103");
	assert_says(h, "not in it");
	assert_says(h, "1 of 2 tables differs from the backup.");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE plan_count SET state = 'failed', text = 'No answer.'"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "It could not be counted: No answer.");
}

static void
beside_it_nothing_is_lost(void **state)
{
	struct http *h = *state;

	restores(h, "");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "It stays beside the target as <code>shop</code>");
	assert_says_not(h, "What would be lost");
	assert_says_not(h, "the names swapped");
}

static void
other_requests_show_their_sql(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says(h, "What would run, in this order");
	assert_says_not(h, "What would happen");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(says_what_becomes_of_which_database),
		T(counts_what_would_be_lost_table_by_table),
		T(beside_it_nothing_is_lost),
		T(other_requests_show_their_sql),
	};

	return cmocka_run_group_tests_name("cgi/request_restore", tests, NULL, NULL);
}
