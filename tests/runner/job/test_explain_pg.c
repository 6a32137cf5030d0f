#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* Why a statement failed, on a real server: the query that shows it and what it gave. */

static struct rig rig;

#define OWN "SET ROLE shop; "

static const struct rig_frame *
cause(const char *title)
{
	const struct rig_frame *f;
	size_t i;

	for (i = 0; (f = rig_find(&rig, WIRE_J_CAUSE, i)) != NULL; i++) {
		if (strcmp(f->text, title) == 0)
			return f;
	}
	for (i = 0; (f = rig_find(&rig, WIRE_J_CAUSE, i)) != NULL; i++)
		print_message("there is: %s\n%s\n", f->text, f->more);
	for (i = 0; (f = rig_find(&rig, WIRE_J_LOG, i)) != NULL; i++)
		print_message("log: %s\n", f->text);
	fail_msg("no cause \"%s\"", title);
	return NULL;
}

static void
has(const struct rig_frame *f, const char *part)
{
	if (strstr(f->more, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, f->more);
}

static void
fails(const char *before, const char *up, const char *sqlstate)
{
	struct plan_migration *m;

	(void)rig_sql(&rig, before);
	m = rig_add(&rig, "001_a", up, NULL);
	/* As the parser would have called it, as far as it matters here. */
	m->run.statements[0].kind = gh_strndup(&rig.arena, up, strcspn(up, " "));
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, sqlstate);
}

#define USERS                                                                                                \
	OWN "CREATE TABLE users (id int PRIMARY KEY, email text, \"Odd one\" text); "                        \
	    "INSERT INTO users VALUES (1, 'a@b', 'x'), (2, 'a@b', NULL), (3, NULL, 'y'), (4, NULL, 'z'), "   \
	    "(5, 'A@B', 'x'), (6, 'a@b', 'q')"

static void
duplicates_of_a_unique_constraint(void **state)
{
	(void)state;
	fails(USERS, "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);", "23505");
	has(cause("Values that are there more than once"),
	    "SELECT email, count(*) AS rows FROM public.users");
	has(cause("Values that are there more than once"), "\na@b\t3\n");
	has(cause("Values that are there more than once"),
	    "1 value of (email) in public.users is there more");
}

static void
duplicates_of_an_index_on_an_expression(void **state)
{
	(void)state;
	fails(USERS, "CREATE UNIQUE INDEX i ON users (lower(email), \"Odd one\") WHERE id > 0;", "23505");
	has(cause("Values that are there more than once"), "lower(email)");
	has(cause("Values that are there more than once"), "\na@b\tx\t2\n");
}

static void
duplicates_that_concurrently_found(void **state)
{
	(void)state;
	fails(USERS, "CREATE UNIQUE INDEX CONCURRENTLY i ON users (email);", "23505");
	has(cause("Values that are there more than once"), "\na@b\t3\n");
}

static void
the_row_that_an_insert_meets(void **state)
{
	(void)state;
	fails(USERS, "INSERT INTO users VALUES (4, 'new', NULL);", "23505");
	has(cause("The row that is there already"), "SELECT * FROM public.users WHERE id = '4' LIMIT 21");
	has(cause("The row that is there already"), "\n4\t\\N\tz\n");
}

static void
a_value_with_quotation_marks_stays_a_value(void **state)
{
	(void)state;
	fails(OWN "CREATE TABLE n (v text UNIQUE); INSERT INTO n VALUES ($$O'Neil), (x$$)",
	    "INSERT INTO n VALUES ('O''Neil), (x');", "23505");
	has(cause("The row that is there already"), "WHERE v = 'O''Neil), (x'");
	has(cause("The row that is there already"), "\nO'Neil), (x\n");
}

static void
rows_without_a_value(void **state)
{
	(void)state;
	fails(USERS, "ALTER TABLE users ALTER COLUMN email SET NOT NULL;", "23502");
	has(cause("Rows without a value"),
	    "SELECT count(*) OVER () AS nulls, id FROM public.users WHERE email IS NULL ORDER BY id LIMIT "
	    "21");
	has(cause("Rows without a value"), "\n3\n4\n");
	has(cause("Rows without a value"), "UPDATE public.users SET email = ... WHERE email IS NULL");
}

static void
a_new_column_without_a_default(void **state)
{
	(void)state;
	fails(USERS, "ALTER TABLE users ADD COLUMN phone text NOT NULL;", "23502");
	has(cause("Rows without a value"), "The column phone is new, and 6 rows");
}

