#include "base/ban.h"
#include "migration/query.h"
#include "migration/status.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
assert_as(struct memory_folder *m, const char *path, enum convention_as as, const char *reason)
{
	const struct convention_file *e = memory_file(m, path);

	assert_int_equal(e->as, as);
	assert_string_equal(e->reason, reason);
	assert_string_equal(e->key, "");
}

static void
they_are_no_migrations_whatever_the_convention(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; convention_all[i] != NULL; i++) {
		MEMORY_FOLDER m = { 0 };

		if (convention_all[i]->verify_folder)
			continue;
		memory_put(&m, "verify/001_totals.sql", "-- Up Migration\nSELECT 1 WHERE false;\n");
		memory_put(&m, "verify/V2__b.sql", "SELECT 2 WHERE false;\n");
		memory_read(&m, convention_all[i]);
		if (m.found.n != 0 || m.found.n_queries != 2)
			fail_msg("%s takes them for %zu migrations and %zu queries", convention_all[i]->name,
			    m.found.n, m.found.n_queries);
		assert_as(&m, "verify/001_totals.sql", CONVENTION_VERIFY, "");
		assert_string_equal(m.found.queries[0].file, "verify/001_totals.sql");
		assert_string_equal(m.found.queries[0].sql, "-- Up Migration\nSELECT 1 WHERE false;\n");
		assert_string_equal(m.found.queries[1].file, "verify/V2__b.sql");
		assert_string_equal(m.found.queries[1].problem, "");
	}
}

static void
what_is_beside_them_is_read_as_ever(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "001_a.sql", "SELECT 1;");
	memory_put(&m, "001_a_down.sql", "SELECT 2;");
	memory_put(&m, "verify/totals.sql", "SELECT 1 WHERE false");
	memory_put(&m, "verify_not.sql", "x");
	memory_put(&m, "zz.txt", "x");
	memory_read(&m, &convention_numbered);
	assert_string_equal(memory_keys(&m), "001_a");
	assert_true(memory_get(&m, "001_a")->down.present);
	assert_int_equal(memory_file(&m, "001_a.sql")->as, CONVENTION_UP);
	assert_int_equal(memory_file(&m, "001_a_down.sql")->as, CONVENTION_DOWN);
	assert_int_equal(memory_file(&m, "verify_not.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "zz.txt")->as, CONVENTION_IGNORED);
	assert_int_equal(m.found.n_queries, 1);
}

static void
detection_is_not_misled(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_detected with, without;
	MEMORY_FOLDER plain = { 0 };

	(void)state;
	memory_put(&m, "V1__a.sql", "SELECT 1;");
	memory_put(&plain, "V1__a.sql", "SELECT 1;");
	memory_put(&m, "verify/001_totals.sql", "SELECT 1 WHERE false");
	memory_put(&m, "verify/002_more.sql", "SELECT 1 WHERE false");
	m.folder.arena = &m.arena;
	plain.folder.arena = &plain.arena;
	convention_detect(&m.folder, &with);
	convention_detect(&plain.folder, &without);
	assert_ptr_equal(with.c, without.c);
	assert_string_equal(with.why, without.why);
}

static void
says_why_others_are_none(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "verify/README.md", "x");
	memory_put(&m, "verify/deep/a.sql", "SELECT 1");
	memory_put(&m, "verify/blank.sql", " ;\n");
	memory_put_n(&m, "verify/bytes.sql", "SELECT '\xff'", 10);
	memory_odd(&m, "verify/link.sql", "a symbolic link");
	memory_read(&m, &convention_numbered);
	assert_as(&m, "verify/README.md", CONVENTION_IGNORED,
	    "no .sql file: only verify/NAME.sql is asked after a run");
	assert_as(&m, "verify/deep/a.sql", CONVENTION_IGNORED,
	    "too deep: only verify/NAME.sql is asked after a run");
	assert_as(&m, "verify/link.sql", CONVENTION_REFUSED, "not read: a symbolic link");
	assert_int_equal(m.found.n_queries, 2);
	assert_string_equal(m.found.queries[0].problem, "verify/blank.sql: has no query in it");
	assert_non_null(strstr(m.found.queries[1].problem, "is not UTF-8"));
	assert_int_equal(m.found.n, 0);
}

static void
a_file_of_the_folders_name_is_none(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; convention_all[i] != NULL; i++) {
		MEMORY_FOLDER m = { 0 };

		if (convention_all[i]->verify_folder)
			continue;
		memory_put(&m, "verify", "SELECT 1;\n");
		memory_read(&m, convention_all[i]);
		assert_as(&m, "verify", CONVENTION_IGNORED,
		    "a file where a folder belongs: verify/NAME.sql is asked after a run");
		assert_int_equal(m.found.n_queries, 0);
	}
}

static void
a_tool_that_has_the_folder_itself_keeps_it(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "sqitch.plan", "%syntax-version=1.0.0\n%project=x\n\n");
	memory_put(&m, "verify/a.sql", "SELECT 1;");
	memory_read(&m, &convention_sqitch);
	assert_int_equal(m.found.n_queries, 0);
	assert_int_not_equal(memory_file(&m, "verify/a.sql")->as, CONVENTION_VERIFY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_no_migrations_whatever_the_convention),
		cmocka_unit_test(what_is_beside_them_is_read_as_ever),
		cmocka_unit_test(detection_is_not_misled),
		cmocka_unit_test(says_why_others_are_none),
		cmocka_unit_test(a_file_of_the_folders_name_is_none),
		cmocka_unit_test(a_tool_that_has_the_folder_itself_keeps_it),
	};

	return cmocka_run_group_tests_name("migration/query", tests, NULL, NULL);
}
