#include "base/ban.h"
#include "migration/convention.h"
#include "migration/graphile_header.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

/* By the tool itself. */
#define SUM_ONE "sha1:005c6eb7364156e6b0d158d8b2767a24f1ce6611"
#define SUM_TWO "sha1:25e74b3f7d5496bbcd41cc6010dc1847e9d9c230"

static const struct convention *const c = &convention_graphile_migrate;

/* A committed file whose header is right. */
static const char *
committed(struct memory_folder *m, const char *previous, const char *more, const char *body)
{
	const char *sum =
	    graphile_sum(&m->arena, strcmp(previous, "-") == 0 ? "" : previous, body, strlen(body));

	return gh_printf(&m->arena, "--! Previous: %s\n--! Hash: %s\n%s\n%s", previous, sum, more, body);
}

static const char *
hash_of(const char *text)
{
	static char ret[64];
	const char *at = strstr(text, "Hash: ") + 6;

	(void)snprintf(ret, sizeof(ret), "%.*s", (int)strcspn(at, "\n"), at);
	return ret;
}

static void
two(struct memory_folder *m)
{
	const char *one = committed(m, "-", "--! Message: first\n", "create table a (id int);\n");

	memory_put(m, "committed/000001-first.sql", one);
	memory_put(m, "committed/000002.sql", committed(m, hash_of(one), "", "\ncreate table b (id int);\n"));
	memory_put(m, "current.sql", "-- nothing yet\n");
}

static void
sums_as_the_tool_does(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(graphile_sum(&a, "", " select 1;\n\n", 12), SUM_ONE);
	assert_string_equal(graphile_sum(&a, SUM_ONE, "select 2;", 9), SUM_TWO);
	assert_string_equal(graphile_sum(&a, "", "\xef\xbb\xbf\xc2\xa0select 1;\xe2\x80\x83", 17), SUM_ONE);
	/* An empty body sums to the line feed alone. */
	assert_string_equal(graphile_sum(&a, "", "", 0), "sha1:adc83b19e793491b1c6ea0fd8b46cd9f32e592fc");
}

static void
reads_a_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *one, *other;
	const char *why;

	(void)state;
	two(&m);
	assert_int_equal(memory_fit(&m, c, &why), 3);
	assert_string_equal(why, "2 committed files with \"--! Hash:\" in the header");
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
	assert_string_equal(memory_keys(&m), "000001.sql 000002.sql");
	one = memory_get(&m, "000001.sql");
	other = memory_get(&m, "000002.sql");
	assert_string_equal(one->version, "000001");
	assert_string_equal(one->name, "first");
	assert_string_equal(one->problem, "");
	assert_string_equal(one->up.sql, "create table a (id int);");
	assert_int_equal(one->up.mode, CONVENTION_WRAPPED);
	assert_false(one->up.row_outside);
	assert_int_equal(one->up.first_line, 5);
	assert_false(one->down.present);
	assert_string_equal(memory_fact(one, "previous"), "(null)");
	assert_string_equal(memory_fact(other, "previous"), one->checksum);
	assert_string_equal(memory_fact(other, "hash"), other->checksum);
	assert_int_equal(other->up.first_line, 5);
	assert_string_equal(other->name, "000002");
	assert_int_equal(memory_file(&m, "current.sql")->as, CONVENTION_IGNORED);
	assert_non_null(strstr(memory_file(&m, "current.sql")->reason, "not committed yet"));
}

static void
reads_the_committed_folder_itself(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "000001.sql", committed(&m, "-", "", "select 1;\n"));
	assert_int_equal(memory_fit(&m, c, NULL), 3);
	memory_read(&m, c);
	assert_string_equal(memory_keys(&m), "000001.sql");
}

