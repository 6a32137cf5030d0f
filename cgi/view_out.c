#include "base/ban.h"
#include "cgi/view.h"

#include "base/clock.h"

static void
put_time(int64_t at_us, struct gh_text *ret)
{
	char buf[GH_CLOCK_LEN];

	if (at_us == 0)
		gh_text_put(ret, "null");
	else
		gh_text_put_json(ret, gh_clock_iso(at_us, buf));
}

static void
put_list(const struct view *list, struct gh_text *ret)
{
	size_t i;

	gh_text_putc(ret, '[');
	for (i = 0; i < list->n_items; i++) {
		if (i > 0)
			gh_text_putc(ret, ',');
		view_json(list->items[i], ret);
	}
	gh_text_putc(ret, ']');
}

static void
put_value(const struct view_field *f, struct gh_text *ret)
{
	switch (f->kind) {
	case VIEW_TEXT:
		gh_text_put_json(ret, f->text);
		break;
	case VIEW_MARKUP:
		gh_text_put_json(ret, f->plain);
		break;
	case VIEW_INT:
		gh_text_put(ret, f->text);
		break;
	case VIEW_BOOL:
		gh_text_put(ret, f->truthy ? "true" : "false");
		break;
	case VIEW_TIME:
		put_time(f->number, ret);
		break;
	case VIEW_SPAN:
	case VIEW_BYTES:
		if (f->number < 0)
			gh_text_put(ret, "null");
		else
			gh_text_putf(ret, "%" PRId64, f->number);
		break;
	case VIEW_OBJECT:
	case VIEW_FORM:
		view_json(f->view, ret);
		break;
	case VIEW_LIST:
		put_list(f->view, ret);
		break;
	}
}

void
view_json(const struct view *v, struct gh_text *ret)
{
	bool first = true;
	size_t i;

	gh_text_putc(ret, '{');
	for (i = 0; i < v->n_fields; i++) {
		if (v->fields[i].kind == VIEW_FORM)
			continue;
		if (!first)
			gh_text_putc(ret, ',');
		first = false;
		gh_text_put_json(ret, v->fields[i].name);
		gh_text_putc(ret, ':');
		put_value(&v->fields[i], ret);
	}
	gh_text_putc(ret, '}');
}

/* A text that a spreadsheet would take for a formula gets an apostrophe before it. */
static void
put_cell(const char *s, struct gh_text *ret)
{
	bool formula = *s != '\0' && strchr("=+-@\t\r", *s) != NULL;

	if (!formula && strpbrk(s, ",\"\r\n") == NULL) {
		gh_text_put(ret, s);
		return;
	}
	gh_text_put(ret, formula ? "\"'" : "\"");
	for (; *s != '\0'; s++) {
		if (*s == '"')
			gh_text_putc(ret, '"');
		gh_text_putc(ret, *s);
	}
	gh_text_putc(ret, '"');
}

static void
put_field(const struct view_field *f, struct gh_text *ret)
{
	char buf[GH_CLOCK_LEN];

	switch (f->kind) {
	case VIEW_TEXT:
		put_cell(f->text, ret);
		break;
	case VIEW_MARKUP:
		put_cell(f->plain, ret);
		break;
	case VIEW_INT:
		gh_text_put(ret, f->text);
		break;
	case VIEW_BOOL:
		gh_text_put(ret, f->truthy ? "true" : "false");
		break;
	case VIEW_TIME:
		gh_text_put(ret, f->number == 0 ? "" : gh_clock_iso(f->number, buf));
		break;
	case VIEW_SPAN:
	case VIEW_BYTES:
		if (f->number >= 0)
			gh_text_putf(ret, "%" PRId64, f->number);
		break;
	case VIEW_OBJECT:
	case VIEW_FORM:
	case VIEW_LIST:
		break;
	}
}

/*
 * One line; shape gives the columns (the first item's fields), so that every line has the same.  With v NULL
 * the names are written.
 */
static void
put_line(const struct view *shape, const struct view *v, const char *prefix, bool *first, struct gh_text *ret)
{
	size_t i;

	for (i = 0; i < shape->n_fields; i++) {
		const struct view_field *f = &shape->fields[i];
		const struct view_field *value = v == NULL ? NULL : view_find(v, f->name, strlen(f->name));

		if (f->kind == VIEW_LIST || f->kind == VIEW_FORM)
			continue;
		if (f->kind == VIEW_OBJECT) {
			put_line(f->view,
			    v == NULL || value == NULL || value->kind != VIEW_OBJECT ? NULL : value->view,
			    f->name, first, ret);
			continue;
		}
		if (!*first)
			gh_text_putc(ret, ',');
		*first = false;
		if (v != NULL && value != NULL)
			put_field(value, ret);
		else if (v == NULL)
			gh_text_putf(ret, "%s%s%s", prefix, *prefix == '\0' ? "" : ".", f->name);
	}
}

enum gh_code
view_csv(const struct view *v, const char *name, struct gh_text *ret, struct gh_err *err)
{
	const struct view_field *f = view_find(v, name, strlen(name));
	const struct view *shape;
	bool first = true;
	size_t i;

	if (f == NULL || f->kind != VIEW_LIST)
		return gh_fail(err, GH_INTERNAL, "the view has no list %s", name);
	if (f->view->n_items == 0)
		return GH_OK;
	shape = f->view->items[0];
	put_line(shape, NULL, "", &first, ret);
	gh_text_put(ret, "\r\n");
	for (i = 0; i < f->view->n_items; i++) {
		first = true;
		put_line(shape, f->view->items[i], "", &first, ret);
		gh_text_put(ret, "\r\n");
	}
	return GH_OK;
}
