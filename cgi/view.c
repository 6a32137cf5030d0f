#include "base/ban.h"
#include "cgi/view.h"
#include "base/clock.h"

struct view *
view_new(struct gh_arena *a)
{
	struct view *v = gh_alloc(a, sizeof(*v));

	v->arena = a;
	v->now_us = gh_clock_now();
	return v;
}

static struct view *
child(const struct view *of)
{
	struct view *v = gh_alloc(of->arena, sizeof(*v));

	v->arena = of->arena;
	v->now_us = of->now_us;
	return v;
}

/* Room for one more element of an array that lives in the arena; the old one is left behind. */
static void *
grow(struct gh_arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	void *ret;

	if (n < *cap)
		return old;
	*cap = *cap == 0 ? 4 : *cap * 2;
	ret = gh_alloc_n(a, *cap, size);
	if (n > 0)
		memcpy(ret, old, n * size);
	return ret;
}

/* Setting a name again replaces its value. */
static struct view_field *
field(struct view *v, const char *name, enum view_kind kind)
{
	struct view_field *f;
	size_t i;

	for (i = 0; i < v->n_fields; i++) {
		const char *old = v->fields[i].name;

		/* The first letter tells most of them apart. */
		if (old == name || (*old == *name && strcmp(old, name) == 0)) {
			v->fields[i] = (struct view_field){ .name = name, .kind = kind };
			return &v->fields[i];
		}
	}
	v->fields = grow(v->arena, v->fields, v->n_fields, &v->cap_fields, sizeof(*v->fields));
	f = &v->fields[v->n_fields++];
	*f = (struct view_field){ .name = name, .kind = kind };
	return f;
}

static void
set_text(struct view_field *f, const char *text, size_t len)
{
	f->text = text;
	f->len = len;
	f->truthy = len > 0;
}

void
view_text_n(struct view *v, const char *name, const char *value, size_t len)
{
	set_text(field(v, name, VIEW_TEXT), gh_strndup(v->arena, value, len), len);
}

void
view_text(struct view *v, const char *name, const char *value)
{
	view_text_n(v, name, value == NULL ? "" : value, value == NULL ? 0 : strlen(value));
}

void
view_textf(struct view *v, const char *name, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, fmt);
	text = gh_vprintf(v->arena, fmt, ap);
	va_end(ap);
	set_text(field(v, name, VIEW_TEXT), text, strlen(text));
}

