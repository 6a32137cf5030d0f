#include "base/ban.h"
#include "base/io.h"
#include "migration/convention.h"
#include "tests/support/disk_folder.h"
#include "tests/support/dump_journal.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

static struct rig rig;
static struct gh_text dump;

static int
setup(void **state)
{
	gh_text_clear(&dump);
	return disk_setup(state) == 0 ? rig_setup(state) : -1;
}

static int
teardown(void **state)
{
	gh_text_done(&dump);
	return disk_teardown(state) == 0 ? rig_teardown(state) : -1;
}

static void
check(const char *convention)
{
	GH_FD int fd = -1;

	gh_text_clear(&dump);
	rig.spec.convention = convention;
	rig.spec.folder = disk_folder();
	rig.spec.schema = rig.spec.table = "";
	rig_run(&rig, &job_check);
	fd = open(gh_printf(&rig.arena, "%s/journal", rig.folder), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	dump_check(fd, &dump);
}

static void
contains(const char *part)
{
	if (strstr(gh_text_str(&dump), part) == NULL)
		fail_msg("%s\nis not in\n%s", part, gh_text_str(&dump));
}

static void
put_three(void)
{
	disk_put("001_a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
	disk_put("001_a_down.sql", "DROP TABLE a;");
	disk_put("002_b.sql", "CREATE TABLE b ();");
	disk_put("003_c.sql", "CREATE TABLE c ();");
}

/* Those that a restore has left: one that is there, one that is not. */
static void
says_which_kept_databases_are_there(void **state)
{
	const char *oid = rig_sql(&rig, "SELECT oid::text FROM pg_database WHERE datname = 'postgres'");

	(void)state;
	put_three();
	rig.spec.kept = gh_printf(&rig.arena, "{%s,3999999999}", oid);
	check("numbered");
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_find(&rig, WIRE_J_DATABASE, 0)->more, "postgres");
	assert_int_equal(rig_find(&rig, WIRE_J_DATABASE, 0)->state, 1);
	assert_int_equal(rig_find(&rig, WIRE_J_DATABASE, 1)->number, INT64_C(3999999999));
	assert_int_equal(rig_find(&rig, WIRE_J_DATABASE, 1)->state, 0);
	assert_null(rig_find(&rig, WIRE_J_DATABASE, 2));
}

static void
a_database_that_was_never_migrated(void **state)
{
	(void)state;
	put_three();
	check("numbered");
	rig_expect(&rig, WIRE_SUCCEEDED, "0 migrations are applied, 3 pending.");
	assert_string_equal(gh_text_str(&dump),
	    "detected [numbered] plain numbers: as configured; 3 files NNN_name.sql, 1 of them with a "
	    "_down.sql\n"
	    "public.schema_migrations [numbered] none newest []\n"
	    "0 001_a pending runs\n"
	    "1 002_b pending runs\n"
	    "2 003_c pending runs\n");
}

static void
what_is_applied_pending_and_missing(void **state)
{
	(void)state;
	put_three();
	rig_track(&rig, "('001_a'), ('002_gone')");
	check("numbered");
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations are applied, 2 pending.");
	assert_string_equal(gh_text_str(&dump),
	    "detected [numbered] plain numbers: as configured; 3 files NNN_name.sql, 1 of them with a "
	    "_down.sql\n"
	    "public.schema_migrations [numbered] known newest [002_gone]\n"
	    "0 001_a applied nothing dated\n"
	    "1 002_b out-of-order runs: older than 002_gone, which is applied: plain numbers applies it "
	    "whenever it appears\n"
	    "2 003_c pending runs\n"
	    "-1 002_gone missing nothing dated after 002_b: applied, and there is no file for it: plain "
	    "numbers does not mind, but its way back is lost\n"
	    "table public.schema_migrations 0 rows, 0 refer to it\n");
}

static void
a_table_of_another_tool_is_named(void **state)
{
	(void)state;
	put_three();
	(void)rig_sql(&rig,
	    "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, inserted_at timestamp(0))");
	(void)rig_sql(&rig, "GRANT ALL ON schema_migrations TO shop");
	check("numbered");
	assert_string_equal(gh_text_str(&dump),
	    "detected [numbered] plain numbers: as configured; 3 files NNN_name.sql, 1 of them with a "
	    "_down.sql\n"
	    "public.schema_migrations [numbered] other: column version of public.schema_migrations is "
	    "bigint, not character varying(255); it is as Ecto makes it newest [] blocked: the tracking "
	    "table is not as expected, and is never written to: column version of public.schema_migrations "
	    "is bigint, not character varying(255); it is as Ecto makes it\n"
	    "table public.schema_migrations 0 rows, 0 refer to it\n");
}

static void
a_table_of_rails_is_not_dbmates(void **state)
{
	(void)state;
	disk_put(
	    "20200101000000_a.sql", "-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\nDROP TABLE a;\n");
	(void)rig_sql(&rig,
	    "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); GRANT ALL ON schema_migrations TO "
	    "shop");
	check("");
	contains("detected [dbmate] dbmate: ");
	contains("and public.schema_migrations has (version character varying)");
	contains("0 20200101000000 pending runs\n");
	(void)rig_sql(&rig, "CREATE TABLE ar_internal_metadata (key varchar PRIMARY KEY, value varchar)");
	check("");
	contains("public.schema_migrations [dbmate] other: public.ar_internal_metadata stands beside "
		 "public.schema_migrations, so another tool made both");
}

static void
sizes_and_references_of_all_tables(void **state)
{
	(void)state;
	put_three();
	(void)rig_sql(&rig,
	    "CREATE TABLE big (id int PRIMARY KEY, up int REFERENCES big); "
	    "CREATE TABLE \"Small one\" (id int REFERENCES big, also int REFERENCES big); "
	    "INSERT INTO big SELECT i FROM generate_series(1, 500) i; ANALYZE big");
	check("numbered");
	contains("table public.big 500 rows, 2 refer to it\n");
	contains("table public.\"Small one\" 0 rows, empty, 0 refer to it\n");
}

static void
folder_and_table_together_find_the_convention(void **state)
{
	(void)state;
	put_three();
	rig_track(&rig, "('001_a')");
	check("");
	contains("detected [numbered]");
	contains("and public.schema_migrations has (version ");
}

/* Its files were perhaps applied by the tool whose table is there. */
static void
a_table_of_another_tool_stops_what_names_alone_have_found(void **state)
{
	(void)state;
	put_three();
	(void)rig_sql(&rig,
	    "CREATE TABLE migrations (id integer PRIMARY KEY, name varchar(100) UNIQUE NOT NULL, "
	    "hash varchar(40) NOT NULL, executed_at timestamp DEFAULT current_timestamp)");
	check("");
	contains("detected [] the folder reads as plain numbers: ");
	contains("public.migrations is as postgres-migrations makes it");
	contains("write convention = \"numbered\"");
	check("numbered");
	contains("detected [numbered]");
}

static void
a_folder_that_fits_nothing(void **state)
{
	(void)state;
	disk_put("notes.txt", "x");
	(void)rig_sql(&rig, "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)");
	check("");
	rig_expect(&rig, WIRE_SUCCEEDED, "Nothing runs: no file is of a form that is known");
	contains("detected [] no file is of a form that is known");
	contains("; the database has public.alembic_version, the table of Alembic\n");
	contains(" [] none: no file");
}

static void
says_what_is_wrong_with_the_folder(void **state)
{
	(void)state;
	check("other");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "the convention \"other\" is not known");
	rig.spec.convention = "numbered";
	rig.spec.folder = "/nowhere/migrations";
	rig_run(&rig, &job_check);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "cannot open folder /nowhere/migrations");
}

