#include "base/ban.h"
#include "migration/convention.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

#define HEAD "{\"version\": \"7\", \"dialect\": \"postgresql\", \"entries\": ["
#define ENTRY(idx, when, tag)                                                                                \
	"{\"idx\": " idx ", \"version\": \"7\", \"when\": " when ", \"tag\": \"" tag                         \
	"\", \"breakpoints\": true}"
#define TAIL "]}"

static void
two_files(struct memory_folder *m)
{
	memory_put(m, "meta/_journal.json",
	    HEAD ENTRY("0", "1700000000000", "0000_init") "," ENTRY("1", "1700000001000", "0001_add_x") TAIL);
	memory_put(m, "0000_init.sql", "select 1;\n");
	memory_put(m, "0001_add_x.sql", "SELECT 1;--> statement-breakpoint\nSELECT 2;");
}

static void
reads_the_journal(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *x;

	(void)state;
	two_files(&m);
	memory_put(&m, "meta/0000_snapshot.json", "{}");
	memory_put(&m, "9999_forgotten.sql", "SELECT 1;");
	memory_read(&m, &convention_drizzle);
	assert_string_equal(m.found.problem, "");
	assert_string_equal(memory_keys(&m), "1700000000000 1700000001000");
	x = memory_get(&m, "1700000001000");
	assert_string_equal(x->version, "0001");
	assert_string_equal(x->name, "add_x");
	assert_string_equal(x->file, "0001_add_x.sql");
	assert_int_equal(x->up.mode, CONVENTION_WRAPPED);
	assert_false(x->down.present);
	assert_int_equal(memory_file(&m, "meta/_journal.json")->as, CONVENTION_INDEX);
	assert_int_equal(memory_file(&m, "meta/0000_snapshot.json")->as, CONVENTION_INDEX);
	assert_non_null(strstr(memory_file(&m, "9999_forgotten.sql")->reason, "not listed in"));
}

static void
splits_at_the_literal(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_side *up;

	(void)state;
	two_files(&m);
	memory_read(&m, &convention_drizzle);
	up = &memory_get(&m, "1700000001000")->up;
	assert_int_equal(up->n_pieces, 2);
	assert_int_equal(up->pieces[0].len, 9);
	assert_memory_equal(up->sql + up->pieces[1].offset, "\nSELECT 2;", 10);
	assert_int_equal(up->pieces[1].offset + up->pieces[1].len, up->len);
	assert_int_equal(memory_get(&m, "1700000000000")->up.n_pieces, 1);
}

static void
sums_the_file(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	two_files(&m);
	memory_read(&m, &convention_drizzle);
	assert_string_equal(memory_get(&m, "1700000000000")->checksum,
	    "4a45092ccf992ea92250053a80b931b787924ba61648f420555511b84f10ab6c");
}

static void
bad_journals_have_a_place(void **state)
{
	static const struct {
		const char *json, *problem;
	} cases[] = {
		{ "{\n\"entries\": [}", "meta/_journal.json:2:13: is not JSON: " },
		{ "", "meta/_journal.json:1:0: is not JSON: " },
		{ "{}", "meta/_journal.json: has no list \"entries\"" },
		{ "[]", "meta/_journal.json: has no list \"entries\"" },
		{ HEAD "{\"tag\": \"0000_init\"}" TAIL, "meta/_journal.json: entry 0 has no \"tag\"" },
		{ HEAD "{\"tag\": \"0000_init\", \"when\": 1.5}" TAIL, "meta/_journal.json: entry 0 has no" },
		{ HEAD "7" TAIL, "meta/_journal.json: entry 0 has no \"tag\"" },
		{ "{\"dialect\": \"mysql\", \"entries\": []}",
		    "meta/_journal.json: the dialect is \"mysql\", not \"postgresql\"" },
		{ "{\"entries\": [\"\xff\"]}", "meta/_journal.json:1:" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		MEMORY_FOLDER m = { 0 };

		memory_put(&m, "meta/_journal.json", cases[i].json);
		memory_put(&m, "0000_init.sql", "SELECT 1;");
		memory_read(&m, &convention_drizzle);
		if (strncmp(m.found.problem, cases[i].problem, strlen(cases[i].problem)) != 0)
			fail_msg("%s: %s", cases[i].json, m.found.problem);
	}
}

static void
an_entry_needs_its_file(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(
	    &m, "meta/_journal.json", HEAD ENTRY("0", "1", "0000_init") "," ENTRY("1", "2", "../x") TAIL);
	memory_read(&m, &convention_drizzle);
	assert_non_null(strstr(memory_get(&m, "1")->problem, "0000_init.sql: listed in"));
	assert_non_null(strstr(memory_get(&m, "2")->problem, "../x.sql: listed in"));
}

static void
a_byte_order_mark_is_a_problem(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	two_files(&m);
	memory_put(&m, "0000_init.sql", "\xef\xbb\xbfSELECT 1;");
	memory_read(&m, &convention_drizzle);
	assert_non_null(strstr(memory_get(&m, "1700000000000")->up.problem, "byte order mark"));
}

static void
notes_a_when_that_goes_back(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "meta/_journal.json",
	    HEAD ENTRY("0", "5", "0000_a") "," ENTRY("1", "3", "0001_b") "," ENTRY("2", "6", "0002_c") TAIL);
	memory_put(&m, "0000_a.sql", "SELECT 1;");
	memory_put(&m, "0001_b.sql", "SELECT 1;");
	memory_put(&m, "0002_c.sql", "SELECT 1;");
	memory_read(&m, &convention_drizzle);
	assert_string_equal(memory_keys(&m), "5 3 6");
	assert_int_equal(m.found.n_notes, 1);
	assert_non_null(strstr(m.found.notes[0], "0001_b.sql: its \"when\" is not later"));
}

