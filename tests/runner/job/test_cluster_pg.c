#include "base/ban.h"
#include "base/io.h"
#include "base/scratch.h"
#include "runner/job/cluster.h"
#include "tests/support/job_rig.h"
#include "tests/support/plain_user.h"

#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* The private cluster: like the target's, out of anybody's reach, gone afterwards. */

static struct rig rig;
static struct job job;

static struct cluster
cluster_new(void)
{
	job = (struct job){ .arena = &rig.arena, .spec = rig.spec, .journal = { .fd = -1 } };
	job.spec.pg_bin = PG_CLUSTER_BIN;
	return (struct cluster){ .job = &job,
		.folder = gh_printf(&rig.arena, "%s/c", rig.folder),
		.settings = "",
		.preload = "",
		.without = "" };
}

static const char *
ask(struct pg *pg, const char *sql)
{
	struct gh_err err = { 0 };
	const char *ret = "";

	if (pg_value(pg, sql, NULL, 0, &ret, &err) != GH_OK)
		fail_msg("%s: %s", sql, err.msg);
	return ret;
}

static void
connect_to(struct pg *pg, const char *conninfo)
{
	struct gh_err err = { 0 };

	*pg = (struct pg){ .job = &job, .at = { .migration = -1, .statement = -1 } };
	if (cluster_connect(pg, conninfo, &err) != GH_OK)
		fail_msg("%s", err.msg);
}

