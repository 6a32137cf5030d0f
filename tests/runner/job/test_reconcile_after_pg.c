#include "base/ban.h"
#include "tests/support/health_server.h"

#include <setjmp.h>
#include <cmocka.h>

/* What is said and asked of a run that is in, but died before its end. */

static struct rig rig;

#define HOOKS "Its hooks after the run did not all end; they are not run again."

static const char *const good[] = { HEALTH_GOOD, HEALTH_GOOD, HEALTH_GOOD, NULL };
static const char *const bad[] = { HEALTH_BAD, HEALTH_BAD, HEALTH_BAD, HEALTH_BAD, HEALTH_BAD, HEALTH_BAD,
	NULL };

static void
faults_needed(void)
{
#ifndef GH_FAULTS
	skip();
#endif
}

/* Killed at that point; then reconcile asks. */
static void
die_at(const char *point, const char *const *answers)
{
	static const char *const args[] = { "/bin/true", NULL };
	struct health_server s = { 0 };

	faults_needed();
	if (answers != NULL)
		health_server_start(&s, &rig, answers);
	rig_hook(&rig, POLICY_AFTER, 60000, args);
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_run_killed(&rig, point);
	rig_run(&rig, &job_reconcile);
	if (answers != NULL)
		health_server_stop(&s);
}

static bool
says(const char *part)
{
	return strstr(rig_sentence(&rig), part) != NULL;
}

static void
health_is_asked_by_reconcile(void **state)
{
	(void)state;
	die_at("job.phase.health", good);
	rig_expect(&rig, WIRE_SUCCEEDED, "Its health was asked now: http://127.0.0.1:");
	assert_true(says("answered as configured, attempt 1. " HOOKS));
	assert_false(says("verification"));
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "health ", "it answered 200")->state, WIRE_OK);
}

static void
what_is_not_healthy_needs_a_person(void **state)
{
	(void)state;
	die_at("job.phase.health", bad);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "is not healthy after 3 attempts: it answered 500");
	assert_true(says("Nothing was taken back."));
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NOT NULL"), "t");
}

/* It had answered, but not as it should: it was killed before the run was taken back. */
static void
health_that_had_failed_is_asked_again(void **state)
{
	(void)state;
	die_at("job.phase-end.health", bad);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "is not healthy after 3 attempts");
}

static void
a_run_without_verification_says_so(void **state)
{
	(void)state;
	die_at("job.phase.verify", NULL);
	rig_expect(&rig, WIRE_SUCCEEDED, "Its verification did not come to a good end. " HOOKS);
	assert_false(says("health"));
}

static void
hooks_that_did_not_end_are_named(void **state)
{
	(void)state;
	die_at("job.phase.after", good);
	rig_expect(&rig, WIRE_SUCCEEDED, HOOKS);
	assert_false(says("health"));
	assert_false(says("verification"));
}

static void
at_the_very_end_nothing_is_missing(void **state)
{
	(void)state;
	die_at("job.phase.done", good);
	rig_expect(&rig, WIRE_SUCCEEDED, "all of it is in the database");
	assert_false(says("health") || says("verification") || says("hooks"));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(health_is_asked_by_reconcile),
		T(what_is_not_healthy_needs_a_person),
		T(health_that_had_failed_is_asked_again),
		T(a_run_without_verification_says_so),
		T(hooks_that_did_not_end_are_named),
		T(at_the_very_end_nothing_is_missing),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/reconcile_after", tests, rig_group_start, rig_group_stop);
}