/* Flyway would stop, too: V1 on top of what is there is not what anybody wants. */
static void
what_is_there_without_history_is_no_beginning(void **state)
{
	(void)state;
	disk_put("V1__a.sql", "CREATE TABLE a (id int);");
	check("flyway");
	assert_null(strstr(gh_text_str(&dump), "blocked"));
	(void)rig_sql(&rig, "CREATE TABLE public.orders (id int)");
	check("flyway");
	contains(
	    "blocked: the schema public has tables, but not public.flyway_schema_history: Flyway refuses to "
	    "begin there; flyway baseline records");
}

static void
a_failed_one_is_explained_by_the_catalog(void **state)
{
	(void)state;
	disk_put("migration_lock.toml", "provider = \"postgresql\"\n");
	disk_put("20250101000000_init/migration.sql",
	    "CREATE TABLE one (id int);\nCREATE TABLE two (id int);\nSELECT 1/0;\n");
	disk_put("20250102000000_more/migration.sql", "CREATE TABLE more ();");
	(void)rig_sql(&rig,
	    "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT "
	    "NULL, "
	    "finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at "
	    "timestamptz, "
	    "started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0); "
	    "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', "
	    "'20250101000000_init'); "
	    "GRANT ALL ON _prisma_migrations TO shop");
	check("");
	contains("0 20250101000000_init failed blocks");
	contains("It is one transaction: all of it took effect, or nothing. In the database there is nothing "
		 "of what it "
		 "creates (public.one, public.two), so nothing of it is in. When that is confirmed, have the "
		 "tool take "
		 "back its record");
	(void)rig_sql(&rig, "CREATE TABLE one (id int)");
	check("");
	contains("In the database there is public.one, and there is not public.two: it is half in, or this "
		 "was there "
		 "before. Finish it or take it back by hand");
	(void)rig_sql(&rig, "CREATE TABLE two (id int)");
	check("");
	contains(
	    "In the database there is everything that it creates (public.one, public.two). Compare the rest");
	disk_put("20250101000000_init/migration.sql",
	    "BEGIN;\nCREATE TABLE three ();\nCOMMIT;\nCREATE TABLE four ();\n");
	check("");
	contains("It is not one transaction, so a part of it may have taken effect. In the database there is "
		 "nothing of "
		 "what it creates (public.three, public.four). When");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_database_that_was_never_migrated),
		T(says_which_kept_databases_are_there),
		T(what_is_applied_pending_and_missing),
		T(a_table_of_another_tool_is_named),
		T(a_table_of_rails_is_not_dbmates),
		T(sizes_and_references_of_all_tables),
		T(folder_and_table_together_find_the_convention),
		T(a_table_of_another_tool_stops_what_names_alone_have_found),
		T(a_folder_that_fits_nothing),
		T(says_what_is_wrong_with_the_folder),
		T(what_is_there_without_history_is_no_beginning),
		T(a_failed_one_is_explained_by_the_catalog),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/check", tests, rig_group_start, rig_group_stop);
}
