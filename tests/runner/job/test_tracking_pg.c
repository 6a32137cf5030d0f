#include "base/ban.h"
#include "runner/job/run.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>

/* Tracking tables of hand-made conventions, their statements and their locks, on a real server. */

static struct rig rig;
static struct job job;
static struct pg pg;

static const char *const newer_create[] = { "CREATE TABLE {schema}.{table} (id int, name text)",
	"CREATE TABLE {schema}.more (x int)", NULL };
static const struct convention_tracking shapes[] = {
	{ .schema = "public",
	    .table = "log",
	    .tables = { { .columns = { { "id", "integer", "f" }, { "name", "text", NULL } }, .n_columns = 2 },
		{ .name = "more", .columns = { { "x", "integer|bigint", NULL } }, .n_columns = 1 } },
	    .n_tables = 2,
	    .create = newer_create,
	    .select = "SELECT name, id::bigint, 'applied', NULL, '', '' FROM {schema}.{table} ORDER BY id" },
	{ .schema = "old",
	    .table = "log",
	    .tables = { { .columns = { { "name", "text", NULL } }, .n_columns = 1 } },
	    .n_tables = 1,
	    .select = "SELECT name, 0, 'applied' FROM {schema}.{table}" },
};
static const struct convention made = { .name = "made",
	.title = "Made",
	.tracking = shapes,
	.n_tracking = 2,
	.lock =
	    "UPDATE {schema}.{table} SET name = 'run ' || :run WHERE id = 1 AND name IS NULL RETURNING id",
	.unlock = "UPDATE {schema}.{table} SET name = NULL WHERE id = 1 AND name = 'run ' || :run" };

static int
setup(void **state)
{
	int failed = rig_setup(state);

	job = (struct job){ .arena = &rig.arena, .spec = rig.spec };
	pg = (struct pg){ .job = &job, .at = { .migration = -1, .statement = -1 } };
	pg.conn = PQconnectdb(rig.spec.connection);
	return failed;
}

static int
teardown(void **state)
{
	pg_close(&pg);
	return rig_teardown(state);
}

static struct tracking
read_at(const char *schema, const char *table)
{
	struct gh_err err = { 0 };
	struct tracking t;

	if (tracking_read(&pg, &made, schema, table, &t, &err) != GH_OK)
		fail_msg("%s", err.msg);
	return t;
}

static void
sql(const char *text)
{
	struct gh_err err = { 0 };

	if (pg_query(&pg, text, NULL, 0, NULL, &err) != GH_OK)
		fail_msg("%s", err.msg);
}

static void
none_is_the_newest_shape(void **state)
{
	struct tracking t = read_at("", "");
	struct gh_err err = { 0 };

	(void)state;
	assert_false(t.exists || t.known);
	assert_ptr_equal(t.as, &shapes[0]);
	assert_string_equal(t.qualified, "public.log");
	assert_int_equal(tracking_send(&pg, &t, t.as->create, NULL, &err), GH_OK);
	t = read_at("", "");
	assert_true(t.exists && t.known);
	assert_int_equal(t.n, 0);
}

static void
rows_have_no_null(void **state)
{
	struct tracking t;

	(void)state;
	sql("CREATE TABLE log (id int, name text)");
	sql("CREATE TABLE more (x bigint)");
	sql("INSERT INTO log VALUES (7, 'b'), (NULL, NULL)");
	t = read_at("", "");
	assert_int_equal(t.n, 2);
	assert_string_equal(t.rows[0].key, "b");
	assert_int_equal(t.rows[0].applied_at, 7);
	assert_string_equal(t.rows[0].checksum, "");
	assert_string_equal(t.rows[1].key, "");
	assert_int_equal(t.rows[1].applied_at, 0);
}

static void
an_older_shape_is_known(void **state)
{
	struct tracking t;

	(void)state;
	(void)rig_sql(&rig, "CREATE SCHEMA old AUTHORIZATION shop");
	sql("CREATE TABLE old.log (name text)");
	sql("INSERT INTO old.log VALUES ('x')");
	t = read_at("", "");
	assert_ptr_equal(t.as, &shapes[1]);
	assert_string_equal(t.qualified, "old.log");
	assert_true(tracking_has(&t, "x"));
	/* Columns that select does not give. */
	assert_string_equal(t.rows[0].by, "");
}

static void
another_shape_is_not_known(void **state)
{
	static const char *const changes[][2] = {
		{ "ALTER TABLE log ADD COLUMN y int", "public.log has 3 columns, not 2" },
		{ "ALTER TABLE log DROP COLUMN y", NULL },
		{ "ALTER TABLE log ALTER name TYPE varchar",
		    "column name of public.log is character varying" },
		{ "ALTER TABLE log ALTER name TYPE text", NULL },
		{ "ALTER TABLE log ALTER id SET NOT NULL", "column id of public.log" },
		{ "ALTER TABLE log ALTER id DROP NOT NULL", NULL },
		{ "ALTER TABLE more RENAME TO other", "public.more does not exist" },
		{ "CREATE VIEW more AS SELECT 1 AS x", "public.more is not a table" },
		{ "DROP TABLE log", "public.more is not a table" },
	};
	struct tracking t;
	size_t i;

	(void)state;
	sql("CREATE TABLE log (id int, name text)");
	sql("CREATE TABLE more (x int)");
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		sql(changes[i][0]);
		t = read_at("", "");
		assert_true(t.exists);
		assert_int_equal(t.known, changes[i][1] == NULL);
		if (changes[i][1] != NULL && strstr(t.why, changes[i][1]) == NULL)
			fail_msg("%s: %s", changes[i][0], t.why);
	}
}

