#include "base/ban.h"
#include "runner/job/fingerprint.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* What changes a fingerprint, what does not, and what is said of the difference. */

static struct rig rig;
static struct job job;
static struct pg pg;

static void
start(void)
{
	job = (struct job){ .arena = &rig.arena, .spec = { .target = "t" } };
	pg = (struct pg){ .job = &job, .at = { .migration = -1, .statement = -1 } };
	pg.conn = PQconnectdb(
	    gh_printf(&rig.arena, "host=%s dbname=%s user=postgres", rig.cluster->folder, rig.database));
	assert_int_equal(PQstatus(pg.conn), CONNECTION_OK);
}

static struct fingerprint
take(void)
{
	struct fingerprint ret;
	struct gh_err err = { 0 };

	if (fingerprint_take(&pg, true, &rig.arena, &ret, &err) != GH_OK)
		fail_msg("%s", err.msg);
	assert_true(ret.n > 0);
	return ret;
}

static struct fingerprint_difference
compare(const struct fingerprint *x, const struct fingerprint *y)
{
	const struct fingerprint_words w = { "before", "after", 50 };
	struct fingerprint_difference d;

	fingerprint_compare(x, y, &w, &rig.arena, &d);
	return d;
}

/* Done and undone: the first differs and names the object, the second leads back. */
static void
each_kind_is_seen(void **state)
{
	static const struct {
		const char *make, *undo, *line;
	} cases[] = {
		{ "CREATE SCHEMA s", "DROP SCHEMA s", "schema s" },
		{ "CREATE TABLE x (id int)", "DROP TABLE x", "table public.x" },
		{ "ALTER TABLE t ALTER a SET DEFAULT 7", "ALTER TABLE t ALTER a DROP DEFAULT",
		    "column public.t.a" },
		{ "ALTER TABLE t ALTER a SET NOT NULL", "ALTER TABLE t ALTER a DROP NOT NULL",
		    "column public.t.a" },
		{ "ALTER TABLE t ALTER b SET STORAGE external", "ALTER TABLE t ALTER b SET STORAGE extended",
		    "column public.t.b" },
		{ "ALTER TABLE t ALTER a SET (n_distinct = 5)", "ALTER TABLE t ALTER a RESET (n_distinct)",
		    "column public.t.a" },
		{ "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID", "ALTER TABLE t DROP CONSTRAINT k",
		    "constraint public.t.k" },
		{ "CREATE INDEX i ON t (a)", "DROP INDEX i", "index public.i" },
		{ "CREATE VIEW v AS SELECT a FROM t", "DROP VIEW v", "view public.v" },
		{ "CREATE MATERIALIZED VIEW m AS SELECT a FROM t", "DROP MATERIALIZED VIEW m",
		    "materialized view public.m" },
		{ "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f()",
		    "function public.f()" },
		{ "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg()",
		    "DROP TRIGGER g ON t", "trigger public.t.g" },
		{ "CREATE RULE r AS ON INSERT TO t DO NOTHING", "DROP RULE r ON t", "rule public.t.r" },
		{ "CREATE POLICY p ON t USING (true)", "DROP POLICY p ON t", "policy public.t.p" },
		{ "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
		    "table public.t" },
		{ "CREATE TYPE e AS ENUM ('a')", "DROP TYPE e", "enum public.e" },
		{ "CREATE DOMAIN d AS int CHECK (VALUE > 0)", "DROP DOMAIN d", "domain public.d" },
		{ "CREATE SEQUENCE q START 7", "DROP SEQUENCE q", "sequence public.q" },
		{ "GRANT SELECT ON t TO shop", "REVOKE SELECT ON t FROM shop", "table public.t" },
		{ "COMMENT ON COLUMN t.a IS 'hello'", "COMMENT ON COLUMN t.a IS NULL",
		    "comment table column public.t.a" },
		{ "ALTER TABLE t OWNER TO shop", "ALTER TABLE t OWNER TO postgres", "table public.t" },
		{ "CREATE PUBLICATION u FOR TABLE t", "DROP PUBLICATION u", "publication u" },
		{ "CREATE STATISTICS st ON a, b FROM t", "DROP STATISTICS st", "statistics public.st" },
		{ "CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION evt()",
		    "DROP EVENT TRIGGER et", "event trigger et" },
		{ "CREATE ROLE made_for_print", "DROP ROLE made_for_print", "role made_for_print" },
		{ "ALTER ROLE shop SET work_mem = '1MB'", "ALTER ROLE shop RESET work_mem", "settings shop" },
		{ "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO shop",
		    "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM shop", "default privileges" },
		{ "CREATE EXTENSION pg_trgm", "DROP EXTENSION pg_trgm", "extension pg_trgm" },
	};
	struct fingerprint before;
	size_t i;

	(void)state;
	(void)rig_sql(&rig,
	    "CREATE TABLE t (a int, b text);"
	    "CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
	    "CREATE FUNCTION evt() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';");
	start();
	before = take();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fingerprint made, undone;
		struct fingerprint_difference d;
		size_t k, seen = 0;

		(void)rig_sql(&rig, cases[i].make);
		made = take();
		d = compare(&before, &made);
		for (k = 0; k < d.shown; k++)
			seen += strncmp(d.lines[k], cases[i].line, strlen(cases[i].line)) == 0;
		if (d.verdict != FINGERPRINT_DIFFERS || seen == 0)
			fail_msg(
			    "%s is not seen: %s", cases[i].make, d.shown > 0 ? d.lines[0] : "no difference");
		(void)rig_sql(&rig, cases[i].undo);
		undone = take();
		d = compare(&before, &undone);
		if (d.verdict != FINGERPRINT_EXACT)
			fail_msg("%s does not lead back: %s", cases[i].undo, d.lines[0]);
	}
	pg_close(&pg);
}

