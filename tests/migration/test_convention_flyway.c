#include "base/ban.h"
#include "migration/convention.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

static void
reads_all_folders_in_the_order_of_versions(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *x;

	(void)state;
	memory_put(&m, "V1.10__d.sql", "SELECT 1;");
	memory_put(&m, "deep/er/V1_9__add_user_photos.sql", "select 1;\n");
	memory_put(&m, "V02__e.sql", "SELECT 1;");
	memory_put(&m, "V1__a.sql", "SELECT 1;");
	memory_put(&m, "R__b_views.sql", "SELECT 1;");
	memory_put(&m, "R__a_views.sql", "SELECT 1;");
	memory_put(&m, "B1__base.sql", "SELECT 1;");
	memory_read(&m, &convention_flyway);
	assert_string_equal(memory_keys(&m), "1 B1 1.9 1.10 2 R__a views R__b views");
	x = memory_get(&m, "1.9");
	assert_string_equal(x->version, "1.9");
	assert_string_equal(x->name, "add user photos");
	assert_string_equal(x->checksum, "-690524359");
	assert_string_equal(memory_fact(x, "description"), "add user photos");
	assert_string_equal(memory_fact(x, "script"), "deep/er/V1_9__add_user_photos.sql");
	assert_int_equal(x->up.mode, CONVENTION_WRAPPED);
	assert_string_equal(memory_get(&m, "2")->version, "02");
	assert_true(memory_get(&m, "R__a views")->repeatable);
	assert_int_equal(memory_file(&m, "R__a_views.sql")->as, CONVENTION_REPEATABLE);
	assert_string_equal(memory_file(&m, "deep")->reason, "a folder: Flyway reads what lies in it, too");
	assert_string_equal(m.found.problem, "");
}

static void
pairs_undo_files_by_version(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *x;

	(void)state;
	memory_put(&m, "V1.0__a.sql", "SELECT 1;");
	memory_put(&m, "U1__take_a_back.sql", "select 1;\n");
	memory_put(&m, "U2__b.sql", "SELECT 1;");
	memory_put(&m, "more/U1__again.sql", "SELECT 1;");
	memory_read(&m, &convention_flyway);
	x = memory_get(&m, "1");
	assert_true(x->down.present);
	assert_string_equal(x->down.sql, "select 1;\n");
	assert_string_equal(memory_fact(x, "undo_description"), "take a back");
	assert_string_equal(memory_fact(x, "undo_script"), "U1__take_a_back.sql");
	assert_string_equal(memory_fact(x, "undo_checksum"), "-690524359");
	assert_string_equal(memory_file(&m, "U2__b.sql")->reason, "a way back without its V2__ file");
	assert_string_equal(memory_file(&m, "more/U1__again.sql")->reason, "a second way back of version 1");
}

static void
equal_versions_stop_flyway(void **state)
{
	MEMORY_FOLDER m = { 0 };
	MEMORY_FOLDER r = { 0 };

	(void)state;
	memory_put(&m, "V1__a.sql", "SELECT 1;");
	memory_put(&m, "sub/V1.0__b.sql", "SELECT 1;");
	memory_read(&m, &convention_flyway);
	assert_string_equal(m.found.problem,
	    "V1__a.sql and sub/V1.0__b.sql are one version to Flyway, which then runs nothing: give one of "
	    "them "
	    "another");
	memory_put(&r, "R__a.sql", "SELECT 1;");
	memory_put(&r, "sub/R__a.sql", "SELECT 1;");
	memory_read(&r, &convention_flyway);
	assert_non_null(strstr(r.found.problem, "are one description to Flyway"));
}

static void
marks_steps_of_code(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "V1__a.sql", "SELECT 1;");
	memory_put(&m, "V44_1__Fill.java", "class V44_1__Fill {}");
	memory_put(&m, "V45__b.sql", "SELECT 1;");
	memory_put(&m, "Helper.java", "class Helper {}");
	memory_read(&m, &convention_flyway);
	assert_string_equal(memory_keys(&m), "1 44.1 45");
	assert_true(memory_get(&m, "44.1")->code);
	assert_false(memory_get(&m, "44.1")->up.present);
	assert_int_equal(memory_file(&m, "V44_1__Fill.java")->as, CONVENTION_CODE);
	assert_int_equal(memory_file(&m, "Helper.java")->as, CONVENTION_IGNORED);
}

static void
says_what_is_skipped(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "V1__a.sql", "SELECT 1;");
	memory_put(&m, "v2__b.sql", "SELECT 1;");
	memory_put(&m, "V3b__c.sql", "SELECT 1;");
	memory_put(&m, "afterMigrate.sql", "SELECT 1;");
	memory_put(&m, "notes.sql", "SELECT 1;");
	memory_odd(&m, "V9__d.sql", "a symbolic link");
	memory_read(&m, &convention_flyway);
	assert_string_equal(memory_keys(&m), "1");
	assert_int_equal(memory_file(&m, "v2__b.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "V3b__c.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "V9__d.sql")->as, CONVENTION_REFUSED);
	assert_int_equal(memory_file(&m, "notes.sql")->as, CONVENTION_IGNORED);
	assert_non_null(strstr(memory_file(&m, "afterMigrate.sql")->reason, "a callback"));
	assert_int_equal(m.found.n_notes, 1);
}

