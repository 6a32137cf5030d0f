#include "base/ban.h"
#include "migration/pair.h"
#include "migration/found.h"
#include "tests/support/memory_folder.h"

#include <setjmp.h>
#include <cmocka.h>

/* "12.up", "12.down", "12b.up": the key is what stands before the dot. */
static bool
classify(struct convention_folder *f, struct convention_file *e, struct pair_name *ret)
{
	const char *dot = strchr(e->path, '.');

	if (dot == NULL)
		return false;
	ret->version = gh_strndup(f->arena, e->path, strspn(e->path, "0123456789"));
	ret->key = gh_strndup(f->arena, e->path, (size_t)(dot - e->path));
	ret->name = "x";
	ret->down = strcmp(dot, ".down") == 0;
	return true;
}

static void
pairs_by_key_in_the_order_of_numbers(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_found found = { .problem = "" };
	struct pair_list list;

	(void)state;
	memory_put(&m, "10.up", "ten");
	memory_put(&m, "9.down", "nine back");
	memory_put(&m, "9.up", "nine");
	memory_put(&m, "11.down", "eleven back");
	memory_put(&m, "none", "");
	memory_odd(&m, "12.up", "a named pipe");
	pair_collect(&m.folder, classify, &list);
	assert_int_equal(list.n, 4);
	pair_migrations(&m.folder, &list, CONVENTION_EACH, &found);
	assert_int_equal(found.n, 3);
	assert_string_equal(found.migrations[0].up.sql, "nine");
	assert_string_equal(found.migrations[0].down.sql, "nine back");
	assert_int_equal(found.migrations[0].down.mode, CONVENTION_EACH);
	assert_string_equal(found.migrations[1].key, "10");
	assert_false(found.migrations[1].down.present);
	assert_false(found.migrations[2].up.present);
	assert_string_equal(found.migrations[2].file, "11.down");
	assert_int_equal(memory_file(&m, "12.up")->as, CONVENTION_UP);
	assert_int_equal(memory_file(&m, "none")->as, 0);
}

static void
names_two_files_of_one_key(void **state)
{
	MEMORY_FOLDER m = { 0 };
	struct convention_found found = { .problem = "" };
	struct pair_list list;

	(void)state;
	memory_put(&m, "1.up", "a");
	memory_put(&m, "1.up2", "b");
	pair_collect(&m.folder, classify, &list);
	pair_migrations(&m.folder, &list, CONVENTION_EACH, &found);
	assert_int_equal(found.n, 1);
	assert_string_equal(
	    found.migrations[0].problem, "1.up2: version 1 is also that of 1.up: give one of them another");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_by_key_in_the_order_of_numbers),
		cmocka_unit_test(names_two_files_of_one_key),
	};

	return cmocka_run_group_tests_name("migration/pair", tests, NULL, NULL);
}
