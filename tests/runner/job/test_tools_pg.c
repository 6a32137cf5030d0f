#include "base/ban.h"
#include "tests/support/job_folder.h"

#include <setjmp.h>
#include <cmocka.h>

/*
 * Folders of each tool, up, down and failing, on a real server: what the run leaves is what the convention
 * reads.
 */

static struct rig rig;
static struct memory_folder folder;

#define THERE(t) "SELECT to_regclass('public." t "') IS NOT NULL"

static int
setup(void **state)
{
	folder = (struct memory_folder){ 0 };
	return rig_setup(state);
}

static int
teardown(void **state)
{
	memory_done(&folder);
	return rig_teardown(state);
}

/* Runs the migrations of these keys, separated by spaces. */
static void
run(const char *convention, bool down, const char *keys)
{
	const char *at = keys;

	rig_folder(&rig, &folder, convention, down);
	while (*at != '\0') {
		size_t len = strcspn(at, " ");

		rig_take(&rig, &folder, gh_strndup(&rig.arena, at, len));
		at += len + (at[len] == ' ');
	}
	rig_run(&rig, &job_run);
}

static void
golang_migrate(void **state)
{
	(void)state;
	memory_put(&folder, "1_a.up.sql",
	    "CREATE TABLE a AS SELECT * FROM schema_migrations;\nCREATE TABLE a2 (id int);");
	memory_put(&folder, "1_a.down.sql", "DROP TABLE a, a2;");
	memory_put(&folder, "2_b.up.sql", "CREATE INDEX CONCURRENTLY b ON a (version);");
	memory_put(&folder, "2_b.down.sql", "DROP INDEX CONCURRENTLY b;");
	memory_put(&folder, "3_c.up.sql", "CREATE TABLE c (id int);\nSELECT 1 / 0;");
	run("golang-migrate", false, "1 2");
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_status(&rig, &folder), "1 applied, 2 applied, 3 pending");
	assert_string_equal(rig_sql(&rig, "SELECT version || dirty::text FROM a"), "1true");
	run("golang-migrate", false, "3");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "division by zero");
	assert_string_equal(rig_status(&rig, &folder), "1 applied, 2 applied, 3 pending");
	run("golang-migrate", true, "2 1");
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_status(&rig, &folder), "1 pending, 2 pending, 3 pending");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
}

static void
golang_migrate_dirty(void **state)
{
	(void)state;
	rig.plan.policy.rollback_on_failure = false;
	memory_put(&folder, "1_a.up.sql", "CREATE TABLE a (id int);\nSELECT 1 / 0;");
	memory_put(&folder, "1_a.down.sql", "DROP TABLE a;");
	run("golang-migrate", false, "1");
	rig_expect(&rig, WIRE_NEEDS_PERSON, "calls 1 dirty");
	assert_string_equal(rig_status(&rig, &folder), "1 failed");
}

static void
morph(void **state)
{
	(void)state;
	memory_put(&folder, "000001_a.up.sql", "CREATE TABLE a (id int);");
	memory_put(&folder, "000001_a.down.sql", "DROP TABLE a;");
	memory_put(
	    &folder, "000002_b.up.sql", "-- morph:nontransactional\nCREATE INDEX CONCURRENTLY b ON a (id);");
	memory_put(&folder, "000002_b.down.sql", "-- morph:nontransactional\nDROP INDEX CONCURRENTLY b;");
	rig_folder(&rig, &folder, "morph", false);
	run("morph", false, memory_keys(&folder));
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_non_null(strstr(rig_status(&rig, &folder), "applied, "));
	run("morph", true, folder.found.migrations[1].key);
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_non_null(strstr(rig_status(&rig, &folder), "pending"));
}

static void
dbmate(void **state)
{
	(void)state;
	memory_put(&folder, "1_a.sql",
	    "-- migrate:up\nCREATE TABLE a AS SELECT count(*) AS n FROM schema_migrations;\n"
	    "-- migrate:down\nDROP TABLE a;\n");
	memory_put(&folder, "2_b.sql",
	    "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY b ON a (n);\n"
	    "-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY b;\n");
	memory_put(
	    &folder, "3_c.sql", "-- migrate:up\nCREATE TABLE c (id int);\nSELECT 1 / 0;\n-- migrate:down\n");
	run("dbmate", false, "1 2");
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	run("dbmate", false, "3");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "rolled back");
	assert_string_equal(rig_status(&rig, &folder), "1 applied, 2 applied, 3 pending");
	run("dbmate", true, "2");
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_status(&rig, &folder), "1 applied, 2 pending, 3 pending");
}

static void
goose(void **state)
{
	(void)state;
	memory_put(&folder, "1_a.sql",
	    "-- +goose Up\nCREATE TABLE a AS SELECT count(*) AS n FROM goose_db_version;\n-- +goose "
	    "Down\nDROP "
	    "TABLE a;\n");
	memory_put(&folder, "2_b.sql",
	    "-- +goose NO TRANSACTION\n-- +goose Up\nINSERT INTO a VALUES (7);\nCREATE INDEX CONCURRENTLY b "
	    "ON a "
	    "(n);\n-- +goose Down\nDROP INDEX CONCURRENTLY b;\nDELETE FROM a WHERE n = 7;\n");
	memory_put(&folder, "3_c.sql",
	    "-- +goose NO TRANSACTION\n-- +goose Up\nINSERT INTO a VALUES (8);\nSELECT 1 / 0;\n"
	    "-- +goose Down\nDELETE FROM a WHERE n = 8;\n");
	run("goose", false, "1 2");
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM a"), "2");
	assert_string_equal(rig_status(&rig, &folder), "1 applied, 2 applied, 3 pending");
	run("goose", false, "3");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "taken back");
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM a"), "2");
	run("goose", true, "2 1");
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_status(&rig, &folder), "1 pending, 2 pending, 3 pending");
	run("goose", false, "1");
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_status(&rig, &folder), "1 applied, 2 pending, 3 pending");
}

