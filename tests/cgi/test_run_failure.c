#include "base/ban.h"
#include "tests/cgi/http.h"

#include "store/failure_write.h"

static void
fill(struct http *h)
{
	const struct store_cause_new causes[] = {
		{ "Equal addresses", "SELECT email FROM customers", "email\ttimes",
		    "a<b@example.com\t3\n\\N\t2", "Keep one of each.", true },
		{ "Who held the lock", "SELECT pid FROM pg_locks", "pid", "", "", false },
	};
	const struct store_run_fact fact = { "index", "public.orders_day", false, "It is there but invalid.",
		0 };
	const struct store_action actions[] = {
		{ "drop-index", "2/0", "Drops it." },
		{ "mark", "0005_add_photos", "Records it." },
		{ "retry", "0006", "Runs again." },
		{ "repair", "", "A person looks." },
	};
	STORE_TX tx = { 0 };
	size_t i;

	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	for (i = 0; i < 2; i++)
		assert_ok(h->f, store_cause_add(&h->f->store, 2, &causes[i], &h->f->err));
	assert_ok(h->f, store_run_fact_add(&h->f->store, 2, &fact, &h->f->err));
	for (i = 0; i < 4; i++)
		assert_ok(h->f, store_action_add(&h->f->store, 2, &actions[i], &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
}

static void
shows_the_cause_with_its_result(void **state)
{
	struct http *h = *state;

	fill(h);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says(h, "Equal addresses");
	assert_says(h, "<th scope=\"col\">times</th>");
	assert_says(h, "a&lt;b@example.com</td>");
	assert_says(h, "quiet\">NULL</td>");
	assert_says(h, "There are more rows");
	assert_says(h, "The query gave no rows");
	assert_says(h, "It is there but invalid.");
}

static void
offers_only_what_is_valid(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says_not(h, "What can be done");
	assert_says(h, "Request again");
	fill(h);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says(h, "act=drop-index&amp;goal=2%2F0");
	assert_says(h, "act=mark&amp;goal=0005_add_photos");
	assert_says(h, "direction=up&amp;to=0006");
	assert_says(h, "href=\"/incidents/1\">Write down the repair");
	assert_says_not(h, "Request again");
}

/* Only a statement by itself can leave an index, and only where the run has found one. */
static void
marks_what_is_half_done(void **state)
{
	struct http *h = *state;

	fill(h);
	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE plan_statement SET alone = 0, kind = 'CREATE INDEX'; "
		"UPDATE run_statement SET state = 'failed' WHERE run_id = 2"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says_not(h, "half done");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE plan_statement SET alone = 1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says(h, "stmt-half-done");
	assert_says(h, "half done");
	assert_ok(h->f, fixture_exec(h->f, "DELETE FROM run_action"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says_not(h, "half done");
	assert_says(h, "stmt-failed");
}

/* Batches that are in stay: the statement is neither rolled back nor simply failed. */
static void
marks_batches_that_are_half_done(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE plan_statement SET alone = 1, kind = 'UPDATE'; UPDATE plan_migration SET batched = "
		"1; "
		"UPDATE run_statement SET state = 'failed' WHERE run_id = 2"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says_not(h, "half done");
	assert_says(h, "in batches, a transaction each");
	assert_says_not(h, "outside a transaction");
	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO run_batch SELECT 2, migration, 1, 1, 'failed', '700', 2, 700, 700, 1000, 300, "
		"1, 0, "
		"'', 0 FROM run_statement WHERE run_id = 2 LIMIT 1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says(h, "half done");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_the_cause_with_its_result),
		T(offers_only_what_is_valid),
		T(marks_what_is_half_done),
		T(marks_batches_that_are_half_done),
	};

	return cmocka_run_group_tests_name("cgi/run_failure", tests, NULL, NULL);
}