/* Numbers are most of a table: no printf. */
static void
set_number(struct view *v, struct view_field *f, int64_t value)
{
	char buf[24];
	size_t at = sizeof(buf);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		buf[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (value < 0)
		buf[--at] = '-';
	set_text(f, gh_strndup(v->arena, buf + at, sizeof(buf) - at), sizeof(buf) - at);
	f->number = value;
	f->truthy = value != 0;
}

void
view_int(struct view *v, const char *name, int64_t value)
{
	set_number(v, field(v, name, VIEW_INT), value);
}

void
view_bool(struct view *v, const char *name, bool value)
{
	struct view_field *f = field(v, name, VIEW_BOOL);

	f->number = value;
	f->truthy = value;
}

void
view_time(struct view *v, const char *name, int64_t at_us)
{
	struct view_field *f = field(v, name, VIEW_TIME);

	f->number = at_us;
	f->truthy = at_us != 0;
	f->view = v;
}

/* Most times of a row are for JSON and CSV only, and words cost more than all else of the row. */
const struct view *
view_inner(const struct view_field *f)
{
	int64_t at_us = f->number;
	char buf[GH_CLOCK_LEN];
	struct view *v;

	if (f->kind != VIEW_TIME)
		return f->view;
	v = child(f->view);
	view_text(v, "iso", at_us == 0 ? "" : gh_clock_iso(at_us, buf));
	view_text(v, "utc", at_us == 0 ? "" : gh_clock_utc(at_us, buf));
	view_text(v, "ago", at_us == 0 ? "" : gh_clock_ago(at_us, v->now_us, buf));
	return v;
}

void
view_span(struct view *v, const char *name, int64_t us)
{
	struct view_field *f = field(v, name, VIEW_SPAN);
	char buf[GH_CLOCK_LEN];

	f->number = us;
	if (us >= 0) {
		const char *text = gh_strdup(v->arena, gh_clock_span(us, buf));

		set_text(f, text, strlen(text));
	} else {
		set_text(f, "", 0);
	}
}

void
view_bytes(struct view *v, const char *name, int64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB" };
	struct view_field *f = field(v, name, VIEW_BYTES);
	double value = (double)bytes;
	const char *text;
	size_t unit = 0;

	f->number = bytes;
	if (bytes < 0) {
		set_text(f, "", 0);
		return;
	}
	for (; value >= 999.95 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		value /= 1000;
	text = gh_printf(v->arena, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
	set_text(f, text, strlen(text));
}

struct view *
view_object(struct view *v, const char *name)
{
	struct view_field *f = field(v, name, VIEW_OBJECT);

	f->truthy = true;
	f->view = child(v);
	return f->view;
}

struct view *
view_form(struct view *v, const char *name)
{
	struct view_field *f = field(v, name, VIEW_FORM);

	f->truthy = true;
	f->view = child(v);
	return f->view;
}

struct view *
view_list(struct view *v, const char *name)
{
	struct view_field *f = field(v, name, VIEW_LIST);

	f->view = child(v);
	return f->view;
}

struct view *
view_item(struct view *list)
{
	struct view *v = child(list);
	size_t n = list->n_items == 0 ? 0 : list->items[list->n_items - 1]->n_fields;

	/* As many fields as the row before has. */
	if (n > 0) {
		v->fields = gh_alloc_n(v->arena, n, sizeof(*v->fields));
		v->cap_fields = n;
	}
	list->items = grow(list->arena, list->items, list->n_items, &list->cap_items,
	    sizeof(struct view *)); /* NOLINT(bugprone-sizeof-expression) */
	list->items[list->n_items++] = v;
	return v;
}

void
view_markup(struct view *v, const char *name, struct markup m)
{
	struct view_field *f = field(v, name, VIEW_MARKUP);

	set_text(f, m.html, strlen(m.html));
	f->plain = m.text;
}

const struct view_field *
view_find(const struct view *v, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < v->n_fields; i++) {
		if (strncmp(v->fields[i].name, name, len) == 0 && v->fields[i].name[len] == '\0')
			return &v->fields[i];
	}
	return NULL;
}

/* RFC 3986: what is not unreserved is escaped, '/' included. */
static void
put_escaped(struct gh_text *t, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (isalnum(c) || strchr("-._~", c) != NULL)
			gh_text_putc(t, (char)c);
		else
			gh_text_putf(t, "%%%02X", (unsigned)c);
	}
}

const char *
view_url_text(struct gh_arena *a, const char *fmt, va_list ap)
{
	GH_TEXT t = { 0 };
	const char *text;

	for (; *fmt != '\0'; fmt++) {
		if (*fmt != '%') {
			gh_text_putc(&t, *fmt);
		} else if (fmt[1] == 's') {
			text = va_arg(ap, const char *);
			put_escaped(&t, text == NULL ? "" : text);
			fmt++;
		} else if (strncmp(fmt, "%d64", 4) == 0) {
			gh_text_putf(&t, "%" PRId64, va_arg(ap, int64_t));
			fmt += 3;
		} else if (fmt[1] == '%') {
			gh_text_putc(&t, '%');
			fmt++;
		} else {
			gh_bug("bad format of a URL: %s", fmt);
		}
	}
	return gh_strndup(a, gh_text_str(&t), t.len);
}

void
view_url(struct view *v, const char *name, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = view_url_text(v->arena, fmt, ap);
	va_end(ap);
	set_text(field(v, name, VIEW_TEXT), text, strlen(text));
}
