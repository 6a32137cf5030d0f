#include "base/ban.h"
#include "tests/runner/job/restore_rig.h"

#include <sys/stat.h>

/* What a database is beside its contents: kept as the old one's, and never the dump's. */

/* All of it that the server knows, but for its name and its numbers. */
static const char *
properties(void)
{
	return cluster_sql(gh_printf(&rig.arena,
	    "SELECT concat_ws(' ', pg_get_userbyid(datdba), datconnlimit, datistemplate, datallowconn, "
	    "datcollate, datctype, datlocprovider, daticulocale, pg_encoding_to_char(encoding), "
	    "(SELECT spcname FROM pg_tablespace t WHERE t.oid = dattablespace), "
	    "shobj_description(oid, 'pg_database'), "
	    "(SELECT string_agg(setrole || ':' || setconfig::text, ' ' ORDER BY setrole) FROM "
	    "pg_db_role_setting WHERE setdatabase = d.oid), (SELECT array_agg(acl ORDER BY acl)::text FROM "
	    "unnest(datacl::text[]) acl)) FROM pg_database d WHERE datname = '%s'",
	    rig.database));
}

static void
of_database(const char *what)
{
	(void)cluster_sql(gh_printf(&rig.arena, "ALTER DATABASE %s %s", rig.database, what));
}

static void
role(const char *name, const char *attributes)
{
	server(gh_printf(&rig.arena,
	    "DO $$ BEGIN CREATE ROLE %s; EXCEPTION WHEN duplicate_object THEN NULL; END $$", name));
	server(gh_printf(&rig.arena, "ALTER ROLE %s %s", name, attributes));
}

static void
restored_as_it_was(void)
{
	const char *before = properties();

	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "is what backup 7 was");
	assert_string_equal(databases(), "X+ X_before-");
	assert_string_equal(properties(), before);
}

static void
refused(const char *part)
{
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, part);
	assert_int_equal(rig_phase(&rig, WIRE_PREFLIGHT), WIRE_FAILED);
	assert_string_equal(databases(), "X+");
}

/* Values that a session could not work with, or has only at its start, and lists whose quotes matter. */
static void
settings_are_kept_to_the_letter(void **state)
{
	static const char *const all[] = { "SET search_path = public, \"Odd, one\", \"$user\"",
		"SET DateStyle = 'German, DMY'", "SET TimeZone = '<+01>-01'", "SET statement_timeout = '1ms'",
		"SET default_transaction_isolation = 'serializable'", "SET temp_tablespaces = ''",
		"SET role = 'shop'", "CONNECTION LIMIT 3", "SET default_transaction_read_only = on" };
	size_t i;

	(void)state;
	restore_ready(PLAN_RESTORE);
	server(gh_printf(
	    &rig.arena, "ALTER ROLE gatehouse_restore IN DATABASE %s SET work_mem = '5MB'", rig.database));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		of_database(all[i]);
	/* The run's own sessions set what they need. */
	rig.spec.connection = gh_printf(&rig.arena,
	    "%s options='-c statement_timeout=0 -c "
	    "default_transaction_read_only=off'",
	    rig.spec.connection);
	restored_as_it_was();
	assert_null(strstr(rig_sentence(&rig), "could not be carried over"));
}

/* What the role may not give is said before anything is made, and told with its statement afterwards. */
static void
settings_of_others_are_named_before_and_after(void **state)
{
	const struct rig_frame *f;

	(void)state;
	role("nightly", "LOGIN");
	restore_ready(PLAN_RESTORE);
	server(gh_printf(&rig.arena, "ALTER ROLE nightly IN DATABASE %s SET work_mem = '5MB'", rig.database));
	of_database("SET app.tenant = 'it''s'");
	of_database("SET log_min_duration_statement = 0");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED,
	    "Settings that could not be carried over: app.tenant, log_min_duration_statement, "
	    "work_mem of the role nightly");
	assert_non_null(strstr(rig_evidence(&rig, WIRE_PREFLIGHT),
	    "may not give the new database these settings of the old one, which an administrator has to do: "
	    "app.tenant, log_min_duration_statement, work_mem of the role nightly."));
	f = rig_last(&rig, WIRE_J_EVIDENCE, "setting app.tenant", "SET \"app.tenant\" TO 'it''s'");
	assert_non_null(f);
	/* Nothing of the trial stayed, neither here nor there. */
	assert_string_equal(
	    rig_sql(&rig,
		"SELECT string_agg(c, ' ' ORDER BY c) FROM pg_db_role_setting, unnest(setconfig) "
		"c WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = "
		"current_database())"),
	    "search_path=public, \"Odd, one\" statement_timeout=61s");
}