static void
takes_a_byte_order_mark_off(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "V1__a.sql", "\xef\xbb\xbfselect 1;\r\n");
	memory_read(&m, &convention_flyway);
	assert_string_equal(memory_get(&m, "1")->up.problem, "");
	assert_string_equal(memory_get(&m, "1")->up.sql, "select 1;\r\n");
	assert_string_equal(memory_get(&m, "1")->checksum, "-690524359");
}

static void
placeholders_change_what_is_sent_and_the_sum_of_repeatable_ones(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const struct convention_migration *v, *r;

	(void)state;
	memory_option(&m, "placeholders.n", "1");
	memory_put(&m, "V1__a.sql", "select ${n};");
	memory_put(&m, "R__b.sql", "select ${n};");
	memory_put(&m, "V2__c.sql", "select '${x}';");
	memory_read(&m, &convention_flyway);
	v = memory_get(&m, "1");
	r = memory_get(&m, "R__b");
	assert_string_equal(v->up.sql, "select 1;");
	assert_string_not_equal(v->checksum, "-690524359");
	assert_string_equal(r->checksum, "-690524359");
	assert_int_equal(convention_flyway.same(r, "-690524359"), CONVENTION_SAME);
	assert_int_equal(convention_flyway.same(r, v->checksum), CONVENTION_SAME); /* raw */
	assert_int_equal(convention_flyway.same(r, "7"), CONVENTION_CHANGED);
	assert_int_equal(convention_flyway.same(v, "-690524359"), CONVENTION_CHANGED);
	assert_non_null(
	    strstr(memory_get(&m, "2")->up.problem, "V2__c.sql:1:9: no value for the placeholder"));
}

static void
a_file_may_have_a_configuration_of_its_own(void **state)
{
	MEMORY_FOLDER m = { 0 };

	(void)state;
	memory_put(&m, "V1__a.sql", "select '${x}';");
	memory_put(
	    &m, "V1__a.sql.conf", "# why\r\nplaceholderReplacement=false\r\nexecuteInTransaction = false\n");
	memory_put(&m, "V2__b.sql", "VACUUM;");
	memory_put(&m, "V2__b.sql.conf", "executeInTransaction=true");
	memory_read(&m, &convention_flyway);
	assert_string_equal(memory_get(&m, "1")->up.problem, "");
	assert_string_equal(memory_get(&m, "1")->up.sql, "select '${x}';");
	assert_int_equal(memory_get(&m, "1")->up.mode, CONVENTION_EACH);
	assert_int_equal(memory_get(&m, "2")->up.mode, CONVENTION_WRAPPED);
	assert_int_equal(memory_file(&m, "V1__a.sql.conf")->as, CONVENTION_INDEX);
}

static void
takes_its_lock_from_the_table(void **state)
{
	const struct convention_lock_of of = { "app", "public", "flyway_schema_history" };
	int64_t key[CONVENTION_LOCKS];

	(void)state;
	assert_int_equal(convention_flyway.locks(&of, key), 1);
	assert_true(key[0] == INT64_C(77433833903597));
}

static void
fits_by_names(void **state)
{
	MEMORY_FOLDER m = { 0 };
	const char *why;

	(void)state;
	memory_put(&m, "Views.sql", "SELECT 1;");
	memory_put(&m, "001_a.sql", "SELECT 1;");
	memory_put(&m, "V7.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_flyway, &why), 0);
	memory_put(&m, "sub/V1__a.sql", "SELECT 1;");
	memory_put(&m, "R__a.sql", "SELECT 1;");
	assert_int_equal(memory_fit(&m, &convention_flyway, &why), 3);
	assert_string_equal(why, "1 files V...__, 1 R__, 0 U...__");
}

static const char *
created(const char *last, const char *second)
{
	static char path[64];
	MEMORY_FOLDER m = { 0 };
	struct convention_create c = { .slug = "add_x", .description = "", .now = 0 };

	if (last != NULL)
		memory_put(&m, last, "SELECT 1;");
	if (second != NULL)
		memory_put(&m, second, "SELECT 1;");
	memory_read(&m, &convention_flyway);
	convention_flyway.create(&m.found, &m.arena, &c);
	assert_int_equal(c.n, second == NULL ? 1 : 2);
	(void)snprintf(path, sizeof(path), "%s", c.files[0].path);
	return path;
}

static void
creates_the_next_version(void **state)
{
	(void)state;
	assert_string_equal(created(NULL, NULL), "V1__add_x.sql");
	assert_string_equal(created("V007__a.sql", NULL), "V008__add_x.sql");
	assert_string_equal(created("V1.9__a.sql", NULL), "V1.10__add_x.sql");
	assert_string_equal(created("V1__a.sql", "U1__a.sql"), "V2__add_x.sql");
	assert_string_equal(created("V20250101000000__a.sql", NULL), "V20250101000001__add_x.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_folders_in_the_order_of_versions),
		cmocka_unit_test(pairs_undo_files_by_version),
		cmocka_unit_test(equal_versions_stop_flyway),
		cmocka_unit_test(marks_steps_of_code),
		cmocka_unit_test(says_what_is_skipped),
		cmocka_unit_test(takes_a_byte_order_mark_off),
		cmocka_unit_test(placeholders_change_what_is_sent_and_the_sum_of_repeatable_ones),
		cmocka_unit_test(a_file_may_have_a_configuration_of_its_own),
		cmocka_unit_test(takes_its_lock_from_the_table),
		cmocka_unit_test(fits_by_names),
		cmocka_unit_test(creates_the_next_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
