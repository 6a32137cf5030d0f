#include "base/ban.h"
#include "migration/sql_shape.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct sql_shape_table users = { "app", "Users" };

static void
finds_the_rows_that_break_a_check(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(
	    sql_shape_check("ALTER TABLE users ADD CONSTRAINT positive CHECK (total >= 0 OR note = 'a''b'), "
			    "ADD CONSTRAINT other CHECK (false)",
		"positive", &users, &a),
	    "SELECT count(*) OVER () AS violating, t.* FROM app.\"Users\" t WHERE NOT (total >= 0 OR note = "
	    "'a''b') LIMIT 21");
	/* One without a name has the name that the server gave it. */
	assert_non_null(sql_shape_check("ALTER TABLE users ADD CHECK (a > 0)", "users_a_check", &users, &a));
	assert_null(sql_shape_check(
	    "ALTER TABLE users ADD CHECK (a > 0), ADD CHECK (b > 0)", "users_a_check", &users, &a));
	assert_null(sql_shape_check("ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0)", "d", &users, &a));
	assert_null(sql_shape_check("this is no SQL", "d", &users, &a));
	assert_null(sql_shape_check("SELECT 1; SELECT 2", "d", &users, &a));
}

static void
finds_the_values_that_are_there_twice(void **state)
{
	GH_ARENA a = { 0 };
	const char *keys;

	(void)state;
	assert_string_equal(
	    sql_shape_unique("CREATE UNIQUE INDEX CONCURRENTLY i ON users (email, lower(name)) WHERE "
			     "NOT gone",
		"i", &users, &a, &keys),
	    "SELECT email, lower(name), count(*) AS rows FROM app.\"Users\" WHERE email IS NOT NULL AND "
	    "lower(name) IS NOT NULL AND NOT gone GROUP BY email, lower(name) HAVING count(*) > 1 ORDER BY "
	    "count(*) DESC LIMIT 21");
	assert_string_equal(keys, "email, lower(name)");
	assert_string_equal(
	    sql_shape_unique("ALTER TABLE users ADD CONSTRAINT u UNIQUE (\"E\")", "u", &users, &a, &keys),
	    "SELECT \"E\", count(*) AS rows FROM app.\"Users\" WHERE \"E\" IS NOT NULL GROUP BY \"E\" HAVING "
	    "count(*) > 1 ORDER BY count(*) DESC LIMIT 21");
	assert_non_null(
	    sql_shape_unique("ALTER TABLE users ADD PRIMARY KEY (id)", "users_pkey", &users, &a, &keys));
	assert_null(sql_shape_unique("CREATE INDEX i ON users (email)", "i", &users, &a, &keys));
	assert_null(sql_shape_unique("INSERT INTO users VALUES (1)", "i", &users, &a, &keys));
}

static void
counts_nulls_where_they_are_not_distinct(void **state)
{
	GH_ARENA a = { 0 };
	const char *keys, *q;

	(void)state;
	q = sql_shape_unique(
	    "CREATE UNIQUE INDEX i ON users (email) NULLS NOT DISTINCT", "i", &users, &a, &keys);
	assert_non_null(q);
	assert_null(strstr(q, "IS NOT NULL"));
}

static void
reads_a_foreign_key(void **state)
{
	struct sql_shape_key k;
	GH_ARENA a = { 0 };

	(void)state;
	assert_true(sql_shape_foreign(
	    "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES app.parent (x, y)", "fk", &a,
	    &k));
	assert_int_equal(k.n, 2);
	assert_int_equal(k.n_parent, 2);
	assert_string_equal(k.columns[1], "b");
	assert_string_equal(k.parent_columns[0], "x");
	assert_string_equal(k.parent_schema, "app");
	assert_string_equal(k.parent, "parent");
	assert_true(sql_shape_foreign("ALTER TABLE o ADD FOREIGN KEY (a) REFERENCES p", "o_a_fkey", &a, &k));
	assert_int_equal(k.n_parent, 0);
	assert_string_equal(k.parent_schema, "");
	assert_false(sql_shape_foreign("ALTER TABLE o ADD COLUMN a int REFERENCES p", "o_a_fkey", &a, &k));
	assert_false(sql_shape_foreign("SELECT 1", "o_a_fkey", &a, &k));
}

static void
says_what_a_statement_adds_and_touches(void **state)
{
	struct sql_shape s;
	GH_ARENA a = { 0 };

	(void)state;
	sql_shape_read("ALTER TABLE \"Odd\" ADD COLUMN c int, ADD CONSTRAINT k CHECK (c > 0), ALTER COLUMN d "
		       "SET NOT NULL",
	    &a, &s);
	assert_int_equal(s.n_items, 2);
	assert_string_equal(s.items[0].kind, "column");
	assert_string_equal(s.items[0].table, "public.\"Odd\"");
	assert_string_equal(s.items[0].name, "c");
	assert_string_equal(s.items[1].kind, "constraint");
	assert_string_equal(s.items[1].name, "k");
	assert_int_equal(s.n_tables, 1);
	sql_shape_read("UPDATE a SET x = 1 FROM b WHERE b.id = a.id", &a, &s);
	assert_int_equal(s.n_items, 0);
	assert_int_equal(s.n_tables, 2);
	sql_shape_read("not SQL", &a, &s);
	assert_int_equal(s.n_tables, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_rows_that_break_a_check),
		cmocka_unit_test(finds_the_values_that_are_there_twice),
		cmocka_unit_test(counts_nulls_where_they_are_not_distinct),
		cmocka_unit_test(reads_a_foreign_key),
		cmocka_unit_test(says_what_a_statement_adds_and_touches),
	};

	return cmocka_run_group_tests_name("migration/sql_shape", tests, NULL, NULL);
}
