#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "cgi/template.h"

/* A template, strict and not: it is refused with a reason, or renders; a value's brackets never come through.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GH_ARENA a = { 0 };
	GH_TEXT out = { .limit = 1 << 20 };
	struct view *v = view_new(&a), *list;
	struct template_set *set = NULL;
	struct gh_err err = { 0 };
	bool strict = size > 0 && data[0] % 2 == 1;
	const char *text = gh_strndup(&a, (const char *)data, size);
	const struct template_source sources[] = { { "main", "main", text },
		{ "part", "part", "\n{{x}}{{>own}}\n" }, { "own", "own", "{{#a}}{{b}}{{/a}}" } };

	view_text(v, "x", "\x01<script>");
	view_text(view_object(v, "a"), "b", "&");
	list = view_list(v, "l");
	view_text(view_item(list), "x", "1");
	view_text(view_item(list), "x", "2");
	if (template_set_new(sources, 3, strict, &set, &err) == GH_OK &&
	    template_render(set, 0, NULL, v, &out, &err) == GH_OK && strchr(text, '\x01') == NULL &&
	    strstr(gh_text_str(&out), "\x01<") != NULL)
		gh_bug("a value came through as it is");
	else if (err.code != GH_OK && err.msg[0] == '\0')
		gh_bug("a refusal without a reason");
	template_set_free(set);
	return 0;
}
