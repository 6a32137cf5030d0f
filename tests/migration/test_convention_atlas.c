#include "base/ban.h"
#include "migration/atlas_scan.h"
#include "migration/atlas_sum.h"
#include "migration/convention.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct convention *const c = &convention_atlas;

/* As Atlas has written it for the one file 1_a.sql with "select 1;\n". */
#define TOTAL "h1:ApfEFGGzL7FV4HTavk24Dcy/MwyMorbb9ehzGm3CXLM=\n"
#define LINE  "1_a.sql h1:0xoiBEBByCn3Qg4/3ZN3bzJGTBHXJNbUIxA6ZttFvio=\n"

static void
two(struct memory_folder *m)
{
	memory_put(m, "1_a.sql", "select 1;\n");
	memory_put(m, "2_b.sql", "create table b (id int);\ncreate index on b (id);\n");
}

/* The sum file that the folder needs, made from what the convention says. */
static void
seal(struct memory_folder *m)
{
	struct convention_file *files[8];
	struct atlas_sums sums;
	const char *text = "";
	size_t i, n = 0;

	memory_put(m, "atlas.sum", "h1:\n");
	memory_read(m, c);
	for (i = 0; i < m->folder.n; i++) {
		if (m->folder.files[i].as == CONVENTION_UP)
			files[n++] = &m->folder.files[i];
	}
	for (i = 0; i < m->found.n; i++)
		text = gh_printf(&m->arena, "%s%s h1:%s\n", text, m->found.migrations[i].file,
		    m->found.migrations[i].checksum);
	atlas_sums_of(&m->folder, files, n, &sums);
	memory_put(
	    m, "atlas.sum", gh_printf(&m->arena, "h1:%s\n%s", atlas_sums_total(&m->arena, &sums), text));
	memory_read(m, c);
}

static void
sums_as_the_tool_does(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "1_a.sql", "select 1;\n");
	memory_put(&m, "atlas.sum", TOTAL LINE);
	assert_int_equal(memory_fit(&m, c, &why), 4);
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
	assert_string_equal(memory_get(&m, "1")->checksum, "0xoiBEBByCn3Qg4/3ZN3bzJGTBHXJNbUIxA6ZttFvio=");
	memory_put(&m, "atlas.sum",
	    "h1:ApfEFGGzL7FV4HTavk24Dcy/MwyMorbb9ehzGm3CXLM=\r\n1_a.sql "
	    "h1:0xoiBEBByCn3Qg4/3ZN3bzJGTBHXJNbUIxA6ZttFvio=\r\n");
	memory_read(&m, c);
	assert_string_equal(m.found.problem, "");
}

static void
reads_a_folder(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *b;

	(void)state;
	two(&m);
	memory_put(&m, "10.sql", "select 10;");
	memory_put(&m, "README.md", "x");
	memory_put(&m, "sub/3.sql", "select 3;");
	seal(&m);
	assert_string_equal(m.found.problem, "");
	assert_string_equal(memory_keys(&m), "10 1 2"); /* "10.sql" < "1_a.sql" */
	b = memory_get(&m, "2");
	assert_string_equal(b->name, "b");
	assert_int_equal(b->up.mode, CONVENTION_WRAPPED);
	assert_false(b->down.present);
	assert_string_equal(memory_fact(b, "description"), "b");
	assert_string_equal(memory_fact(b, "total"), "2");
	assert_int_equal(b->up.n_pieces, 2);
	assert_int_equal(b->up.pieces[1].offset, 25);
	/* Running sums over the statements: printf 'select 1;' | sha256. */
	assert_string_equal(memory_fact(memory_get(&m, "1"), "partial_hashes"),
	    "[\"h1:NUtxlsm6X7SyHPYVu27EzVwHUDw0Ip/u8DP8CBqMA/Q=\"]");
	assert_string_equal(memory_fact(memory_get(&m, "10"), "description"), "");
	assert_non_null(strstr(memory_file(&m, "sub/3.sql")->reason, "in a folder"));
	assert_string_equal(memory_file(&m, "README.md")->reason, "not an .sql file");
	assert_int_equal(memory_file(&m, "atlas.sum")->as, CONVENTION_INDEX);
}

