#include "base/ban.h"
#include "base/arena.h"

#include <setjmp.h>
#include <cmocka.h>

static void
gives_zeroed_memory_of_any_size(void **state)
{
	GH_ARENA a = { 0 };
	size_t i, size;

	(void)state;
	for (size = 0; size < 100000; size = size * 3 + 1) {
		unsigned char *p = gh_alloc(&a, size);

		for (i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
}

static void
copies_and_prints(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(gh_strdup(&a, "shop"), "shop");
	assert_string_equal(gh_strndup(&a, "shop", 2), "sh");
	assert_string_equal(gh_printf(&a, "%s/%d", "run", 7), "run/7");
}

static void
starts_anew_after_done(void **state)
{
	struct gh_arena a = { 0 };

	(void)state;
	(void)gh_alloc(&a, 100);
	gh_arena_done(&a);
	assert_int_equal(a.used, 0);
	assert_string_equal(gh_strdup(&a, "again"), "again");
	gh_arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_memory_of_any_size),
		cmocka_unit_test(copies_and_prints),
		cmocka_unit_test(starts_anew_after_done),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
