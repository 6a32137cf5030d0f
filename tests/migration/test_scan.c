#include "base/ban.h"
#include "migration/scan.h"
#include <setjmp.h>
#include <cmocka.h>

static bool
has(const char *text, const char *word)
{
	return scan_has_word(text, strlen(text), word);
}

static void
finds_words_outside_quotes_and_comments(void **state)
{
	(void)state;
	assert_true(has("BEGIN; select 1; COMMIT;", "commit"));
	assert_true(has("commit", "commit"));
	assert_true(has("/* x */commit", "commit"));
	assert_true(has("E'\\'';commit", "commit"));
	assert_true(has("'\\';commit", "commit"));
	assert_true(has("$a$ $b$ $a$ commit", "commit"));
	assert_true(has("f($1);commit", "commit"));
}

static void
passes_over_everything_else(void **state)
{
	static const char *const none[] = { "", "-- commit", "/* commit /* x */ commit */", "'commit'",
		"'it''s commit'", "\"commit\"", "$$ commit $$", "$x$ commit $$ commit $x$", "commits",
		"xcommit", "commit_it", "E'\\' commit'", "'commit", "/* commit", "$$ commit" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		if (has(none[i], "commit"))
			fail_msg("a word in %s", none[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_words_outside_quotes_and_comments),
		cmocka_unit_test(passes_over_everything_else),
	};

	return cmocka_run_group_tests_name("migration/scan", tests, NULL, NULL);
}
