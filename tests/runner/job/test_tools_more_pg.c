#include "base/ban.h"
#include "tests/support/job_folder.h"
#include "migration/graphile_header.h"

#include <setjmp.h>
#include <cmocka.h>

/* More of tests/runner/job/test_tools_pg.c: tools with registries, lists, sums and chains. */

static struct rig rig;
static struct memory_folder folder;

#define THERE(t) "SELECT to_regclass('public." t "') IS NOT NULL"
#define BY       " 2026-01-02T03:04:05Z The Planner <planner@example.org>"

static int
setup(void **state)
{
	int failed = rig_setup(state);

	folder = (struct memory_folder){ 0 };
	/* Several make a schema of their own. */
	(void)rig_sql(&rig, gh_printf(&rig.arena, "GRANT CREATE ON DATABASE %s TO shop", rig.database));
	return failed;
}

static int
teardown(void **state)
{
	memory_done(&folder);
	return rig_teardown(state);
}

/* Runs the n-th to m-th migration of the folder, counted from 0; downwards in that order. */
static void
run(const char *convention, size_t from, size_t to)
{
	bool down = from > to;
	size_t i = from;

	rig_folder(&rig, &folder, convention, down);
	assert_true(from < folder.found.n && to < folder.found.n);
	for (;;) {
		rig_take(&rig, &folder, folder.found.migrations[i].key);
		if (i == to)
			break;
		i = down ? i - 1 : i + 1;
	}
	rig_run(&rig, &job_run);
}

static void
down_one(const char *convention, size_t i)
{
	rig_folder(&rig, &folder, convention, true);
	rig_take(&rig, &folder, folder.found.migrations[i].key);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
}

static void
expect_status(const char *standings)
{
	const char *text = rig_status(&rig, &folder), *at = standings;
	GH_TEXT short_text = { 0 };

	/* Keys may be sums: only the words. */
	while (*text != '\0') {
		size_t len = strcspn(text, ",");
		const char *word = memchr(text, ' ', len);

		assert_non_null(word);
		gh_text_putf(
		    &short_text, "%s%.*s", short_text.len == 0 ? "" : ",", (int)(text + len - word), word);
		text += len + (text[len] == ',' ? 2 : 0);
	}
	assert_string_equal(gh_text_str(&short_text), at);
}

static void
sqitch_project(void)
{
	memory_put(&folder, "sqitch.plan",
	    "%syntax-version=1.0.0\n%project=shop\n\none" BY " # One\n@v1" BY " # Tag\ntwo [one]" BY
	    " # Two\nthree" BY " # Three\n");
	memory_put(&folder, "sqitch.conf", "[core]\n\tengine = pg\n");
	memory_put(&folder, "deploy/one.sql",
	    "BEGIN;\nCREATE TABLE a AS SELECT count(*) AS n FROM sqitch.changes;\nCOMMIT;\n");
	memory_put(&folder, "revert/one.sql", "DROP TABLE a;\n");
	memory_put(&folder, "verify/one.sql", "BEGIN;\nSELECT n FROM a;\nROLLBACK;\n");
	memory_put(&folder, "deploy/two.sql",
	    "CREATE TABLE b (id int);\nCREATE INDEX CONCURRENTLY b_id ON b (id);\n");
	memory_put(&folder, "revert/two.sql", "BEGIN;\nDROP TABLE b;\nCOMMIT;\n");
	memory_put(&folder, "deploy/three.sql", "CREATE TABLE c (id int);\n");
	memory_put(&folder, "revert/three.sql", "DROP TABLE c;\n");
	memory_put(&folder, "verify/three.sql", "SELECT 1 / (SELECT count(*) FROM c);\n");
}

static void
sqitch(void **state)
{
	(void)state;
	sqitch_project();
	run("sqitch", 0, 1);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	expect_status(" applied, applied, pending");
	assert_string_equal(
	    rig_sql(&rig,
		"SELECT string_agg(event || ' ' || change, ',' ORDER BY committed_at) FROM sqitch.events"),
	    "deploy one,deploy two");
	assert_string_equal(rig_sql(&rig, "SELECT tag FROM sqitch.tags"), "@v1");
	down_one("sqitch", 1);
	expect_status(" applied, pending, pending");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM sqitch.changes"), "1");
	assert_string_equal(rig_sql(&rig, THERE("b")), "f");
}

/* Its verify failed: all that the run has deployed is reverted. */
static void
sqitch_failing(void **state)
{
	(void)state;
	sqitch_project();
	run("sqitch", 0, 2);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "its verification failed: division by zero");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
	assert_string_equal(rig_sql(&rig, THERE("c")), "f");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM sqitch.changes"), "0");
}