static void
names_that_no_plan_can_have(void **state)
{
	struct gh_err err = { 0 };
	struct tracking t;

	(void)state;
	assert_int_equal(tracking_read(&pg, &made, "a.b", "", &t, &err), GH_BAD_INPUT);
	assert_int_equal(tracking_read(&pg, &made, "", "a\\b", &t, NULL), GH_BAD_INPUT);
	assert_string_equal(read_at("", "a.b").qualified, "public.a.b");
}

static void
statements_are_filled_in(void **state)
{
	static struct plan_fact facts[] = { { "script", "it's" }, { "nothing", NULL } };
	const struct plan_migration m = { .key = "k",
		.version = "1",
		.name = "n",
		.file = "f.sql",
		.checksum = "c",
		.n_facts = 2,
		.facts = facts };
	const struct plan_sql side = { .sql = "SELECT 1;...", .sql_len = 9 };
	const struct tracking_values v = {
		.migration = &m, .side = &side, .elapsed_ns = 7654321, .done = 3, .error = "why", .run = 9
	};
	struct tracking t = { .schema = "Sch'ema", .table = "ta\"ble" };
	struct tracking_statement s;
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(
	    tracking_fill(&pg, &t,
		"INSERT INTO {schema}.{table} VALUES (:key, :script, :nothing::text, ':no {table}', "
		"\":no\", $a$:no$a$, 'it''s', x::int, :key /* :no */) -- :no",
		&v, &s, &err),
	    GH_OK);
	assert_string_equal(s.sql,
	    "INSERT INTO \"Sch'ema\".\"ta\"\"ble\" VALUES ($1, $2, $3::text, ':no \"ta\"\"ble\"', \":no\", "
	    "$a$:no$a$, 'it''s', x::int, $4 /* :no */) -- :no");
	assert_int_equal(s.n, 4);
	assert_string_equal(s.params[0], "k");
	assert_string_equal(s.params[1], "it's");
	assert_null(s.params[2]);
	assert_string_equal(s.params[3], "k");
	assert_int_equal(
	    tracking_fill(&pg, &t,
		"'{schema}' :version:name :checksum :file :sql :elapsed_ms :elapsed_ns :run :done "
		":error",
		&v, &s, &err),
	    GH_OK);
	assert_string_equal(s.sql, "'\"Sch''ema\"' $1$2 $3 $4 $5 $6 $7 $8 $9 $10");
	assert_string_equal(s.params[1], "n");
	assert_string_equal(s.params[4], "SELECT 1;");
	assert_string_equal(s.params[5], "7");
	assert_string_equal(s.params[6], "7654321");
	assert_string_equal(s.params[7], "9");
	assert_string_equal(s.params[8], "3");
	assert_string_equal(s.params[9], "why");
}

/* A lock that is a row: got once, waited for, let go of only by who has it. */
static void
a_row_is_a_lock(void **state)
{
	struct run r = { .job = &job, .convention = &made, .plan = { .target = "shop" } };
	struct gh_err err = { 0 };

	(void)state;
	sql("CREATE TABLE log (id int, name text)");
	sql("CREATE TABLE more (x int)");
	sql("INSERT INTO log VALUES (1, 'another tool')");
	r.tracking = read_at("", "");
	r.pg = pg;
	assert_int_equal(run_lock_row(&r, &err), GH_CONFLICT);
	assert_non_null(strstr(err.msg, "is held by somebody else"));
	run_unlock_row(&r.pg, &made, &r.tracking);
	assert_string_equal(rig_sql(&rig, "SELECT name FROM log"), "another tool");
	sql("UPDATE log SET name = NULL");
	assert_int_equal(run_lock_row(&r, &err), GH_OK);
	assert_true(r.row_locked);
	/* Once is enough. */
	assert_int_equal(run_lock_row(&r, &err), GH_OK);
	assert_string_equal(
	    rig_sql(&rig, "SELECT name FROM log"), gh_printf(&rig.arena, "run %" PRId64, rig.spec.id));
	run_unlock_row(&r.pg, &made, &r.tracking);
	assert_string_equal(rig_sql(&rig, "SELECT coalesce(name, 'free') FROM log"), "free");
}

static size_t
two_locks(const struct convention_lock_of *of, int64_t ret[CONVENTION_LOCKS])
{
	assert_string_equal(of->schema, "public");
	assert_string_equal(of->table, "log.x");
	ret[0] = 11;
	ret[1] = -12;
	return 2;
}

static void
several_advisory_locks(void **state)
{
	static const char held[] = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
				   "(SELECT oid FROM pg_database "
				   "WHERE datname = current_database())";
	const struct convention c = { .name = "c", .locks = two_locks };
	const struct plan p = { .tracking = "public.log.x", .database = "shop" };
	const char *const key[] = { "-12" };
	PGconn *other = PQconnectdb(rig.spec.connection);
	struct gh_err err = { 0 };

	(void)state;
	job.spec.target = "shop";
	assert_int_equal(run_lock(&pg, &c, &p, 0, &err), GH_OK);
	assert_string_equal(rig_sql(&rig, held), "3");
	sql("SELECT pg_advisory_unlock_all()");
	PQclear(PQexecParams(other, "SELECT pg_advisory_lock($1::int8)", 1, NULL, key, NULL, NULL, 0));
	assert_int_equal(run_lock(&pg, &c, &p, 0, &err), GH_CONFLICT);
	assert_non_null(strstr(err.msg, "the project's own migration tool holds the lock of shop"));
	PQfinish(other);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(none_is_the_newest_shape),
		TEST(rows_have_no_null),
		TEST(an_older_shape_is_known),
		TEST(another_shape_is_not_known),
		TEST(names_that_no_plan_can_have),
		TEST(statements_are_filled_in),
		TEST(a_row_is_a_lock),
		TEST(several_advisory_locks),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/tracking on a server", tests, rig_group_start, rig_group_stop);
}
