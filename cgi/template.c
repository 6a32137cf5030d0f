#include "base/ban.h"
#include "cgi/template.h"

#define DEPTH    48  /* contexts and partials within each other */
#define PROGRAMS 400 /* a partial that includes itself with ever more indentation ends here */

struct template_set {
	struct gh_arena arena;
	const struct template_source *sources;
	size_t n, n_programs;
	bool strict;
	struct template_program *programs; /* newest first */
	struct template_program **by_id;
};

/* A context: a view, or the single value of a section over a text. */
struct frame {
	const struct view *view;
	const struct view_field *value;
};

struct renderer {
	const struct template_set *set;
	struct frame frames[DEPTH];
	size_t depth, partials;
	struct gh_text *out;
	struct gh_err *err;
};

/* Every line of a partial's text starts with the indentation of its tag. */
static const char *
indented(struct gh_arena *a, const char *text, const char *indent)
{
	GH_TEXT t = { 0 };
	const char *nl;

	if (*indent == '\0')
		return text;
	while (*text != '\0') {
		nl = strchr(text, '\n');
		gh_text_put(&t, indent);
		gh_text_put_n(&t, text, nl == NULL ? strlen(text) : (size_t)(nl - text) + 1);
		text = nl == NULL ? "" : nl + 1;
	}
	return gh_strndup(a, gh_text_str(&t), t.len);
}

enum gh_code
template_program_get(struct template_set *set, const char *name, size_t name_len, const char *indent,
    struct template_program **ret, struct gh_err *err)
{
	struct template_program *p;
	size_t id;

	*ret = NULL;
	for (id = 0; id < set->n; id++) {
		if (strncmp(set->sources[id].name, name, name_len) == 0 &&
		    set->sources[id].name[name_len] == '\0')
			break;
	}
	if (id == set->n)
		return set->strict
		    ? gh_fail(err, GH_BAD_INPUT, "there is no partial %.*s", (int)name_len, name)
		    : GH_OK;
	for (p = set->programs; p != NULL; p = p->next) {
		if (p->id == id && strcmp(p->indent, indent) == 0) {
			*ret = p;
			return GH_OK;
		}
	}
	if (set->n_programs++ >= PROGRAMS)
		return gh_fail(err, GH_BAD_INPUT, "%s: includes itself with ever more indentation",
		    set->sources[id].file);
	p = gh_alloc(&set->arena, sizeof(*p));
	p->id = id;
	p->file = set->sources[id].file;
	p->indent = gh_strdup(&set->arena, indent);
	/* Known before it is parsed, so that a partial may include itself. */
	p->next = set->programs;
	set->programs = p;
	*ret = p;
	return template_parse(set, &set->arena, indented(&set->arena, set->sources[id].text, indent), p, err);
}

enum gh_code
template_set_new(const struct template_source *sources, size_t n, bool strict, struct template_set **ret,
    struct gh_err *err)
{
	struct template_set *set = calloc(1, sizeof(*set));
	size_t i;

	*ret = NULL;
	if (set == NULL)
		gh_bug("out of memory");
	set->sources = sources;
	set->n = n;
	set->strict = strict;
	set->by_id = gh_alloc_n(&set->arena, n, sizeof(struct template_program *));
	for (i = 0; i < n; i++) {
		enum gh_code code = template_program_get(
		    set, sources[i].name, strlen(sources[i].name), "", &set->by_id[i], err);

		if (code != GH_OK) {
			template_set_free(set);
			return code;
		}
	}
	*ret = set;
	return GH_OK;
}

void
template_set_free(struct template_set *set)
{
	if (set == NULL)
		return;
	gh_arena_done(&set->arena);
	free(set);
}

/* Rows of a list have the same fields in the same order: the place where it was last is asked first. */
static const struct view_field *
find(const struct view *v, const char *name, size_t *hint)
{
	size_t i;

	if (*hint < v->n_fields && strcmp(v->fields[*hint].name, name) == 0)
		return &v->fields[*hint];
	for (i = 0; i < v->n_fields; i++) {
		if (*v->fields[i].name == *name && strcmp(v->fields[i].name, name) == 0) {
			*hint = i;
			return &v->fields[i];
		}
	}
	return NULL;
}

