#include "base/ban.h"
#include "tests/support/job_rig.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

/* Hooks of a run on a real server: when they run, what they are told, what their failure means. */

static struct rig rig;

/* A hook that appends what `what` prints to a file; its exit status. */
static void
hook(enum policy_when when, const char *name, const char *what, int status)
{
	const char *path = gh_printf(&rig.arena, "%s/%s", rig.folder, name);
	const char *text =
	    gh_printf(&rig.arena, "#!/bin/sh\n{ %s; } >>%s/said\nexit %d\n", what, rig.folder, status);
	const char **args = gh_alloc_n(&rig.arena, 2, sizeof(*args));

	assert_int_equal(gh_file_replace(path, text, strlen(text), 0700, NULL), GH_OK);
	args[0] = path;
	rig_hook(&rig, when, 20000, args);
}

static const char *
said(void)
{
	GH_TEXT t = { 0 };

	assert_int_equal(gh_file_read(gh_printf(&rig.arena, "%s/said", rig.folder), 100000, &t, NULL), GH_OK);
	return gh_strdup(&rig.arena, gh_text_str(&t));
}

static void
plan(const char *second)
{
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig_add(&rig, "002_b", second, "SELECT 1;");
}

#define TABLE_THERE "psql -AtX -h %s -U postgres %s -c \"SELECT to_regclass('a') IS NOT NULL\""

static const char *
table_there(void)
{
	return gh_printf(&rig.arena, TABLE_THERE, rig.cluster->folder, rig.database);
}

static void
they_run_before_and_after_with_the_facts(void **state)
{
	(void)state;
	rig.spec.environment = "production";
	rig.spec.project = "shop";
	rig.spec.goal = "all";
	rig.spec.person = "viewer";
	rig.spec.request = 12;
	plan("SELECT 1;");
	hook(POLICY_AFTER, "after",
	    gh_printf(&rig.arena, "echo after $GATEHOUSE_PHASE $GATEHOUSE_OUTCOME; %s", table_there()), 0);
	hook(POLICY_BEFORE, "before",
	    gh_printf(&rig.arena,
		"env | grep ^GATEHOUSE_ | grep -v MIGRATIONS | sort; echo \"$GATEHOUSE_MIGRATIONS\"; %s",
		table_there()),
	    0);
	hook(POLICY_BEFORE, "second", "echo second", 0);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(said(),
	    gh_printf(&rig.arena,
		"GATEHOUSE_DIRECTION=up\nGATEHOUSE_ENVIRONMENT=production\nGATEHOUSE_GOAL=all\nGATEHOUSE_"
		"OUTCOME=\n"
		"GATEHOUSE_PERSON=viewer\nGATEHOUSE_PHASE=before\nGATEHOUSE_PLAN=%s\nGATEHOUSE_PROJECT=shop\n"
		"GATEHOUSE_REQUEST=12\nGATEHOUSE_RUN=%" PRId64
		"\nGATEHOUSE_TARGET=shop_test\n001_a\n002_b\nf\n"
		"second\nafter after succeeded\nt\n",
		rig.spec.plan_digest, rig.spec.id));
	assert_int_equal(rig_phase(&rig, WIRE_BEFORE), WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_AFTER), WIRE_OK);
	assert_non_null(strstr(rig_evidence(&rig, WIRE_BEFORE), "2 hooks ran"));
	assert_int_equal(rig_find(&rig, WIRE_J_HOOK, 0)->state, WIRE_STARTED);
	assert_int_equal(rig_find(&rig, WIRE_J_HOOK, 1)->state, WIRE_OK);
	assert_non_null(rig_last(&rig, WIRE_J_PROGRESS, "hook", "second"));
}

static void
without_hooks_the_phases_say_why_they_are_skipped(void **state)
{
	(void)state;
	plan("SELECT 1;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_int_equal(rig_phase(&rig, WIRE_BEFORE), WIRE_SKIPPED);
	assert_int_equal(rig_phase(&rig, WIRE_AFTER), WIRE_SKIPPED);
	assert_int_equal(rig_phase(&rig, WIRE_BACKUP), WIRE_SKIPPED);
	assert_int_equal(rig_phase(&rig, WIRE_HEALTH), WIRE_SKIPPED);
	assert_non_null(strstr(rig_evidence(&rig, WIRE_AFTER), "no hook after the run"));
	assert_null(rig_find(&rig, WIRE_J_HOOK, 0));
}

/* Nothing is applied, the ones behind it are skipped, and those for a failure run. */
static void
one_before_that_fails_stops_the_run(void **state)
{
	(void)state;
	plan("SELECT 1;");
	hook(POLICY_BEFORE, "bad", "echo bad", 7);
	hook(POLICY_BEFORE, "never", "echo never", 0);
	hook(POLICY_FAILURE, "failure", "echo $GATEHOUSE_PHASE $GATEHOUSE_OUTCOME", 0);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Stopped in before: the hook");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "its exit status is 7");
	assert_string_equal(said(), "bad\nbefore failed-clean\n");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t");
	assert_int_equal(rig_last(&rig, WIRE_J_HOOK, "before 0", "")->number, 7);
	assert_int_equal(rig_last(&rig, WIRE_J_HOOK, "before 1", "")->state, WIRE_SKIPPED);
	assert_int_equal(rig_last(&rig, WIRE_J_HOOK, "failure 0", "")->state, WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_CLEANUP), WIRE_OK);
	assert_int_equal(rig_phase(&rig, WIRE_MIGRATE), 0);
}

