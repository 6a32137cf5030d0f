#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>

/* Statements outside a transaction, on a real server. */

static struct rig rig;

#define TRACKED "SELECT coalesce(string_agg(version, ',' ORDER BY version), '') FROM public.schema_migrations"
#define VALID   "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('public.a_id')"

static void
with_table(void)
{
	(void)rig_sql(
	    &rig, "CREATE TABLE a (id int); ALTER TABLE a OWNER TO shop; INSERT INTO a VALUES (1), (1)");
}

static void
builds_an_index(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "001_i");
	assert_string_equal(rig_sql(&rig, VALID), "t");
	assert_string_equal(rig_sql(&rig, TRACKED), "001_i");
	assert_int_equal(rig_find(&rig, WIRE_J_INTENT, 0)->statement, 0);
	assert_int_equal(rig_statement(&rig, 0, 0), WIRE_OK);
}

static void
drops_the_invalid_index_that_it_left(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "23505");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('public.a_id') IS NULL"), "t");
}

static void
names_it_when_the_policy_does_not_undo(void **state)
{
	(void)state;
	with_table();
	rig.plan.policy.rollback_on_failure = false;
	rig_add(&rig, "001_i", "CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "public.a_id is there but invalid");
	assert_string_equal(rig_sql(&rig, VALID), "f");
}

static void
an_old_invalid_index_is_not_ours(void **state)
{
	(void)state;
	with_table();
	(void)rig_sql(&rig, "CREATE INDEX old ON a (id)");
	(void)rig_sql(
	    &rig, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.old'::regclass");
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_non_null(strstr(rig_evidence(&rig, WIRE_PREFLIGHT), "public.old"));
}

static void
half_done_is_taken_back_by_the_down(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT 1 / 0;",
	    "DROP INDEX CONCURRENTLY IF EXISTS a_id;");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('public.a_id') IS NULL"), "t");
	assert_int_equal(rig_migration(&rig, 0), WIRE_TAKEN_BACK);
}

static void
half_done_without_a_down_needs_a_person(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT 1 / 0;", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "Half done in 001_i: ");
	assert_string_equal(rig_sql(&rig, VALID), "t");
}

static void
an_invalid_index_is_not_taken_for_a_good_one(void **state)
{
	(void)state;
	with_table();
	(void)rig_sql(&rig, "CREATE INDEX a_id ON a (id); ALTER TABLE a OWNER TO shop");
	(void)rig_sql(
	    &rig, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.a_id'::regclass");
	/* Something that names it, so that preflight thinks that it is cared for. */
	rig_add(&rig, "000_c", "COMMENT ON INDEX a_id IS 'old';", "COMMENT ON INDEX a_id IS NULL;");
	rig_add(&rig, "001_i", "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);", NULL);
	rig.migrations[1].run.statements[0].object = "public.a_id";
	rig.migrations[1].run.statements[0].object_kind = "index";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "public.a_id is invalid since before the run");
	assert_string_equal(rig_sql(&rig, VALID), "f");
	assert_string_equal(rig_sql(&rig, TRACKED), "");
}

/* Somebody else builds an index at the same time: it is invalid for as long as that takes. */
static pid_t
meanwhile(unsigned after_us, const char *sql)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)usleep(after_us);
		rig_hang(gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder,
			     rig.database),
		    sql);
		_exit(0);
	}
	return pid;
}