static void
the_order_of_columns_is_told_apart(void **state)
{
	struct fingerprint before, after;
	struct fingerprint_difference d;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE t (a int, b text)");
	start();
	before = take();
	(void)rig_sql(&rig, "ALTER TABLE t DROP a; ALTER TABLE t ADD a int");
	after = take();
	d = compare(&before, &after);
	assert_int_equal(d.verdict, FINGERPRINT_COLUMN_ORDER);
	assert_string_equal(d.lines[0], "order of columns public.t: another definition");
	assert_string_not_equal(before.digest, after.digest);
	pg_close(&pg);
}

/* Rows, a sequence's value and the search path of the session are no part of it. */
static void
what_is_no_schema_is_left_out(void **state)
{
	struct fingerprint before, after;

	(void)state;
	(void)rig_sql(&rig, "CREATE TABLE t (a serial, b text)");
	start();
	before = take();
	(void)rig_sql(&rig, "INSERT INTO t (b) SELECT 'x' FROM generate_series(1, 9); ANALYZE t");
	PQclear(PQexec(pg.conn, "SET search_path = public, pg_catalog"));
	after = take();
	assert_string_equal(before.digest, after.digest);
	/* Within a transaction that goes on, and whose settings stay. */
	PQclear(PQexec(pg.conn, "BEGIN"));
	PQclear(PQexec(pg.conn, "SET LOCAL search_path = nowhere"));
	after = take();
	assert_string_equal(before.digest, after.digest);
	assert_int_equal(PQtransactionStatus(pg.conn), PQTRANS_INTRANS);
	PQclear(PQexec(pg.conn, "ROLLBACK"));
	assert_non_null(fingerprint_find(&before, "column", "public.t.a"));
	assert_null(fingerprint_find(&before, "column", "public.t.z"));
	pg_close(&pg);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(each_kind_is_seen),
		T(the_order_of_columns_is_told_apart),
		T(what_is_no_schema_is_left_out),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/fingerprint", tests, rig_group_start, rig_group_stop);
}
