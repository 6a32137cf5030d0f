#include "base/ban.h"
#include "migration/golang.h"
#include "migration/found.h"
#include "tests/support/memory_folder.h"
#include <setjmp.h>
#include <cmocka.h>

static bool
reads(const char *path, const char *key, const char *name, bool down)
{
	MEMORY_FOLDER m = { 0 };
	struct pair_name ret = { .version = "", .name = "", .key = "" };

	memory_put(&m, path, "");
	if (!golang_classify(&m.folder, convention_path(&m.folder, path), UINT64_MAX, &ret))
		return false;
	assert_string_equal(ret.key, key);
	assert_string_equal(ret.name, name);
	assert_int_equal(ret.down, down);
	return true;
}

static void
reads_names_as_the_tools_do(void **state)
{
	(void)state;
	assert_true(reads("0001_x.up.sql", "1", "x", false));
	assert_true(reads("1_x.y.down.sql", "1", "x.y", true));
	assert_true(reads("1_a.up.b.down.sql", "1", "a.up.b", true));
	assert_true(reads("1_.up.sql", "1", "", false));
	assert_true(reads("000_x.up.sql", "0", "x", false));
	assert_true(reads("1_x.up.", "1", "x", false));
	assert_true(reads("18446744073709551615_x.up.sql", "18446744073709551615", "x", false));
	assert_true(reads("1_x.up.sql.bak", "1", "x", false));
}

static void
passes_over_other_names(void **state)
{
	(void)state;
	assert_false(reads("x.up.sql", "", "", false));
	assert_false(reads("1x.up.sql", "", "", false));
	assert_false(reads("1_x.sql", "", "", false));
	assert_false(reads("1_x.up", "", "", false));
	assert_false(reads("1_x.UP.sql", "", "", false));
	assert_false(reads("18446744073709551616_x.up.sql", "", "", false));
	assert_false(reads("a/1_x.up.sql", "", "", false));
	assert_false(reads("1_x\n.up.sql", "", "", false));
}

static void
counts_only_sql(void **state)
{
	MEMORY_FOLDER m = { 0 };
	size_t ups, downs;

	(void)state;
	memory_put(&m, "1_x.up.sql", "");
	memory_put(&m, "1_x.down.sql", "");
	memory_put(&m, "2_x.up.json", "");
	golang_count(&m.folder, &ups, &downs);
	assert_int_equal(ups, 1);
	assert_int_equal(downs, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_names_as_the_tools_do),
		cmocka_unit_test(passes_over_other_names),
		cmocka_unit_test(counts_only_sql),
	};

	return cmocka_run_group_tests_name("migration/golang", tests, NULL, NULL);
}
