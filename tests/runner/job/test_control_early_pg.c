#include "base/ban.h"
#include "tests/support/job_rig.h"
#include "base/clock.h"
#include "base/io.h"
#include "wire/control.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* A run that is cancelled before its first migration: while it connects, waits for the lock, dumps. */

static struct rig rig;

static int
setup(void **state)
{
	return rig_setup(state) != 0 || gh_memfd("control", "", 0, &rig.control, NULL) != GH_OK ? -1 : 0;
}

static int
teardown(void **state)
{
	gh_fd_done(&rig.control);
	return rig_teardown(state);
}

/* Cancels once that is seen, in a process of its own; then the run. */
static void
run(bool (*seen)(int arg), int arg)
{
	const struct wire_control cancel = { .serial = 1, .cancel = true };
	int64_t from = gh_clock_mono();
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		bool well = seen(arg);

		well = wire_control_write(rig.control, &cancel, NULL) == GH_OK && well;
		/* What it has seen stays so until then. */
		_exit(rig_until_said(&rig, "Cancelled in ") && well ? 0 : 1);
	}
	rig_run(&rig, &job_run);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* far less than what it would have waited for otherwise */
	assert_true(gh_clock_mono() - from < 100 * GH_SECOND);
	assert_non_null(rig_last(&rig, WIRE_J_CONTROL, "cancel", "known state"));
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t");
}

static void
plan(void)
{
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
}

static int
listener(int *ret_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

static bool
called(int fd)
{
	char first;
	int conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC); /* stays open, without an answer */

	return conn >= 0 && read(conn, &first, 1) == 1;
}

static void
a_server_that_never_answers(void **state)
{
	int port;
	GH_FD int fd = listener(&port);

	(void)state;
	plan();
	rig.spec.connection =
	    gh_printf(&rig.arena, "host=127.0.0.1 port=%d dbname=shop sslmode=disable", port);
	rig.spec.connect_timeout_ms = 120000;
	run(called, fd);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Cancelled in connect: cannot connect to shop_test: cancelled");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Nothing was applied");
	assert_null(rig_find(&rig, WIRE_J_BACKEND, 0));
}

static bool
refused(int unused)
{
	(void)unused;
	return rig_until_said(&rig, "Connection refused");
}

static void
a_server_that_is_tried_again_later(void **state)
{
	int port;

	(void)state;
	gh_fd_done(&(int){ listener(&port) });
	plan();
	rig.spec.connection = gh_printf(&rig.arena, "host=127.0.0.1 port=%d dbname=shop", port);
	rig.spec.max_retries = 5;
	rig.spec.retry_delay_ms = 30000;
	run(refused, 0);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Cancelled in connect: cannot connect to shop_test");
	assert_null(rig_find(&rig, WIRE_J_RETRY, 1));
}

/* The dump is ended, and nothing of it is left. */
static bool
dumping(int unused)
{
	const char *path = gh_printf(&rig.arena, "%s/dumping", rig.folder);
	int i;

	(void)unused;
	for (i = 0; i < 6000 && access(path, F_OK) != 0; i++)
		(void)usleep(10000);
	return i < 6000;
}

static void
a_dump_under_way(void **state)
{
	const char *path = gh_printf(&rig.arena, "%s/pg_dump", rig.folder);
	const char *script = gh_printf(&rig.arena,
	    "#!/bin/sh\ncase \"$*\" in *--version*) exec %s \"$@\";; esac\n"
	    "printf PGDMP\n: > %s/dumping\nexec sleep 300\n",
	    rig.spec.pg_dump, rig.folder);

	(void)state;
	plan();
	assert_int_equal(gh_file_replace(path, script, strlen(script), 0700, NULL), GH_OK);
	rig.plan.policy.backup = true;
	rig.spec.pg_dump = path;
	run(dumping, 0);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Cancelled in backup: ");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Nothing was applied");
	assert_null(rig_find(&rig, WIRE_J_BACKUP, 0));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(gh_printf(&rig.arena, "%s/dumping", rig.folder)), 0);
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'"), "0");
	/* the journal is all there is */
	assert_int_equal(unlink(gh_printf(&rig.arena, "%s/journal", rig.folder)), 0);
	assert_int_equal(rmdir(rig.folder), 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_server_that_never_answers),
		T(a_server_that_is_tried_again_later),
		T(a_dump_under_way),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/control early", tests, rig_group_start, rig_group_stop);
}
