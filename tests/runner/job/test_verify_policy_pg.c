#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* Row security and constraints after a run on a real server, where the policy asks for them and where not. */

static struct rig rig;

static const struct rig_frame *
said(const char *kind)
{
	const struct rig_frame *f = rig_last(&rig, WIRE_J_EVIDENCE, kind, "");

	if (f == NULL)
		fail_msg("nothing is said of %s", kind);
	return f;
}

static void
holds(const struct rig_frame *f, enum wire_state state, const char *part)
{
	assert_int_equal(f->state, state);
	if (strstr(f->more, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, f->more);
}

static void
counts_tables_without_row_security(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE public.\"Old\" (id int)");
	(void)rig_sql(&rig, "CREATE SCHEMA other CREATE TABLE other.elsewhere (id int)");
	(void)rig_sql(&rig, "CREATE VIEW public.seen AS SELECT 1 AS id");
	rig_add(&rig, "001_a",
	    "CREATE TABLE a (id int);\nCREATE TABLE safe (id int);\nALTER TABLE safe ENABLE ROW LEVEL "
	    "SECURITY;",
	    "DROP TABLE a, safe;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	holds(said("row-security"), WIRE_SKIPPED, "2 tables are without it: public.\"Old\", public.a. ");
}

static void
fails_at_tables_without_row_security(void **state)
{
	(void)state;
	rig.plan.policy.row_security = true;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);\nCREATE TABLE b (id int) PARTITION BY RANGE (id);",
	    "DROP TABLE a, b;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN,
	    "2 tables are without row security in public, which the policy asks for: public.a, public.b");
	holds(said("row-security"), WIRE_FAILED, "2 tables are without it: public.a, public.b.");
	assert_int_equal(rig_phase(&rig, WIRE_VERIFY), WIRE_FAILED);
	assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
}

/* The tracking table, the batches' cursors and what an extension has made have none, and need none. */
static void
leaves_out_what_is_not_the_projects(void **state)
{
	(void)state;
	rig.plan.policy.row_security = true;
	(void)rig_sql(&rig, "CREATE TABLE public.gatehouse_batch (id int)");
	(void)rig_sql(&rig, "CREATE TABLE public.of_extension (id int)");
	(void)rig_sql(&rig,
	    "INSERT INTO pg_depend SELECT 'pg_class'::regclass, 'of_extension'::regclass, 0, "
	    "'pg_extension'::regclass, e.oid, 0, 'e' FROM pg_extension e WHERE extname = 'plpgsql'");
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);\nALTER TABLE a ENABLE ROW LEVEL SECURITY;",
	    "DROP TABLE a;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	holds(said("row-security"), WIRE_OK, "Each table has it.");
	assert_string_equal(
	    rig_sql(&rig,
		"SELECT count(*) FROM pg_class WHERE relname IN ('of_extension', 'gatehouse_batch', "
		"'schema_migrations') AND NOT relrowsecurity AND relnamespace = 'public'::regnamespace"),
	    "3");
}

/* Which were there before is somebody else's. */
static void
names_constraints_that_it_left(void **state)
{
	(void)state;
	rig_orders(&rig);
	(void)rig_sql(&rig, "ALTER TABLE orders ADD CONSTRAINT was CHECK (id > 0) NOT VALID");
	(void)rig_sql(&rig, "ALTER TABLE orders OWNER TO shop");
	rig_add(&rig, "001_a", "ALTER TABLE orders ADD CONSTRAINT \"Is\" CHECK (id < 1000000) NOT VALID;",
	    "ALTER TABLE orders DROP CONSTRAINT \"Is\";");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	holds(said("constraint"), WIRE_SKIPPED, "The run has left 1 NOT VALID: \"Is\" of public.orders. ");
	assert_null(strstr(said("constraint")->more, "was of"));
}

static void
fails_at_constraints_that_it_left(void **state)
{
	(void)state;
	rig.plan.policy.validated_constraints = true;
	rig_orders(&rig);
	(void)rig_sql(&rig, "ALTER TABLE orders ADD CONSTRAINT was CHECK (id > 0) NOT VALID");
	(void)rig_sql(&rig, "ALTER TABLE orders OWNER TO shop");
	rig_add(&rig, "001_a",
	    "ALTER TABLE orders ADD CONSTRAINT new CHECK (id < 1000000) NOT VALID;\n"
	    "CREATE DOMAIN positive AS int;\n"
	    "ALTER DOMAIN positive ADD CONSTRAINT above CHECK (VALUE > 0) NOT VALID;",
	    "ALTER TABLE orders DROP CONSTRAINT new;\nDROP DOMAIN positive;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN,
	    "the run has left 2 constraints NOT VALID, where the policy wants them validated: above of "
	    "positive, new of public.orders");
	holds(said("constraint"), WIRE_FAILED, "above of positive, new of public.orders.");
	/* What else there is to say is said nevertheless. */
	holds(said("row-security"), WIRE_SKIPPED, "public.orders");
	assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
}

static void
a_validated_one_is_good(void **state)
{
	(void)state;
	rig.plan.policy.validated_constraints = true;
	rig_orders(&rig);
	(void)rig_sql(&rig, "ALTER TABLE orders ADD CONSTRAINT was CHECK (id > 0) NOT VALID");
	(void)rig_sql(&rig, "ALTER TABLE orders OWNER TO shop");
	rig_add(&rig, "001_a",
	    "ALTER TABLE orders ADD CONSTRAINT new CHECK (id < 1000000) NOT VALID;\n"
	    "ALTER TABLE orders VALIDATE CONSTRAINT new;",
	    "ALTER TABLE orders DROP CONSTRAINT new;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	holds(said("constraint"), WIRE_OK, "The run has left none NOT VALID.");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(counts_tables_without_row_security),
		T(fails_at_tables_without_row_security),
		T(leaves_out_what_is_not_the_projects),
		T(names_constraints_that_it_left),
		T(fails_at_constraints_that_it_left),
		T(a_validated_one_is_good),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/verify_policy", tests, rig_group_start, rig_group_stop);
}
