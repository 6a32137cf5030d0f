#include "base/ban.h"
#include "tests/support/batch_rig.h"
#include "tests/support/plain_user.h"

#include <setjmp.h>
#include <cmocka.h>

/* The job `rehearse`: a real target, a private cluster beside it, and every verdict that there is. */

static struct rig rig;

static void
rehearse(int64_t rows)
{
	rig.spec.pg_bin = PG_CLUSTER_BIN;
	rig.spec.scratch = "";
	rig.spec.scratch_folder = gh_printf(&rig.arena, "%s/scratch", rig.folder);
	rig.spec.sample_rows = rows;
	rig_run(&rig, &job_rehearse);
	/* Whatever came of it. */
	assert_int_equal(access(rig.spec.scratch_folder, F_OK), -1);
}

static const struct rig_frame *
verdict(int64_t migration)
{
	size_t i;

	for (i = 0; i < rig.n_frames; i++) {
		if (rig.frames[i].kind == WIRE_J_REHEARSED && rig.frames[i].migration == migration)
			return &rig.frames[i];
	}
	fail_msg("no verdict on migration %d: %s", (int)migration, rig_sentence(&rig));
	return NULL;
}

static const struct rig_frame *
step(int64_t migration, int pass, int64_t statement)
{
	size_t i;

	for (i = 0; i < rig.n_frames; i++) {
		const struct rig_frame *f = &rig.frames[i];

		if (f->kind == WIRE_J_STEP && f->migration == migration && f->phase == pass &&
		    f->statement == statement)
			return f;
	}
	fail_msg("no step %d.%d.%d: %s", (int)migration, pass, (int)statement, rig_sentence(&rig));
	return NULL;
}

static void
expect(int64_t migration, const char *word, bool loses, const char *text)
{
	const struct rig_frame *v = verdict(migration);

	if (strcmp(v->text, word) != 0 || (v->state != 0) != loses || strstr(v->extra, text) == NULL)
		fail_msg("%s, loses %d: %s [%s]; expected %s: %s", v->text, v->state, v->extra, v->more, word,
		    text);
}

static void
tables(void)
{
	(void)rig_sql(&rig,
	    "CREATE TABLE parents (id int PRIMARY KEY, name text NOT NULL);"
	    "CREATE TABLE orders (id int PRIMARY KEY, parent int REFERENCES parents, total int);"
	    "INSERT INTO parents SELECT i, 'p\t\\' || i FROM generate_series(1, 500) i;"
	    "INSERT INTO orders SELECT i, 501 - i, i FROM generate_series(1, 500) i;"
	    "ALTER TABLE parents OWNER TO shop; ALTER TABLE orders OWNER TO shop");
}

static void
verdicts(void **state)
{
	(void)state;
	tables();
	rig_add(&rig, "001_note", "ALTER TABLE orders ADD COLUMN note text;",
	    "ALTER TABLE orders DROP COLUMN note;");
	rig_add(
	    &rig, "002_index", "CREATE INDEX orders_total ON orders (total);", "DROP INDEX orders_total;");
	rig_add(&rig, "003_gone", "ALTER TABLE orders DROP COLUMN total;",
	    "ALTER TABLE orders ADD COLUMN total int;");
	rig_add(&rig, "004_nothing", "CREATE TABLE kept (id int);", "SELECT 1;");
	rig_add(&rig, "005_none", "CREATE TABLE other (id int);", NULL);
	rig_add(&rig, "006_half", "CREATE TABLE two (id int);\nCREATE VIEW v AS SELECT 1 AS one;",
	    "DROP VIEW v;");
	rig_add(&rig, "007_down", "CREATE SEQUENCE seven;", "DROP SEQUENCE eight;");
	rehearse(1000);
	rig_expect(&rig, WIRE_SUCCEEDED, "7 migrations rehearsed");
	expect(0, "exact", true, "drops the column public.orders.note");
	expect(1, "exact", false, "leads back exactly");
	expect(2, "differs", true, "The rows of public.orders are not what they were");
	expect(3, "fails", false, "cannot be applied again");
	expect(4, "fails", false, "Not reached: 004_nothing");
}

