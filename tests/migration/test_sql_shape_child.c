#include "base/ban.h"
#include "migration/sql_shape_child.h"
#include "base/text.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct sql_shape_table orders = { "public", "orders" };

static void
answers_are_those_of_the_parser(void **state)
{
	GH_ARENA a = { 0 };
	const char *keys;
	struct sql_shape_key key;
	struct sql_shape shape;

	(void)state;
	assert_string_equal(
	    sql_shape_child_check("ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0)", "c", &orders, &a),
	    sql_shape_check("ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0)", "c", &orders, &a));
	assert_non_null(sql_shape_child_unique(
	    "CREATE UNIQUE INDEX i ON orders (email, lower(name))", "i", &orders, &a, &keys));
	assert_string_equal(keys, "email, lower(name)");
	assert_true(sql_shape_child_foreign(
	    "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES s.p (c, d)", "f", &a, &key));
	assert_int_equal(key.n, 2);
	assert_string_equal(key.columns[1], "b");
	assert_int_equal(key.n_parent, 2);
	assert_string_equal(key.parent_columns[0], "c");
	assert_string_equal(key.parent_schema, "s");
	assert_string_equal(key.parent, "p");
	sql_shape_child_read(
	    "ALTER TABLE orders ADD COLUMN note text, ADD CONSTRAINT c CHECK (total > 0)", &a, &shape);
	assert_int_equal(shape.n_tables, 1);
	assert_string_equal(shape.tables[0], "orders");
	assert_int_equal(shape.n_items, 2);
	assert_string_equal(shape.items[0].kind, "column");
	assert_string_equal(shape.items[0].name, "note");
	assert_string_equal(shape.items[1].kind, "constraint");
	assert_string_equal(shape.items[1].table, "public.orders");
}

static void
nothing_is_nothing(void **state)
{
	GH_ARENA a = { 0 };
	const char *keys = NULL;
	struct sql_shape_key key;
	struct sql_shape shape;

	(void)state;
	assert_null(sql_shape_child_check("SELECT 1", "c", &orders, &a));
	assert_null(sql_shape_child_unique("SELECT (", "i", &orders, &a, &keys));
	assert_string_equal(keys, "");
	assert_false(sql_shape_child_foreign("", "f", &a, &key));
	sql_shape_child_read("not SQL", &a, &shape);
	assert_int_equal(shape.n_items + shape.n_tables, 0);
}

#define TERMS 400000

/* The server answers 54001 to it; a parser without a limit dies. */
static void
a_text_that_is_too_deep_ends_only_the_child(void **state)
{
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };
	const char *keys;
	struct sql_shape_key key;
	struct sql_shape shape;
	int i;

	(void)state;
	gh_text_put(&t, "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0");
	for (i = 0; i < TERMS; i++)
		gh_text_put(&t, "+1");
	gh_text_put(&t, ")");
	assert_null(sql_shape_child_check(gh_text_str(&t), "c", &orders, &a));
	assert_null(sql_shape_child_unique(gh_text_str(&t), "c", &orders, &a, &keys));
	assert_false(sql_shape_child_foreign(gh_text_str(&t), "c", &a, &key));
	sql_shape_child_read(gh_text_str(&t), &a, &shape);
	assert_int_equal(shape.n_items, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_those_of_the_parser),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(a_text_that_is_too_deep_ends_only_the_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