static void
says_what_is_passed_over(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	two(&m);
	memory_put(&m, "committed/000003_under.sql", "select 1;");
	memory_put(&m, "committed/notes.md", "x");
	memory_put(&m, "committed/deep/000004.sql", "select 1;");
	memory_put(&m, "afterReset.sql", "select 1;");
	memory_put(&m, "current/001.sql", "select 1;");
	memory_odd(&m, "committed/000009.sql", "a symbolic link");
	memory_read(&m, c);
	assert_string_equal(memory_keys(&m), "000001.sql 000002.sql");
	assert_non_null(strstr(memory_file(&m, "committed/000003_under.sql")->reason, "not of the form"));
	assert_string_equal(memory_file(&m, "committed/notes.md")->reason, "not an .sql file");
	assert_non_null(strstr(memory_file(&m, "committed/deep/000004.sql")->reason, "only"));
	assert_non_null(strstr(memory_file(&m, "afterReset.sql")->reason, "not in committed"));
	assert_non_null(strstr(memory_file(&m, "current/001.sql")->reason, "not committed yet"));
	assert_string_equal(memory_file(&m, "committed/000009.sql")->reason, "a symbolic link");
}

/* What the whole folder is refused for. */
static void
refused(const char *file, const char *text, const char *why)
{
	MEMORY_FOLDER m = { 0 };

	two(&m);
	memory_put(&m, file, text);
	memory_read(&m, c);
	if (strstr(m.found.problem, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", m.found.problem, why);
}

static void
wants_the_header_whole(void **state)
{
	(void)state;
	refused(
	    "committed/000003.sql", "select 1;\n", "000003.sql:1:1: an empty line belongs after the header");
	refused("committed/000003.sql", "\nselect 1;\n", "000003.sql:1:1: the header has no \"--! Previous");
	refused("committed/000003.sql", "--! Previous: -\n\nselect 1;\n", "the header has no \"--! Hash");
	refused("committed/000003.sql", "--! Previous: -\n--! Hash: sha1:0\nselect 1;\n",
	    "000003.sql:3:1: an empty line belongs after the header");
	refused("committed/000003.sql", "--! Previous: -\n--! Hash: sha1:0\n\r\nselect 1;\n",
	    "000003.sql:3:1: the line after the header ends in CR LF");
	refused("committed/000003.sql", "--! Previous: -\n--! Hash: a\n--! Hash: b\n\nselect 1;\n",
	    "000003.sql:3:1: the header has Hash more than once");
	refused("committed/000003.sql", "\xef\xbb\xbf--! Previous: -\n--! Hash: a\n\nselect 1;\n",
	    "begins with a byte order mark");
	refused("committed/000003.sql", "--! Previous: -\n--! Hash: a\n\nselect '\xff';\n", "is not UTF-8");
}

static void
explains_a_broken_chain(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	refused("committed/000000.sql", "--! Previous: sha1:77\n--! Hash: sha1:0\n\nselect 1;\n",
	    "000000.sql:1:1: the first file names a previous one (sha1:77)");
	two(&m);
	memory_put(&m, "committed/000003.sql", committed(&m, "sha1:5", "", "select 3;"));
	memory_read(&m, c);
	assert_non_null(strstr(m.found.problem,
	    "000003.sql:1:1: the chain is broken: Previous is sha1:5, but committed/000002.sql has Hash "
	    "sha1:"));
}

static void
sees_an_edited_file(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *text;

	(void)state;
	two(&m);
	text = committed(&m, "-", "--! Message: first\n", "create table a (id int);\n");
	memory_put(&m, "committed/000001-first.sql", gh_printf(&m.arena, "%s-- more\n", text));
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
	assert_non_null(
	    strstr(memory_get(&m, "000001.sql")->problem, "it was edited after it was committed"));
	assert_string_not_equal(memory_get(&m, "000001.sql")->checksum, hash_of(text));
	/* The same with leave to differ. */
	text = gh_printf(
	    &m.arena, "--! Previous: -\n--! Hash: %s\n--! AllowInvalidHash\n\nselect 4;\n", hash_of(text));
	memory_put(&m, "committed/000001-first.sql", text);
	memory_read(&m, c);
	assert_string_equal(memory_get(&m, "000001.sql")->problem, "");
	assert_string_equal(memory_get(&m, "000001.sql")->checksum, hash_of(text));
}

static void
refuses_leave_that_is_not_needed(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "committed/1.sql", committed(&m, "-", "--! AllowInvalidHash\n", "select 1;\n"));
	memory_read(&m, c);
	assert_non_null(strstr(memory_get(&m, "1.sql")->problem, "the sum is right"));
}

static void
honours_no_transaction_on_the_first_line_only(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *one = committed(&m, "-", "", "--! no-transaction\nvacuum;\n");
	const char *next = committed(&m, hash_of(one), "", "select 1;\n--! no-transaction\n");

	(void)state;
	memory_put(&m, "committed/1.sql", one);
	memory_put(&m, "committed/2.sql", next);
	memory_put(&m, "committed/3.sql", committed(&m, hash_of(next), "", "--! no-transactions\nselect 1;"));
	memory_read(&m, c);
	assert_int_equal(memory_get(&m, "1.sql")->up.mode, CONVENTION_IMPLICIT);
	assert_true(memory_get(&m, "1.sql")->up.row_outside);
	assert_int_equal(memory_get(&m, "2.sql")->up.mode, CONVENTION_WRAPPED);
	assert_int_equal(memory_get(&m, "3.sql")->up.mode, CONVENTION_WRAPPED);
}

static void
replaces_placeholders(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_option(&m, ":APP_USER", "app");
	memory_option(&m, "DATABASE_NAME", "shop");
	memory_put(&m, "committed/1.sql",
	    committed(&m, "-", "",
		"grant connect on database :DATABASE_NAME to :APP_USER;\nselect ':APP_USERS', 1::int;"));
	memory_read(&m, c);
	assert_string_equal(memory_get(&m, "1.sql")->up.sql,
	    "grant connect on database shop to app;\nselect ':APP_USERS', 1::int;");
	assert_string_equal(memory_get(&m, "1.sql")->up.problem, "");
}

static void
wants_the_database_configured_where_it_is_used(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "committed/1.sql",
	    committed(&m, "-", "", "select 1;\nalter database :DATABASE_NAME owner to :DATABASE_OWNER;"));
	memory_read(&m, c);
	assert_string_equal(memory_get(&m, "1.sql")->up.problem,
	    "committed/1.sql:5:1: :DATABASE_NAME is not configured: write the option DATABASE_NAME for this "
	    "project");
}