static void
expect(struct memory_folder *m, const char *why)
{
	memory_read(m, c);
	if (strstr(m->found.problem, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", m->found.problem, why);
}

static void
explains_what_does_not_fit(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *good, *one, *second;

	(void)state;
	two(&m);
	expect(&m, "atlas.sum is missing: write it with atlas migrate hash");
	seal(&m);
	good = ((const struct convention_text *)m.folder.read(
		    &m.folder, convention_path(&m.folder, "atlas.sum")))
		   ->sql;
	memory_put(&m, "1_a.sql", "select 2;\n");
	expect(&m, "atlas.sum:2:1: 1_a.sql was edited after its sum was taken (the lines below it differ");
	memory_put(&m, "1_a.sql", "select 1;\n");
	memory_put(&m, "2_b.sql", "select 2;\n");
	expect(&m, "atlas.sum:3:1: 2_b.sql was edited after its sum was taken; after");
	two(&m);
	memory_put(&m, "0_first.sql", "select 0;\n");
	expect(&m, "atlas.sum has no line for 0_first.sql");
	memory_put(&m, "0_first.sql", "-- atlas:sum ignore\n\nselect 0;\n");
	memory_read(&m, c);
	assert_non_null(strstr(memory_get(&m, "0")->problem, "atlas:sum ignore leaves it out"));
	{
		MEMORY_FOLDER n = { 0 };

		memory_put(&n, "1_a.sql", "select 1;\n");
		memory_put(&n, "atlas.sum", good);
		expect(&n, "atlas.sum:3:1: 2_b.sql is not in the folder");
		two(&n);
		one = gh_strndup(&n.arena, good, strcspn(good, "\n") + 1);
		second = strchr(strchr(good, '\n') + 1, '\n') + 1;
		memory_put(&n, "atlas.sum", gh_printf(&n.arena, "%s%s%s", one, second, LINE));
		expect(&n, "atlas.sum:2:1: 2_b.sql stands where 1_a.sql belongs");
		memory_put(&n, "atlas.sum", gh_printf(&n.arena, "h1:x%s", good + 4));
		expect(&n, "atlas.sum:1:1: the first line does not fit the others");
		memory_put(&n, "atlas.sum", gh_printf(&n.arena, "%s%s", good, LINE));
		expect(&n, "atlas.sum has a line twice");
		memory_put(&n, "atlas.sum", gh_printf(&n.arena, "%s<<<<<<< HEAD\n%s", one, LINE));
		expect(&n, "atlas.sum:2:1: not a line of a sum file");
		memory_put(&n, "atlas.sum", "");
		expect(&n, "atlas.sum has no line for 1_a.sql");
	}
}

static void
mode(const char *text, enum convention_mode want, const char *problem)
{
	MEMORY_FOLDER m = { 0 };

	memory_put(&m, "1_a.sql", text);
	memory_read(&m, c);
	assert_int_equal(memory_get(&m, "1")->up.mode, want);
	if (problem[0] == '\0')
		assert_string_equal(memory_get(&m, "1")->up.problem, "");
	else
		assert_non_null(strstr(memory_get(&m, "1")->up.problem, problem));
}

static void
reads_directives_of_the_header_block_alone(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	mode("-- atlas:txmode none\n\nselect 1;\n", CONVENTION_EACH, "");
	mode("-- why\n-- atlas:txmode none\n\nselect 1;\n", CONVENTION_EACH, "");
	mode("-- atlas:txmode none\nselect 1;\n", CONVENTION_WRAPPED, "");
	mode("-- atlas:txmode none\r\n\r\nselect 1;\n", CONVENTION_WRAPPED, "");
	mode("select 1;\n-- atlas:txmode none\n\n", CONVENTION_WRAPPED, "");
	mode("-- atlas:txmodes none\n\nselect 1;\n", CONVENTION_WRAPPED, "");
	mode("-- atlas:txmode file\n\nselect 1;\n", CONVENTION_WRAPPED, "");
	mode("-- atlas:txmode all\n\nselect 1;\n", CONVENTION_WRAPPED, "neither none nor file");
	mode("-- atlas:txmode none\n-- atlas:txmode file\n\nselect 1;\n", CONVENTION_WRAPPED,
	    "is there 2 times");
	mode("\xef\xbb\xbfselect 1;\n", CONVENTION_WRAPPED, "byte order mark");
	memory_put(&m, "1_a.sql", "-- atlas:txmode none\r\n\r\nselect 1;\r\n");
	memory_option(&m, "tx-mode", "none");
	memory_read(&m, c);
	assert_int_equal(memory_get(&m, "1")->up.mode, CONVENTION_EACH);
	assert_int_equal(m.found.n_notes, 1);
	assert_non_null(strstr(m.found.notes[0], "finds CR LF"));
	{
		MEMORY_FOLDER n = { 0 };

		memory_option(&n, "tx-mode", "all");
		memory_put(&n, "1_a.sql", "select 1;\n");
		expect(&n, "tx-mode all is not done here");
	}
}

/* The statements, separated by |. */
static const char *
split(struct gh_arena *a, const char *sql)
{
	struct atlas_statements list;
	const char *ret = "";
	size_t i;

	atlas_scan(a, sql, strlen(sql), &list);
	for (i = 0; i < list.n; i++)
		ret = gh_printf(a, "%s%s%.*s", ret, i == 0 ? "" : "|", (int)list.items[i].len,
		    sql + list.items[i].offset);
	return list.problem[0] == '\0' ? ret : list.problem;
}

static void
splits_as_the_tool_does(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(split(&a, "a;\n b 'x;''y' \"q;\" ;c"), "a;|b 'x;''y' \"q;\" ;|c");
	assert_string_equal(split(&a, "-- one;\na; /* b; */ c (d;e);"), "a;|c (d;e);");
	assert_string_equal(split(&a, "a -- x;\n b;"), "a -- x;\n b;");
	assert_string_equal(split(&a, "do $$ a; b; $$; do $x$ $$;$x$;"), "do $$ a; b; $$;|do $x$ $$;$x$;");
	assert_string_equal(split(&a, "select E'\\';'; b;"), "select E'\\';';|b;");
	assert_string_equal(split(&a, "select $1; b;"), "select $1;|b;");
	assert_string_equal(split(&a, "create function f() begin atomic select 1; select 2; end; b;"),
	    "create function f() begin atomic select 1; select 2; end;|b;");
	assert_string_equal(split(&a, "begin; a; commit;"), "begin;|a;|commit;");
	assert_string_equal(split(&a, "-- atlas:delimiter \\n\\n\na;\nb;\n\nc\n\n"), "a;\nb;|c");
	assert_string_equal(split(&a, "-- atlas:delimiter -- end\na;b -- end\nc -- end"), "a;b|c");
	assert_string_equal(split(&a, "a;\n-- last"), "a;|-- last");
	assert_string_equal(split(&a, "a;\n-- last\n"), "a;");
	assert_string_equal(split(&a, "a (b;"), "a ( is not closed");
	assert_string_equal(split(&a, "a );"), "a ) without its (");
	assert_string_equal(split(&a, "a 'b;"), "a quote is not closed");
	assert_string_equal(
	    split(&a, "-- atlas:delimiter ;;"), "the delimiter is empty, or nothing follows it");
}

static void
refuses_what_the_tool_cannot_split(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "1_a.sql", "select 1;\nselect (1;\n");
	memory_read(&m, c);
	assert_string_equal(memory_get(&m, "1")->up.problem, "1_a.sql:2:1: a ( is not closed");
}

static const struct convention_status_row *
standing(struct memory_folder *m, const struct convention_row *rows, size_t n, const char *key,
    struct convention_status *ret)
{
	size_t i;

	convention_status(c, &m->found, rows, n, &m->arena, ret);
	for (i = 0; i < ret->n; i++) {
		if (strcmp(ret->rows[i].key, key) == 0)
			return &ret->rows[i];
	}
	fail_msg("nothing is said of %s", key);
	return NULL;
}

static void
begins_at_the_last_checkpoint(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_row rows[] = { { "1", 1, "applied", "", "", "" },
		{ "3", 1, "applied", "", "", "" } };
	struct convention_status s;

	(void)state;
	two(&m);
	memory_put(&m, "3_check.sql", "-- atlas:checkpoint\n\nselect 3;");
	memory_put(&m, "4_d.sql", "select 4;");
	seal(&m);
	assert_int_equal(standing(&m, rows, 0, "1", &s)->decision, CONVENTION_NEVER);
	assert_int_equal(standing(&m, rows, 0, "3", &s)->decision, CONVENTION_RUNS);
	assert_int_equal(standing(&m, rows, 0, "4", &s)->decision, CONVENTION_RUNS);
	/* A database that began before passes over it. */
	assert_int_equal(standing(&m, rows, 1, "2", &s)->decision, CONVENTION_RUNS);
	assert_int_equal(standing(&m, rows, 1, "3", &s)->decision, CONVENTION_NEVER);
	assert_int_equal(standing(&m, rows, 1, "4", &s)->decision, CONVENTION_RUNS);
	/* One that began with it does not need what is before. */
	assert_int_equal(standing(&m, rows + 1, 1, "2", &s)->standing, CONVENTION_BASELINE);
	assert_string_equal(s.blocked, "");
}

static void
blocks_what_is_out_of_order_missing_or_half_done(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_row late[] = { { "2", 1, "applied", "", "", "" } };
	struct convention_row lost[] = { { "1", 1, "applied", "", "", "" },
		{ "9", 1, "applied", "", "", "" } };
	struct convention_row half[] = { { "1", 1, "applied", "", "", "" },
		{ "2", 1, "failed", "", "", "1 of 2 statements worked: no such table" } };
	struct convention_row none[] = { { "1", 1, "failed", "", "",
	    "0 of 1 statements worked: no such table" } };
	struct convention_status s;

	(void)state;
	two(&m);
	seal(&m);
	assert_int_equal(standing(&m, late, 1, "1", &s)->standing, CONVENTION_OUT_OF_ORDER);
	assert_int_equal(standing(&m, late, 1, "1", &s)->decision, CONVENTION_BLOCKS);
	assert_int_equal(standing(&m, lost, 2, "9", &s)->decision, CONVENTION_BLOCKS);
	assert_non_null(strstr(
	    standing(&m, lost, 2, "9", &s)->text, "the version that was applied last (9) has no file"));
	assert_int_equal(standing(&m, half, 2, "2", &s)->decision, CONVENTION_BLOCKS);
	assert_non_null(
	    strstr(s.blocked, "1 of 2 statements worked: no such table; Atlas goes on with the next"));
	assert_int_equal(standing(&m, none, 1, "1", &s)->decision, CONVENTION_RUNS);
}

static void
blames_the_first_changed_file_of_the_chain(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_row rows[] = { { "1", 1, "applied", "x", "", "" },
		{ "2", 1, "applied", "y", "", "" } };
	struct convention_status s;

	(void)state;
	two(&m);
	seal(&m);
	assert_int_equal(standing(&m, rows, 2, "1", &s)->standing, CONVENTION_EDITED);
	assert_int_equal(standing(&m, rows, 2, "2", &s)->standing, CONVENTION_APPLIED);
	assert_non_null(
	    strstr(standing(&m, rows, 2, "2", &s)->text, "its sum is chained to that of 1_a.sql"));
	assert_string_equal(s.blocked, "");
}

/* openmeter: golang-migrate's files, and sums of Atlas over the ups. */
static void
reads_the_ups_of_golang_migrate(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "1_a.up.sql", "create table a (id int);\n");
	memory_put(&m, "1_a.down.sql", "drop table a;\n");
	seal(&m);
	assert_string_equal(m.found.problem, "");
	assert_int_equal(m.found.n, 1);
	assert_string_equal(memory_get(&m, "1")->name, "a");
	assert_string_equal(memory_fact(memory_get(&m, "1"), "description"), "a");
	assert_true(memory_get(&m, "1")->up.present && !memory_get(&m, "1")->down.present);
	assert_non_null(strstr(memory_file(&m, "1_a.down.sql")->reason, "only reads those"));
	assert_int_equal(memory_fit(&m, c, &why), 1);
	assert_string_equal(why, "the sum file atlas.sum over files of golang-migrate");
	/* of the other tools it reads none */
	memory_option(&m, "format", "goose");
	memory_read(&m, c);
	assert_non_null(strstr(m.found.problem, "?format=goose, Gatehouse does not"));
	assert_non_null(strstr(m.found.problem, "convention = \"goose\""));
}