static void
more_verdicts(void **state)
{
	(void)state;
	tables();
	rig_add(&rig, "001_none", "CREATE TABLE other (id int);", NULL);
	rig_add(&rig, "002_order", "ALTER TABLE orders DROP COLUMN parent;",
	    "ALTER TABLE orders ADD COLUMN parent int REFERENCES parents;");
	rig_add(&rig, "003_nothing", "CREATE TABLE IF NOT EXISTS kept (id int);", "SELECT 1;");
	rig_add(&rig, "004_half",
	    "CREATE TABLE IF NOT EXISTS two (id int);\nCREATE VIEW v AS SELECT 1 AS one;", "DROP VIEW v;");
	rig_add(&rig, "005_down", "CREATE SEQUENCE seven;", "DROP SEQUENCE eight;");
	rig_add(&rig, "006_data", "UPDATE orders SET total = 7;", "UPDATE orders SET total = id;");
	rehearse(1000);
	expect(0, "no-down", false, "no way back");
	expect(1, "column-order", true, "but for the order of columns");
	expect(2, "nothing", false, "does nothing");
	expect(3, "differs", false, "2 objects");
	assert_non_null(strstr(verdict(3)->more, "table public.two: only after its way back"));
	expect(4, "fails", false, "Its way back fails: sequence \"eight\" does not exist");
	expect(5, "exact", false, "leads back exactly");
}

static void
measures(void **state)
{
	const struct rig_frame *s;

	(void)state;
	tables();
	rig_add(&rig, "001_type",
	    "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders ALTER COLUMN total TYPE bigint;\n"
	    "UPDATE orders SET note = 'x';\nALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0) NOT VALID;\n"
	    "CREATE INDEX i ON parents (name);",
	    NULL);
	rehearse(1000);
	s = step(0, 1, 0);
	assert_string_equal(s->text, "public.orders ACCESS EXCLUSIVE");
	assert_string_equal(s->more, "");
	s = step(0, 1, 1);
	assert_string_equal(s->more, "public.orders");
	assert_true(s->wal > 500 * 20);
	s = step(0, 1, 2);
	assert_int_equal(s->number, 500);
	assert_true(s->blocks > 0);
	assert_null(strstr(s->text, "public.orders"));
	s = step(0, 1, 4);
	assert_non_null(strstr(s->text, "public.parents SHARE"));
	assert_string_equal(s->more, "");
}

