#include "base/ban.h"
#include "tests/support/proof_rig.h"
#include "tests/support/plain_user.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include <sys/wait.h>

/* Restored and counted in a private cluster. */

static struct rig rig;
static struct proof_rig p;

static int
setup(void **state)
{
	int failed = rig_setup(state);

	p = (struct proof_rig){ 0 };
	rig.spec.allow_superuser = true;
	rig.spec.connection =
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database);
	return failed;
}

static int
teardown(void **state)
{
	proof_rig_done(&p);
	return rig_teardown(state);
}

/* What comes back from a dump in other words, or nowhere: none of it is a difference. */
static const char rich[] =
    "CREATE ROLE \"odd \"\"role\" NOLOGIN; CREATE ROLE reader NOLOGIN;"
    "CREATE EXTENSION pg_trgm; CREATE EXTENSION postgres_fdw;"
    "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1');"
    "CREATE SCHEMA app AUTHORIZATION shop; CREATE TYPE app.mood AS ENUM ('good', 'bad');"
    "CREATE DOMAIN app.code AS varchar(8) CHECK (VALUE IN ('a', 'b'));"
    "CREATE TABLE app.t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, status varchar(10) NOT NULL"
    "  CHECK (status IN ('new', 'paid')), m app.mood DEFAULT 'good', c app.code, at timestamptz DEFAULT "
    "now(),"
    "  twice int GENERATED ALWAYS AS (length(status) * 2) STORED, gone int, note text COLLATE \"C\");"
    "ALTER TABLE app.t DROP gone; ALTER TABLE app.t OWNER TO shop; ALTER TABLE app.t ALTER note SET STORAGE "
    "external;"
    "INSERT INTO app.t (status) SELECT 'new' FROM generate_series(1, 100);"
    "CREATE INDEX ON app.t USING gin (note gin_trgm_ops) WHERE status IN ('new', 'paid');"
    "CREATE INDEX low ON app.t (lower(status)); ALTER TABLE app.t CLUSTER ON low;"
    "CREATE VIEW app.v AS SELECT id, status FROM app.t WHERE status IN ('new', 'paid') AND at > 'epoch';"
    "CREATE MATERIALIZED VIEW app.mv AS SELECT count(*) AS n FROM app.v; ALTER MATERIALIZED VIEW app.mv "
    "OWNER TO shop;"
    "GRANT SELECT (id), UPDATE (status) ON app.t TO reader; GRANT SELECT ON app.t TO \"odd \"\"role\" WITH "
    "GRANT OPTION;"
    "REVOKE ALL ON FUNCTION lower(text) FROM reader;"
    "ALTER DEFAULT PRIVILEGES FOR ROLE shop IN SCHEMA app GRANT SELECT ON TABLES TO reader;"
    "ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;"
    "CREATE POLICY p ON app.t FOR SELECT TO reader, \"odd \"\"role\" USING (status IN ('paid'));"
    "CREATE TABLE app.part (id int, k text) PARTITION BY LIST (k);"
    "CREATE TABLE app.part_a PARTITION OF app.part FOR VALUES IN ('a'); ALTER TABLE app.part ADD PRIMARY KEY "
    "(id, k);"
    "CREATE TABLE app.part_d PARTITION OF app.part DEFAULT; INSERT INTO app.part VALUES (1, 'a'), (2, 'z');"
    "CREATE TABLE app.mother (a int CHECK (a > 0)); CREATE TABLE app.child (b int, a int);"
    "ALTER TABLE app.child ADD CONSTRAINT mother_a_check CHECK (a > 0); ALTER TABLE app.child INHERIT "
    "app.mother;"
    "CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER g BEFORE UPDATE ON app.t FOR EACH ROW WHEN (NEW.status IN ('new', 'paid')) EXECUTE "
    "FUNCTION app.f();"
    "CREATE FUNCTION app.e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
    "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION app.e();"
    "CREATE AGGREGATE app.mx(int) (sfunc = int4larger, stype = int);"
    "CREATE TYPE app.span AS RANGE (subtype = text, collation = \"C\");"
    "CREATE STATISTICS app.st ON status, id FROM app.t; COMMENT ON TABLE app.t IS 'it''s (a) ::text';"
    "CREATE PUBLICATION pub FOR TABLE app.mother; CREATE UNLOGGED TABLE app.u (id int);"
    "CREATE TABLE app.dup (id int); INSERT INTO app.dup VALUES (1), (1);";

/* An index that could not be built is in no dump. */
static void
invalid_index(void)
{
	PGconn *c = PQconnectdb(rig.spec.connection);
	PGresult *res = PQexec(c, "CREATE UNIQUE INDEX CONCURRENTLY broken ON app.dup (id)");

	assert_int_equal(PQresultStatus(res), PGRES_FATAL_ERROR);
	PQclear(res);
	PQfinish(c);
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "1");
}

