#include "base/ban.h"
#include "base/io.h"
#include "tests/support/job_rig.h"

#include <dirent.h>
#include <setjmp.h>
#include <cmocka.h>

/* The backup before a run, on a real server. */

static struct rig rig;

static void
with_backup(void)
{
	(void)rig_sql(&rig,
	    "CREATE TABLE a (id int); INSERT INTO a SELECT generate_series(1, 1000); "
	    "CREATE TABLE \"Odd \"\"name\" (id int); INSERT INTO \"Odd \"\"name\" VALUES (1); "
	    "CREATE TABLE part (id int) PARTITION BY RANGE (id); "
	    "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (10); INSERT INTO part VALUES (5)");
	(void)rig_sql(&rig,
	    "ALTER TABLE a OWNER TO shop; ALTER TABLE \"Odd \"\"name\" OWNER TO shop; "
	    "ALTER TABLE part OWNER TO shop; ALTER TABLE part_1 OWNER TO shop");
	rig.plan.policy.backup = true;
	rig_add(&rig, "001_b", "CREATE TABLE b (id int);", NULL);
}

static int
files_with(const char *part)
{
	DIR *d = opendir(rig.folder);
	struct dirent *e;
	int n = 0;

	while ((e = readdir(d)) != NULL) /* NOLINT(concurrency-mt-unsafe) */
		n += strstr(e->d_name, part) != NULL;
	(void)closedir(d);
	return n;
}

static void
expect_nothing(const char *part)
{
	rig_expect(&rig, WIRE_FAILED_CLEAN, part);
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('b') IS NULL"), "t");
	assert_int_equal(files_with(".dump.zst"), 0);
	assert_null(rig_find(&rig, WIRE_J_BACKUP, 0));
}

static void
writes_counts_and_lists(void **state)
{
	const struct rig_frame *b, *side;
	GH_TEXT bytes = { 0 };
	GH_TEXT json = { 0 };
	char digest[GH_SHA256_HEX_LEN];

	(void)state;
	with_backup();
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	b = rig_find(&rig, WIRE_J_BACKUP, 0);
	assert_int_equal(
	    gh_file_read(gh_printf(&rig.arena, "%s/%s", rig.folder, b->text), 1 << 24, &bytes, NULL), GH_OK);
	gh_sha256_hex(bytes.data, bytes.len, digest);
	assert_string_equal(b->more, digest);
	assert_int_equal(b->number, (int64_t)bytes.len);
	assert_int_equal(
	    gh_file_read(gh_printf(&rig.arena, "%s/%s.json", rig.folder, b->text), 1 << 20, &json, NULL),
	    GH_OK);
	assert_non_null(strstr(json.data, "\"name\": \"a\", \"rows\": 1000, "));
	assert_non_null(strstr(json.data, "\"name\": \"Odd \\\"name\", \"rows\": 1, "));
	assert_non_null(strstr(json.data, "\"name\": \"part_1\", \"rows\": 1, "));
	assert_non_null(strstr(json.data, "\"rows\": 1002"));
	assert_non_null(strstr(json.data, "\"level\": \"listed\""));
	assert_non_null(strstr(json.data, digest));
	/* What lies beside it is told as well. */
	gh_sha256_hex(json.data, json.len, digest);
	side = rig_find(&rig, WIRE_J_SIDECAR, 0);
	assert_string_equal(side->text, gh_printf(&rig.arena, "%s.json", b->text));
	assert_int_equal(side->number, (int64_t)json.len);
	assert_string_equal(side->more, digest);
	assert_memory_equal(side->extra, json.data, strcspn(json.data, "["));
	assert_int_equal(files_with(".part"), 0);
}

static void
a_full_disk_applies_nothing(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	with_backup();
	rig_fault(&rig, "job.backup.write", "enospc");
	rig_run(&rig, &job_run);
	expect_nothing("No space left on device");
	assert_int_equal(rig_phase(&rig, WIRE_BACKUP), WIRE_FAILED);
}

static void
a_table_that_may_not_be_read(void **state)
{
	(void)state;
	with_backup();
	(void)rig_sql(&rig, "CREATE TABLE secret (id int)");
	rig_run(&rig, &job_run);
	expect_nothing("permission denied");
}

static void
a_table_that_is_locked(void **state)
{
	pid_t holder;

	(void)state;
	with_backup();
	holder = rig_hold(&rig, "holder", "BEGIN; LOCK TABLE a", "lock timeout");
	rig_run(&rig, &job_run);
	rig_ended_well(holder);
	expect_nothing("lock timeout");
}

static void
a_missing_pg_dump(void **state)
{
	(void)state;
	with_backup();
	rig.spec.pg_dump = "/nonexistent/pg_dump";
	rig_run(&rig, &job_run);
	expect_nothing("/nonexistent/pg_dump");
	assert_int_equal(rig_phase(&rig, WIRE_PREFLIGHT), WIRE_FAILED);
}

static void
a_missing_folder(void **state)
{
	(void)state;
	with_backup();
	rig.spec.backup_folder = "/nonexistent";
	rig_run(&rig, &job_run);
	expect_nothing("cannot read the backup folder");
}

static void
put(const char *file)
{
	const char *path = gh_printf(&rig.arena, "%s/%s", rig.folder, file);

	assert_int_equal(gh_file_replace(path, "x", 1, 0600, NULL), GH_OK);
}

static void
clears_what_a_killed_run_left(void **state)
{
	(void)state;
	with_backup();
	put(".shop_test-20260101T000000Z-r1.dump.zst.part");
	put("shop_test-20260101T000000Z-r1.dump.zst.json");
	put("shop_test-20260102T000000Z-r2.dump.zst.json");
	put("shop_test-20260102T000000Z-r2.dump.zst");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_int_equal(files_with("-r1.dump"), 0);
	assert_int_equal(files_with("-r2.dump"), 2);
}

/* Somebody has moved the dump to another disk for a while: what says what is in it waits for it. */
static void
keeps_what_describes_a_backup_that_is_only_missing(void **state)
{
	(void)state;
	with_backup();
	put("shop_test-20260101T000000Z-r1.dump.zst.json");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_int_equal(files_with("-r1.dump"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writes_counts_and_lists),
		TEST(a_full_disk_applies_nothing),
		TEST(a_table_that_may_not_be_read),
		TEST(a_table_that_is_locked),
		TEST(a_missing_pg_dump),
		TEST(a_missing_folder),
		TEST(clears_what_a_killed_run_left),
		TEST(keeps_what_describes_a_backup_that_is_only_missing),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/backup on a server", tests, rig_group_start, rig_group_stop);
}