/* A migration may do to a server what it likes: it is not the target's. */
static void
the_target_is_untouched(void **state)
{
	static const char *const sql =
	    "SELECT coalesce((SELECT rolconfig::text FROM pg_roles WHERE rolname = 'shop'), 'none') || "
	    "(SELECT count(*) FROM pg_roles WHERE rolname = 'made_here')::text || "
	    "coalesce((SELECT setconfig::text FROM pg_db_role_setting WHERE setrole = 0 AND setdatabase = "
	    "(SELECT oid FROM pg_database WHERE datname = current_database())), 'none')";

	(void)state;
	(void)rig_sql(&rig, "ALTER ROLE shop CREATEROLE");
	rig_add(&rig, "001_role",
	    "CREATE ROLE made_here;\nALTER ROLE shop SET work_mem = '7MB';\n"
	    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''9MB''', current_database()); END "
	    "$$;",
	    "DROP ROLE made_here;\nALTER ROLE shop RESET work_mem;");
	rehearse(0);
	expect(0, "differs", false, "1 object is not");
	assert_non_null(strstr(verdict(0)->more, "settings everybody in"));
	assert_string_equal(rig_sql(&rig, sql), "none0none");
	(void)rig_sql(&rig, "ALTER ROLE shop NOCREATEROLE");
}

static void
a_sample_takes_what_it_refers_to(void **state)
{
	const struct rig_frame *f;

	(void)state;
	tables();
	(void)rig_sql(&rig,
	    "CREATE TABLE tree (id int PRIMARY KEY, up int REFERENCES tree);"
	    "INSERT INTO tree SELECT i, nullif(i - 1, 0) FROM generate_series(1, 9) i;"
	    "ALTER TABLE tree OWNER TO shop");
	rig_track(&rig, "('001_a')");
	rig.plan.after = "001_a";
	rig_add(&rig, "002_b", "CREATE TABLE b AS SELECT count(*) AS n FROM orders;", "DROP TABLE b;");
	rehearse(20);
	f = rig_find(&rig, WIRE_J_REHEARSAL, 0);
	assert_non_null(f);
	assert_non_null(strstr(f->text, "a cluster of its own, PostgreSQL 15"));
	assert_non_null(strstr(f->more, "at most 20 rows of each table, 20 of them because others refer"));
	assert_int_equal(f->number, 20 + 40 + 9 + 1);
	expect(0, "exact", true, "drops the table public.b");
}

static void
all_rows_are_copied_when_asked_for(void **state)
{
	(void)state;
	tables();
	rig_add(&rig, "001_u", "UPDATE orders SET total = 1 / (total - 500);", NULL);
	rehearse(-1);
	expect(0, "fails", false, "division by zero");
}

static void
a_plan_downwards(void **state)
{
	(void)state;
	rig_track(&rig, "('001_a'), ('002_b')");
	(void)rig_sql(&rig, "CREATE TABLE b (id int); ALTER TABLE b OWNER TO shop");
	rig.plan.after = "002_b";
	rig.plan.down = true;
	rig_add(&rig, "002_b", "DROP TABLE b;", NULL);
	rehearse(10);
	expect(0, "ran", true, "It drops the table public.b");
	assert_string_equal(step(0, 2, 0)->text, "public.b ACCESS EXCLUSIVE");
}

static void
what_takes_too_long_fails(void **state)
{
	(void)state;
	rig.plan.policy.statement_timeout_ms = 2000;
	rig_add(&rig, "001_slow", "SELECT pg_sleep(60);", NULL);
	rehearse(0);
	expect(0, "fails", false, "statement timeout");
	assert_int_equal(step(0, 1, 0)->state, WIRE_FAILED);
}

static void
statements_by_themselves(void **state)
{
	(void)state;
	tables();
	rig_add(
	    &rig, "001_c", "CREATE INDEX CONCURRENTLY c ON orders (total);", "DROP INDEX CONCURRENTLY c;");
	rehearse(100);
	expect(0, "exact", false, "leads back exactly");
}

/* What one takes that runs in transactions of its own is seen by another session; slow enough to be seen. */
static void
locks_and_blocks_of_a_statement_by_itself(void **state)
{
	(void)state;
	tables();
	(void)rig_sql(&rig,
	    "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM "
	    "pg_sleep(0.1); RETURN $1; END $$");
	rig_add(&rig, "001_c", "CREATE INDEX CONCURRENTLY c ON orders (slow(total));",
	    "DROP INDEX CONCURRENTLY c;");
	rehearse(20);
	expect(0, "exact", false, "leads back exactly");
	assert_non_null(strstr(step(0, 1, 0)->text, "public.orders SHARE UPDATE EXCLUSIVE"));
	assert_null(strstr(step(0, 1, 0)->text, "parents"));
	assert_in_range(step(0, 1, 0)->blocks, 1, 10000);
}

/* Batches go over the copy's rows, up, back and up again, and leave nothing of their books. */
static void
batches(void **state)
{
	struct plan_migration *m;

	(void)state;
	batch_orders(&rig, "generate_series(1, 1000)");
	m = rig_add(&rig, "001_fill",
	    BATCH_HEAD "size=300 pause=0ms\nUPDATE orders SET note = 'x' WHERE id BETWEEN :from AND :to;",
	    BATCH_HEAD "size=300 pause=0ms\nUPDATE orders SET note = NULL WHERE id BETWEEN :from AND :to;");
	rig_groups(&m->run, "0");
	rig_groups(&m->back, "0");
	rig_add(&rig, "002_after", "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;",
	    "ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;");
	rehearse(1000);
	rig_expect(&rig, WIRE_SUCCEEDED, "2 migrations rehearsed");
	expect(0, "exact", false, "leads back exactly");
	expect(1, "exact", false, "leads back exactly");
	assert_int_equal(step(0, 1, 0)->number, 1000);
	assert_int_equal(step(0, 2, 0)->number, 1000);
	assert_int_equal(step(0, 3, 0)->state, WIRE_OK);
	assert_true(step(0, 1, 0)->wal > 1000 * 20);
	assert_string_equal(rig_sql(&rig, "SELECT count(*) FROM orders WHERE note IS NOT NULL"), "0");
}

/* The way back forgets a condition: the batch fails on the copy, and says where. */
static void
batches_that_fail(void **state)
{
	struct plan_migration *m;

	(void)state;
	batch_orders(&rig, "generate_series(1, 1000)");
	m = rig_add(&rig, "001_fill",
	    BATCH_HEAD
	    "size=300 pause=0ms\nUPDATE orders SET n = 1 / (id - 700) WHERE id BETWEEN :from AND :to;",
	    NULL);
	rig_groups(&m->run, "0");
	rehearse(1000);
	expect(0, "fails", false, "division by zero");
	assert_int_equal(step(0, 1, 0)->state, WIRE_FAILED);
}

static void
a_place_that_cannot_be_is_said(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE a (id int);", NULL);
	rig.spec.pg_bin = PG_CLUSTER_BIN;
	rig.spec.scratch = gh_printf(&rig.arena, "host=%s dbname=nowhere user=shop", rig.cluster->folder);
	rig.spec.scratch_folder = gh_printf(&rig.arena, "%s/scratch", rig.folder);
	rig_run(&rig, &job_rehearse);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "nowhere");
	assert_int_equal(access(rig.spec.scratch_folder, F_OK), -1);
}

static void
a_configured_server(void **state)
{
	(void)state;
	tables();
	rig_add(&rig, "001_n", "ALTER TABLE orders ADD COLUMN note text;",
	    "ALTER TABLE orders DROP COLUMN note;");
	rig.spec.installation = "abcd";
	rig.spec.scratch =
	    gh_printf(&rig.arena, "host=%s dbname=postgres user=postgres", rig.cluster->folder);
	rig.spec.scratch_folder = gh_printf(&rig.arena, "%s/scratch", rig.folder);
	rig.spec.sample_rows = 10;
	rig_run(&rig, &job_rehearse);
	expect(0, "exact", true, "leads back exactly");
	assert_non_null(
	    strstr(rig_find(&rig, WIRE_J_REHEARSAL, 0)->text, "a database of the configured server"));
	assert_string_equal(
	    rig_sql(&rig, "SELECT count(*) FROM pg_database WHERE datname LIKE 'gatehouse%'"), "0");
}

/*
 * What the target's owner has put into a constraint runs as the copy's superuser while its rows come; what a
 * migration says runs as a role that may be one.  Neither reaches this machine.
 */
static void
nothing_gets_out(void **state)
{
	const char *mark = gh_printf(&rig.arena, "%s/mark", rig.folder);

	(void)state;
	(void)rig_sql(&rig,
	    gh_printf(&rig.arena,
		"CREATE FUNCTION sly(int) RETURNS bool LANGUAGE plpgsql AS $f$ BEGIN "
		"IF current_setting('is_superuser') = 'on' AND current_user <> 'postgres' THEN "
		"EXECUTE 'COPY (SELECT 1) TO PROGRAM ''echo > %s'''; END IF; RETURN true; END $f$;"
		"CREATE TABLE bait (id int CHECK (public.sly(id))); INSERT INTO bait VALUES (1);"
		"ALTER TABLE bait OWNER TO shop; ALTER FUNCTION sly(int) OWNER TO shop",
		mark));
	rig_add(&rig, "001_table", "CREATE TABLE one (id int);", "DROP TABLE one;");
	rehearse(10);
	assert_non_null(strstr(rig_sentence(&rig), "could not execute command"));
	assert_int_equal(access(mark, F_OK), -1);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(verdicts),
		T(nothing_gets_out),
		T(more_verdicts),
		T(measures),
		T(the_target_is_untouched),
		T(a_sample_takes_what_it_refers_to),
		T(all_rows_are_copied_when_asked_for),
		T(a_plan_downwards),
		T(what_takes_too_long_fails),
		T(statements_by_themselves),
		T(locks_and_blocks_of_a_statement_by_itself),
		T(batches),
		T(batches_that_fail),
		T(a_place_that_cannot_be_is_said),
		T(a_configured_server),
	};

	if (plain_user() != 0)
		return 1;
	rig_bind(&rig);
	return cmocka_run_group_tests_name("runner/job/rehearse", tests, rig_group_start, rig_group_stop);
}
