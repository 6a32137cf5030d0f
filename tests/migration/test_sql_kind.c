#include "base/ban.h"
#include "migration/object.h"
#include "migration/sql.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct {
	const char *sql, *kind;
	bool alone;
	const char *object_kind, *object;
} cases[] = {
	{ "CREATE TABLE t (a int)", "CREATE TABLE", false, "table", "public.t" },
	{ "CREATE TABLE IF NOT EXISTS \"My\".\"T\"\"x\" (a int)", "CREATE TABLE", false, "table",
	    "\"My\".\"T\"\"x\"" },
	{ "CREATE TEMP TABLE t (a int)", "CREATE TABLE", false, "", "" },
	{ "CREATE TABLE t AS SELECT 1", "CREATE TABLE AS", false, "table", "public.t" },
	{ "CREATE TEMP TABLE t AS SELECT 1", "CREATE TABLE AS", false, "", "" },
	{ "SELECT 1 INTO t", "SELECT INTO", false, "table", "public.t" },
	{ "CREATE FOREIGN TABLE t (a int) SERVER s", "CREATE FOREIGN TABLE", false, "foreign table",
	    "public.t" },
	{ "CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE VIEW", false, "view", "public.v" },
	{ "CREATE TEMP VIEW v AS SELECT 1", "CREATE VIEW", false, "", "" },
	{ "CREATE MATERIALIZED VIEW s.v AS SELECT 1", "CREATE MATERIALIZED VIEW", false, "materialized view",
	    "s.v" },
	{ "REFRESH MATERIALIZED VIEW CONCURRENTLY v", "REFRESH MATERIALIZED VIEW", false, "", "" },
	{ "CREATE INDEX i ON s.t (a)", "CREATE INDEX", false, "index", "s.i" },
	{ "CREATE INDEX ON t (a)", "CREATE INDEX", false, "", "" },
	{ "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX", true, "index", "public.i" },
	{ "DROP INDEX i", "DROP INDEX", false, "", "" },
	{ "DROP INDEX CONCURRENTLY i", "DROP INDEX", true, "", "" },
	{ "REINDEX TABLE t", "REINDEX", false, "", "" },
	{ "REINDEX TABLE CONCURRENTLY t", "REINDEX", true, "", "" },
	{ "REINDEX (CONCURRENTLY, VERBOSE) INDEX i", "REINDEX", true, "", "" },
	{ "REINDEX (CONCURRENTLY false) INDEX i", "REINDEX", false, "", "" },
	{ "REINDEX SCHEMA public", "REINDEX", true, "", "" },
	{ "REINDEX DATABASE d", "REINDEX", true, "", "" },
	{ "VACUUM t", "VACUUM", true, "", "" },
	{ "VACUUM (ANALYZE) t", "VACUUM", true, "", "" },
	{ "ANALYZE t", "ANALYZE", false, "", "" },
	{ "CLUSTER", "CLUSTER", true, "", "" },
	{ "CLUSTER t USING i", "CLUSTER", false, "", "" },
	{ "CREATE DATABASE d", "CREATE DATABASE", true, "", "" },
	{ "DROP DATABASE d", "DROP DATABASE", true, "", "" },
	{ "ALTER DATABASE d SET TABLESPACE x", "ALTER DATABASE", true, "", "" },
	{ "ALTER DATABASE d CONNECTION LIMIT 5", "ALTER DATABASE", false, "", "" },
	{ "ALTER DATABASE d SET work_mem = '1MB'", "ALTER DATABASE", false, "", "" },
	{ "CREATE TABLESPACE x LOCATION '/x'", "CREATE TABLESPACE", true, "", "" },
	{ "DROP TABLESPACE x", "DROP TABLESPACE", true, "", "" },
	{ "ALTER SYSTEM SET work_mem = '1MB'", "ALTER SYSTEM", true, "", "" },
	{ "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "CREATE SUBSCRIPTION", true, "", "" },
	{ "DROP SUBSCRIPTION s", "DROP SUBSCRIPTION", true, "", "" },
	{ "ALTER TABLE t DETACH PARTITION p", "ALTER TABLE", false, "", "" },
	{ "ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "ALTER TABLE", true, "", "" },
	{ "ALTER TABLE t ADD COLUMN a int", "ALTER TABLE", false, "", "" },
	{ "ALTER INDEX i SET (fillfactor = 50)", "ALTER INDEX", false, "", "" },
	{ "ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE", false, "", "" },
	{ "ALTER VIEW v RENAME TO w", "ALTER VIEW", false, "", "" },
	{ "ALTER FUNCTION f() OWNER TO x", "ALTER FUNCTION", false, "", "" },
	{ "ALTER TABLE t SET SCHEMA s", "ALTER TABLE", false, "", "" },
	{ "ALTER TYPE t ADD VALUE 'x'", "ALTER TYPE", false, "", "" },
	{ "CREATE TYPE t AS ENUM ('a')", "CREATE TYPE", false, "type", "public.t" },
	{ "CREATE TYPE s.t AS (a int)", "CREATE TYPE", false, "type", "s.t" },
	{ "CREATE TYPE t AS RANGE (subtype = int4)", "CREATE TYPE", false, "type", "public.t" },
	{ "CREATE DOMAIN d AS text", "CREATE DOMAIN", false, "domain", "public.d" },
	{ "CREATE SEQUENCE q", "CREATE SEQUENCE", false, "sequence", "public.q" },
	{ "CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE FUNCTION", false,
	    "function", "s.f" },
	{ "CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'", "CREATE PROCEDURE", false, "procedure",
	    "public.p" },
	{ "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()", "CREATE TRIGGER", false, "trigger",
	    "public.t.g" },
	{ "CREATE POLICY p ON s.t USING (true)", "CREATE POLICY", false, "policy", "s.t.p" },
	{ "CREATE RULE r AS ON INSERT TO t DO NOTHING", "CREATE RULE", false, "rule", "public.t.r" },
	{ "CREATE SCHEMA s", "CREATE SCHEMA", false, "schema", "s" },
	{ "CREATE SCHEMA AUTHORIZATION x", "CREATE SCHEMA", false, "", "" },
	{ "CREATE EXTENSION \"uuid-ossp\"", "CREATE EXTENSION", false, "extension", "\"uuid-ossp\"" },
	{ "CREATE AGGREGATE a (int) (sfunc = f, stype = int)", "CREATE AGGREGATE", false, "", "" },
	{ "DROP MATERIALIZED VIEW v", "DROP MATERIALIZED VIEW", false, "", "" },
	{ "GRANT SELECT ON t TO x", "GRANT", false, "", "" },
	{ "REVOKE x FROM y", "REVOKE", false, "", "" },
	{ "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x", "ALTER DEFAULT PRIVILEGES", false, "", "" },
	{ "COMMENT ON TABLE t IS 'x'", "COMMENT", false, "", "" },
	{ "TRUNCATE t", "TRUNCATE TABLE", false, "", "" },
	{ "SET lock_timeout = '1s'", "SET", false, "", "" },
	{ "RESET lock_timeout", "RESET", false, "", "" },
	{ "INSERT INTO t VALUES (1)", "INSERT", false, "", "" },
	{ "WITH x AS (SELECT 1) UPDATE t SET a = 1", "UPDATE", false, "", "" },
	{ "DO $$ BEGIN\n  UPDATE t SET a = 1;\nEND $$", "DO", false, "", "" },
	{ "DO $$ BEGIN\n  UPDATE t SET a = 1;\n  COMMIT ;\nEND $$", "DO", true, "", "" },
	{ "CALL p()", "CALL", false, "", "" },
	{ "COPY t FROM '/x.csv'", "COPY", false, "", "" },
	{ "DISCARD PLANS", "DISCARD", false, "", "" },
};

static void
each_statement_is_known(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GH_ARENA a = { 0 };
		struct sql_script s;

		sql_read(
		    &(struct sql_text){
			.sql = cases[i].sql, .len = strlen(cases[i].sql), .file = "f", .first_line = 1 },
		    &a, &s);
		if (s.n != 1)
			fail_msg("%s: %s", cases[i].sql, s.problem);
		if (strcmp(s.statements[0].kind, cases[i].kind) != 0 ||
		    s.statements[0].alone != cases[i].alone ||
		    strcmp(s.statements[0].object, cases[i].object) != 0 ||
		    strcmp(s.statements[0].object_kind, cases[i].object_kind) != 0)
			fail_msg("%s: %s, alone %d, %s \"%s\"", cases[i].sql, s.statements[0].kind,
			    (int)s.statements[0].alone, s.statements[0].object_kind, s.statements[0].object);
	}
}

static void
each_object_can_be_looked_for(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (*cases[i].object_kind != '\0' && object_probe(cases[i].object_kind) == NULL)
			fail_msg("no probe for a %s", cases[i].object_kind);
	}
	assert_null(object_probe(""));
	assert_null(object_probe("column"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_statement_is_known),
		cmocka_unit_test(each_object_can_be_looked_for),
	};

	return cmocka_run_group_tests_name("migration/sql_kind", tests, NULL, NULL);
}
