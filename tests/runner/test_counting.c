#include "base/ban.h"
#include "runner/counting.h"
#include "tests/support/fixture_plan.h"

/* What is queued to be counted; the job itself is in tests/runner/job/test_count_pg.c. */

static void
want(struct fixture_runner *f, const char *digest)
{
	struct gh_err err = { 0 };

	if (counting_want(f->runner->store, digest, &err) != GH_OK)
		fail_msg("%s", err.msg);
}

static void
is_queued_once(void **state)
{
	struct fixture_runner *f = *state;
	const char *digest;
	int64_t run = 0;

	fixture_shop(f);
	(void)fixture_request(f, "shop_production", &run);
	digest = fixture_value(f, "SELECT plan_digest FROM request WHERE id = ?1", 1);
	want(f, digest);
	want(f, digest);
	assert_string_equal(fixture_value(f, "SELECT count(*) || state FROM plan_count", 0), "1queued");
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "UPDATE plan_count SET state = 'running'", NULL, NULL, NULL),
	    SQLITE_OK);
	want(f, digest);
	assert_string_equal(fixture_value(f, "SELECT state FROM plan_count", 0), "running");
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE plan_count SET state = 'done', counted_at = 7", NULL, NULL, NULL),
	    SQLITE_OK);
	/* Again, and until then what was counted stays. */
	want(f, digest);
	assert_string_equal(
	    fixture_value(f, "SELECT state || ' ' || counted_at FROM plan_count", 0), "queued 7");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(is_queued_once),
	};

	return cmocka_run_group_tests_name("runner/counting", tests, NULL, NULL);
}
