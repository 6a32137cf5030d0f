#include "base/ban.h"
#include "tests/support/job_rig.h"
#include "base/clock.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

/* Outside backups as the backup of a run on a real server, and the job that only looks. */

#define HOURS(n) ((n)*INT64_C(3600))

static struct rig rig;
static struct wire_outside_source sources[2];
static const char *programs[2][2];

/* Source i answers with what the script prints. */
static void
source(size_t i, const char *name, const char *script)
{
	const char *path = gh_printf(&rig.arena, "%s/%s", rig.folder, name);

	assert_int_equal(gh_file_replace(path, script, strlen(script), 0700, NULL), GH_OK);
	programs[i][0] = path;
	sources[i] = (struct wire_outside_source){ .name = name,
		.kind = "command",
		.folder = "",
		.pattern = "",
		.stanza = "",
		.timeout_ms = 20000,
		.n_args = 1,
		.args = programs[i] };
	rig.spec.outside = sources;
	rig.spec.n_outside = i + 1;
}

/* One that lists a backup which ended so many seconds ago. */
static void
lists(size_t i, const char *name, const char *label, int64_t ago, const char *error)
{
	source(i, name,
	    gh_printf(&rig.arena,
		"#!/bin/sh\necho '[{\"label\":\"%s\",\"ended\":%" PRId64 ",\"error\":%s}]'\n", label,
		gh_clock_now() / GH_SECOND - ago, error));
}

static void
plan(void)
{
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", "DROP TABLE a;");
	rig.plan.policy.backup = true;
	rig.plan.policy.backup_outside_ms = 86400000;
	rig.spec.outside = sources;
	rig.spec.n_outside = 0;
}

static const char *
table_a(void)
{
	return rig_sql(&rig, "SELECT to_regclass('a') IS NOT NULL");
}

static void
a_new_one_is_the_backup_of_the_run(void **state)
{
	(void)state;
	plan();
	lists(0, "nightly", "older", HOURS(5), "null");
	lists(1, "rds", "newer", HOURS(3), "null");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
	assert_int_equal(rig_phase(&rig, WIRE_BACKUP), WIRE_OK);
	if (strstr(rig_evidence(&rig, WIRE_BACKUP), "The backup newer of command \"rds\" ended at ") ==
		NULL ||
	    strstr(rig_evidence(&rig, WIRE_BACKUP),
		", 3 h 0 min ago: the policy takes one within 1d. It is outside of Gatehouse, which has not "
		"opened it.") == NULL)
		fail_msg("evidence: %s", rig_evidence(&rig, WIRE_BACKUP));
	/* None of ours is taken, and the inventory learns of both. */
	assert_null(rig_find(&rig, WIRE_J_BACKUP, 0));
	assert_string_equal(rig_find(&rig, WIRE_J_OUTSIDE, 0)->text, "older");
	assert_int_equal(rig_find(&rig, WIRE_J_OUTSIDE, 1)->state, WIRE_OUTSIDE_WHOLE);
	assert_int_equal(rig_find(&rig, WIRE_J_OUTSIDE, 1)->number, 1);
	assert_string_equal(rig_find(&rig, WIRE_J_OUTSIDE, 2)->text, "newer");
	assert_string_equal(rig_find(&rig, WIRE_J_OUTSIDE, 2)->more, "rds");
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "backup rds", "The backup newer"));
	assert_string_equal(table_a(), "t");
}

/* The run stops before anything is changed, and says so. */
static void
stops(const char *words)
{
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, words);
	assert_int_equal(rig_phase(&rig, WIRE_BACKUP), WIRE_FAILED);
	assert_null(rig_find(&rig, WIRE_J_MIGRATION, 0));
	assert_string_equal(table_a(), "f");
}