static void
a_database_with_all_kinds_of_things(void **state)
{
	const struct rig_frame *f;

	(void)state;
	(void)rig_sql(&rig, rich);
	invalid_index();
	proof_rig_take(&p, &rig);
	/* The target is not needed: roles and locale are the dump's. */
	rig.spec.connection = "host=/nonexistent dbname=x";
	proof_rig_prove(&p, "counted");
	rig_expect(&rig, WIRE_SUCCEEDED, "Proved as \"counted\"");
	f = rig_saying(&rig, WIRE_J_PROOF_TABLE, "app.t");
	assert_non_null(f);
	assert_int_equal(f->number, 100);
	f = rig_find(&rig, WIRE_J_PROOF, 3);
	assert_int_equal(f->phase, WIRE_COUNTED);
	assert_non_null(strstr(f->text, "a cluster of its own, PostgreSQL 15"));
	assert_non_null(strstr(f->more, "the catalog is the same"));
	assert_null(strstr(f->more, "but for"));
	(void)rig_sql(&rig, "DROP OWNED BY reader, \"odd \"\"role\"; DROP ROLE reader, \"odd \"\"role\"");
}

static void
another_catalog_than_in_the_record(void **state)
{
	const char *was;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE a (id int); INSERT INTO a VALUES (1)");
	proof_rig_take(&p, &rig);
	was = rig.spec.fingerprint;
	(void)rig_sql(&rig, "ALTER TABLE a ADD CHECK (id > 0)");
	rig.spec.id++;
	proof_rig_take(&p, &rig);
	assert_string_not_equal(was, rig.spec.fingerprint);
	rig.spec.fingerprint = was;
	proof_rig_prove(&p, "counted");
	/* What lies beside the file says otherwise, so it does not count. */
	proof_rig_caught(&p, WIRE_COUNTED, "the catalog is not what it was when the backup was taken");
}

/* One of the two differs, by hand: the sidecar names what it is. */
static void
the_difference_has_a_name(void **state)
{
	GH_TEXT plain = { 0 };
	char *at;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE a (id int, wanted text)");
	proof_rig_take(&p, &rig);
	proof_rig_unpack(&p, &plain);
	while ((at = memmem(plain.data, plain.len, "wanted", 6)) != NULL)
		memcpy(at, "winter", 6);
	proof_rig_pack(&p, plain.data, plain.len);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_COUNTED, "column public.a.wanted: only in the database that was backed up");
}

static void
what_cannot_be_restored(void **state)
{
	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE a (id int); INSERT INTO a VALUES (1);"
	    "CREATE FUNCTION no(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS "
	    "'BEGIN IF current_database() = ''gatehouse_proof'' THEN RAISE ''not here''; END IF; RETURN "
	    "true; END';"
	    "ALTER TABLE a ADD CHECK (no(id))");
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_RESTORED, "COPY failed for table \"a\": ERROR:  not here");
}

static bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Carried out while it is restored, as the superuser of the cluster, each by itself. */
static void
a_malicious_one_reaches_nothing(void **state)
{
	static const char *const deeds[] = { "COPY (SELECT 1) TO PROGRAM ''echo > %s/mark''",
		"COPY (SELECT 1) TO ''%s/mark''", "PERFORM lo_export(lo_from_bytea(0, ''x''), ''%s/mark'')",
		"PERFORM pg_read_file(''%s/journal'')", "PERFORM pg_read_file(''/etc/hostname'')",
		"PERFORM pg_file_write(''%s/mark'', ''x'', false)",
		"PERFORM dblink_connect(''host=%s/../.. user=postgres'')" };
	const char *mark = gh_printf(&rig.arena, "%s/mark", rig.folder);
	size_t i;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE EXTENSION adminpack; CREATE EXTENSION dblink; CREATE TABLE a (id int); INSERT INTO a "
	    "VALUES (1);"
	    "CREATE FUNCTION deed(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; "
	    "END';"
	    "ALTER TABLE a ADD CHECK (deed(id));"
	    "CREATE FUNCTION later() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM "
	    "public.deed(1); END';"
	    "CREATE EVENT TRIGGER later ON ddl_command_end EXECUTE FUNCTION later()");
	for (i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		GH_TEXT sql = { 0 };
		const char *hole = strstr(deeds[i], "%s");

		gh_text_put(&sql,
		    "CREATE OR REPLACE FUNCTION deed(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql "
		    "SET search_path = public AS 'BEGIN IF current_database() = ''gatehouse_proof'' "
		    "THEN ");
		gh_text_put_n(&sql, deeds[i], hole == NULL ? strlen(deeds[i]) : (size_t)(hole - deeds[i]));
		if (hole != NULL)
			gh_text_putf(&sql, "%s%s", rig.folder, hole + 2);
		gh_text_put(&sql, "; END IF; RETURN true; END'");
		(void)rig_sql(&rig, gh_text_str(&sql));
		rig.spec.id++;
		proof_rig_take(&p, &rig);
		proof_rig_prove(&p, "counted");
		proof_rig_caught(&p, WIRE_RESTORED, "");
		assert_false(exists(mark));
	}
}