static void
orders_by_number_as_text(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "committed/10.sql", committed(&m, "-", "", "select 1;"));
	memory_put(&m, "committed/9.sql", committed(&m, "-", "", "select 2;"));
	memory_read(&m, c);
	assert_string_equal(memory_keys(&m), "10.sql 9.sql");
}

static void
describes_itself(void **state)
{
	struct convention_create create = { .slug = "x" };
	struct convention_lock_of of = { "app", "graphile_migrate", "migrations" };
	int64_t locks[CONVENTION_LOCKS];
	GH_ARENA a = { 0 };

	(void)state;
	assert_int_equal(c->locks(&of, locks), 1);
	assert_true(locks[0] == INT64_C(4727445306447283));
	c->create(NULL, &a, &create);
	assert_non_null(strstr(create.refused, "graphile-migrate commit"));
	assert_int_equal(c->older, CONVENTION_OLDER_SKIPPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_as_the_tool_does),
		cmocka_unit_test(reads_a_folder),
		cmocka_unit_test(reads_the_committed_folder_itself),
		cmocka_unit_test(says_what_is_passed_over),
		cmocka_unit_test(wants_the_header_whole),
		cmocka_unit_test(explains_a_broken_chain),
		cmocka_unit_test(sees_an_edited_file),
		cmocka_unit_test(refuses_leave_that_is_not_needed),
		cmocka_unit_test(honours_no_transaction_on_the_first_line_only),
		cmocka_unit_test(replaces_placeholders),
		cmocka_unit_test(wants_the_database_configured_where_it_is_used),
		cmocka_unit_test(orders_by_number_as_text),
		cmocka_unit_test(describes_itself),
	};

	return cmocka_run_group_tests_name("migration/convention_graphile_migrate", tests, NULL, NULL);
}