static void
node_pg_migrate(void **state)
{
	(void)state;
	memory_put(&folder, "1_a.sql",
	    "-- Up Migration\nCREATE TABLE a (id int);\n-- Down Migration\nDROP TABLE a;\n");
	memory_put(&folder, "2_b.sql",
	    "-- Up Migration\nCREATE TABLE b AS SELECT name FROM pgmigrations;\n-- Down Migration\nDROP "
	    "TABLE b;\n");
	memory_put(&folder, "3_c.sql", "-- Up Migration\nSELECT 1 / 0;\n-- Down Migration\nSELECT 1;\n");
	run("node-pg-migrate", false, "1_a 2_b 3_c");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "nothing of this run is in the database");
	assert_string_equal(rig_sql(&rig, THERE("a")), "f");
	run("node-pg-migrate", false, "1_a 2_b");
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, "SELECT name FROM b"), "1_a");
	assert_string_equal(rig_status(&rig, &folder), "1_a applied, 2_b applied, 3_c pending");
	run("node-pg-migrate", true, "2_b 1_a");
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_status(&rig, &folder), "1_a pending, 2_b pending, 3_c pending");
}

static void
diesel(void **state)
{
	(void)state;
	memory_put(&folder, "2024-01-01-000000_a/up.sql", "CREATE TABLE a (id int);");
	memory_put(&folder, "2024-01-01-000000_a/down.sql", "DROP TABLE a;");
	memory_put(&folder, "2024-01-02-000000_b/up.sql", "CREATE INDEX CONCURRENTLY b ON a (id);");
	memory_put(&folder, "2024-01-02-000000_b/down.sql", "DROP INDEX CONCURRENTLY b;");
	memory_put(&folder, "2024-01-02-000000_b/metadata.toml", "run_in_transaction = false\n");
	rig_folder(&rig, &folder, "diesel", false);
	run("diesel", false, memory_keys(&folder));
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	run("diesel", true, folder.found.migrations[1].key);
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_status(&rig, &folder), "20240101000000 applied, 20240102000000 pending");
}

static void
sqlx(void **state)
{
	(void)state;
	memory_put(&folder, "1_a.up.sql", "CREATE TABLE a (id int);");
	memory_put(&folder, "1_a.down.sql", "DROP TABLE a;");
	memory_put(&folder, "2_b.up.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY b ON a (id);");
	memory_put(&folder, "2_b.down.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY b;");
	run("sqlx", false, "1 2");
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(rig_status(&rig, &folder), "1 applied, 2 applied");
	assert_string_equal(
	    rig_sql(&rig, "SELECT octet_length(checksum) FROM _sqlx_migrations LIMIT 1"), "48");
	run("sqlx", true, "2");
	rig_expect(&rig, WIRE_SUCCEEDED, "Taken back");
	assert_string_equal(rig_status(&rig, &folder), "1 applied, 2 pending");
}

static void
prisma(void **state)
{
	(void)state;
	memory_put(&folder, "migration_lock.toml", "provider = \"postgresql\"\n");
	memory_put(
	    &folder, "20240101_a/migration.sql", "CREATE TABLE a (id int);\nCREATE TABLE a2 (id int);");
	memory_put(&folder, "20240102_b/migration.sql", "CREATE TABLE b (id int);\nSELECT 1 / 0;");
	run("prisma", false, "20240101_a 20240102_b");
	assert_string_equal(rig_status(&rig, &folder), "20240101_a applied, 20240102_b pending");
	/* The failed one is resolved as rolled back; the one before it has no way back. */
	rig_expect(&rig, WIRE_FAILED_PARTLY, "20240101_a is applied and stays");
	assert_string_equal(
	    rig_sql(&rig,
		"SELECT string_agg(migration_name, ',') FROM _prisma_migrations WHERE rolled_back_at IS NOT "
		"NULL"),
	    "20240102_b");
	assert_string_equal(rig_sql(&rig, THERE("b")), "f");
}

static void
supabase(void **state)
{
	(void)state;
	memory_put(&folder, "20240101000000_a.sql", "CREATE TABLE a (id int);\nCREATE TABLE a2 (id int);");
	memory_put(&folder, "20240102000000_b.sql", "CREATE INDEX CONCURRENTLY b ON a (id);");
	(void)rig_sql(&rig, gh_printf(&rig.arena, "GRANT CREATE ON DATABASE %s TO shop", rig.database));
	run("supabase", false, "20240101000000 20240102000000");
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations");
	assert_string_equal(rig_status(&rig, &folder), "20240101000000 applied, 20240102000000 applied");
	assert_string_equal(rig_sql(&rig,
				"SELECT statements::text FROM supabase_migrations.schema_migrations ORDER BY "
				"version LIMIT 1"),
	    "{\"CREATE TABLE a (id int)\",\"CREATE TABLE a2 (id int)\"}");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(golang_migrate),
		TEST(golang_migrate_dirty),
		TEST(morph),
		TEST(dbmate),
		TEST(goose),
		TEST(node_pg_migrate),
		TEST(diesel),
		TEST(sqlx),
		TEST(prisma),
		TEST(supabase),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job with each tool's folder on a server", tests, rig_group_start, rig_group_stop);
}
