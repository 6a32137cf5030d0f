#include "base/ban.h"
#include "base/seal.h"
#include "tests/runner/job/restore_rig.h"
#include "tests/support/plain_user.h"

/* Backups that are no plain file: encrypted ones, with and without their key, and folders. */

static struct gh_seal_key key;
static char recipient[GH_SEAL_TEXT_LEN];

/* As the runner hands out the target's key file. */
static void
key_given(const struct gh_seal_key *k, const char *name)
{
	const char *path = gh_printf(&rig.arena, "%s/%s", rig.folder, name);
	GH_FD int fd = -1;

	assert_int_equal(gh_seal_key_write(path, k, NULL), GH_OK);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(dup2(fd, WIRE_KEY_FD), WIRE_KEY_FD);
	rig.spec.has_key = true;
}

static void
key_taken(void)
{
	if (rig.spec.has_key)
		(void)close(WIRE_KEY_FD);
	rig.spec.has_key = false;
}

static void
sealed(enum plan_act act)
{
	gh_seal_key_make(&key);
	gh_seal_key_text(key.public_key, recipient);
	rig.spec.encrypt_to = recipient;
	key_given(&key, "key");
	restore_ready(act);
	assert_non_null(strstr(rig.plan.restore.file, ".dump.zst.sealed"));
	assert_string_equal(rig.plan.restore.encrypted_to, recipient);
}

static void
a_folder(enum plan_act act)
{
	rig.spec.format = "directory";
	rig.spec.backup_jobs = 2;
	restore_ready(act);
	assert_non_null(strstr(rig.plan.restore.file, ".dir"));
	assert_string_equal(rig.plan.restore.format, "directory");
}

static void
is_back(void)
{
	rig_run(&rig, &job_run);
	key_taken();
	rig_expect(&rig, WIRE_SUCCEEDED, "is what backup 7 was");
	assert_string_equal(databases(), "X+ X_before-");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "1000");
	assert_non_null(rig_find(&rig, WIRE_J_PROOF_TABLE, 1));
	assert_non_null(strstr(rig_evidence(&rig, WIRE_MIGRATE), "is restored and proved, 2 tables"));
}

static void
is_beside(void)
{
	rig_run(&rig, &job_run);
	key_taken();
	rig_expect(&rig, WIRE_SUCCEEDED, "is restored beside shop_test");
	assert_string_equal(databases(), "X+ X_look+");
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "10");
	(void)snprintf(rig.database, sizeof(rig.database), "%s", rig.plan.restore.name);
	assert_string_equal(rig_sql(&rig, "SELECT count(*)::text FROM a"), "1000");
	(void)snprintf(rig.database, sizeof(rig.database), "%s", rig.plan.database);
}

static void
never_counted(void)
{
	rig.spec.level = "counted";
	rig.spec.pg_bin = PG_CLUSTER_BIN;
	rig.spec.scratch_folder = gh_printf(&rig.arena, "%s/c", rig.folder);
}

static void
an_encrypted_one_becomes_the_database(void **state)
{
	(void)state;
	sealed(PLAN_RESTORE);
	is_back();
}

static void
an_encrypted_one_beside(void **state)
{
	(void)state;
	sealed(PLAN_SIDE);
	is_beside();
}

/* The key is read for the proof, for what is there now, and for the restore. */
static void
an_encrypted_one_is_proved_and_what_is_there_is_encrypted_as_well(void **state)
{
	(void)state;
	sealed(PLAN_RESTORE);
	never_counted();
	rig.plan.policy.backup = true;
	is_back();
	assert_non_null(strstr(rig_evidence(&rig, WIRE_PREFLIGHT), "is now proved in a place of its own"));
	assert_non_null(strstr(rig_find(&rig, WIRE_J_BACKUP, 0)->extra, recipient));
}

static void
a_folder_becomes_the_database(void **state)
{
	(void)state;
	a_folder(PLAN_RESTORE);
	is_back();
}

static void
a_folder_beside(void **state)
{
	(void)state;
	a_folder(PLAN_SIDE);
	is_beside();
}

static void
a_folder_is_proved_first(void **state)
{
	(void)state;
	a_folder(PLAN_RESTORE);
	never_counted();
	is_back();
}

/* In preflight: before a hook stops the application, before a backup, before anything is made. */
static void
stops_in_preflight(const char *part)
{
	rig_run(&rig, &job_run);
	key_taken();
	rig_expect(&rig, WIRE_FAILED_CLEAN, part);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Nothing was applied.");
	assert_int_equal(rig_phase(&rig, WIRE_PREFLIGHT), WIRE_FAILED);
	assert_int_equal(rig_phase(&rig, WIRE_BEFORE), 0);
	assert_null(rig_find(&rig, WIRE_J_BACKUP, 0));
	assert_string_equal(databases(), "X+");
}

static void
without_its_key_nothing_is_begun(void **state)
{
	static const enum plan_act acts[] = { PLAN_RESTORE, PLAN_SIDE };
	struct gh_seal_key other;
	size_t i;

	(void)state;
	sealed(PLAN_RESTORE);
	key_taken();
	gh_seal_key_make(&other);
	for (i = 0; i < 2; i++) {
		restore_plan(acts[i]);
		stops_in_preflight(".dump.zst.sealed cannot be restored: it is encrypted, and no key is "
				   "configured that opens it");
		key_given(&other, i == 0 ? "other" : "another");
		stops_in_preflight(
		    ".dump.zst.sealed cannot be restored: it is encrypted to another key than the "
		    "one that is configured");
	}
	never_counted();
	stops_in_preflight("it is encrypted, and no key is configured that opens it");
	gh_seal_key_done(&other);
}

static void
a_folder_that_is_gone_or_lacks_a_file(void **state)
{
	const char *path, *away;

	(void)state;
	a_folder(PLAN_RESTORE);
	path = gh_printf(&rig.arena, "%s/%s", rig.folder, rig.plan.restore.file);
	away = gh_printf(&rig.arena, "%s/away", rig.folder);
	assert_int_equal(rename(path, away), 0);
	stops_in_preflight("is not there any more");
	assert_int_equal(rename(away, path), 0);
	assert_int_equal(unlink(gh_printf(&rig.arena, "%s/toc.dat", path)), 0);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the backup is not whole");
	assert_string_equal(databases(), "X+");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_encrypted_one_becomes_the_database),
		TEST(an_encrypted_one_beside),
		TEST(an_encrypted_one_is_proved_and_what_is_there_is_encrypted_as_well),
		TEST(a_folder_becomes_the_database),
		TEST(a_folder_beside),
		TEST(a_folder_is_proved_first),
		TEST(without_its_key_nothing_is_begun),
		TEST(a_folder_that_is_gone_or_lacks_a_file),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/restore of every kind", tests, rig_group_start, rig_group_stop);
}
