/*
 * Mustache, a subset: {{name}} always escaped, {{#section}}, {{^inverted}}, {{>partial}}, {{!comment}}, {{=<%
 * %>=}}, dotted names and {{.}}.  There is no raw form: {{{name}}} and {{&name}} are refused when the set is
 * made.
 *
 * A set is parsed once into short programs.  Strict sets (the pages') refuse unknown partials when they are
 * made and unknown names when they render; the others follow the Mustache specification: what is missing is
 * empty.
 */
#ifndef GH_CGI_TEMPLATE_H
#define GH_CGI_TEMPLATE_H

#include "cgi/templates.gen.h"
#include "cgi/view.h"

struct template_set;

/* Errors name file and line.  The sources must outlive the set. */
enum gh_code template_set_new(const struct template_source *sources, size_t n, bool strict,
    struct template_set **ret, struct gh_err *err) GH_MUST_USE;
void template_set_free(struct template_set *set);

/* Renders source number id; names are looked up in inner, then in outer (which may be NULL). */
enum gh_code template_render(const struct template_set *set, size_t id, const struct view *outer,
    const struct view *inner, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;

/* Between parser and renderer. */
enum template_op { TEMPLATE_TEXT, TEMPLATE_VALUE, TEMPLATE_SECTION, TEMPLATE_INVERTED, TEMPLATE_PARTIAL };

#define TEMPLATE_PARTS 6

struct template_step {
	enum template_op op;
	int line;
	const char *text; /* literal, or the whole name */
	size_t len;
	const char *parts[TEMPLATE_PARTS]; /* of a dotted name */
	size_t n_parts;
	size_t hint; /* where the name was found last */
	size_t end;  /* section: the step after its last one */
	struct template_program *partial;
};

struct template_program {
	struct template_program *next;
	size_t id;
	const char *file, *indent;
	struct template_step *steps;
	size_t n, cap;
};

/* The program of a partial, parsed when it is new; *ret NULL when there is none and the set is not strict. */
enum gh_code template_program_get(struct template_set *set, const char *name, size_t name_len,
    const char *indent, struct template_program **ret, struct gh_err *err) GH_MUST_USE;
/* Parses text into p. */
enum gh_code template_parse(struct template_set *set, struct gh_arena *a, const char *text,
    struct template_program *p, struct gh_err *err) GH_MUST_USE;

#endif