static void
one_that_is_too_old_stops_the_run(void **state)
{
	(void)state;
	plan();
	lists(0, "nightly", "old", HOURS(25), "null");
	stops("the newest good backup that others made is too old: old of command \"nightly\" ended at ");
	assert_non_null(strstr(rig_sentence(&rig), "25 h 0 min ago, and the policy takes one within 1d"));
	/* It is known from now on. */
	assert_string_equal(rig_find(&rig, WIRE_J_OUTSIDE, 0)->text, "old");
}

static void
one_with_an_error_does_not_count(void **state)
{
	(void)state;
	plan();
	lists(0, "nightly", "bad", HOURS(1), "\"disk full\"");
	stops("there is none: the newest of command \"nightly\", bad, is no good: disk full");
	assert_string_equal(rig_find(&rig, WIRE_J_OUTSIDE, 0)->extra, "disk full");
}

static void
a_source_that_does_not_answer_stops_the_run(void **state)
{
	(void)state;
	plan();
	source(0, "nightly", "#!/bin/sh\necho no route to host >&2\nexit 7\n");
	stops("its exit status is 7; no route to host");
	/* Nothing is known of its list: no row changes. */
	assert_null(rig_find(&rig, WIRE_J_OUTSIDE, 0));
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "backup nightly", "no route to host"));
}

static void
another_source_is_enough(void **state)
{
	(void)state;
	plan();
	source(0, "nightly", "#!/bin/sh\nexit 7\n");
	lists(1, "rds", "good", HOURS(1), "null");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "1 migration");
}

static void
without_backups_or_sources_it_stops(void **state)
{
	(void)state;
	plan();
	source(0, "nightly", "#!/bin/sh\necho '[]'\n");
	stops("and there is none: command \"nightly\" lists none");
	rig.spec.n_outside = 0;
	stops("the configuration names nobody else");
}

static void
one_of_another_server_does_not_count(void **state)
{
	const char *end = gh_printf(&rig.arena, "%" PRId64, gh_clock_now() / GH_SECOND - 60);

	(void)state;
	plan();
	source(0, "main",
	    gh_printf(&rig.arena,
		"#!/bin/sh\necho "
		"'[{\"name\":\"main\",\"status\":{\"code\":0},\"db\":[{\"id\":1,\"repo-key\":1,"
		"\"system-id\":42,\"version\":\"15\"}],\"backup\":[{\"label\":\"F\",\"error\":false,"
		"\"database\":{\"id\":1,\"repo-key\":1},\"timestamp\":{\"start\":%s,\"stop\":%s}}]}]'\n",
		end, end));
	sources[0].kind = "pgbackrest";
	sources[0].stanza = "main";
	stops("the newest of pgbackrest \"main\", F, is no good: it is of another server: system 42");
}

static void
the_job_that_looks_changes_nothing(void **state)
{
	(void)state;
	lists(0, "nightly", "one", HOURS(2), "null");
	rig_run(&rig, &job_outside);
	rig_expect(&rig, WIRE_SUCCEEDED,
	    "command \"nightly\" lists 1 backup, the newest good one is one, which ended 2 hours ago.");
	assert_string_equal(rig_find(&rig, WIRE_J_OUTSIDE, 0)->text, "one");
	assert_int_equal(rig_find(&rig, WIRE_J_OUTSIDE, 1)->state, WIRE_OUTSIDE_WHOLE);
	source(0, "nightly", "#!/bin/sh\necho '{'\n");
	rig_run(&rig, &job_outside);
	rig_expect(
	    &rig, WIRE_FAILED_CLEAN, "command \"nightly\" tells no list of backups: the answer is no JSON");
	assert_null(rig_find(&rig, WIRE_J_OUTSIDE, 0));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(a_new_one_is_the_backup_of_the_run),
		T(one_that_is_too_old_stops_the_run),
		T(one_with_an_error_does_not_count),
		T(a_source_that_does_not_answer_stops_the_run),
		T(another_source_is_enough),
		T(without_backups_or_sources_it_stops),
		T(one_of_another_server_does_not_count),
		T(the_job_that_looks_changes_nothing),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/elsewhere_run", tests, rig_group_start, rig_group_stop);
}
