#include "base/ban.h"
#include "cgi/view.h"

#include <setjmp.h>
#include <cmocka.h>

static void
prints_typed_json(void **state)
{
	GH_ARENA a = { 0 };
	GH_TEXT out = { 0 };
	struct view *v = view_new(&a), *list;

	(void)state;
	view_text(v, "name", "a \"b\"\n<c>");
	view_text(v, "none", NULL);
	view_int(v, "least", INT64_MIN);
	view_bool(v, "yes", true);
	view_time(v, "at", INT64_C(1795255200000000));
	view_time(v, "never", 0);
	view_span(v, "took", 4200000);
	view_span(v, "open", -1);
	view_bytes(v, "size", 12345678);
	view_text(view_object(v, "target"), "name", "shop");
	list = view_list(v, "rows");
	view_int(view_item(list), "id", 7);
	view_text(view_form(v, "form"), "csrf", "secret");
	view_list(v, "empty");
	view_json(v, &out);
	assert_string_equal(gh_text_str(&out),
	    "{\"name\":\"a \\\"b\\\"\\n<c>\",\"none\":\"\",\"least\":-9223372036854775808,\"yes\":true,"
	    "\"at\":\"2026-11-21T10:00:00Z\",\"never\":null,\"took\":4200000,\"open\":null,\"size\":12345678,"
	    "\"target\":{\"name\":\"shop\"},\"rows\":[{\"id\":7}],\"empty\":[]}");
}

static void
prints_texts_for_people(void **state)
{
	static const struct {
		int64_t bytes;
		const char *text;
	} sizes[] = { { 0, "0 B" }, { 999, "999 B" }, { 1000, "1.0 kB" }, { 12345678, "12.3 MB" },
		{ 999990, "1.0 MB" }, { INT64_MAX, "9223.4 PB" } };
	GH_ARENA a = { 0 };
	struct view *v = view_new(&a);
	const struct view_field *f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		view_bytes(v, "size", sizes[i].bytes);
		assert_string_equal(view_find(v, "size", 4)->text, sizes[i].text);
	}
	v->now_us = INT64_C(1795255200000000);
	view_time(v, "at", v->now_us - INT64_C(240000000));
	f = view_find(v, "at", 2);
	assert_true(f->truthy);
	assert_string_equal(view_find(view_inner(f), "ago", 3)->text, "4 minutes ago");
	view_time(v, "at", 0);
	assert_false(view_find(v, "at", 2)->truthy);
	assert_int_equal(v->n_fields, 2);
	assert_null(view_find(v, "a", 1));
}

static void
escapes_every_part_of_a_url(void **state)
{
	GH_ARENA a = { 0 };
	struct view *v = view_new(&a);

	(void)state;
	view_url(v, "url", "/runs?target=%s&after=%d64&q=100%%", "a b/c&d=é", (int64_t)-7);
	assert_string_equal(
	    view_find(v, "url", 3)->text, "/runs?target=a%20b%2Fc%26d%3D%C3%A9&after=-7&q=100%");
}

static void
prints_csv_that_no_spreadsheet_executes(void **state)
{
	GH_ARENA a = { 0 };
	GH_TEXT out = { 0 };
	struct gh_err err = { 0 };
	struct view *v = view_new(&a), *list = view_list(v, "rows"), *item = view_item(list);

	(void)state;
	view_int(item, "id", -1);
	view_text(view_object(item, "target"), "name", "a,b");
	view_text(item, "reason", "=1+1");
	view_time(item, "at", 0);
	item = view_item(list);
	view_int(item, "id", 2);
	view_text(view_object(item, "target"), "name", "say \"yes\"");
	view_text(item, "reason", "two\nlines");
	view_time(item, "at", INT64_C(1795255200000000));
	assert_int_equal(view_csv(v, "rows", &out, &err), GH_OK);
	assert_string_equal(gh_text_str(&out),
	    "id,target.name,reason,at\r\n-1,\"a,b\",\"'=1+1\",\r\n"
	    "2,\"say \"\"yes\"\"\",\"two\nlines\",2026-11-21T10:00:00Z\r\n");
	assert_int_equal(view_csv(v, "none", &out, &err), GH_INTERNAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_typed_json),
		cmocka_unit_test(prints_texts_for_people),
		cmocka_unit_test(escapes_every_part_of_a_url),
		cmocka_unit_test(prints_csv_that_no_spreadsheet_executes),
	};

	return cmocka_run_group_tests_name("cgi/view", tests, NULL, NULL);
}
