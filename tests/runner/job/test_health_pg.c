#include "base/ban.h"
#include "tests/support/health_server.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

/* The health check of a run, against an HTTP server that answers as it is told, one answer a connection. */

static struct rig rig;

static void
run(const char *const *answers)
{
	struct health_server s;

	health_server_start(&s, &rig, answers);
	if (rig.plan.n_migrations == 0)
		rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	health_server_stop(&s);
}

static bool
there(void)
{
	return strcmp(rig_sql(&rig, "SELECT to_regclass('a') IS NOT NULL"), "t") == 0;
}

static void
an_answer_as_configured_is_healthy(void **state)
{
	static const char *const answers[] = { HEALTH_GOOD, NULL };

	(void)state;
	rig.plan.policy.health_body = "fine";
	run(answers);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_int_equal(rig_phase(&rig, WIRE_HEALTH), WIRE_OK);
	assert_non_null(strstr(rig_evidence(&rig, WIRE_HEALTH), "answered as configured, attempt 1"));
	assert_int_equal(
	    rig_last(&rig, WIRE_J_EVIDENCE, "health http://127.0.0.1", "Attempt 1 of 3")->state, WIRE_OK);
}

static void
it_is_tried_again(void **state)
{
	static const char *const answers[] = { HEALTH_BAD, HEALTH_BAD, HEALTH_GOOD, NULL };

	(void)state;
	run(answers);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "health", "Attempt 1 of 3")->state, WIRE_FAILED);
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "health", "it answered 500, not 200: boom"));
	assert_int_equal(rig_last(&rig, WIRE_J_EVIDENCE, "health", "Attempt 3 of 3")->state, WIRE_OK);
}

static void
one_that_stays_ill_takes_back(void **state)
{
	static const char *const answers[] = { HEALTH_BAD, HEALTH_BAD, HEALTH_BAD, NULL };

	(void)state;
	run(answers);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "is not healthy after 3 attempts: it answered 500");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_int_equal(rig_phase(&rig, WIRE_HEALTH), WIRE_FAILED);
	assert_int_equal(rig_phase(&rig, WIRE_VERIFY), WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_AFTER), 0);
	assert_false(there());
}

static void
without_rollback_on_failure_it_stays(void **state)
{
	static const char *const answers[] = { HEALTH_BAD, HEALTH_BAD, HEALTH_BAD, NULL };

	(void)state;
	rig.plan.policy.rollback_on_failure = false;
	run(answers);
	rig_expect(&rig, WIRE_FAILED_PARTLY, "001_a is applied and stays");
	assert_true(there());
}

/* The session may be gone by then: another is used for the way back. */
static void
a_connection_that_was_lost_meanwhile_is_made_again(void **state)
{
	static const char *const answers[] = { HEALTH_BAD, HEALTH_BAD, NULL };
	struct health_server s;

	(void)state;
	health_server_start(&s, &rig, answers);
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);\nSET SESSION idle_session_timeout = 100;",
	    "DROP TABLE a;");
	rig_add(&rig, "002_b", "SELECT 1;", "SELECT 1;");
	/* longer than anything else of the run takes, shorter than the wait between two attempts */
	(void)rig_sql(&rig,
	    gh_printf(
		&rig.arena, "ALTER ROLE shop IN DATABASE %s SET idle_session_timeout = 4000", rig.database));
	rig.plan.policy.health_attempts = 2;
	rig.plan.policy.health_delay_ms = 6000;
	rig_run(&rig, &job_run);
	health_server_stop(&s);
	assert_non_null(rig_find(&rig, WIRE_J_BACKEND, 1));
	(void)rig_sql(&rig,
	    gh_printf(&rig.arena, "ALTER ROLE shop IN DATABASE %s RESET idle_session_timeout", rig.database));
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_false(there());
}

static void
one_that_hangs_is_given_up(void **state)
{
	static const char *const answers[] = { health_hang, health_hang, NULL };
	int64_t from = gh_clock_mono();
	struct health_server s;

	(void)state;
	health_server_start(&s, &rig, answers);
	rig.plan.policy.health_attempts = 2;
	rig.plan.policy.health_timeout_ms = 300;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_run(&rig, &job_run);
	health_server_stop(&s);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "is not healthy after 2 attempts");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "timed out");
	assert_true(gh_clock_mono() - from < 5 * GH_SECOND);
}

static void
redirects_are_not_followed(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", HEALTH_GOOD, NULL
	};

	(void)state;
	run(answers);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "health", "it answered 302, not 200"));
	/* Unless that is the answer that is wanted. */
	(void)rig_sql(&rig, "DROP TABLE a; DROP TABLE schema_migrations");
	rig.plan.policy.health_status = 302;
	{
		struct health_server s;

		health_server_start(&s, &rig, answers);
		rig.plan.policy.health_status = 302;
		rig_seal(&rig);
		rig_run(&rig, &job_run);
		health_server_stop(&s);
	}
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "health", "it answered 302 in"));
}

static void
the_wanted_text_must_be_there(void **state)
{
	static const char *const answers[] = { HEALTH_GOOD, HEALTH_GOOD, HEALTH_GOOD, NULL };

	(void)state;
	rig.plan.policy.health_body = "version 12";
	run(answers);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "\"version 12\" is not in the answer: all fine");
}

/* No more than a mebibyte is read, whatever is sent. */
static void
an_answer_without_end_is_cut(void **state)
{
	char *big = malloc((3 << 20) + 1);
	const char *answers[] = { NULL, NULL, NULL, NULL };

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 3 << 20);
	big[3 << 20] = '\0';
	(void)memcpy(big, "HTTP/1.1 200 OK\r\n\r\nfirst", 24);
	memcpy(big + (2 << 20), "last", 4);
	answers[0] = answers[1] = answers[2] = big;
	rig.plan.policy.health_body = "first";
	run(answers);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	(void)rig_sql(&rig, "DROP TABLE a; DROP TABLE schema_migrations");
	rig.plan.policy.health_body = "last";
	run(answers);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "is not in the first mebibyte of the answer");
	free(big);
}

/* Nobody's proxy, no file, no password in the address. */
static void
only_http_and_no_proxy(void **state)
{
	static const char *const answers[] = { HEALTH_GOOD, NULL };
	static const char *const wrong[] = { "file:///etc/passwd", "ftp://127.0.0.1/",
		"http://a:b@127.0.0.1:1/" };
	size_t i;

	(void)state;
	assert_int_equal(
	    setenv("http_proxy", "http://127.0.0.1:1", 1), 0); /* NOLINT(concurrency-mt-unsafe) */
	run(answers);
	assert_int_equal(unsetenv("http_proxy"), 0); /* NOLINT(concurrency-mt-unsafe) */
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	rig.plan.policy.health_attempts = 1;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)rig_sql(&rig, "DROP TABLE IF EXISTS a; DROP TABLE schema_migrations");
		rig.plan.policy.health_url = wrong[i];
		rig_seal(&rig);
		rig_run(&rig, &job_run);
		rig_expect(&rig, WIRE_FAILED_CLEAN, "is not healthy after 1 attempt");
	}
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(an_answer_as_configured_is_healthy),
		T(it_is_tried_again),
		T(one_that_stays_ill_takes_back),
		T(without_rollback_on_failure_it_stays),
		T(a_connection_that_was_lost_meanwhile_is_made_again),
		T(one_that_hangs_is_given_up),
		T(redirects_are_not_followed),
		T(the_wanted_text_must_be_there),
		T(an_answer_without_end_is_cut),
		T(only_http_and_no_proxy),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/health", tests, rig_group_start, rig_group_stop);
}