static void
privileges_owner_and_template_are_kept(void **state)
{
	(void)state;
	role("gatehouse_look", "NOLOGIN");
	role("keeper", "NOLOGIN");
	restore_ready(PLAN_RESTORE);
	restore_role("GRANT keeper TO gatehouse_restore");
	server(gh_printf(&rig.arena, "ALTER DATABASE %s OWNER TO keeper", rig.database));
	server(gh_printf(&rig.arena, "GRANT CONNECT, TEMPORARY ON DATABASE %s TO shop", rig.database));
	/* What a grant in the dump would allow in the end is needed from the beginning. */
	refused("only a superuser may restore what shop owns in the schema public, where it may create only "
		"because that was granted");
	server("GRANT keeper TO shop");
	server(gh_printf(&rig.arena, "REVOKE ALL ON DATABASE %s FROM PUBLIC", rig.database));
	server(gh_printf(
	    &rig.arena, "GRANT CREATE ON DATABASE %s TO gatehouse_look WITH GRANT OPTION", rig.database));
	of_database("WITH IS_TEMPLATE true");
	restored_as_it_was();
	of_database("WITH IS_TEMPLATE false");
	server("REVOKE keeper FROM shop");
}

/* Another database in the rig's place. */
static void
made_with(const char *how)
{
	(void)cluster_sql(gh_printf(&rig.arena, "DROP DATABASE %s", rig.database));
	(void)cluster_sql(
	    gh_printf(&rig.arena, "CREATE DATABASE %s OWNER shop TEMPLATE template0 %s", rig.database, how));
	(void)rig_sql(&rig, "GRANT ALL ON SCHEMA public TO shop");
	rig.plan.database_oid = strtoll(
	    rig_sql(&rig, "SELECT oid FROM pg_database WHERE datname = current_database()"), NULL, 10);
}

static void
an_icu_locale_is_kept(void **state)
{
	(void)state;
	made_with("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'de-AT'");
	restore_ready(PLAN_RESTORE);
	assert_non_null(strstr(properties(), " C C.UTF-8 i de-AT UTF8 "));
	restored_as_it_was();
}

