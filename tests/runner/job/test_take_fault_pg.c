#include "base/ban.h"
#include "base/backup_name.h"
#include "base/io.h"
#include "tests/support/stand_in_dump.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/mount.h>
#include <sys/wait.h>

/* What goes wrong while a backup is taken: nothing of it stays, the one before does. */

#define BEFORE "shop_test-20260101T000000Z-r1.dump.zst"

static struct rig rig;

static void
put(const char *folder, const char *file)
{
	const char *path = gh_printf(&rig.arena, "%s/%s", folder, file);

	assert_int_equal(gh_file_replace(path, "x", 1, 0600, NULL), GH_OK);
}

/* Rows that do not compress well. */
static void
prepare(void)
{
	(void)rig_sql(&rig,
	    "SET ROLE shop; CREATE TABLE a (id int PRIMARY KEY, t text); INSERT INTO a SELECT i, "
	    "md5(i::text) || md5((i + 7)::text) FROM generate_series(1, 20000) i; CREATE TABLE z (id int)");
	rig.spec.id = -17;
	rig.spec.person = "";
	rig.spec.level = "listed";
	rig.spec.encrypt_to = "";
	put(rig.folder, BEFORE);
}

static int
files_in(const char *folder, const char *part)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) /* NOLINT(concurrency-mt-unsafe) */
		n += strstr(e->d_name, part) != NULL;
	(void)closedir(d);
	return n;
}

static void
expect_none(const char *part)
{
	rig_expect(&rig, WIRE_FAILED_CLEAN, part);
	assert_int_equal(files_in(rig.spec.backup_folder, "-t17."), 0);
	assert_int_equal(files_in(rig.spec.backup_folder, BEFORE), 1);
	assert_null(rig_find(&rig, WIRE_J_BACKUP, 0));
	/* Nobody of ours is left in the database; who has hung up is still there for a moment. */
	assert_true(rig_until(rig_conninfo(&rig, "look"),
	    "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND "
	    "application_name LIKE 'gatehouse%'"));
}

static void
a_pg_dump_that_is_killed(void **state)
{
	(void)state;
	prepare();
	(void)stand_in_use(&rig, "dies");
	rig_run(&rig, &job_take);
	expect_none("was ended by signal 9");
}

static void
a_pg_dump_that_hangs(void **state)
{
	(void)state;
	prepare();
	(void)stand_in_use(&rig, "hangs");
	rig.spec.silence_ms = 500;
	rig_run(&rig, &job_take);
	expect_none("pg_dump hangs: it gave no byte and said nothing for 500 ms");
}

static void
a_pg_dump_that_says_nothing_and_succeeds(void **state)
{
	(void)state;
	prepare();
	(void)stand_in_use(&rig, "empty");
	rig_run(&rig, &job_take);
	expect_none("the backup is not what was written");
}

static void
a_pg_dump_that_stops_in_the_middle_and_succeeds(void **state)
{
	const char *path;

	(void)state;
	prepare();
	(void)stand_in_use(&rig, "short");
	rig.spec.level = "written";
	rig_run(&rig, &job_take);
	rig_expect(&rig, WIRE_SUCCEEDED, "written");
	rig.spec.level = "listed";
	/* What describes one that is only missing would stay. */
	path = gh_printf(&rig.arena, "%s/%s", rig.folder, rig_find(&rig, WIRE_J_BACKUP, 0)->text);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(gh_printf(&rig.arena, "%s" GH_BACKUP_SIDECAR, path)), 0);
	rig_run(&rig, &job_take);
	expect_none("the backup is not what was written");
}

static void
a_pg_dump_of_another_version(void **state)
{
	(void)state;
	prepare();
	(void)stand_in_use(&rig, "old");
	rig_run(&rig, &job_take);
	expect_none("pg_dump 9.6.24 is not of the version of PostgreSQL 15.");
	(void)stand_in_use(&rig, "new");
	rig_run(&rig, &job_take);
	expect_none("pg_dump 99.1 is not of the version of PostgreSQL 15.");
}

