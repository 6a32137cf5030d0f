/*
 * A view: what a page says, as a tree of named values.  The templates read it, and ?format=json and
 * ?format=csv print it.  Names are string literals, text is copied into the arena.  A name that a template
 * asks for and the view lacks is an error when rendering: declare all, also the empty ones.
 */
#ifndef GH_CGI_VIEW_H
#define GH_CGI_VIEW_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* HTML that is printed as it is.  Only cgi/highlight.c makes one. */
struct markup {
	const char *html;
	const char *text; /* what it shows, for JSON and CSV */
};

enum view_kind {
	VIEW_TEXT,
	VIEW_INT,
	VIEW_BOOL,
	VIEW_TIME,  /* a section gives {iso, utc, ago} */
	VIEW_SPAN,  /* printed as text, a number of microseconds in JSON */
	VIEW_BYTES, /* printed as text, a number in JSON */
	VIEW_OBJECT,
	VIEW_FORM, /* an object that JSON and CSV leave out */
	VIEW_LIST,
	VIEW_MARKUP,
};

struct view_field {
	const char *name;
	enum view_kind kind;
	bool truthy;
	size_t len;        /* of text */
	const char *text;  /* NULL: has no text form */
	const char *plain; /* markup: its text */
	int64_t number;
	struct view *view; /* object, list; of a time where it stands in */
};

struct view {
	struct gh_arena *arena;
	int64_t now_us; /* for "4 minutes ago" */
	struct view_field *fields;
	size_t n_fields, cap_fields;
	struct view **items; /* of a list */
	size_t n_items, cap_items;
};

struct view *view_new(struct gh_arena *a) __attribute__((returns_nonnull));
void view_text(struct view *v, const char *name, const char *value); /* NULL: "" ; falsy when "" */
void view_text_n(struct view *v, const char *name, const char *value, size_t len);
void view_textf(struct view *v, const char *name, const char *fmt, ...) GH_PRINTF(3, 4);
void view_int(struct view *v, const char *name, int64_t value); /* falsy when 0 */
void view_bool(struct view *v, const char *name, bool value);
void view_time(struct view *v, const char *name, int64_t at_us);  /* falsy when 0 */
void view_span(struct view *v, const char *name, int64_t us);     /* "4.2 s"; falsy when negative */
void view_bytes(struct view *v, const char *name, int64_t bytes); /* "12.3 MB"; falsy when negative */
struct view *view_object(struct view *v, const char *name);
struct view *view_list(struct view *v, const char *name); /* an empty list: falsy */
struct view *view_item(struct view *list);                /* appends an object */
void view_markup(struct view *v, const char *name, struct markup m);
/* An object that only HTML shows: the tokens of a form.  Pages use req_form (cgi/req.h). */
struct view *view_form(struct view *v, const char *name);
/*
 * A path: in fmt, %s is a text, escaped so that it is one part or one value; %d64 is an int64_t; %% a percent
 * sign. view_url(v, "next", "/runs?target=%s&cursor=%s", target, next);   view_url(v, "url", "/runs/%d64",
 * id);
 */
void view_url(struct view *v, const char *name, const char *fmt, ...);
const char *view_url_text(struct gh_arena *a, const char *fmt, va_list ap) __attribute__((returns_nonnull));

/* NULL when v has no such field. */
const struct view_field *view_find(const struct view *v, const char *name, size_t len);

/* What a section over the field sees, NULL when it has no fields.  The words of a time are made now. */
const struct view *view_inner(const struct view_field *f);

/* The whole tree as JSON; numbers and booleans typed, times as ISO texts (null when there is none). */
void view_json(const struct view *v, struct gh_text *ret);
/* The list called name as CSV (RFC 4180, first line the names; objects flattened as "object.field"). */
enum gh_code view_csv(
    const struct view *v, const char *name, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;

#endif
