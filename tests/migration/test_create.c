#include "base/ban.h"
#include "migration/create.h"
#include "migration/header.h"

#include <setjmp.h>
#include <cmocka.h>

static void
fills_the_header(void **state)
{
	GH_ARENA a = { 0 };
	struct convention_create c = { .description = "Add photos", .now = INT64_C(1795000000000000) };
	const char *text = create_header(&c, "007_add_photos", &a);
	struct header h;

	(void)state;
	assert_string_equal(text,
	    "-- Migration: 007_add_photos\n-- Description: Add photos\n-- Author:\n-- Date: 2026-11-18\n");
	header_read(text, strlen(text), &a, &h);
	assert_string_equal(h.migration, "007_add_photos");
	assert_string_equal(h.description, "Add photos");
	assert_string_equal(h.author, "");
	assert_string_equal(h.date, "2026-11-18");
}

static void
keeps_the_files(void **state)
{
	struct convention_create c = { .n = 0 };

	(void)state;
	create_put(&c, "a", "1");
	create_put(&c, "b", "2");
	assert_int_equal(c.n, 2);
	assert_string_equal(c.files[1].path, "b");
	assert_string_equal(c.files[1].text, "2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_the_header),
		cmocka_unit_test(keeps_the_files),
	};

	return cmocka_run_group_tests_name("migration/create", tests, NULL, NULL);
}
