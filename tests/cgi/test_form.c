#include "base/ban.h"
#include "cgi/form.h"

#include <setjmp.h>
#include <cmocka.h>

enum { TARGET, STEPS, TEXT, PASSWORD };

static const struct act act_sample = {
	.path = "/sample",
	.fields = {
		[TARGET] = { "target", "Target", ACT_LINE, true, 8 },
		[STEPS] = { "steps", "Steps", ACT_INT, false, 100 },
		[TEXT] = { "text", "Text", ACT_TEXT, false, 16 },
		[PASSWORD] = { "password", "Password", ACT_SECRET, false, 0 },
	},
};

static enum gh_code
form_of(struct gh_arena *a, const char *body, struct act_form *ret, bool *ret_wrong, struct gh_err *err)
{
	struct req_pair *pairs = NULL;
	size_t n = 0;

	*ret_wrong = false;
	GH_TRY(form_decode(a, body, strlen(body), &pairs, &n, err));
	return form_read(a, &act_sample, pairs, n, ret, ret_wrong, err);
}

static void
decodes_names_and_values(void **state)
{
	static const char body[] = "a=1+2&b%3d=%C3%A9%26&&c&d=";
	GH_ARENA a = { 0 };
	struct gh_err err = { 0 };
	struct req_pair *pairs;
	size_t n;

	(void)state;
	assert_int_equal(form_decode(&a, body, strlen(body), &pairs, &n, &err), GH_OK);
	assert_int_equal(n, 4);
	assert_string_equal(pairs[0].value, "1 2");
	assert_string_equal(pairs[1].name, "b=");
	assert_string_equal(pairs[1].value, "é&");
	assert_string_equal(pairs[2].name, "c");
	assert_string_equal(pairs[3].value, "");
}

static void
refuses_what_is_no_form(void **state)
{
	static const struct {
		const char *body, *words;
	} bad[] = { { "a=%", "percent" }, { "a=%4", "percent" }, { "a=%4g", "percent" }, { "a=%00", "NUL" },
		{ "a=%ff", "UTF-8" }, { "%c3=1", "UTF-8" }, { "a=%ed%a0%80", "UTF-8" },
		{ "a=1&a=2", "a was sent twice" }, { "a=1&%61=2", "a was sent twice" } };
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		GH_ARENA a = { 0 };
		struct gh_err err = { 0 };
		struct req_pair *pairs;

		assert_int_equal(
		    form_decode(&a, bad[i].body, strlen(bad[i].body), &pairs, &n, &err), GH_BAD_INPUT);
		if (strstr(err.msg, bad[i].words) == NULL)
			fail_msg("%s: \"%s\"", bad[i].body, err.msg);
	}
}

static void
counts_its_fields(void **state)
{
	GH_ARENA a = { 0 };
	GH_TEXT body = { 0 };
	struct gh_err err = { 0 };
	struct req_pair *pairs;
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < FORM_FIELDS; i++)
		gh_text_putf(&body, "&f%zu=", i);
	assert_int_equal(form_decode(&a, body.data, body.len, &pairs, &n, &err), GH_OK);
	gh_text_put(&body, "&one=more");
	assert_int_equal(form_decode(&a, body.data, body.len, &pairs, &n, &err), GH_BAD_INPUT);
}

static void
tidies_and_types_values(void **state)
{
	GH_ARENA a = { 0 };
	struct gh_err err = { 0 };
	struct act_form form = { 0 };
	bool wrong;

	(void)state;
	assert_int_equal(form_of(&a, "csrf=c&key=k-1&target=+shop%09&steps=12&text=a%0D%0Ab+&password=+p+",
			     &form, &wrong, &err),
	    GH_OK);
	assert_string_equal(form.csrf, "c");
	assert_string_equal(form.key, "k-1");
	assert_string_equal(form.values[TARGET].text, "shop");
	assert_int_equal(form.values[STEPS].number, 12);
	assert_string_equal(form.values[TEXT].text, "a\nb ");
	assert_string_equal((const char *)form.values[PASSWORD].secret->data, " p ");
	assert_string_equal(form.values[PASSWORD].text, "");
	form_done(&form);
	assert_int_equal(form.values[PASSWORD].secret->len, 0);
	assert_int_equal(form.values[PASSWORD].secret->data[1], 0);
}

static void
tells_malformed_from_not_right(void **state)
{
	static const struct {
		const char *body, *words;
		bool wrong;
	} bad[] = {
		{ "csrf=c&target=a", "key is missing", false },
		{ "csrf=c&key=a%20b&target=a", "letters, digits and hyphens", false },
		{ "csrf=c&key=12345678901234567890123456789012345678901234567890123456789012345&target=a",
		    "1 to 64", false },
		{ "key=k&target=a&other=1", "no field other", false },
		{ "key=k&target=toolongtoolong&other=1", "no field other", false },
		{ "key=k", "Target is missing", true },
		{ "key=k&target=++", "Target is missing", true },
		{ "key=k&target=123456789", "Target is longer than 8 bytes (9)", true },
		{ "key=k&target=a%0Ab", "control character", true },
		{ "key=k&target=a&text=%1b", "control character", true },
		{ "key=k&target=a&steps=101", "Steps is not a number from 0 to 100", true },
		{ "key=k&target=a&steps=-1", "Steps is not a number", true },
		{ "key=k&target=a&steps=1x", "Steps is not a number", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		GH_ARENA a = { 0 };
		struct gh_err err = { 0 };
		struct act_form form = { 0 };
		bool wrong;

		assert_int_equal(form_of(&a, bad[i].body, &form, &wrong, &err), GH_BAD_INPUT);
		assert_int_equal(wrong, bad[i].wrong);
		if (strstr(err.msg, bad[i].words) == NULL)
			fail_msg("%s: \"%s\"", bad[i].body, err.msg);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_names_and_values),
		cmocka_unit_test(refuses_what_is_no_form),
		cmocka_unit_test(counts_its_fields),
		cmocka_unit_test(tidies_and_types_values),
		cmocka_unit_test(tells_malformed_from_not_right),
	};

	return cmocka_run_group_tests_name("cgi/form", tests, NULL, NULL);
}
