#include "base/ban.h"
#include "runner/job/target.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* What stops a run before anything is touched, and the job `check`. */

static struct rig rig;

static void
add_one(void)
{
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
}

static void
expect_untouched(const char *part)
{
	rig_expect(&rig, WIRE_FAILED_CLEAN, part);
	assert_null(rig_find(&rig, WIRE_J_MIGRATION, 0));
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t");
}

static void
another_digest(void **state)
{
	(void)state;
	add_one();
	rig_seal(&rig);
	rig.spec.plan_digest = "0000000000000000000000000000000000000000000000000000000000000000";
	rig_run(&rig, &job_run);
	expect_untouched("not the one that was approved");
}

static void
another_database(void **state)
{
	(void)state;
	add_one();
	rig.plan.database_oid++;
	rig_run(&rig, &job_run);
	expect_untouched("another database");
}

static void
another_server(void **state)
{
	(void)state;
	add_one();
	rig.plan.system_id = "1";
	rig_run(&rig, &job_run);
	expect_untouched("another server");
}

static void
stale_because_newer(void **state)
{
	(void)state;
	rig_track(&rig, "('000_x'), ('002_b')");
	rig.plan.after = "000_x";
	add_one();
	rig_run(&rig, &job_run);
	expect_untouched("stale");
	assert_int_equal(rig_phase(&rig, WIRE_STATUS), WIRE_FAILED);
}

static void
stale_because_applied(void **state)
{
	(void)state;
	rig_track(&rig, "('001_a')");
	rig.plan.after = "001_a";
	add_one();
	rig_run(&rig, &job_run);
	expect_untouched("001_a is already applied");
}

static void
stale_because_not_applied(void **state)
{
	(void)state;
	rig_track(&rig, "('000_x')");
	rig.plan.after = "000_x";
	rig.plan.down = true;
	add_one();
	rig_run(&rig, &job_run);
	expect_untouched("001_a is not applied");
}

static void
an_unknown_tracking_table(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE public.schema_migrations (id int)");
	add_one();
	rig_run(&rig, &job_run);
	expect_untouched("is not the tracking table");
}

static void
a_tracking_table_without_rights(void **state)
{
	(void)state;
	rig_track(&rig, "('000_x')");
	(void)rig_sql(&rig, "ALTER TABLE public.schema_migrations OWNER TO postgres");
	(void)rig_sql(&rig, "GRANT SELECT ON public.schema_migrations TO shop");
	rig.plan.after = "000_x";
	add_one();
	rig_run(&rig, &job_run);
	expect_untouched("may not INSERT");
}

static void
the_lock_is_held(void **state)
{
	const char *lock = gh_printf(&rig.arena, "SELECT pg_advisory_lock(%" PRId64 ")", target_lock_key());
	pid_t holder;

	(void)state;
	add_one();
	holder = rig_hold(&rig, "other", lock, "another run holds the lock");
	rig_run(&rig, &job_run);
	expect_untouched("another run holds the lock");
	rig_ended_well(holder);
}

static void
a_superuser_is_refused_unless_allowed(void **state)
{
	(void)state;
	rig.spec.connection =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database);
	add_one();
	rig_run(&rig, &job_run);
	expect_untouched("superuser");
	rig.spec.allow_superuser = true;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
}

static void
check_tells_the_state(void **state)
{
	(void)state;
	rig_track(&rig, "('001_a'), ('002_b')");
	rig_run(&rig, &job_check);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations are applied");
	assert_string_equal(rig_find(&rig, WIRE_J_IDENTITY, 0)->text, rig.plan.system_id);
	assert_string_equal(rig_find(&rig, WIRE_J_STANDING, 1)->text, "002_b");
	assert_non_null(rig_find(&rig, WIRE_J_SIZES, 0));
}

static void
check_of_an_unknown_tracking_table_succeeds(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE public.schema_migrations (id int)");
	rig_run(&rig, &job_check);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_non_null(rig_find(&rig, WIRE_J_TRACKING, 0));
	assert_null(rig_find(&rig, WIRE_J_STANDING, 0));
}

static void
check_without_rights_says_so(void **state)
{
	(void)state;
	rig_track(&rig, "('001_a')");
	(void)rig_sql(&rig, "ALTER TABLE public.schema_migrations OWNER TO postgres");
	rig_run(&rig, &job_check);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the role shop cannot read the tracking table");
}

static void
check_of_what_cannot_be_reached(void **state)
{
	(void)state;
	rig.spec.connection = "host=/nonexistent dbname=shop user=shop";
	rig_run(&rig, &job_check);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "cannot connect to shop_test");
	assert_non_null(rig_find(&rig, WIRE_J_RETRY, 0));
}

static void
a_wrong_role_or_database_is_not_retried(void **state)
{
	(void)state;
	rig.spec.connection =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=nobody", rig.cluster->folder, rig.database);
	rig_run(&rig, &job_check);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "role \"nobody\" does not exist");
	assert_null(rig_find(&rig, WIRE_J_RETRY, 0));
	rig.spec.connection = gh_printf(&rig.arena, "host=%s dbname=absent user=shop", rig.cluster->folder);
	rig_run(&rig, &job_check);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "database \"absent\" does not exist");
	assert_null(rig_find(&rig, WIRE_J_RETRY, 0));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(another_digest),
		TEST(another_database),
		TEST(another_server),
		TEST(stale_because_newer),
		TEST(stale_because_applied),
		TEST(stale_because_not_applied),
		TEST(an_unknown_tracking_table),
		TEST(a_tracking_table_without_rights),
		TEST(the_lock_is_held),
		TEST(a_superuser_is_refused_unless_allowed),
		TEST(check_tells_the_state),
		TEST(check_of_an_unknown_tracking_table_succeeds),
		TEST(check_without_rights_says_so),
		TEST(check_of_what_cannot_be_reached),
		TEST(a_wrong_role_or_database_is_not_retried),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/stage on a server", tests, rig_group_start, rig_group_stop);
}