static void
a_run_is_refused_before_it_begins(void **state)
{
	(void)state;
	prepare();
	rig.spec.id = 17;
	rig.plan.policy.backup = true;
	rig_add(&rig, "001_b", "CREATE TABLE b (id int);", NULL);
	(void)stand_in_use(&rig, "old");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "set postgresql \"15\"");
	assert_int_equal(rig_phase(&rig, WIRE_PREFLIGHT), WIRE_FAILED);
}

static void
a_folder_with_too_little_room(void **state)
{
	const char *small = gh_printf(&rig.arena, "%s/small", rig.folder);

	(void)state;
	prepare();
	assert_int_equal(mkdir(small, 0700), 0);
	if (mount("none", small, "tmpfs", 0, "size=64k") != 0)
		skip();
	rig.spec.backup_folder = small;
	rig_run(&rig, &job_take);
	(void)umount(small);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "not enough room for a backup");
}

/* Runs it with a disk of so many pages that holds another backup already, of one byte. */
static void
on_disk(const char *folder, int64_t pages)
{
	assert_int_equal(
	    mount("none", folder, "tmpfs", 0, gh_printf(&rig.arena, "size=%" PRId64, pages * 4096)), 0);
	put(folder, BEFORE);
	rig_run(&rig, &job_take);
	expect_none("No space left on device");
	assert_int_equal(files_in(folder, ".part"), 0);
	assert_int_equal(umount(folder), 0);
}

static void
a_disk_that_is_full_at(const char *format)
{
	const char *folder = gh_printf(&rig.arena, "%s/disk", rig.folder);
	int64_t pages;

	prepare();
	rig.spec.format = format;
	assert_int_equal(mkdir(folder, 0700), 0);
	/* Only whoever may mount can try. */
	if (mount("none", folder, "tmpfs", 0, "size=64m") != 0)
		skip();
	rig.spec.backup_folder = folder;
	put(folder, BEFORE);
	rig_run(&rig, &job_take);
	rig_expect(&rig, WIRE_SUCCEEDED, "20000 rows");
	pages = rig_find(&rig, WIRE_J_BACKUP, 0)->number / 4096;
	assert_true(pages > 100);
	assert_int_equal(umount(folder), 0);
	on_disk(folder, 2);
	on_disk(folder, 1 + pages / 2);
	on_disk(folder, 1 + pages * 99 / 100);
}

static void
a_disk_that_is_full_at_0_50_and_99_percent(void **state)
{
	(void)state;
	a_disk_that_is_full_at("custom");
}

static void
the_same_of_a_folder(void **state)
{
	(void)state;
	a_disk_that_is_full_at("directory");
}

static void
a_disk_that_is_full_at_the_end(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	prepare();
	rig_fault(&rig, "job.backup.fsync", "enospc");
	rig_run(&rig, &job_take);
	expect_none("cannot make the backup durable: No space left on device");
}

/* ---- others in the same tables */

#define LOCKED                                                                                               \
	"SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'a'::regclass AND granted AND mode = "       \
	"'AccessShareLock' AND pid IN (SELECT pid FROM pg_stat_activity WHERE application_name LIKE "        \
	"'gatehouse%'))"
/* The lock is waited for, or the session with that pid, which asked nothing before, has its answer. */
#define WAITS_OR_DONE                                                                                        \
	"SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'a'::regclass AND NOT granted AND mode = "   \
	"'AccessExclusiveLock') OR EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = %d AND state = "       \
	"'idle' AND query <> '')"

/* Sends sql once our lock is there, and lets pg_dump begin when it waits for it (or when it is done). */
static pid_t
beside(const char *go, const char *sql, bool waits)
{
	const char *conn =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database);
	pid_t pid = fork();
	PGconn *c;

	if (pid != 0)
		return pid;
	c = PQconnectdb(conn);
	if (!rig_until(conn, LOCKED) || PQsendQuery(c, sql) == 0 ||
	    (waits && !rig_until(conn, gh_printf(&rig.arena, WAITS_OR_DONE, PQbackendPID(c)))))
		_exit(1);
	if (!waits)
		PQclear(PQgetResult(c));
	stand_in_go(go);
	PQclear(PQgetResult(c));
	PQfinish(c);
	_exit(0);
}

