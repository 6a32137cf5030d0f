#include "base/ban.h"
#include "base/text.h"

#include <setjmp.h>
#include <cmocka.h>

static void
grows_and_stays_terminated(void **state)
{
	GH_TEXT t = { 0 };
	int i;

	(void)state;
	assert_string_equal(gh_text_str(&t), "");
	for (i = 0; i < 1000; i++)
		gh_text_putf(&t, "%d,", i % 10);
	assert_int_equal(t.len, 2000);
	assert_int_equal(t.data[2000], 0);
	gh_text_clear(&t);
	gh_text_put(&t, "again");
	assert_string_equal(gh_text_str(&t), "again");
}

static void
is_cut(void **state)
{
	GH_TEXT t = { 0 };

	(void)state;
	gh_text_cut(&t, 0);
	gh_text_put(&t, "abcd");
	gh_text_cut(&t, 9);
	assert_string_equal(gh_text_str(&t), "abcd");
	gh_text_cut(&t, 2);
	gh_text_put(&t, "e");
	assert_string_equal(gh_text_str(&t), "abe");
}

static void
escapes_html(void **state)
{
	GH_TEXT t = { 0 };

	(void)state;
	gh_text_put_html(&t, "a<b> & \"c\" 'd'\0e", 17);
	assert_memory_equal(t.data, "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;\0e", t.len);
}

static void
escapes_json(void **state)
{
	GH_TEXT t = { 0 };

	(void)state;
	gh_text_put_json(&t, "a\"b\\c\n\t\x01\xc3\xa9");
	assert_string_equal(t.data, "\"a\\\"b\\\\c\\n\\t\\u0001\xc3\xa9\"");
}

static void
stops_at_its_limit(void **state)
{
	GH_TEXT t = { .limit = 8 };

	(void)state;
	gh_text_put(&t, "12345678");
	assert_false(t.full);
	gh_text_putc(&t, '9');
	assert_true(t.full);
	gh_text_put(&t, "");
	assert_string_equal(t.data, "12345678");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_stays_terminated),
		cmocka_unit_test(is_cut),
		cmocka_unit_test(escapes_html),
		cmocka_unit_test(escapes_json),
		cmocka_unit_test(stops_at_its_limit),
	};

	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