static void
an_index_of_somebody_else_is_left_alone(void **state)
{
	int status;
	pid_t holder, builder;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE busy (id int)");
	rig_add(&rig, "001_i", "SELECT pg_sleep(1);\nDROP INDEX CONCURRENTLY IF EXISTS absent;", NULL);
	holder = meanwhile(0, "BEGIN; INSERT INTO busy VALUES (1); SELECT pg_sleep(2)");
	builder = meanwhile(600000, "CREATE INDEX CONCURRENTLY busy_id ON busy (id)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	(void)waitpid(builder, &status, 0);
	(void)waitpid(holder, &status, 0);
	assert_string_equal(
	    rig_sql(&rig, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('public.busy_id')"),
	    "t");
}

static void
a_word_in_a_comment_does_not_wait_for_ever(void **state)
{
	int status;
	pid_t holder;

	(void)state;
	with_table();
	rig_add(&rig, "001_i",
	    "DROP INDEX CONCURRENTLY IF EXISTS absent;\nALTER TABLE a /* not CONCURRENTLY */ ADD COLUMN x "
	    "int;",
	    NULL);
	holder = meanwhile(0, "BEGIN; LOCK TABLE a; SELECT pg_sleep(600)");
	assert_true(rig_until(rig_conninfo(&rig, "look"),
	    "SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE a%' AND "
	    "wait_event = "
	    "'PgSleep'"));
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "lock timeout");
	(void)rig_sql(&rig,
	    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE a%'");
	(void)waitpid(holder, &status, 0);
}

#define STRAY_IS                                                                                             \
	"SELECT count(*) = 1 FROM pg_index WHERE NOT indisvalid AND indexrelid = "                           \
	"to_regclass('public.stray')"

/*
 * Once a statement of ours is there, another program's build on another table fails and leaves its invalid
 * index; only then is the table t free, for which ours waits.
 */
static pid_t
stray_when(const char *ours)
{
	const char *admin = rig_conninfo(&rig, "another");
	int locked[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(locked), 0);
	pid = fork();
	if (pid == 0) {
		PGconn *holder = PQconnectdb(admin);
		bool good;

		PQclear(PQexec(holder, "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE"));
		(void)!write(locked[1], "x", 1);
		good = rig_until(admin,
		    gh_printf(&rig.arena,
			"SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'shop' AND "
			"wait_event_type = 'Lock' AND query LIKE '%s%%'",
			ours));
		rig_hang(admin, "CREATE UNIQUE INDEX CONCURRENTLY stray ON strays (id)");
		good = rig_until(admin, STRAY_IS) && good;
		PQclear(PQexec(holder, "COMMIT"));
		PQfinish(holder);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(read(locked[0], &c, 1), 1);
	(void)close(locked[0]);
	(void)close(locked[1]);
	return pid;
}

static void
with_strays(void)
{
	(void)rig_sql(&rig,
	    "CREATE TABLE t (id int); ALTER TABLE t OWNER TO shop; INSERT INTO t VALUES (1), (1);"
	    "CREATE TABLE strays (id int); INSERT INTO strays VALUES (1), (1);"
	    "ALTER TABLE strays OWNER TO shop");
	rig.plan.policy.lock_timeout_ms = 60000;
}

static void
stray_is_named_and_stays(pid_t other)
{
	const struct rig_frame *f = rig_saying(&rig, WIRE_J_EVIDENCE, "index public.stray");
	int status;

	(void)waitpid(other, &status, 0);
	assert_int_equal(status, 0);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, STRAY_IS), "t");
	assert_null(rig_saying(&rig, WIRE_J_LOG, "stray"));
	assert_non_null(f);
	assert_int_equal(f->state, WIRE_SKIPPED);
	assert_non_null(strstr(f->more, "no statement of this run makes it"));
	assert_non_null(strstr(rig_evidence(&rig, WIRE_VERIFY), "no new invalid index of its own"));
}

static void
a_failed_build_of_somebody_else_is_left_alone(void **state)
{
	pid_t other;

	(void)state;
	with_strays();
	rig_add(&rig, "001_v", "VACUUM t;", NULL);
	rig.migrations[0].run.statements[0].kind = "VACUUM";
	rig_groups(&rig.migrations[0].run, "0");
	other = stray_when("VACUUM");
	rig_run(&rig, &job_run);
	stray_is_named_and_stays(other);
}

/* Nor is it taken for a later statement's, nor takes it a run back that is in transactions. */
static void
it_takes_no_good_run_back(void **state)
{
	pid_t other;

	(void)state;
	with_strays();
	rig_add(&rig, "001_c", "ALTER TABLE t ADD COLUMN x int;", "ALTER TABLE t DROP COLUMN x;");
	rig_add(&rig, "002_i",
	    "CREATE INDEX CONCURRENTLY ON t (id);\nCREATE INDEX CONCURRENTLY ON strays (id);", NULL);
	other = stray_when("ALTER TABLE t");
	rig_run(&rig, &job_run);
	stray_is_named_and_stays(other);
	assert_string_equal(rig_sql(&rig, TRACKED), "001_c,002_i");
}

/* A failure of ours after it leaves nothing: it is neither dropped nor named as half done. */
static void
it_is_not_blamed_on_a_statement_of_ours_that_fails(void **state)
{
	int status;
	pid_t other;

	(void)state;
	with_strays();
	rig_add(&rig, "001_i", "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);", NULL);
	other = stray_when("CREATE UNIQUE INDEX");
	rig_run(&rig, &job_run);
	(void)waitpid(other, &status, 0);
	assert_int_equal(status, 0);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "23505");
	assert_string_equal(rig_sql(&rig, STRAY_IS), "t");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('public.t_id') IS NULL"), "t");
}

/* The server has named it, so it may be somebody else's: said, and left. */
static void
an_index_without_a_name_is_named_and_stays(void **state)
{
	(void)state;
	with_table();
	rig_add(&rig, "001_i", "CREATE UNIQUE INDEX CONCURRENTLY ON a (id);", NULL);
	rig.migrations[0].run.statements[0].object = "";
	rig.migrations[0].run.statements[0].object_kind = "";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "public.a_id_idx is there but invalid");
}

static void
what_reindex_leaves_is_named(void **state)
{
	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE a (id int); ALTER TABLE a OWNER TO shop; INSERT INTO a VALUES (1), (1);"
	    "CREATE UNIQUE INDEX a_id ON a (id) WHERE id > 1;"
	    "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';"
	    "CREATE INDEX a_f ON a (f(id));"
	    "CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 0'");
	rig_add(&rig, "001_r", "REINDEX INDEX CONCURRENTLY a_f;", NULL);
	rig.migrations[0].run.statements[0].kind = "REINDEX";
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_NEEDS_PERSON, "public.a_f_ccnew is there but invalid");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(builds_an_index),
		TEST(drops_the_invalid_index_that_it_left),
		TEST(names_it_when_the_policy_does_not_undo),
		TEST(an_old_invalid_index_is_not_ours),
		TEST(half_done_is_taken_back_by_the_down),
		TEST(half_done_without_a_down_needs_a_person),
		TEST(an_invalid_index_is_not_taken_for_a_good_one),
		TEST(an_index_of_somebody_else_is_left_alone),
		TEST(a_failed_build_of_somebody_else_is_left_alone),
		TEST(it_takes_no_good_run_back),
		TEST(it_is_not_blamed_on_a_statement_of_ours_that_fails),
		TEST(an_index_without_a_name_is_named_and_stays),
		TEST(what_reindex_leaves_is_named),
		TEST(a_word_in_a_comment_does_not_wait_for_ever),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/alone on a server", tests, rig_group_start, rig_group_stop);
}
