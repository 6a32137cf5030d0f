#include "base/ban.h"
#include "tests/cgi/mustache_spec.h"

#include "cgi/template.h"

#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>

#define PARTIALS 8

static void add(struct view *v, const char *name, json_t *value);

static void
add_members(struct view *v, json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) add(v, key, value);
}

static void
add_number(struct view *v, const char *name, json_t *value)
{
	if (json_is_integer(value))
		view_textf(v, name, "%lld", (long long)json_integer_value(value));
	else
		view_textf(v, name, "%g", json_real_value(value));
}

/* An element that is no object is the view's only value, called ".". */
static void
add(struct view *v, const char *name, json_t *value)
{
	struct view *list;
	json_t *element;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		add_members(view_object(v, name), value);
		break;
	case JSON_ARRAY:
		list = view_list(v, name);
		json_array_foreach(value, i, element)
		{
			struct view *item = view_item(list);

			if (json_is_object(element))
				add_members(item, element);
			else
				add(item, ".", element);
		}
		break;
	case JSON_STRING:
		view_text(v, name, json_string_value(value));
		break;
	case JSON_INTEGER:
	case JSON_REAL:
		add_number(v, name, value);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		view_bool(v, name, json_is_true(value));
		break;
	case JSON_NULL:
		view_text(v, name, "");
		break;
	}
}

static bool
is_raw(const char *text)
{
	return strstr(text, "{{{") != NULL || strstr(text, "{{&") != NULL || strstr(text, "{{ &") != NULL ||
	    strstr(text, "|&") != NULL;
}

static void
one(const json_t *test, struct spec_count *count)
{
	struct template_source sources[PARTIALS] = { { .name = "main", .file = "main" } };
	json_t *partials = json_object_get(test, "partials"), *data = json_object_get(test, "data"), *text;
	const char *name = json_string_value(json_object_get(test, "name")), *key;
	struct template_set *set = NULL;
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	GH_TEXT out = { 0 };
	struct view *v = view_new(&a);
	size_t n = 1;
	bool raw;

	sources[0].text = json_string_value(json_object_get(test, "template"));
	raw = is_raw(sources[0].text);
	json_object_foreach(partials, key, text)
	{
		sources[n++] =
		    (struct template_source){ .name = key, .file = key, .text = json_string_value(text) };
		raw = raw || is_raw(json_string_value(text));
	}
	if (raw) {
		assert_int_equal(template_set_new(sources, n, false, &set, &err), GH_BAD_INPUT);
		assert_non_null(strstr(err.msg, "no raw form"));
		count->refused++;
		return;
	}
	if (json_is_object(data))
		add_members(v, data);
	else
		add(v, ".", data);
	if (template_set_new(sources, n, false, &set, &err) != GH_OK ||
	    template_render(set, 0, NULL, v, &out, &err) != GH_OK)
		fail_msg("%s: %s", name, err.msg);
	if (strcmp(gh_text_str(&out), json_string_value(json_object_get(test, "expected"))) != 0)
		fail_msg("%s: got \"%s\"", name, gh_text_str(&out));
	template_set_free(set);
	count->run++;
}

bool
spec_file(const char *folder, const char *name, struct spec_count *count)
{
	char path[PATH_MAX];
	json_t *file, *test;
	size_t i;

	(void)snprintf(path, sizeof(path), "%s/%s.json", folder, name);
	file = json_load_file(path, 0, NULL);
	if (file == NULL)
		return false;
	json_array_foreach(json_object_get(file, "tests"), i, test) one(test, count);
	json_decref(file);
	return true;
}