static void
rows_that_break_a_check(void **state)
{
	(void)state;
	fails(USERS, "ALTER TABLE users ADD CONSTRAINT small CHECK (id < 5 AND email <> 'it''s');", "23514");
	has(cause("Rows that break the rule"), "WHERE NOT (id < 5 AND email <> 'it''s')");
	has(cause("Rows that break the rule"), "2 rows of public.users break small");
}

static void
a_check_that_is_validated_later(void **state)
{
	(void)state;
	fails(USERS,
	    "ALTER TABLE users ADD CONSTRAINT small CHECK (id < 6) NOT VALID;\nALTER TABLE users VALIDATE "
	    "CONSTRAINT small;",
	    "23514");
	has(cause("Rows that break the rule"), "1 row of public.users breaks small");
}

static void
an_insert_against_a_rule(void **state)
{
	(void)state;
	fails(USERS "; ALTER TABLE users ADD CONSTRAINT positive CHECK (id > 0)",
	    "INSERT INTO users VALUES (-1);", "23514");
	has(cause("The rule that was broken"), "CHECK ((id > 0))");
	has(cause("The rule that was broken"), "Failing row contains (-1, null, null)");
}

#define ORDERS                                                                                               \
	OWN "CREATE TABLE customers (id int PRIMARY KEY); INSERT INTO customers VALUES (1), (2); "           \
	    "CREATE TABLE orders (id int PRIMARY KEY, customer int); "                                       \
	    "INSERT INTO orders VALUES (1, 1), (2, 77), (3, 77), (4, 88), (5, NULL)"

static void
values_that_refer_to_nothing(void **state)
{
	(void)state;
	fails(ORDERS, "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers;",
	    "23503");
	has(cause("Values that refer to nothing"), "\n77\t2\n88\t1\n");
	has(cause("Values that refer to nothing"),
	    "NOT EXISTS (SELECT 1 FROM public.customers AS p WHERE p.id = c.customer)");
	has(cause("Values that refer to nothing"), "2 values of public.orders are not in public.customers");
}

static void
rows_that_still_refer(void **state)
{
	(void)state;
	fails(ORDERS
	    "; UPDATE orders SET customer = 1; ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) "
	    "REFERENCES customers",
	    "DELETE FROM customers WHERE id = 1;", "23503");
	has(cause("Rows that still refer to it"), "\n1\t5\n");
}

static void
an_insert_that_refers_to_nothing(void **state)
{
	(void)state;
	fails(ORDERS
	    "; DELETE FROM orders; ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES "
	    "customers",
	    "INSERT INTO orders VALUES (9, 55);", "23503");
	has(cause("What it refers to is missing"),
	    "SELECT count(*) AS rows FROM public.customers AS p WHERE (p.id) = ('55')");
	has(cause("What it refers to is missing"), "\n0\n");
}

static void
the_grant_on_a_schema(void **state)
{
	(void)state;
	fails("CREATE SCHEMA app", "CREATE TABLE app.t (id int);", "42501");
	has(cause("The right that is missing"),
	    "lacks USAGE, CREATE on schema app. Its owner types: GRANT USAGE, CREATE ON SCHEMA app TO shop");
}

static void
the_grant_on_a_table(void **state)
{
	(void)state;
	fails("CREATE TABLE theirs (id int); GRANT SELECT ON theirs TO shop",
	    "INSERT INTO theirs VALUES (1);", "42501");
	has(cause("The right that is missing"),
	    "lacks INSERT on public.theirs. Its owner types: GRANT INSERT ON public.theirs TO shop");
	has(cause("The right that is missing"), "shop\tpostgres\tt\tf");
}

static void
the_owner_of_a_table(void **state)
{
	(void)state;
	fails("CREATE TABLE theirs (id int)", "ALTER TABLE theirs ADD COLUMN x int;", "42501");
	has(cause("The right that is missing"), "does not own public.theirs");
	has(cause("The right that is missing"),
	    "ALTER TABLE public.theirs OWNER TO shop, or GRANT postgres TO shop");
}

static void
the_grant_on_the_database(void **state)
{
	(void)state;
	fails(
	    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO postgres', current_database()); END $$; "
	    "GRANT ALL ON SCHEMA public TO shop",
	    "CREATE SCHEMA app;", "42501");
	has(cause("The right that is missing"), "GRANT CREATE ON DATABASE");
}

static void
the_time_that_was_not_enough(void **state)
{
	(void)state;
	rig.plan.policy.statement_timeout_ms = 2000;
	fails(USERS, "UPDATE users SET email = 'x' WHERE pg_sleep(60) IS NOT NULL;", "57014");
	has(cause("What took so long"), "\nusers\t");
	has(cause("What took so long"), "Write it in batches");
}

