#include "base/ban.h"
#include "runner/plan_compare.h"
#include "runner/plan_build.h"
#include "store/project_write.h"
#include "tests/support/fixture_plan.h"

/* Why the plan of a request is no longer the same; NULL when it is. */
static const char *
recheck(struct fixture_runner *f, const char *digest)
{
	const char *why = "?";

	f->err = (struct gh_err){ 0 };
	assert_int_equal(plan_recheck(f->runner->store, &f->arena, digest, &why, &f->err), GH_OK);
	return why;
}

/* Another value in the policies of the store. */
static void
policy_set(struct fixture_runner *f, const char *from, const char *to)
{
	const char *sql =
	    gh_printf(&f->arena, "UPDATE target SET policy = replace(policy, '%s', '%s')", from, to);

	assert_int_equal(sqlite3_exec(f->runner->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void
tells_why_a_plan_is_stale(void **state)
{
	static const char *const more[] = { "0001_customers", "0002_orders", "0003_status", NULL },
				 *const two[] = { "0001_customers", "0002_orders", NULL };
	struct fixture_migration m[FIXTURE_MIGRATIONS];
	struct fixture_runner *f = *state;
	const char *digest;
	int64_t run;

	fixture_shop(f);
	digest = fixture_value(
	    f, "SELECT plan_digest FROM request WHERE id = ?1", fixture_request(f, "shop_production", &run));
	assert_null(recheck(f, digest));
	memcpy(m, fixture_migrations, sizeof(m));
	m[4].up = "ALTER TABLE orders ADD total bigint";
	fixture_folder(f, m, FIXTURE_MIGRATIONS);
	assert_string_equal(recheck(f, digest), "the up SQL of 0005_total changed since");
	m[4] = fixture_migrations[4];
	m[4].down = NULL;
	fixture_folder(f, m, FIXTURE_MIGRATIONS);
	assert_string_equal(recheck(f, digest), "0005_total has lost its down SQL");
	fixture_folder(f, fixture_migrations, 4);
	fixture_seen(f, "shop_production", two);
	assert_non_null(strstr(recheck(f, digest), "0005_total is no longer pending"));
	fixture_shop(f);
	fixture_seen(f, "shop_production", more);
	assert_string_equal(recheck(f, digest), "0003_status is no longer pending");
	fixture_seen(f, "shop_production", two);
	assert_null(recheck(f, digest));
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "UPDATE target SET database_oid = 5", NULL, NULL, NULL), 0);
	assert_non_null(strstr(recheck(f, digest), "leads to another database now"));
	fixture_shop(f);
	policy_set(f, "backup 1", "backup 0");
	assert_string_equal(
	    recheck(f, digest), "the policy of shop_production changed: backup was on and is off");
	policy_set(f, "backup 0", "backup 1");
	assert_null(recheck(f, digest));
	policy_set(f, "lock_timeout_ms 5000", "lock_timeout_ms 90000");
	assert_string_equal(
	    recheck(f, digest), "the policy of shop_production changed: lock_timeout was 5s and is 90s");
	policy_set(f, "lock_timeout_ms 90000", "lock_timeout_ms 5000");
	policy_set(f, "health_url ", "health_url http://shop/");
	assert_string_equal(recheck(f, digest),
	    "the policy of shop_production changed: health_url was not set and is http://shop/");
	policy_set(f, "health_url http://shop/", "health_url ");
	policy_set(f, "validated_constraints 0\n", "validated_constraints 0\nwindow 0 22 * * * for 4h UTC\n");
	assert_string_equal(recheck(f, digest),
	    "the policy of shop_production changed: its windows, expected tables or hooks are others");
}

static void
one_transaction_as_the_policy_says(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	PLAN_BUILT none = { 0 };
	PLAN_BUILT each = { 0 };
	const struct plan_goal to3 = { .to = "0003" }, all = { .to = "" };

	fixture_shop(f);
	policy_set(f, "transaction tool", "transaction all");
	assert_int_equal(plan_build(f->runner->store, "shop_production", &to3, false, &b, &f->err), GH_OK);
	assert_true(b.plan.one_transaction);
	f->err = (struct gh_err){ 0 };
	assert_int_equal(
	    plan_build(f->runner->store, "shop_production", &all, false, &none, &f->err), GH_CONFLICT);
	assert_string_equal(f->err.msg,
	    "the policy of shop_production is transaction = all, and 0004_index cannot be in one transaction "
	    "with the others: run those before it, then it alone under transaction = each, or give it the "
	    "form that can be in a transaction");
	policy_set(f, "transaction all", "transaction each");
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "UPDATE project SET one_transaction = 1", NULL, NULL, NULL),
	    0);
	assert_int_equal(plan_build(f->runner->store, "shop_production", &to3, false, &each, &f->err), GH_OK);
	assert_false(each.plan.one_transaction);
}

static void
cannot_tell_while_the_target_is_away(void **state)
{
	struct fixture_runner *f = *state;
	const char *digest, *why;
	int64_t run;

	fixture_shop(f);
	digest = fixture_value(
	    f, "SELECT plan_digest FROM request WHERE id = ?1", fixture_request(f, "shop_production", &run));
	assert_int_equal(store_target_problem(f->runner->store, fixture_target_id(f, "shop_production"),
			     false, "down", 1, &f->err),
	    GH_OK);
	assert_int_equal(plan_recheck(f->runner->store, &f->arena, digest, &why, &f->err), GH_UNAVAILABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(tells_why_a_plan_is_stale),
		FIXTURE_TEST(one_transaction_as_the_policy_says),
		FIXTURE_TEST(cannot_tell_while_the_target_is_away),
	};

	return cmocka_run_group_tests_name("runner/plan_compare", tests, NULL, NULL);
}