static void
describes_itself(void **state)
{
	struct convention_create create = { .slug = "more" };
	struct convention_lock_of of = { "app", "public", "atlas_schema_revisions" };
	int64_t locks[CONVENTION_LOCKS];
	GH_ARENA a = { 0 };

	(void)state;
	assert_int_equal(c->locks(&of, locks), 1);
	assert_true(locks[0] == INT64_C(2686470616));
	c->create(NULL, &a, &create);
	assert_non_null(strstr(create.refused, "atlas migrate new more"));
	assert_int_equal(c->tracking->tables[0].n_columns, 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_as_the_tool_does),
		cmocka_unit_test(reads_a_folder),
		cmocka_unit_test(explains_what_does_not_fit),
		cmocka_unit_test(reads_directives_of_the_header_block_alone),
		cmocka_unit_test(splits_as_the_tool_does),
		cmocka_unit_test(refuses_what_the_tool_cannot_split),
		cmocka_unit_test(begins_at_the_last_checkpoint),
		cmocka_unit_test(blocks_what_is_out_of_order_missing_or_half_done),
		cmocka_unit_test(blames_the_first_changed_file_of_the_chain),
		cmocka_unit_test(reads_the_ups_of_golang_migrate),
		cmocka_unit_test(describes_itself),
	};

	return cmocka_run_group_tests_name("migration/convention_atlas", tests, NULL, NULL);
}