static const struct view_field *
resolve(struct renderer *r, struct template_step *s)
{
	const struct frame *top = &r->frames[r->depth - 1];
	const struct view_field *f = NULL;
	size_t i, ignored;

	if (s->parts[0][0] == '.')
		return top->view == NULL ? top->value : find(top->view, ".", &s->hint);
	for (i = r->depth; i > 0 && f == NULL; i--) {
		if (r->frames[i - 1].view != NULL)
			f = find(r->frames[i - 1].view, s->parts[0], &s->hint);
	}
	for (i = 1; i < s->n_parts && f != NULL; i++) {
		ignored = SIZE_MAX;
		f = f->view == NULL || f->kind == VIEW_LIST ? NULL
							    : find(view_inner(f), s->parts[i], &ignored);
	}
	return f;
}

static enum gh_code
fail(const struct renderer *r, const struct template_program *p, const struct template_step *s,
    const char *why)
{
	return gh_fail(r->err, GH_INTERNAL, "%s:%d: %s%s%s", p->file, s->line, s->text == NULL ? "" : s->text,
	    s->text == NULL ? "" : " ", why);
}

static enum gh_code run(struct renderer *r, struct template_program *p, size_t from, size_t to);

static enum gh_code
value(struct renderer *r, struct template_program *p, struct template_step *s)
{
	const struct view_field *f = resolve(r, s);

	if (f == NULL)
		return r->set->strict ? fail(r, p, s, "is not in the view") : GH_OK;
	if (f->text == NULL)
		return r->set->strict ? fail(r, p, s, "has no text: it is for a section") : GH_OK;
	if (f->kind == VIEW_MARKUP)
		gh_text_put_n(r->out, f->text, f->len);
	else
		gh_text_put_html(r->out, f->text, f->len);
	return GH_OK;
}

static enum gh_code
within(struct renderer *r, struct template_program *p, size_t at, struct frame frame)
{
	struct template_step *s = &p->steps[at];
	enum gh_code code;

	if (r->depth == DEPTH)
		return fail(r, p, s, "is nested too deep");
	r->frames[r->depth++] = frame;
	code = run(r, p, at + 1, s->end);
	r->depth--;
	return code;
}

static enum gh_code
section(struct renderer *r, struct template_program *p, size_t at)
{
	struct template_step *s = &p->steps[at];
	const struct view_field *f = resolve(r, s);
	size_t i;

	if (f == NULL && r->set->strict)
		return fail(r, p, s, "is not in the view");
	if (s->op == TEMPLATE_INVERTED) {
		if (f == NULL || (f->kind == VIEW_LIST ? f->view->n_items == 0 : !f->truthy))
			return run(r, p, at + 1, s->end);
		return GH_OK;
	}
	if (f == NULL)
		return GH_OK;
	if (f->kind == VIEW_LIST) {
		for (i = 0; i < f->view->n_items; i++)
			GH_TRY(within(r, p, at, (struct frame){ .view = f->view->items[i] }));
		return GH_OK;
	}
	if (!f->truthy)
		return GH_OK;
	return within(r, p, at, (struct frame){ .view = view_inner(f), .value = f });
}

static enum gh_code
run(struct renderer *r, struct template_program *p, size_t from, size_t to)
{
	struct template_step *s;
	size_t i;

	for (i = from; i < to; i++) {
		s = &p->steps[i];
		switch (s->op) {
		case TEMPLATE_TEXT:
			gh_text_put_n(r->out, s->text, s->len);
			break;
		case TEMPLATE_VALUE:
			GH_TRY(value(r, p, s));
			break;
		case TEMPLATE_SECTION:
		case TEMPLATE_INVERTED:
			GH_TRY(section(r, p, i));
			i = s->end - 1;
			break;
		case TEMPLATE_PARTIAL:
			if (r->partials++ == DEPTH)
				return fail(r, p, s, "includes itself for ever");
			GH_TRY(run(r, s->partial, 0, s->partial->n));
			r->partials--;
			break;
		}
	}
	return GH_OK;
}

enum gh_code
template_render(const struct template_set *set, size_t id, const struct view *outer, const struct view *inner,
    struct gh_text *ret, struct gh_err *err)
{
	struct renderer r = { .set = set, .out = ret, .err = err };

	if (outer != NULL)
		r.frames[r.depth++].view = outer;
	r.frames[r.depth++].view = inner;
	GH_TRY(run(&r, set->by_id[id], 0, set->by_id[id]->n));
	return ret->full ? gh_fail(err, GH_INTERNAL, "the page is too large") : GH_OK;
}