static void
ended(pid_t pid)
{
	int status = 1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int64_t
rows_of(const char *table)
{
	const struct rig_frame *t;
	size_t n;

	for (n = 0; (t = rig_find(&rig, WIRE_J_BACKUP_TABLE, n)) != NULL; n++) {
		if (strcmp(t->text, table) == 0)
			return t->number;
	}
	return -1;
}

/* A run, because its policy says how long it waits. */
static void
run_beside(const char *sql)
{
	pid_t pid;

	prepare();
	rig.spec.id = 17;
	rig.plan.policy.backup = true;
	rig.plan.policy.max_retries = 20;
	rig_add(&rig, "001_b", "CREATE TABLE b (id int);", NULL);
	pid = beside(stand_in_use(&rig, "late"), sql, true);
	rig_run(&rig, &job_run);
	ended(pid);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_int_equal(files_in(rig.folder, ".part"), 0);
}

/* It waits for our locks and pg_dump for it: it has its turn, and the backup has what is true after it. */
static void
a_truncate_during_the_dump(void **state)
{
	(void)state;
	run_beside("TRUNCATE a");
	assert_non_null(rig_saying(&rig, WIRE_J_RETRY, "due to statement timeout"));
	assert_int_equal(rows_of("public.a"), 0);
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM a"), "0");
}

static void
an_alter_during_the_dump(void **state)
{
	(void)state;
	run_beside("ALTER TABLE a ADD COLUMN more int; INSERT INTO a SELECT i FROM generate_series(20001, "
		   "20005) i");
	assert_int_equal(rows_of("public.a"), 20005);
}

/* Who gives up is not waited for, or was: either way the backup has all rows. */
static void
an_alter_that_gives_up(void **state)
{
	(void)state;
	run_beside("SET lock_timeout = 200; ALTER TABLE a ADD COLUMN more int");
	assert_int_equal(rows_of("public.a"), 20000);
}

/* Behind somebody else's lock: it says behind whose. */
static void
a_table_that_stays_locked(void **state)
{
	PGconn *c;

	(void)state;
	prepare();
	c = PQconnectdb(gh_printf(&rig.arena, "host=%s dbname=%s user=postgres application_name=reports",
	    rig.cluster->folder, rig.database));
	PQclear(PQexec(c, "BEGIN; LOCK TABLE a IN ACCESS EXCLUSIVE MODE"));
	rig.spec.id = 17;
	rig.plan.policy.backup = true;
	rig.plan.policy.lock_timeout_ms = 200;
	rig_add(&rig, "001_b", "CREATE TABLE b (id int);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN,
	    gh_printf(&rig.arena,
		"the tables cannot be locked for reading within 200 ms: session %d (postgres, reports, what "
		"it "
		"does is hidden from this role: GRANT pg_monitor) holds ACCESS EXCLUSIVE on a: ",
		PQbackendPID(c)));
	PQfinish(c);
}

static void
a_connection_that_is_lost_meanwhile(void **state)
{
	pid_t pid;

	(void)state;
	prepare();
	pid = beside(stand_in_use(&rig, "late"),
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'gatehouse%'",
	    false);
	rig_run(&rig, &job_take);
	ended(pid);
	expect_none("");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pg_dump_that_is_killed),
		TEST(a_pg_dump_that_hangs),
		TEST(a_pg_dump_that_says_nothing_and_succeeds),
		TEST(a_pg_dump_that_stops_in_the_middle_and_succeeds),
		TEST(a_pg_dump_of_another_version),
		TEST(a_run_is_refused_before_it_begins),
		TEST(a_folder_with_too_little_room),
		TEST(a_disk_that_is_full_at_0_50_and_99_percent),
		TEST(the_same_of_a_folder),
		TEST(a_disk_that_is_full_at_the_end),
		TEST(a_truncate_during_the_dump),
		TEST(an_alter_during_the_dump),
		TEST(an_alter_that_gives_up),
		TEST(a_table_that_stays_locked),
		TEST(a_connection_that_is_lost_meanwhile),
	};

	stand_in_dump(argc, argv);
	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/take, faults, on a server", tests, rig_group_start, rig_group_stop);
}