/* Nothing else is in it that could: it fires when a view is filled, which comes last. */
static void
an_event_trigger_reaches_nothing(void **state)
{
	const char *mark = gh_printf(&rig.arena, "%s/mark", rig.folder);

	(void)state;
	(void)rig_sql(&rig,
	    gh_printf(&rig.arena,
		"CREATE TABLE a (id int); CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS "
		"'BEGIN "
		"IF current_database() = ''gatehouse_proof'' THEN COPY (SELECT 1) TO PROGRAM ''touch %s''; "
		"END "
		"IF; END'; CREATE EVENT TRIGGER first ON ddl_command_start EXECUTE FUNCTION e();"
		"CREATE EVENT TRIGGER last ON ddl_command_end EXECUTE FUNCTION e();"
		"CREATE MATERIALIZED VIEW v AS SELECT 1 AS x",
		mark));
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	proof_rig_caught(&p, WIRE_RESTORED, "could not execute command");
	assert_false(exists(mark));
}

/* Two at the same time know nothing of each other. */
static void
two_at_once(void **state)
{
	const char *folder = gh_printf(&rig.arena, "%s/other", rig.folder);
	int status;
	pid_t pid;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE a (id int); INSERT INTO a SELECT generate_series(1, 5000)");
	proof_rig_take(&p, &rig);
	pid = fork();
	if (pid == 0) {
		struct rig other = rig;

		assert_int_equal(mkdir(folder, 0700), 0);
		(void)snprintf(other.folder, sizeof(other.folder), "%s", folder);
		p.rig = &other;
		proof_rig_prove(&p, "counted");
		_exit(proof_rig_level(&p, WIRE_COUNTED) == WIRE_OK ? 0 : 1);
	}
	proof_rig_prove(&p, "counted");
	assert_int_equal(proof_rig_level(&p, WIRE_COUNTED), WIRE_OK);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
no_room_is_not_its_fault(void **state)
{
	(void)state;
#ifndef GH_FAULTS
	skip();
#endif
	(void)rig_sql(&rig, "CREATE TABLE a (id int)");
	proof_rig_take(&p, &rig);
	rig_fault(&rig, "job.cluster.init", "enospc");
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_RESTORED, "No space left on device");
	assert_int_equal(proof_rig_level(&p, WIRE_LISTED), WIRE_OK);
}

/* Looked at before, not found out: 1.3 times the database, on the file system of the store. */
static void
no_room_for_the_database(void **state)
{
	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE a (id int)");
	proof_rig_take(&p, &rig);
	rig.spec.database_bytes = INT64_C(1) << 60;
	proof_rig_prove(&p, "counted");
	proof_rig_undecided(&p, WIRE_RESTORED, "MiB wanted (1.3 times the database)");
	assert_int_equal(proof_rig_level(&p, WIRE_LISTED), WIRE_OK);
}

static void
a_database_in_another_encoding(void **state)
{
	PGconn *c;

	(void)state;
	(void)rig_sql(&rig, "CREATE DATABASE old TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");
	rig.spec.connection = gh_printf(&rig.arena, "host=%s dbname=old user=postgres", rig.cluster->folder);
	c = PQconnectdb(rig.spec.connection);
	PQclear(PQexec(c, "CREATE TABLE a (t text); INSERT INTO a VALUES (E'\\xff\\xfe')"));
	PQfinish(c);
	proof_rig_take(&p, &rig);
	proof_rig_prove(&p, "counted");
	assert_int_equal(proof_rig_level(&p, WIRE_COUNTED), WIRE_OK);
	(void)rig_sql(&rig, "DROP DATABASE old");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_database_with_all_kinds_of_things),
		T(another_catalog_than_in_the_record),
		T(the_difference_has_a_name),
		T(what_cannot_be_restored),
		T(a_malicious_one_reaches_nothing),
		T(an_event_trigger_reaches_nothing),
		T(two_at_once),
		T(no_room_is_not_its_fault),
		T(no_room_for_the_database),
		T(a_database_in_another_encoding),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/proof in a cluster of its own", tests, rig_group_start, rig_group_stop);
}