static void
drizzle(void **state)
{
	(void)state;
	memory_put(&folder, "meta/_journal.json",
	    "{\"version\": \"7\", \"dialect\": \"postgresql\", \"entries\": [{\"idx\": 0, \"version\": "
	    "\"7\", "
	    "\"when\": 1700000000000, \"tag\": \"0000_a\", \"breakpoints\": true},{\"idx\": 1, \"version\": "
	    "\"7\", "
	    "\"when\": 1700000001000, \"tag\": \"0001_b\", \"breakpoints\": true}]}");
	memory_put(&folder, "0000_a.sql",
	    "CREATE TABLE a (id int);--> statement-breakpoint\nCREATE TABLE a2 (id int);");
	memory_put(&folder, "0001_b.sql", "CREATE TABLE b AS SELECT hash FROM drizzle.__drizzle_migrations;");
	run("drizzle", 0, 1);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	expect_status(" applied, applied");
	assert_string_equal(rig_sql(&rig, "SELECT length(hash) FROM b"), "64");
}

static const char *
committed(const char *previous, const char *body)
{
	return gh_printf(&folder.arena, "--! Previous: %s\n--! Hash: %s\n\n%s", previous,
	    graphile_sum(&folder.arena, strcmp(previous, "-") == 0 ? "" : previous, body, strlen(body)),
	    body);
}

static void
graphile_migrate(void **state)
{
	const char *one = "create table a (id int);\n", *first;

	(void)state;
	memory_put(&folder, "committed/000001.sql", committed("-", one));
	first = gh_strdup(&rig.arena, graphile_sum(&folder.arena, "", one, strlen(one)));
	memory_put(&folder, "committed/000002.sql",
	    committed(first, "--! no-transaction\ncreate index concurrently b on a (id);\n"));
	run("graphile-migrate", 0, 1);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	expect_status(" applied, applied");
	assert_string_equal(
	    rig_sql(
		&rig, "SELECT previous_hash FROM graphile_migrate.migrations ORDER BY filename DESC LIMIT 1"),
	    first);
}

static void
sql_migrate(void **state)
{
	(void)state;
	memory_put(&folder, "1_a.sql",
	    "-- +migrate Up\nCREATE TABLE a (id int);\n-- +migrate Down\nDROP TABLE a;\n");
	memory_put(&folder, "2_b.sql",
	    "-- +migrate Up notransaction\nCREATE INDEX CONCURRENTLY b ON a (id);\n"
	    "-- +migrate Down notransaction\nDROP INDEX CONCURRENTLY b;\n");
	run("sql-migrate", 0, 1);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	expect_status(" applied, applied");
	down_one("sql-migrate", 1);
	expect_status(" applied, pending");
}

static void
tern(void **state)
{
	(void)state;
	memory_put(&folder, "001_a.sql",
	    "CREATE TABLE a (id int);\n---- create above / drop below ----\nDROP TABLE a;\n");
	memory_put(&folder, "002_b.sql",
	    "CREATE TABLE b (id int);\n---- create above / drop below ----\nDROP TABLE b;\n");
	run("tern", 0, 1);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	expect_status(" applied, applied");
	assert_string_equal(rig_sql(&rig, "SELECT version FROM schema_version"), "2");
	down_one("tern", 1);
	expect_status(" applied, pending");
	down_one("tern", 0);
	expect_status(" pending, pending");
}

static void
postgrator(void **state)
{
	(void)state;
	memory_put(&folder, "001.do.a.sql", "CREATE TABLE a (id int);");
	memory_put(&folder, "001.undo.a.sql", "DROP TABLE a;");
	memory_put(&folder, "002.do.b.sql", "CREATE TABLE b (id int);\nCREATE TABLE b2 (id int);");
	memory_put(&folder, "002.undo.b.sql", "DROP TABLE b, b2;");
	run("postgrator", 0, 1);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	expect_status(" applied, applied");
	down_one("postgrator", 1);
	expect_status(" applied, pending");
}

#define LOCKED "SELECT locked || coalesce(lockedby, '') FROM databasechangeloglock"

static void
liquibase_file(void)
{
	memory_put(&folder, "changelog.sql",
	    "--liquibase formatted sql\n\n--changeset me:1\nCREATE TABLE a AS SELECT count(*) AS n FROM "
	    "databasechangelog;\n--rollback DROP TABLE a;\n\n--changeset me:2 runInTransaction:false\n"
	    "CREATE INDEX CONCURRENTLY b ON a (n);\n--rollback DROP INDEX b;\n\n--changeset me:3\n"
	    "CREATE TABLE c AS SELECT lockedby FROM databasechangeloglock;\n--rollback DROP TABLE c;\n\n"
	    "--changeset me:4\nSELECT 1 / 0;\n--rollback empty\n");
}

