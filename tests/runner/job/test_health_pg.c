#include "base/ban.h"
#include "tests/support/job_rig.h"
#include "base/clock.h"
#include "base/io.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* The health check of a run, against an HTTP server that answers as it is told, one answer a connection. */

static struct rig rig;

struct server {
	int fd;
	pid_t pid;
	int port;
};

/* An answer that is not sent: the connection stays open. */
static const char hang[] = "";

__attribute__((noreturn)) static void
serve(int fd, const char *const *answers)
{
	size_t i;

	for (i = 0; answers[i] != NULL; i++) {
		char buf[4096];
		GH_FD int conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
		struct timeval patience = { .tv_sec = 5 };

		(void)setsockopt(conn, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (read(conn, buf, sizeof(buf)) <= 0)
			continue;
		if (answers[i] == hang)
			while (read(conn, buf, sizeof(buf)) > 0)
				;
		else if (gh_write_all(conn, answers[i], strlen(answers[i]), NULL) != GH_OK)
			continue;
	}
	_exit(0);
}

static void
start(struct server *s, const char *const *answers)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(s->fd >= 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->fd, 16), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &len), 0);
	s->port = ntohs(at.sin_port);
	s->pid = fork();
	if (s->pid == 0)
		serve(s->fd, answers);
	(void)close(s->fd);
	rig.plan.policy.health_url = gh_printf(&rig.arena, "http://127.0.0.1:%d/health", s->port);
	rig.plan.policy.health_attempts = 3;
	rig.plan.policy.health_delay_ms = 50;
	rig.plan.policy.health_timeout_ms = 1000;
	rig.plan.policy.health_status = 200;
}

static void
stop(struct server *s)
{
	int status;

	(void)kill(s->pid, SIGKILL);
	(void)waitpid(s->pid, &status, 0);
}

static void
run(const char *const *answers)
{
	struct server s;

	start(&s, answers);
	if (rig.plan.n_migrations == 0)
		rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_seal(&rig);
	rig_run(&rig, &job_run);
	stop(&s);
}

static bool
there(void)
{
	return strcmp(rig_sql(&rig, "SELECT to_regclass('a') IS NOT NULL"), "t") == 0;
}

#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nall fine"
#define BAD  "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nboom"

static void
an_answer_as_configured_is_healthy(void **state)
{
	static const char *const answers[] = { GOOD, NULL };

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
	static const char *const answers[] = { BAD, BAD, GOOD, NULL };

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
	static const char *const answers[] = { BAD, BAD, BAD, NULL };

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
	static const char *const answers[] = { BAD, BAD, BAD, NULL };

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
	static const char *const answers[] = { BAD, BAD, BAD, NULL };

	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);\nSET SESSION idle_session_timeout = 100;",
	    "DROP TABLE a;");
	rig_add(&rig, "002_b", "SELECT 1;", "SELECT 1;");
	(void)rig_sql(&rig,
	    gh_printf(
		&rig.arena, "ALTER ROLE shop IN DATABASE %s SET idle_session_timeout = 200", rig.database));
	run(answers);
	(void)rig_sql(&rig,
	    gh_printf(&rig.arena, "ALTER ROLE shop IN DATABASE %s RESET idle_session_timeout", rig.database));
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_false(there());
}

static void
one_that_hangs_is_given_up(void **state)
{
	static const char *const answers[] = { hang, hang, NULL };
	int64_t from = gh_clock_mono();
	struct server s;

	(void)state;
	start(&s, answers);
	rig.plan.policy.health_attempts = 2;
	rig.plan.policy.health_timeout_ms = 300;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_run(&rig, &job_run);
	stop(&s);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "is not healthy after 2 attempts");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "timed out");
	assert_true(gh_clock_mono() - from < 5 * GH_SECOND);
}

static void
redirects_are_not_followed(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", GOOD, NULL
	};

	(void)state;
	run(answers);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "health", "it answered 302, not 200"));
	/* Unless that is the answer that is wanted. */
	(void)rig_sql(&rig, "DROP TABLE a; DROP TABLE schema_migrations");
	rig.plan.policy.health_status = 302;
	{
		struct server s;

		start(&s, answers);
		rig.plan.policy.health_status = 302;
		rig_seal(&rig);
		rig_run(&rig, &job_run);
		stop(&s);
	}
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "health", "it answered 302 in"));
}

static void
the_wanted_text_must_be_there(void **state)
{
	static const char *const answers[] = { GOOD, GOOD, GOOD, NULL };

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
	static const char *const answers[] = { GOOD, NULL };
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
