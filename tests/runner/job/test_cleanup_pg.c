#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* What a run leaves in its session is cleaned up, and said. */

static struct rig rig;

static void
what_migrations_left_is_cleaned_up(void **state)
{
	(void)state;
	rig_add(&rig, "001_a",
	    "CREATE TEMP TABLE scratch (id serial);\nPREPARE p AS SELECT 1;\nLISTEN news;\n"
	    "SELECT pg_advisory_lock(7);\nSET work_mem = '8MB';",
	    NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_int_equal(rig_phase(&rig, WIRE_CLEANUP), WIRE_OK);
	assert_non_null(strstr(rig_last(&rig, WIRE_J_EVIDENCE, "temporary", "dropped")->text, "scratch"));
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "prepared p", "1 prepared statement removed."));
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "channel news", "1 channel left."));
	/* That one and the run's own. */
	assert_non_null(
	    rig_last(&rig, WIRE_J_EVIDENCE, "lock 7, the run's lock", "2 advisory locks released."));
	assert_non_null(strstr(rig_evidence(&rig, WIRE_CLEANUP), "no lock is left"));
}

static void
a_run_that_failed_cleans_up_as_well(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TEMP TABLE scratch (id int);", "SELECT 1;");
	rig_add(&rig, "002_b", "SELECT 1 / 0;", "SELECT 1;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back");
	assert_int_equal(rig_phase(&rig, WIRE_CLEANUP), WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_DONE), 0);
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "temporary scratch", "1 temporary thing dropped."));
}

static void
without_a_session_it_says_so(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "SELECT 1;", "SELECT 1;");
	rig.spec.connection = "host=/nowhere dbname=x user=y";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Stopped in connect");
	assert_int_equal(rig_phase(&rig, WIRE_CLEANUP), WIRE_SKIPPED);
	assert_non_null(strstr(rig_evidence(&rig, WIRE_CLEANUP), "no session"));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(what_migrations_left_is_cleaned_up),
		T(a_run_that_failed_cleans_up_as_well),
		T(without_a_session_it_says_so),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/cleanup", tests, rig_group_start, rig_group_stop);
}