static void
the_name_that_was_meant(void **state)
{
	(void)state;
	fails(USERS, "UPDATE userz SET id = 0;", "42P01");
	has(cause("What there is with a similar name"),
	    "There is no relation userz here; the closest is users");
	has(cause("The place in the file"), "1\tUPDATE userz SET id = 0;\n\t       ^\n");
}

static void
the_schema_that_is_not_looked_in(void **state)
{
	(void)state;
	fails("CREATE SCHEMA app AUTHORIZATION shop; CREATE TABLE app.things (id int)",
	    "SELECT * FROM things;", "42P01");
	has(cause("What there is with a similar name"), "which is not in the search_path: write app.things");
}

static void
the_column_that_was_meant(void **state)
{
	(void)state;
	fails(USERS, "UPDATE users SET emial = 'x';", "42703");
	has(cause("What there is with a similar name"), "the closest is email");
}

static void
the_function_that_was_meant(void **state)
{
	(void)state;
	fails(USERS, "SELECT uper(email) FROM users;", "42883");
	has(cause("What there is with a similar name"), "the closest is upper");
}

static void
what_is_there_already(void **state)
{
	(void)state;
	fails(USERS, "CREATE TABLE users (id int);", "42P07");
	has(cause("What is there already"), "id integer, email text");
	has(cause("What is there already"), "users is there: made by hand");
}

static void
the_column_that_is_there_already(void **state)
{
	(void)state;
	fails(USERS, "ALTER TABLE users ADD COLUMN email text;", "42701");
	has(cause("What is there already"), "users\temail\ttext\tf");
}

static void
the_line_with_its_mark(void **state)
{
	(void)state;
	fails(USERS, "SELECT 1;\nSELECT id,\n  email\n  FORM users;", "42601");
	has(cause("The place in the file"), "Line 4, column 8");
	has(cause("The place in the file"), "4\t  FORM users;\n\t       ^\n");
}

static void
why_it_only_reads(void **state)
{
	(void)state;
	fails("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', "
	      "current_database()); END $$",
	    "CREATE TABLE t (id int);", "25006");
	has(cause("Why the database only reads"), "default_transaction_read_only is on");
}

static void
how_to_be_outside_a_transaction(void **state)
{
	struct plan_migration *m;

	(void)state;
	(void)rig_sql(&rig, USERS);
	rig_convention(&rig, "dbmate");
	m = rig_add(&rig, "001", "VACUUM users;", NULL);
	m->run.statements[0].group = 1;
	m->run.row_inside = true;
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_FAILED_CLEAN, "25001");
	has(cause("It must run outside a transaction"), "transaction:false");
}

static void
says_nothing_when_nothing_failed(void **state)
{
	(void)state;
	rig_add(&rig, "001_a", "CREATE TABLE t (id int);", NULL);
	rig_run(&rig, &job_run);
	rig_expect(&rig, WIRE_SUCCEEDED, "");
	assert_null(rig_find(&rig, WIRE_J_CAUSE, 0));
	assert_null(rig_find(&rig, WIRE_J_FACT, 0));
	assert_null(rig_find(&rig, WIRE_J_ACTION, 0));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(duplicates_of_a_unique_constraint),
		T(duplicates_of_an_index_on_an_expression),
		T(duplicates_that_concurrently_found),
		T(the_row_that_an_insert_meets),
		T(a_value_with_quotation_marks_stays_a_value),
		T(rows_without_a_value),
		T(a_new_column_without_a_default),
		T(rows_that_break_a_check),
		T(a_check_that_is_validated_later),
		T(an_insert_against_a_rule),
		T(values_that_refer_to_nothing),
		T(rows_that_still_refer),
		T(an_insert_that_refers_to_nothing),
		T(the_grant_on_a_schema),
		T(the_grant_on_a_table),
		T(the_owner_of_a_table),
		T(the_grant_on_the_database),
		T(the_time_that_was_not_enough),
		T(the_name_that_was_meant),
		T(the_schema_that_is_not_looked_in),
		T(the_column_that_was_meant),
		T(the_function_that_was_meant),
		T(what_is_there_already),
		T(the_column_that_is_there_already),
		T(the_line_with_its_mark),
		T(why_it_only_reads),
		T(how_to_be_outside_a_transaction),
		T(says_nothing_when_nothing_failed),
	};

	rig_bind(&rig);
	return cmocka_run_group_tests_name("job/explain", tests, rig_group_start, rig_group_stop);
}