static void
is_like_the_target(void **state)
{
	struct cluster c = cluster_new();
	struct pg target, admin;
	struct gh_err err = { 0 };
	struct stat st;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE ROLE \"odd \"\"one\" NOLOGIN CREATEDB; GRANT \"odd \"\"one\" TO shop WITH ADMIN OPTION;"
	    "ALTER ROLE shop SET search_path = app, \"$user\", public");
	connect_to(&target, rig.spec.connection);
	assert_int_equal(cluster_programs(&c, 15, &err), GH_OK);
	assert_int_equal(cluster_settings(&c, &target, &err), GH_OK);
	if (cluster_start(&c, &err) != GH_OK)
		fail_msg("%s", err.msg);
	assert_int_equal(stat(c.folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	connect_to(&admin, cluster_connection(&c, "template1", CLUSTER_OWNER));
	if (cluster_like(&admin, &target, &err) != GH_OK)
		fail_msg("%s", err.msg);
	assert_string_equal(ask(&admin, "SHOW listen_addresses"), "");
	assert_string_equal(ask(&admin, "SHOW fsync"), "off");
	pg_close(&admin);
	connect_to(&admin, cluster_connection(&c, rig.database, "shop"));
	assert_string_equal(ask(&admin, "SHOW search_path"), "app, \"$user\", public");
	assert_string_equal(ask(&admin, "SELECT rolcreatedb FROM pg_roles WHERE rolname = 'odd \"one'"), "t");
	assert_string_equal(ask(&admin, "SELECT pg_has_role('shop', 'odd \"one', 'MEMBER')"), "t");
	assert_string_equal(ask(&admin, "SELECT rolsuper FROM pg_roles WHERE rolname = 'shop'"), "f");
	pg_close(&admin);
	pg_close(&target);
	cluster_stop(&c);
	assert_int_equal(access(c.folder, F_OK), -1);
	(void)rig_sql(&rig, "ALTER ROLE shop RESET search_path; DROP ROLE \"odd \"\"one\"");
}

static void
refuses(struct pg *pg, const char *sql, const char *why)
{
	struct gh_err err = { 0 };

	assert_int_not_equal(pg_query(pg, sql, NULL, 0, NULL, &err), GH_OK);
	if (strstr(err.msg, why) == NULL)
		fail_msg("%s: %s", sql, err.msg);
}

/* Even its superuser: functions of the target run as that while rows are copied. */
static void
its_superuser_gets_nowhere(void **state)
{
	struct cluster c = cluster_new();
	struct gh_err err = { 0 };
	struct pg admin;
	const char *mark = gh_printf(&rig.arena, "%s/mark", rig.folder);

	(void)state;
	assert_int_equal(cluster_programs(&c, 15, &err), GH_OK);
	if (cluster_start(&c, &err) != GH_OK)
		fail_msg("%s", err.msg);
	connect_to(&admin, cluster_connection(&c, "template1", CLUSTER_OWNER));
	assert_string_equal(ask(&admin, "SHOW is_superuser"), "on");
	refuses(&admin, gh_printf(&rig.arena, "COPY (SELECT 1) TO PROGRAM 'echo > %s'", mark),
	    "could not execute command");
	refuses(&admin, gh_printf(&rig.arena, "COPY (SELECT 1) TO '%s'", mark), "Permission denied");
	refuses(&admin, "SELECT pg_read_file('/etc/hostname')", "Permission denied");
	refuses(&admin, "SELECT pg_ls_dir('/proc/self')", "Permission denied");
	refuses(&admin,
	    gh_printf(
		&rig.arena, "CREATE SUBSCRIPTION s CONNECTION 'host=%s user=x' PUBLICATION p", c.folder),
	    "Permission denied");
	refuses(
	    &admin, "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p", "Permission denied");
	assert_int_equal(access(mark, F_OK), -1);
	/* By parallel workers, which share memory. */
	assert_string_equal(
	    ask(&admin,
		"WITH s AS MATERIALIZED (SELECT set_config('force_parallel_mode', 'on', false)) "
		"SELECT count(*) > 100 FROM pg_class, s"),
	    "t");
	pg_close(&admin);
	cluster_stop(&c);
}

static void
a_library_that_is_not_here_is_left_out(void **state)
{
	struct cluster c = cluster_new();
	struct gh_err err = { 0 };
	struct pg admin;

	(void)state;
	assert_int_equal(cluster_programs(&c, 15, &err), GH_OK);
	c.preload = "auto_explain, no_such_library";
	if (cluster_start(&c, &err) != GH_OK)
		fail_msg("%s", err.msg);
	assert_string_equal(c.without, "no_such_library");
	connect_to(&admin, cluster_connection(&c, "template1", CLUSTER_OWNER));
	assert_string_equal(ask(&admin, "SHOW shared_preload_libraries"), "auto_explain");
	pg_close(&admin);
	cluster_stop(&c);
}

static void
says_why_it_does_not_start(void **state)
{
	struct cluster c = cluster_new();
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(cluster_programs(&c, 99, &err), GH_NOT_FOUND);
	assert_non_null(strstr(err.msg, "PostgreSQL 99"));
	err = (struct gh_err){ 0 };
	assert_int_equal(cluster_programs(&c, 15, &err), GH_OK);
	c.settings = "wal_level = 'nonsense'\n";
	assert_int_equal(cluster_start(&c, &err), GH_UNAVAILABLE);
	assert_non_null(strstr(err.msg, "wal_level"));
	cluster_stop(&c);
	assert_int_equal(access(c.folder, F_OK), -1);
	err = (struct gh_err){ 0 };
	c.folder = gh_printf(&rig.arena, "%s/%0100d", rig.folder, 1);
	assert_int_equal(cluster_start(&c, &err), GH_CONFLICT);
	assert_non_null(strstr(err.msg, "too long for a UNIX socket"));
}

/* A job that is killed takes its server with it; what stays is a folder, and that can be removed. */
static void
dies_with_its_job(void **state)
{
	struct cluster c = cluster_new();
	struct gh_err err = { 0 };
	const char *pid_file = gh_printf(&rig.arena, "%s/data/postmaster.pid", c.folder);
	GH_TEXT text = { 0 };
	int status, tries;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		if (cluster_programs(&c, 15, &err) == GH_OK && cluster_start(&c, &err) == GH_OK)
			(void)kill(getpid(), SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(gh_file_read(pid_file, 4096, &text, &err), GH_OK);
	assert_int_equal(gh_scratch_remove(c.folder, &err), GH_OK);
	assert_int_equal(access(c.folder, F_OK), -1);
	for (tries = 0; tries < 3000 && kill((pid_t)strtol(text.data, NULL, 10), 0) == 0; tries++)
		(void)usleep(20000);
	assert_int_equal(kill((pid_t)strtol(text.data, NULL, 10), 0), -1);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(is_like_the_target),
		T(its_superuser_gets_nowhere),
		T(a_library_that_is_not_here_is_left_out),
		T(says_why_it_does_not_start),
		T(dies_with_its_job),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/cluster", tests, rig_group_start, rig_group_stop);
}
