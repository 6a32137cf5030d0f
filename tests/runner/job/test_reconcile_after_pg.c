#include "base/ban.h"
#include "tests/support/job_rig.h"
#include "base/io.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* What is said and asked of a run that is in, but died before its end. */

static struct rig rig;

struct server {
	int fd;
	pid_t pid;
	int port;
};

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
		if (gh_write_all(conn, answers[i], strlen(answers[i]), NULL) != GH_OK)
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

#define GOOD  "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nall fine"
#define BAD   "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nboom"
#define HOOKS "Its hooks after the run did not all end; they are not run again."

static const char *const good[] = { GOOD, GOOD, GOOD, NULL };
static const char *const bad[] = { BAD, BAD, BAD, BAD, BAD, BAD, NULL };

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
	struct server s = { 0 };

	faults_needed();
	if (answers != NULL)
		start(&s, answers);
	rig_hook(&rig, POLICY_AFTER, 1000, args);
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_run_killed(&rig, point);
	rig_run(&rig, &job_reconcile);
	if (answers != NULL)
		stop(&s);
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
