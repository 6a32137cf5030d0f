#include "base/ban.h"
#include "cgi/highlight.h"
#include "base/marks.h"

#include <setjmp.h>
#include <cmocka.h>

static void
shows(const char *sql, const char *html)
{
	GH_ARENA a = { 0 };

	assert_string_equal(highlight_sql(&a, sql, strlen(sql)).html, html);
}

static void
marks_each_kind_of_token(void **state)
{
	(void)state;
	shows("SELECT 12 -- <b>\n",
	    "<span class=\"k\">SELECT</span> <span class=\"n\">12</span> "
	    "<span class=\"c\">-- &lt;b&gt;</span>\n");
	shows("a 'it''s' \"T\"",
	    "a <span class=\"s\">&#39;it&#39;&#39;s&#39;</span> <span class=\"i\">&quot;T&quot;</span>");
	shows("/* a /* b */ c */x", "<span class=\"c\">/* a /* b */ c */</span>x");
	shows("E'\\'' x", "<span class=\"s\">E&#39;\\&#39;&#39;</span> x");
	shows("selected", "selected");
	shows("$$ begin $$",
	    "<span class=\"s\">$$</span> <span class=\"k\">begin</span> <span class=\"s\">$$</span>");
	shows("f($1)", "f($<span class=\"n\">1</span>)");
	shows("'open", "<span class=\"s\">&#39;open</span>");
	shows("/* open", "<span class=\"c\">/* open</span>");
	shows("", "");
}

/* Takes our tags out and undoes the escapes: what is left must be the input. */
static void
undo(const char *html, struct gh_text *ret)
{
	static const struct {
		const char *from, *to;
	} all[] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" },
		{ "&#39;", "'" } };
	size_t i;

	while (*html != '\0') {
		if (strncmp(html, "<span class=\"", 13) == 0 || strncmp(html, "</span>", 7) == 0) {
			html = strchr(html, '>') + 1;
			continue;
		}
		assert_int_not_equal(*html, '<');
		for (i = 0; i < 5 && strncmp(html, all[i].from, strlen(all[i].from)) != 0; i++)
			;
		gh_text_put_n(ret, i < 5 ? all[i].to : html, 1);
		html += i < 5 ? strlen(all[i].from) : 1;
	}
}

static void
loses_and_adds_nothing_whatever_the_bytes(void **state)
{
	static const char alphabet[] = "'\"$-/*<>&;E\\a1_ \n\xc3\xa9\xff";
	unsigned seed = 12345;
	char sql[64];
	int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		size_t len = (size_t)round % sizeof(sql), i;
		GH_ARENA a = { 0 };
		GH_TEXT back = { 0 };

		for (i = 0; i < len; i++) {
			seed = seed * 1103515245U + 12345U;
			sql[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		undo(highlight_sql(&a, sql, len).html, &back);
		assert_int_equal(back.len, len);
		assert_memory_equal(gh_text_str(&back), sql, len);
	}
}

static void
shows_a_nul_as_a_replacement(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(highlight_sql(&a, "a\0b", 3).html,
	    "a\xef\xbf\xbd"
	    "b");
}

static void
marks_what_the_parser_saw(void **state)
{
	static const char sql[] = "SELECT name, \"name\" FROM type -- x\n";
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };
	struct highlight_marks marks = { 0 };
	size_t end = 0;

	(void)state;
	marks_put(&t, &end, 10, 6, 'k');
	marks_put(&t, &end, 17, 4, 'u'); /* no word of ours: plain */
	marks_put(&t, &end, 23, 6, 'i');
	marks_put(&t, &end, 30, 4, 'k');
	marks_put(&t, &end, 35, 4, 'u'); /* ours */
	marks_put(&t, &end, 40, 4, 'c');
	marks.bytes = (const unsigned char *)gh_text_str(&t);
	marks.n = t.len;
	marks.from = 10;
	assert_string_equal(highlight_marked(&a, sql, strlen(sql), &marks).html,
	    "<span class=\"k\">SELECT</span> name, <span class=\"i\">&quot;name&quot;</span> "
	    "<span class=\"k\">FROM</span> <span class=\"k\">type</span> <span class=\"c\">-- x</span>\n");
	/* Marks of another, longer text lose nothing. */
	assert_string_equal(highlight_marked(&a, "SEL", 3, &marks).html, "SEL");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_each_kind_of_token),
		cmocka_unit_test(loses_and_adds_nothing_whatever_the_bytes),
		cmocka_unit_test(shows_a_nul_as_a_replacement),
		cmocka_unit_test(marks_what_the_parser_saw),
	};

	return cmocka_run_group_tests_name("cgi/highlight", tests, NULL, NULL);
}