static void
an_encoding_is_kept(void **state)
{
	(void)state;
	made_with("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
	restore_ready(PLAN_RESTORE);
	assert_non_null(strstr(properties(), " C C c LATIN1 "));
	restored_as_it_was();
}

/* Its record names no table, so that a table more does no harm. */
static void
nothing_counted(void)
{
	rig.plan.restore.n_tables = 0;
	rig.spec.backup_tables = -1;
	rig.spec.backup_rows = -1;
}

/* Those that its owner may create come back, in their schemas. */
static void
extensions_come_back(void **state)
{
	static const char list[] =
	    "SELECT string_agg(format('%s in %s', extname, extnamespace::regnamespace), ', ' "
	    "ORDER BY extname) FROM pg_extension";
	const char *before;

	(void)state;
	server(
	    "CREATE SCHEMA tools AUTHORIZATION shop; CREATE EXTENSION pg_trgm SCHEMA tools; CREATE EXTENSION "
	    "citext");
	server("CREATE TABLE said (what citext); INSERT INTO said VALUES ('Hello'); CREATE INDEX ON said "
	       "USING gin "
	       "((what::text) tools.gin_trgm_ops); ALTER TABLE said OWNER TO shop");
	restore_ready(PLAN_RESTORE);
	nothing_counted();
	before = rig_sql(&rig, list);
	assert_string_equal(before, "citext in public, pg_trgm in tools, plpgsql in pg_catalog");
	restored_as_it_was();
	assert_string_equal(rig_sql(&rig, list), before);
	assert_string_equal(rig_sql(&rig, "SELECT (what = 'hELLO')::text FROM said"), "true");
}

/* What this role cannot bring back ends it before anything is made; a sentence says what, and what gives it.
 */
static void
what_needs_a_superuser_is_refused_first(void **state)
{
	(void)state;
	restore_ready(PLAN_RESTORE);
	server("CREATE EXTENSION pageinspect");
	refused("only a superuser may create the extension pageinspect");
	server("DROP EXTENSION pageinspect; CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS "
	       "'BEGIN "
	       "END'; ALTER FUNCTION e() OWNER TO shop; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE "
	       "FUNCTION e()");
	refused("only a superuser may create the event trigger e");
	server("DROP EVENT TRIGGER e");
	restore_plan(PLAN_SIDE);
	server("CREATE EXTENSION pageinspect");
	refused("only a superuser may create the extension pageinspect");
}

static void
a_tablespace_has_to_be_allowed(void **state)
{
	const char *folder = gh_printf(&rig.arena, "%s/fast", rig.cluster->folder);
	struct stat st;

	(void)state;
	assert_int_equal(stat(rig.cluster->folder, &st), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(chown(folder, st.st_uid, st.st_gid), 0);
	(void)cluster_sql(gh_printf(&rig.arena, "CREATE TABLESPACE fast LOCATION '%s'", folder));
	restore_ready(PLAN_RESTORE);
	/* One of a table's, then the database's own. */
	server("ALTER TABLE a SET TABLESPACE fast");
	refused("it may not create anything in the tablespace fast, which the database uses");
	rig_expect(&rig, WIRE_FAILED_CLEAN, "GRANT CREATE ON TABLESPACE fast TO gatehouse_restore");
	server("ALTER TABLE a SET TABLESPACE pg_default");
	(void)cluster_sql(gh_printf(&rig.arena, "ALTER DATABASE %s SET TABLESPACE fast", rig.database));
	refused("in the tablespace fast");
	server("GRANT CREATE ON TABLESPACE fast TO gatehouse_restore");
	assert_non_null(strstr(properties(), " fast "));
	restored_as_it_was();
	(void)cluster_sql(gh_printf(&rig.arena, "DROP DATABASE %s", rig.plan.restore.keep_name));
	made_with("TABLESPACE pg_default");
	(void)cluster_sql("DROP TABLESPACE fast");
}

/* They stay with the old database, and preflight says so. */
static void
slots_and_subscriptions_stay(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	(void)cluster_sql("ALTER SYSTEM SET wal_level = logical");
	assert_int_equal(pg_cluster_crash(rig.cluster, &err), GH_OK);
	restore_ready(PLAN_RESTORE);
	server("SELECT pg_create_logical_replication_slot('feed', 'pgoutput')");
	server(
	    "CREATE SUBSCRIPTION news CONNECTION 'host=/nonexistent' PUBLICATION p WITH (connect = false)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_non_null(strstr(rig_evidence(&rig, WIRE_PREFLIGHT),
	    "The replication slot feed stays with the old database: who reads it needs a new one."));
	assert_non_null(strstr(rig_evidence(&rig, WIRE_PREFLIGHT),
	    "The subscription news stays with the old database, and rests as long as that lets nobody in."));
	assert_non_null(rig_last(&rig, WIRE_J_EVIDENCE, "replication-slot feed", "needs a new one"));
	assert_string_equal(databases(), "X+ X_before-");
	assert_string_equal(
	    rig_sql(&rig, "SELECT database::text FROM pg_replication_slots"), rig.plan.restore.keep_name);
	(void)rig_sql(&rig, "SELECT pg_drop_replication_slot('feed')");
}

/* As the role that restores, on the new database alone. */
static void
deeds(const char *what)
{
	server(gh_printf(&rig.arena,
	    "CREATE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF current_database() "
	    "LIKE "
	    "'gatehouse_restore%%' THEN %s END IF; RETURN true; END $$; ALTER FUNCTION deed(int) OWNER TO "
	    "shop; "
	    "CREATE TABLE zz (id int CHECK (deed(id))); INSERT INTO zz VALUES (1); ALTER TABLE zz OWNER TO "
	    "shop",
	    what));
}
#define OF_IT(what) "EXECUTE format('" what "', current_database());"

static void
is_undone(void)
{
	const char *before;

	restore_ready(PLAN_RESTORE);
	nothing_counted();
	server(gh_printf(&rig.arena, "COMMENT ON DATABASE %s IS NULL", rig.database));
	before = properties();
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(properties(), before);
	assert_non_null(rig_saying(&rig, WIRE_J_LOG, "undone with: ALTER DATABASE"));
}

static void
what_a_dump_makes_of_its_database_is_undone(void **state)
{
	(void)state;
	role("gatehouse_look", "NOLOGIN");
	role("keeper", "NOLOGIN");
	restore_role("GRANT keeper TO gatehouse_restore");
	deeds(OF_IT("ALTER DATABASE %I IS_TEMPLATE true") OF_IT("ALTER DATABASE %I CONNECTION LIMIT 0")
		OF_IT("ALTER DATABASE %I SET search_path = evil") OF_IT("COMMENT ON DATABASE %I IS ''evil''")
		    OF_IT("ALTER ROLE gatehouse_restore IN DATABASE %I SET search_path = evil")
			OF_IT("GRANT ALL ON DATABASE %I TO gatehouse_look WITH GRANT OPTION") OF_IT(
			    "GRANT ALL ON DATABASE %I TO PUBLIC") OF_IT("ALTER DATABASE %I OWNER TO keeper"));
	is_undone();
}

/* Gathering statistics calls what an index is made of, as the table's owner. */
static void
what_analyze_makes_of_its_database_is_undone(void **state)
{
	(void)state;
	role("gatehouse_look", "NOLOGIN");
	deeds("PERFORM 1;");
	server("CREATE OR REPLACE FUNCTION deed(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF "
	       "current_query() = 'ANALYZE' THEN " OF_IT("ALTER DATABASE %I SET search_path = evil")
		   OF_IT("ALTER DATABASE %I CONNECTION LIMIT 0")
		       OF_IT("GRANT ALL ON DATABASE %I TO gatehouse_look") "END IF; RETURN true; END $$");
	server("CREATE FUNCTION key(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS "
	       "$$ BEGIN RETURN public.deed($1); END $$");
	server("ALTER FUNCTION key(int) OWNER TO shop");
	server("CREATE INDEX ON zz (key(id))");
	is_undone();
}

/* A template cannot be dropped. */
static void
a_template_that_fails_is_dropped(void **state)
{
	(void)state;
	deeds(OF_IT("ALTER DATABASE %I IS_TEMPLATE true")
		OF_IT("ALTER DATABASE %I CONNECTION LIMIT 0") "RAISE 'enough';");
	restore_ready(PLAN_RESTORE);
	nothing_counted();
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "enough");
	assert_string_equal(databases(), "X+");
}