static void
one_after_that_fails_takes_nothing_back(void **state)
{
	(void)state;
	plan("SELECT 1;");
	hook(POLICY_AFTER, "bad", "echo bad", 7);
	hook(POLICY_AFTER, "next", "echo next", 0);
	hook(POLICY_FAILURE, "failure", "echo failure", 0);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "what is in stays");
	assert_string_equal(said(), "bad\nnext\n");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NOT NULL"), "t");
	assert_int_equal(rig_phase(&rig, WIRE_AFTER), WIRE_FAILED);
	assert_int_equal(rig_phase(&rig, WIRE_DONE), WIRE_OK);
}

/* They see the database as it was left. */
static void
those_for_a_failure_run_after_everything_was_taken_back(void **state)
{
	(void)state;
	plan("SELECT 1 / 0;");
	hook(POLICY_FAILURE, "failure",
	    gh_printf(&rig.arena, "echo $GATEHOUSE_PHASE $GATEHOUSE_OUTCOME; %s", table_there()), 9);
	hook(POLICY_FAILURE, "next", "echo next", 0);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	assert_string_equal(said(), "migrate failed-clean\nf\nnext\n");
	assert_int_equal(rig_last(&rig, WIRE_J_HOOK, "failure 0", "")->number, 9);
}

static void
a_backup_hook_may_take_the_place_of_our_backup(void **state)
{
	(void)state;
	plan("SELECT 1;");
	hook(POLICY_BACKUP, "backup", gh_printf(&rig.arena, "echo $GATEHOUSE_PHASE; %s", table_there()), 0);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(said(), "backup\nf\n");
	assert_int_equal(rig_phase(&rig, WIRE_BACKUP), WIRE_OK);
	assert_string_equal(rig_evidence(&rig, WIRE_BACKUP), "1 backup hook ran.");
	/* That it made one is its word. */
	assert_string_equal(rig_find(&rig, WIRE_J_BACKUP, 0)->text, "");
	assert_int_equal(rig_find(&rig, WIRE_J_BACKUP, 0)->state, WIRE_NONE);
	assert_non_null(strstr(rig_find(&rig, WIRE_J_BACKUP, 0)->extra, "kind=hook source=/tmp/"));
	assert_null(rig_find(&rig, WIRE_J_BACKUP, 1));
}

static void
with_our_backup_it_runs_as_well(void **state)
{
	(void)state;
	rig.plan.policy.backup = true;
	plan("SELECT 1;");
	hook(POLICY_BACKUP, "backup", "echo backup", 0);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(said(), "backup\n");
	/* Ours with a file, then the hook's, of which nothing is known. */
	assert_non_null(strstr(rig_find(&rig, WIRE_J_BACKUP, 0)->text, ".dump.zst"));
	assert_string_equal(rig_find(&rig, WIRE_J_BACKUP, 1)->text, "");
	assert_int_equal(rig_find(&rig, WIRE_J_BACKUP, 1)->state, WIRE_NONE);
	assert_non_null(strstr(rig_find(&rig, WIRE_J_BACKUP, 1)->extra, "kind=hook source=/tmp/"));
}

static void
a_backup_hook_that_fails_stops_the_run(void **state)
{
	(void)state;
	plan("SELECT 1;");
	hook(POLICY_BACKUP, "backup", "echo backup", 1);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "Stopped in backup");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('a') IS NULL"), "t");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(they_run_before_and_after_with_the_facts),
		T(without_hooks_the_phases_say_why_they_are_skipped),
		T(one_before_that_fails_stops_the_run),
		T(one_after_that_fails_takes_nothing_back),
		T(those_for_a_failure_run_after_everything_was_taken_back),
		T(a_backup_hook_may_take_the_place_of_our_backup),
		T(with_our_backup_it_runs_as_well),
		T(a_backup_hook_that_fails_stops_the_run),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/hook on a server", tests, rig_group_start, rig_group_stop);
}
