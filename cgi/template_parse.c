#include "base/ban.h"
#include "cgi/template.h"

#define DEPTH 32 /* sections within sections */
#define DELIM 16

struct parser {
	struct template_set *set;
	struct gh_arena *arena;
	struct template_program *program;
	const char *text, *at;
	const char *counted; /* line was counted up to here */
	int line;
	char open[DELIM], close[DELIM];
	size_t sections[DEPTH]; /* steps of the open ones */
	size_t depth;
};

struct tag {
	char type;                 /* '\0' a value */
	const char *start, *after; /* of the whole tag */
	const char *name;
	size_t len;
};

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static int
line_of(struct parser *p, const char *at)
{
	for (; p->counted < at; p->counted++)
		p->line += *p->counted == '\n';
	return p->line;
}

#define refuse(p, at, err, ...) refuse_at((p), line_of((p), (at)), (err), __VA_ARGS__)
static enum gh_code refuse_at(const struct parser *p, int line, struct gh_err *err, const char *fmt, ...)
    GH_PRINTF(4, 5);
static enum gh_code
refuse_at(const struct parser *p, int line, struct gh_err *err, const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return gh_fail(err, GH_BAD_INPUT, "%s:%d: %s", p->program->file, line, why);
}

static struct template_step *
step(struct parser *p, enum template_op op, const char *at)
{
	struct template_program *g = p->program;
	struct template_step *s;

	if (g->n == g->cap) {
		s = gh_alloc_n(p->arena, g->cap == 0 ? 32 : g->cap * 2, sizeof(*s));
		if (g->n > 0)
			memcpy(s, g->steps, g->n * sizeof(*s));
		g->steps = s;
		g->cap = g->cap == 0 ? 32 : g->cap * 2;
	}
	s = &g->steps[g->n++];
	s->op = op;
	s->line = line_of(p, at);
	return s;
}

static void
literal(struct parser *p, const char *from, const char *to)
{
	struct template_step *s;

	if (from >= to)
		return;
	s = step(p, TEMPLATE_TEXT, from);
	s->text = from;
	s->len = (size_t)(to - from);
}

static enum gh_code
name_parts(struct parser *p, const struct tag *t, struct template_step *s, struct gh_err *err)
{
	const char *from = gh_strndup(p->arena, t->name, t->len), *dot;

	s->text = from;
	s->len = t->len;
	if (strcmp(from, ".") == 0) {
		s->parts[s->n_parts++] = from;
		return GH_OK;
	}
	do {
		dot = strchr(from, '.');
		if (s->n_parts == TEMPLATE_PARTS)
			return refuse(
			    p, t->start, err, "the name %s has more than %d parts", s->text, TEMPLATE_PARTS);
		s->parts[s->n_parts] = dot == NULL ? from : gh_strndup(p->arena, from, (size_t)(dot - from));
		if (*s->parts[s->n_parts++] == '\0')
			return refuse(p, t->start, err, "the name %s has an empty part", s->text);
		from = dot == NULL ? from : dot + 1;
	} while (dot != NULL);
	return GH_OK;
}

/* {{=<% %>=}}: two words between the equal signs. */
static enum gh_code
set_delimiters(struct parser *p, const struct tag *t, struct gh_err *err)
{
	const char *end = t->name + t->len, *mid = t->name, *second;

	while (mid < end && !isspace((unsigned char)*mid))
		mid++;
	for (second = mid; second < end && isspace((unsigned char)*second); second++)
		;
	if (mid == t->name || second == end || (size_t)(mid - t->name) >= DELIM ||
	    (size_t)(end - second) >= DELIM || memchr(t->name, '=', t->len) != NULL)
		return refuse(p, t->start, err, "delimiters that cannot be");
	(void)snprintf(p->open, DELIM, "%.*s", (int)(mid - t->name), t->name);
	(void)snprintf(p->close, DELIM, "%.*s", (int)(end - second), second);
	return GH_OK;
}

