#include "base/ban.h"
#include "base/marks.h"

#include <setjmp.h>
#include <cmocka.h>

static void
gives_back_what_was_put(void **state)
{
	static const struct mark marks[] = { { 0, 6, 'k' }, { 7, 1, 'n' }, { 300, 20000, 's' },
		{ 20300, 2, 'c' } };
	GH_TEXT t = { 0 };
	struct marks m;
	struct mark one;
	size_t i, end = 0;

	(void)state;
	for (i = 0; i < 4; i++)
		marks_put(&t, &end, marks[i].offset, marks[i].len, marks[i].class);
	marks_start(&m, (const unsigned char *)gh_text_str(&t), t.len);
	for (i = 0; i < 4; i++) {
		assert_true(marks_next(&m, &one));
		assert_int_equal(one.offset, marks[i].offset);
		assert_int_equal(one.len, marks[i].len);
		assert_int_equal(one.class, marks[i].class);
	}
	assert_false(marks_next(&m, &one));
	assert_false(marks_next(&m, &one));
}

static void
stops_at_nonsense(void **state)
{
	static const char *const bad[] = { "\x01", "\x01\x01", "\x01\x01z", "\xff\xff\xff\xff\xff\xff\x01k",
		"\x80", "" };
	struct marks m;
	struct mark one;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		marks_start(&m, (const unsigned char *)bad[i], strlen(bad[i]));
		assert_false(marks_next(&m, &one));
	}
	/* no length */
	marks_start(&m, (const unsigned char *)"\x01\x00k", 3);
	assert_false(marks_next(&m, &one));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_was_put),
		cmocka_unit_test(stops_at_nonsense),
	};

	return cmocka_run_group_tests_name("base/marks", tests, NULL, NULL);
}
