#include "base/ban.h"
#include "runner/plan_query.h"
#include "runner/plan_build.h"
#include "store/project_write.h"
#include "tests/support/fixture_plan.h"

static void
query_add(struct fixture_runner *f, const char *file, const char *sql, const char *problem)
{
	char digest[GH_SHA256_HEX_LEN];
	const struct store_query_new q = {
		.file = file, .digest = digest, .problem = problem, .sql = sql, .sql_len = strlen(sql)
	};

	gh_sha256_hex(sql, strlen(sql), digest);
	if (store_folder_query(f->runner->store, 1, &q, &f->err) != GH_OK)
		fail_msg("%s", f->err.msg);
}

static enum gh_code
build(struct fixture_runner *f, bool down, struct plan_built *ret)
{
	const struct plan_goal goal = { .down = down, .to = down ? "" : "0003", .steps = down ? 1 : 0 };

	f->err = (struct gh_err){ 0 };
	return plan_build(f->runner->store, "shop_production", &goal, false, ret, &f->err);
}

static void
goes_along_upwards_in_order(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	PLAN_BUILT down = { 0 };

	fixture_shop(f);
	query_add(f, "verify/b.sql", "SELECT 2 WHERE false", "");
	query_add(f, "verify/a.sql", "SELECT 1 WHERE false", "");
	assert_int_equal(build(f, false, &b), GH_OK);
	assert_int_equal(b.plan.n_queries, 2);
	assert_string_equal(b.plan.queries[0].name, "verify/b.sql");
	assert_string_equal(b.plan.queries[1].sql, "SELECT 1 WHERE false");
	assert_non_null(strstr(gh_text_str(&b.bytes), "\nquery verify/b.sql\nsql 20\n"));
	/* What they ask is about what the folder makes, not about what was before it. */
	assert_int_equal(build(f, true, &down), GH_OK);
	assert_int_equal(down.plan.n_queries, 0);
}

static void
one_that_cannot_be_asked_stops_the_plan(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };

	fixture_shop(f);
	query_add(f, "verify/b.sql", "SELEC", "verify/b.sql:1:1: syntax error at or near \"SELEC\"");
	assert_int_equal(build(f, false, &b), GH_CONFLICT);
	assert_string_equal(f->err.msg,
	    "nothing can be verified after the run: verify/b.sql:1:1: syntax error at or near \"SELEC\". Put "
	    "that file right, or take it away");
}

static void
a_changed_query_makes_a_request_stale(void **state)
{
	struct fixture_runner *f = *state;
	const char *digest, *why;
	int64_t run;

	fixture_shop(f);
	query_add(f, "verify/b.sql", "SELECT 1 WHERE false", "");
	digest = fixture_value(
	    f, "SELECT plan_digest FROM request WHERE id = ?1", fixture_request(f, "shop_production", &run));
	assert_int_equal(plan_recheck(f->runner->store, &f->arena, digest, &why, &f->err), GH_OK);
	assert_null(why);
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "DELETE FROM project_query", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(plan_recheck(f->runner->store, &f->arena, digest, &why, &f->err), GH_OK);
	assert_string_equal(why, "there are other queries that verify the run now");
	query_add(f, "verify/b.sql", "SELECT 2 WHERE false", "");
	assert_int_equal(plan_recheck(f->runner->store, &f->arena, digest, &why, &f->err), GH_OK);
	assert_string_equal(why, "the query verify/b.sql that verifies the run changed since");
	/* Reading the folder again forgets them. */
	fixture_folder(f, fixture_migrations, 3);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM project_query", 0), "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(goes_along_upwards_in_order),
		FIXTURE_TEST(one_that_cannot_be_asked_stops_the_plan),
		FIXTURE_TEST(a_changed_query_makes_a_request_stale),
	};

	return cmocka_run_group_tests_name("runner/plan_query", tests, NULL, NULL);
}