static void
the_latest_row_decides(void **state)
{
	static const struct convention_row rows[] = { { "5", 0, "applied", "", "", "" },
		{ "4", 0, "applied", "x", "", "" } };
	MEMORY_FOLDER m = { 0 };
	struct convention_status s;

	(void)state;
	memory_put(&m, "meta/_journal.json",
	    HEAD ENTRY("0", "5", "0000_a") "," ENTRY("1", "3", "0001_b") "," ENTRY("2", "6", "0002_c") TAIL);
	memory_put(&m, "0000_a.sql", "SELECT 1;");
	memory_put(&m, "0001_b.sql", "SELECT 1;");
	memory_put(&m, "0002_c.sql", "SELECT 1;");
	memory_read(&m, &convention_drizzle);
	convention_status(&convention_drizzle, &m.found, rows, 2, &m.arena, &s);
	assert_int_equal(s.n, 4);
	assert_int_equal(s.rows[0].standing, CONVENTION_APPLIED);
	assert_int_equal(s.rows[1].standing, CONVENTION_OUT_OF_ORDER);
	assert_int_equal(s.rows[1].decision, CONVENTION_NEVER);
	assert_non_null(strstr(s.rows[1].text, "its \"when\" 3 in the journal is not later than 5"));
	assert_int_equal(s.rows[2].standing, CONVENTION_PENDING);
	assert_int_equal(s.rows[2].decision, CONVENTION_RUNS);
	assert_int_equal(s.rows[3].standing, CONVENTION_MISSING);
	assert_string_equal(s.blocked, "");
}

static void
a_fresh_database_takes_all_of_them(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_status s;

	(void)state;
	memory_put(
	    &m, "meta/_journal.json", HEAD ENTRY("0", "5", "0000_a") "," ENTRY("1", "3", "0001_b") TAIL);
	memory_put(&m, "0000_a.sql", "SELECT 1;");
	memory_put(&m, "0001_b.sql", "SELECT 1;");
	memory_read(&m, &convention_drizzle);
	convention_status(&convention_drizzle, &m.found, NULL, 0, &m.arena, &s);
	assert_int_equal(s.rows[0].decision, CONVENTION_RUNS);
	assert_int_equal(s.rows[1].decision, CONVENTION_RUNS);
}

static void
knows_drizzle_one_and_refuses_it(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "20250101000000_a/migration.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_drizzle, &why), 0);
	memory_put(&m, "20250101000000_a/snapshot.json", "{}");
	assert_int_equal(memory_fit(&m, &convention_drizzle, &why), 3);
	memory_read(&m, &convention_drizzle);
	assert_int_equal(m.found.n, 0);
	assert_non_null(strstr(m.found.problem, "drizzle-kit 1.0"));
	memory_put(&m, "meta/_journal.json", HEAD TAIL);
	assert_int_equal(memory_fit(&m, &convention_drizzle, &why), 4);
}

static void
leaves_new_files_to_drizzle_kit(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "", .now = 0 };

	(void)state;
	convention_drizzle.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, 0);
	assert_non_null(strstr(c.refused, "npx drizzle-kit generate --custom --name=add_x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_journal),
		cmocka_unit_test(splits_at_the_literal),
		cmocka_unit_test(sums_the_file),
		cmocka_unit_test(bad_journals_have_a_place),
		cmocka_unit_test(an_entry_needs_its_file),
		cmocka_unit_test(a_byte_order_mark_is_a_problem),
		cmocka_unit_test(notes_a_when_that_goes_back),
		cmocka_unit_test(the_latest_row_decides),
		cmocka_unit_test(a_fresh_database_takes_all_of_them),
		cmocka_unit_test(knows_drizzle_one_and_refuses_it),
		cmocka_unit_test(leaves_new_files_to_drizzle_kit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