/* Reads the tag that starts at p->at. */
static enum gh_code
read_tag(struct parser *p, struct tag *t, struct gh_err *err)
{
	char closing[DELIM + 1];
	const char *end;

	t->start = p->at;
	t->name = p->at + strlen(p->open);
	t->type = '\0';
	if (*t->name == '{' || *t->name == '&')
		return refuse(p, t->start, err, "there is no raw form: values are always escaped");
	if (*t->name != '\0' && strchr("#^/>!=", *t->name) != NULL)
		t->type = *t->name++;
	(void)snprintf(closing, sizeof(closing), "%s%s", t->type == '=' ? "=" : "", p->close);
	end = strstr(t->name, closing);
	if (end == NULL)
		return refuse(p, t->start, err, "a tag is not closed");
	t->after = end + strlen(closing);
	while (t->name < end && isspace((unsigned char)*t->name))
		t->name++;
	while (end > t->name && isspace((unsigned char)end[-1]))
		end--;
	t->len = (size_t)(end - t->name);
	if (t->type == '!' || t->type == '=')
		return GH_OK;
	if (t->len == 0)
		return refuse(p, t->start, err, "a tag without a name");
	for (; end > t->name; end--) {
		if (isspace((unsigned char)end[-1]) || strchr("{}<>\"'&", end[-1]) != NULL)
			return refuse(p, t->start, err, "a name with white space or brackets: %.*s",
			    (int)t->len, t->name);
	}
	return GH_OK;
}

/* A tag that is no value and alone on its line takes the line along: gives where it starts and ends. */
static bool
standalone(const struct parser *p, const struct tag *t, const char **ret_from, const char **ret_to)
{
	const char *from = t->start, *to = t->after;

	if (t->type == '\0')
		return false;
	while (from > p->text && blank(from[-1]))
		from--;
	while (blank(*to))
		to++;
	if ((from > p->text && from[-1] != '\n') || from < p->at)
		return false;
	if (*to == '\r' && to[1] == '\n')
		to++;
	if (*to != '\n' && *to != '\0')
		return false;
	*ret_from = from;
	*ret_to = *to == '\n' ? to + 1 : to;
	return true;
}

static enum gh_code
open_section(struct parser *p, const struct tag *t, struct gh_err *err)
{
	struct template_step *s = step(p, t->type == '#' ? TEMPLATE_SECTION : TEMPLATE_INVERTED, t->start);

	if (p->depth == DEPTH)
		return refuse(p, t->start, err, "sections are nested deeper than %d", DEPTH);
	p->sections[p->depth++] = p->program->n - 1;
	return name_parts(p, t, s, err);
}

static enum gh_code
close_section(struct parser *p, const struct tag *t, struct gh_err *err)
{
	struct template_step *s;

	if (p->depth == 0)
		return refuse(p, t->start, err, "{{/%.*s}} closes nothing", (int)t->len, t->name);
	s = &p->program->steps[p->sections[--p->depth]];
	if (s->len != t->len || memcmp(s->text, t->name, t->len) != 0)
		return refuse(p, t->start, err, "{{/%.*s}} closes %s of line %d", (int)t->len, t->name,
		    s->text, s->line);
	s->end = p->program->n;
	return GH_OK;
}

static enum gh_code
add_tag(struct parser *p, const struct tag *t, const char *indent, struct gh_err *err)
{
	struct template_program *partial = NULL;
	struct template_step *s;

	switch (t->type) {
	case '!':
		return GH_OK;
	case '=':
		return set_delimiters(p, t, err);
	case '#':
	case '^':
		return open_section(p, t, err);
	case '/':
		return close_section(p, t, err);
	case '>':
		if (template_program_get(p->set, t->name, t->len, indent, &partial, err) != GH_OK)
			return err == NULL ? GH_BAD_INPUT : err->code;
		if (partial == NULL)
			return GH_OK;
		s = step(p, TEMPLATE_PARTIAL, t->start);
		s->partial = partial;
		return GH_OK;
	default:
		return name_parts(p, t, step(p, TEMPLATE_VALUE, t->start), err);
	}
}

enum gh_code
template_parse(struct template_set *set, struct gh_arena *a, const char *text,
    struct template_program *program, struct gh_err *err)
{
	struct parser p = { .set = set,
		.arena = a,
		.program = program,
		.text = text,
		.at = text,
		.counted = text,
		.line = 1,
		.open = "{{",
		.close = "}}" };
	const char *literal_from = text, *from, *to, *indent;
	struct tag t = { .start = text, .name = text, .after = text };

	while ((p.at = strstr(literal_from, p.open)) != NULL) {
		GH_TRY(read_tag(&p, &t, err));
		p.at = literal_from;
		indent = "";
		from = t.start;
		to = t.after;
		if (standalone(&p, &t, &from, &to))
			indent = gh_strndup(a, from, (size_t)(t.start - from));
		literal(&p, literal_from, from);
		GH_TRY(add_tag(&p, &t, indent, err));
		literal_from = to;
	}
	if (p.depth > 0) {
		const struct template_step *s = &program->steps[p.sections[p.depth - 1]];

		return refuse_at(&p, s->line, err, "the section %s is not closed", s->text);
	}
	literal(&p, literal_from, literal_from + strlen(literal_from));
	return GH_OK;
}