static void
liquibase(void **state)
{
	(void)state;
	liquibase_file();
	run("liquibase", 0, 2);
	rig_expect(&rig, WIRE_SUCCEEDED, "3 migrations");
	expect_status(" applied, applied, applied, pending");
	assert_non_null(strstr(rig_sql(&rig, "SELECT lockedby FROM c"), "Gatehouse"));
	assert_string_equal(rig_sql(&rig, LOCKED), "false");
	run("liquibase", 3, 3);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "division by zero");
	assert_string_equal(rig_sql(&rig, LOCKED), "false");
	down_one("liquibase", 2);
	expect_status(" applied, applied, pending, pending");
	assert_string_equal(rig_sql(&rig, LOCKED), "false");
	/* Held by the tool itself, or left by it: nothing runs, and it is not let go of. */
	(void)rig_sql(&rig, "UPDATE databasechangeloglock SET locked = true, lockedby = 'somebody'");
	run("liquibase", 2, 2);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "is held by somebody else");
	assert_string_equal(rig_sql(&rig, LOCKED), "truesomebody");
}

/* Reconciling lets go of what the dead job held. */
static void
liquibase_killed(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	liquibase_file();
	rig_folder(&rig, &folder, "liquibase", false);
	rig_take(&rig, &folder, folder.found.migrations[0].key);
	rig_run_killed(&rig, "job.before-commit-group");
	assert_non_null(strstr(rig_sql(&rig, LOCKED), "trueGatehouse run"));
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "but for the tracking table public.databasechangelog");
	assert_string_equal(rig_sql(&rig, LOCKED), "false");
}

static void
flyway_files(void)
{
	memory_put(
	    &folder, "V1__a.sql", "CREATE TABLE a AS SELECT count(*) AS n FROM flyway_schema_history;");
	memory_put(&folder, "U1__a.sql", "DROP TABLE a;");
	memory_put(&folder, "V2__b.sql", "CREATE INDEX CONCURRENTLY b ON a (n);");
	memory_put(&folder, "U2__b.sql", "DROP INDEX CONCURRENTLY b;");
	memory_put(&folder, "V3__c.sql", "DROP INDEX CONCURRENTLY b;\nDROP INDEX CONCURRENTLY absent;");
	memory_put(&folder, "R__view.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;");
}

static void
flyway(void **state)
{
	(void)state;
	flyway_files();
	run("flyway", 0, 1);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	expect_status(" applied, applied, pending, pending");
	/* A file that runs again when it has changed. */
	run("flyway", 3, 3);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	run("flyway", 3, 3);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "R__view is already applied");
	memory_put(&folder, "R__view.sql", "CREATE OR REPLACE VIEW v AS SELECT 1 AS one, 2 AS two;");
	run("flyway", 3, 3);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, "SELECT two FROM v"), "2");
	assert_string_equal(rig_sql(&rig,
				"SELECT string_agg(installed_rank::text, ',' ORDER BY installed_rank) FROM "
				"flyway_schema_history"),
	    "1,2,3,4");
	down_one("flyway", 1);
	expect_status(" applied, pending, pending, applied");
}

/* Half done outside a transaction: recorded as failed, and nothing runs any more. */
static void
flyway_failing(void **state)
{
	(void)state;
	flyway_files();
	run("flyway", 0, 2);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "3 has no down SQL");
	assert_non_null(strstr(rig_sentence(&rig), "calls 3 failed"));
	expect_status(" applied, applied, failed, pending");
	run("flyway", 3, 3);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "public.flyway_schema_history calls 3 failed now");
}

/* Taken back by the policy, the failed row goes as well: Flyway itself would stop at it. */
static void
flyway_taken_back(void **state)
{
	(void)state;
	flyway_files();
	memory_put(&folder, "U3__c.sql", "CREATE INDEX CONCURRENTLY b ON a (n);");
	run("flyway", 0, 2);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back by its down SQL");
	expect_status(" pending, pending, pending, pending");
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM flyway_schema_history WHERE NOT success"), "0");
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM flyway_schema_history WHERE version = '3'"), "0");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(flyway),
		TEST(flyway_failing),
		TEST(flyway_taken_back),
		TEST(liquibase),
		TEST(liquibase_killed),
		TEST(sqitch),
		TEST(sqitch_failing),
		TEST(drizzle),
		TEST(graphile_migrate),
		TEST(sql_migrate),
		TEST(tern),
		TEST(postgrator),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job with more tools' folders on a server", tests, rig_group_start, rig_group_stop);
}
