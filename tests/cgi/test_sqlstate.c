#include "base/ban.h"
#include "base/sqlstate.h"
#include "cgi/sqlstate.h"

#include <setjmp.h>
#include <cmocka.h>

static void
explains_what_the_guides_name(void **state)
{
	static const char *const codes[] = { "23505", "23502", "23503", "23514", "42501", "55P03", "40P01",
		"57014", "53100", "42P01", "42P07", "42703", "42701", "42601", "25006", "28P01", "3D000",
		"08006", "22P02", "22001", "25001", "0A000", "2BP01", "42704", "42710", "23P01" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const struct sqlstate *s = sqlstate_find(codes[i]);

		assert_non_null(s);
		assert_string_equal(s->code, codes[i]);
		assert_true(gh_sqlstate_name(codes[i])[0] >= 'a'); /* itself, not only its class */
		assert_true(strlen(s->title) > 5 && strlen(s->explain) > 20 && strlen(s->advice) > 20);
	}
}

static void
knows_no_others(void **state)
{
	(void)state;
	assert_null(sqlstate_find("XX000"));
	assert_null(sqlstate_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(explains_what_the_guides_name),
		cmocka_unit_test(knows_no_others),
	};

	return cmocka_run_group_tests_name("cgi/sqlstate", tests, NULL, NULL);
}
