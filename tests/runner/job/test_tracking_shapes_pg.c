#include "base/ban.h"
#include "runner/job/run.h"
#include "tests/support/job_rig.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <cmocka.h>

/* The tracking table of every convention, and tables that are nearly one, on a real server. */

static struct rig rig;
static struct job job;
static struct pg pg;

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

static void
sql(const char *text)
{
	struct gh_err err = { 0 };

	if (pg_query(&pg, text, NULL, 0, NULL, &err) != GH_OK)
		fail_msg("%s: %s", text, err.msg);
}

static struct tracking
look(const struct convention *c)
{
	struct gh_err err = { 0 };
	struct tracking t;

	if (tracking_read(&pg, c, "", "", &t, &err) != GH_OK)
		fail_msg("%s: %s", c->name, err.msg);
	return t;
}

/* Tables that only the tool itself makes, as they are described. */
static void
described(const struct tracking *t)
{
	struct gh_arena *a = &rig.arena;
	size_t i, k;

	sql(gh_printf(a, "CREATE SCHEMA IF NOT EXISTS %s", t->schema));
	for (i = 0; i < t->as->n_tables; i++) {
		const struct convention_table *table = &t->as->tables[i];
		const char *columns = "";

		for (k = 0; k < table->n_columns; k++) {
			const struct convention_column *it = &table->columns[k];

			columns = gh_printf(a, "%s%s%s %.*s%s", columns, k == 0 ? "" : ", ", it->name,
			    (int)strcspn(it->type, "|"), it->type,
			    it->not_null != NULL && it->not_null[0] == 't' ? " NOT NULL" : "");
		}
		sql(gh_printf(a, "CREATE TABLE %s.%s (%s)", t->schema,
		    table->name == NULL ? t->table : table->name, columns));
	}
}

/* Within one transaction that is rolled back: the tables as the tool makes them. */
static struct tracking
made(const struct convention *c)
{
	struct gh_err err = { 0 };
	struct tracking t;

	sql("BEGIN");
	t = look(c);
	assert_false(t.exists || t.known);
	if (t.as->create == NULL)
		described(&t);
	else if (tracking_send(&pg, &t, t.as->create, NULL, &err) != GH_OK)
		fail_msg("%s: %s", c->name, err.msg);
	return t;
}

/* What is as the tool makes it is known; after these changes it is there, and nobody's. */
static void
not_known(const struct convention *c, const struct tracking *t, const char *first, const char *second)
{
	struct tracking is;

	if (!look(c).known)
		fail_msg("%s: %s", c->name, look(c).why);
	sql("SAVEPOINT made");
	if (first != NULL)
		sql(first);
	sql(second);
	is = look(c);
	if (!is.exists || is.known || strstr(is.why, t->table) == NULL)
		fail_msg("%s takes the table for its own after %s: %s", c->name, second, is.why);
	sql("ROLLBACK TO made");
}

/* The last column that has to be filled. */
static const char *
filled(const struct convention_table *t)
{
	size_t i;

	for (i = t->n_columns; i > 0; i--) {
		if (t->columns[i - 1].not_null != NULL && t->columns[i - 1].not_null[0] == 't')
			return t->columns[i - 1].name;
	}
	fail_msg("no column of %s has to be filled", t->name);
	return NULL;
}

static void
other_columns(const struct convention *c, const struct tracking *t, const char *q)
{
	const struct convention_table *table = &t->as->tables[0];
	const char *last = table->columns[table->n_columns - 1].name, *key, *drop = NULL;
	struct gh_arena *a = &rig.arena;
	struct gh_err err = { 0 };

	not_known(c, t, NULL, gh_printf(a, "ALTER TABLE %s ADD COLUMN more text", q));
	not_known(c, t, NULL, gh_printf(a, "ALTER TABLE %s RENAME COLUMN %s TO other", q, last));
	not_known(c, t, gh_printf(a, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", q, last),
	    gh_printf(a, "ALTER TABLE %s ALTER COLUMN %s TYPE smallint USING 0", q, last));
	if (pg_value(&pg,
		gh_printf(a,
		    "SELECT coalesce((SELECT quote_ident(conname) FROM pg_constraint WHERE contype = 'p' AND "
		    "conrelid = '%s'::regclass), '')",
		    q),
		NULL, 0, &key, &err) != GH_OK)
		fail_msg("%s", err.msg);
	if (key[0] != '\0')
		drop = gh_printf(a, "ALTER TABLE %s DROP CONSTRAINT %s CASCADE", q, key);
	not_known(c, t, drop, gh_printf(a, "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL", q, filled(table)));
}

/* A relation with the same columns that is no plain table. */
static void
other_relations(const struct convention *c, const struct tracking *t, const char *q)
{
	const struct convention_table *table = &t->as->tables[0];
	struct gh_arena *a = &rig.arena;
	const char *aside = gh_printf(a, "ALTER TABLE %s RENAME TO set_aside", q);

	not_known(c, t, aside, gh_printf(a, "CREATE VIEW %s AS SELECT * FROM %s.set_aside", q, t->schema));
	not_known(c, t, aside,
	    gh_printf(a, "CREATE MATERIALIZED VIEW %s AS SELECT * FROM %s.set_aside", q, t->schema));
	not_known(c, t, aside,
	    gh_printf(a, "CREATE TABLE %s (LIKE %s.set_aside) PARTITION BY HASH (%s)", q, t->schema,
		table->columns[0].name));
}

static void
what_is_nearly_a_tools_table_is_not_its_table(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; convention_all[i] != NULL; i++) {
		const struct convention *c = convention_all[i];
		struct tracking t = made(c);

		other_columns(c, &t, t.qualified);
		other_relations(c, &t, t.qualified);
		sql("ROLLBACK");
	}
}

/* Somebody else's table of the right shape: what the role may not do there is said before anything runs. */
static void
tables_of_others_are_refused_by_their_rights(void **state)
{
	(void)state;
	rig_convention(&rig, "dbmate");
	(void)rig_add(&rig, "1", "CREATE TABLE a (id int);", NULL);
	(void)rig_sql(&rig, "CREATE TABLE public.schema_migrations (version varchar PRIMARY KEY)");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "schema_migrations");
	(void)rig_sql(&rig, "GRANT SELECT ON public.schema_migrations TO shop");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "schema_migrations");
	assert_string_equal(rig_sql(&rig, "SELECT to_regclass('public.a') IS NULL"), "t");
	(void)rig_sql(&rig, "GRANT INSERT, DELETE, UPDATE ON public.schema_migrations TO shop");
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_string_equal(rig_sql(&rig, "SELECT version FROM public.schema_migrations"), "1");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_nearly_a_tools_table_is_not_its_table),
		TEST(tables_of_others_are_refused_by_their_rights),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name(
	    "runner/job/tracking, nearly", tests, rig_group_start, rig_group_stop);
}