static void
a_template_whose_job_was_killed_is_dropped(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	deeds(OF_IT("ALTER DATABASE %I IS_TEMPLATE true"));
	restore_ready(PLAN_RESTORE);
	nothing_counted();
	rig_run_killed(&rig, "job.restore.restored");
	assert_string_equal(cluster_sql("SELECT datistemplate::text FROM pg_database WHERE datname ~ "
					"'^gatehouse_restore'"),
	    "true");
	rig_run(&rig, &job_reconcile);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "nothing of the unfinished database is left");
	assert_string_equal(databases(), "X+");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(settings_are_kept_to_the_letter),
		TEST(settings_of_others_are_named_before_and_after),
		TEST(privileges_owner_and_template_are_kept),
		TEST(an_icu_locale_is_kept),
		TEST(an_encoding_is_kept),
		TEST(extensions_come_back),
		TEST(what_needs_a_superuser_is_refused_first),
		TEST(a_tablespace_has_to_be_allowed),
		TEST(slots_and_subscriptions_stay),
		TEST(what_a_dump_makes_of_its_database_is_undone),
		TEST(what_analyze_makes_of_its_database_is_undone),
		TEST(a_template_that_fails_is_dropped),
		TEST(a_template_whose_job_was_killed_is_dropped),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/restore_like on a server", tests, rig_group_start, rig_group_stop);
}
