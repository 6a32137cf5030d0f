#include "base/ban.h"
#include "migration/sqitch_plan.h"

#include <ctype.h>
#include <inttypes.h>

#define LINES_MAX 20000

struct reader {
	struct gh_arena *a;
	const char *file;
	struct sqitch_plan *plan;
	int64_t line;
	size_t since; /* position of the first change after the last tag */
	bool header;
};

/* One line cut into what stands before # and the note behind it. */
struct cut {
	const char *p, *end; /* without blanks at its end */
	const char *note;    /* unescaped; "" none */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
skip_blanks(const char **p, const char *end)
{
	while (*p < end && is_blank(**p))
		(*p)++;
}

static void
refuse(struct reader *r, const char *why)
{
	if (r->plan->problem[0] == '\0')
		r->plan->problem = gh_printf(r->a, "%s:%" PRId64 ":1: %s", r->file, r->line, why);
}

/* Without white space around it; \n, \r and \\ as what they stand for. */
static const char *
note_of(struct gh_arena *a, const char *p, const char *end)
{
	char *ret, *out;

	while (p < end && isspace((unsigned char)*p))
		p++;
	while (p < end && isspace((unsigned char)end[-1]))
		end--;
	out = ret = gh_alloc(a, (size_t)(end - p) + 1);
	while (p < end) {
		if (*p == '\\' && p + 1 < end && (p[1] == 'n' || p[1] == 'r' || p[1] == '\\')) {
			*out++ = (char)(p[1] == 'n' ? '\n' : p[1] == 'r' ? '\r' : '\\');
			p += 2;
		} else {
			*out++ = *p++;
		}
	}
	*out = '\0';
	return ret;
}

static void
cut_line(struct gh_arena *a, const char *p, const char *end, struct cut *ret)
{
	const char *hash = memchr(p, '#', (size_t)(end - p));

	ret->note = hash == NULL ? "" : note_of(a, hash + 1, end);
	ret->p = p;
	ret->end = hash == NULL ? end : hash;
	while (ret->end > p && is_blank(ret->end[-1]))
		ret->end--;
}

static void
pragma(struct reader *r, const struct cut *c)
{
	const char *p = c->p, *name, *value = NULL;
	size_t len;

	skip_blanks(&p, c->end);
	if (p == c->end || *p != '%') {
		refuse(r, "not a pragma (%project=...): an empty line belongs between pragmas and changes");
		return;
	}
	p++;
	skip_blanks(&p, c->end);
	for (name = p; p < c->end && !is_blank(*p) && *p != '='; p++)
		continue;
	len = (size_t)(p - name);
	skip_blanks(&p, c->end);
	if (p < c->end && *p == '=') {
		p++;
		skip_blanks(&p, c->end);
		value = gh_strndup(r->a, p, (size_t)(c->end - p));
	}
	if (len == 0 || (value == NULL && p < c->end))
		refuse(r, "not a pragma (%name=value)");
	else if (len == 7 && memcmp(name, "project", len) == 0) {
		if (value == NULL || !sqitch_name(value, strlen(value)))
			refuse(r,
			    "not a name for a project: no punctuation at its ends, no @ : # \\ and no "
			    "blanks");
		r->plan->project = value;
	} else if (len == 3 && memcmp(name, "uri", len) == 0) {
		r->plan->uri = value;
	}
}

static bool
digits(const char *p, size_t n)
{
	for (; n > 0; n--, p++) {
		if (!isdigit((unsigned char)*p))
			return false;
	}
	return true;
}

static int
two(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* 2026-01-31T09:30:00Z */
static bool
is_date(const char *p, const char *end)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	size_t i;

	if ((size_t)(end - p) < sizeof(form) - 1)
		return false;
	for (i = 0; i < sizeof(form) - 1; i++) {
		if (form[i] == '0' ? !digits(p + i, 1) : p[i] != form[i])
			return false;
	}
	return two(p + 5) >= 1 && two(p + 5) <= 12 && two(p + 8) >= 1 && two(p + 8) <= days[two(p + 5) - 1] &&
	    two(p + 11) < 24 && two(p + 14) < 60 && two(p + 17) < 62;
}

/* "Name <mail>" up to the end. */
static bool
planner(struct reader *r, const char *p, const char *end, struct sqitch_line *ret)
{
	const char *open = memchr(p, '<', (size_t)(end - p));

	if (open == NULL || open - p < 2 || !is_blank(open[-1]) || end[-1] != '>' || end - open < 3 ||
	    memchr(open, '>', (size_t)(end - open)) != end - 1)
		return false;
	ret->planner_name = gh_strndup(r->a, p, (size_t)(open - 1 - p));
	ret->planner_email = gh_strndup(r->a, open + 1, (size_t)(end - open - 2));
	return true;
}

static bool
date_and_planner(struct reader *r, const char *p, const char *end, struct sqitch_line *ret)
{
	if (p == end)
		refuse(r, "the date, the planner's name and mail are missing");
	else if (!is_date(p, end))
		refuse(r, "no date and time (YYYY-MM-DDTHH:MM:SSZ) before the planner's name");
	else {
		ret->date = gh_strndup(r->a, p, 20);
		p += 20;
		skip_blanks(&p, end);
		if (p < end && planner(r, p, end, ret))
			return true;
		refuse(r, "the planner's name and <mail> are missing after the date");
	}
	return false;
}

/* The name at *p, and what follows it. */
static bool
name(struct reader *r, const char **p, const char *end, struct sqitch_line *ret)
{
	const char *start = *p;
	size_t len, i;

	while (*p < end && !is_blank(**p))
		(*p)++;
	len = (size_t)(*p - start);
	ret->name = gh_strndup(r->a, start, len);
	ret->line = r->line;
	skip_blanks(p, end);
	if (!sqitch_name(start, len)) {
		refuse(r,
		    "not a name: no punctuation at its ends, no digits after punctuation at its end, no @ : "
		    "# \\ in it");
		return false;
	}
	if (strcmp(ret->name, "HEAD") == 0 || strcmp(ret->name, "ROOT") == 0) {
		refuse(r, gh_printf(r->a, "%s is a word of Sqitch's own", ret->name));
		return false;
	}
	for (i = 0; i < len && strchr("0123456789abcdef", start[i]) != NULL; i++)
		continue;
	if (i >= 40) {
		refuse(r, gh_printf(r->a, "%s could be taken for the id of a change", ret->name));
		return false;
	}
	return true;
}

static void
tag(struct reader *r, const char *p, const struct cut *c)
{
	struct sqitch_plan *plan = r->plan;
	struct sqitch_tag *t = &plan->tags[plan->n_tags];
	size_t i;

	*t = (struct sqitch_tag){ .l.note = c->note };
	if (!name(r, &p, c->end, &t->l))
		return;
	if (strchr(t->l.name, '/') != NULL)
		refuse(r, gh_printf(r->a, "the tag %s has a slash", t->l.name));
	else if (plan->n == 0)
		refuse(r, gh_printf(r->a, "the tag %s stands before the first change", t->l.name));
	else if (p < c->end && *p == '[')
		refuse(r, "a tag has no dependencies");
	for (i = 0; i < plan->n_tags; i++) {
		if (strcmp(plan->tags[i].l.name, t->l.name) == 0)
			refuse(r,
			    gh_printf(r->a, "the tag %s is on line %" PRId64 " already", t->l.name,
				plan->tags[i].l.line));
	}
	if (plan->problem[0] != '\0' || !date_and_planner(r, p, c->end, &t->l))
		return;
	t->change = plan->n - 1;
	if (plan->changes[t->change].n_tags++ == 0)
		plan->changes[t->change].first_tag = plan->n_tags;
	plan->n_tags++;
	r->since = plan->n;
}

static void
change(struct reader *r, const char *p, const struct cut *c)
{
	struct sqitch_plan *plan = r->plan;
	struct sqitch_change *ch = &plan->changes[plan->n];
	const char *close, *why;
	size_t i;

	*ch = (struct sqitch_change){ .l.note = c->note, .problem = "" };
	if (!name(r, &p, c->end, &ch->l))
		return;
	for (i = r->since; i < plan->n; i++) {
		if (strcmp(plan->changes[i].l.name, ch->l.name) == 0)
			refuse(r,
			    gh_printf(r->a,
				"%s is on line %" PRId64 " already: a change is only reworked after a tag",
				ch->l.name, plan->changes[i].l.line));
	}
	if (p < c->end && *p == '[') {
		close = memchr(p, ']', (size_t)(c->end - p));
		if (close == NULL || close == p + 1) {
			refuse(r, "the dependencies are not closed: [name name]");
			return;
		}
		why = sqitch_deps_read(r->a, plan, p + 1, (size_t)(close - p - 1), ch);
		if (why[0] != '\0')
			refuse(r, why);
		p = close + 1;
		skip_blanks(&p, c->end);
	}
	if (plan->problem[0] == '\0' && date_and_planner(r, p, c->end, &ch->l))
		plan->n++;
}

static void
line(struct reader *r, const char *p, const char *end)
{
	struct cut c;
	const char *at = p;

	if (p < end && end[-1] == '\r')
		end--;
	skip_blanks(&at, end);
	if (at == end) {
		r->header = false;
		return;
	}
	if (*at == '#' && at + 1 < end)
		return;
	cut_line(r->a, p, end, &c);
	at = c.p;
	skip_blanks(&at, c.end);
	if (r->header) {
		pragma(r, &c);
	} else if (at < c.end && *at == '@') {
		at++;
		tag(r, at, &c);
	} else if (at < c.end && *at == '-') {
		refuse(r, "a line with - is of a Sqitch older than 0.90: nothing is known of it");
	} else {
		if (at < c.end && *at == '+') {
			at++;
			skip_blanks(&at, c.end);
		}
		change(r, at, &c);
	}
}

/* The last change of a name before this one is reworked by it. */
static void
rework(struct sqitch_plan *plan, size_t i)
{
	size_t before;

	for (before = i; before > 0; before--) {
		if (strcmp(plan->changes[before - 1].l.name, plan->changes[i].l.name) == 0) {
			plan->changes[before - 1].reworked = i;
			return;
		}
	}
}

void
sqitch_plan_read(struct gh_arena *a, const char *file, const char *text, size_t len, struct sqitch_plan *ret)
{
	struct reader r = { .a = a, .file = file, .plan = ret, .header = true };
	const char *p = text, *end = text + len;
	size_t lines = 1, i;

	for (i = 0; i < len; i++)
		lines += text[i] == '\n';
	*ret = (struct sqitch_plan){ .problem = "" };
	if (lines > LINES_MAX) {
		ret->problem = gh_printf(a, "%s: more than %d lines", file, LINES_MAX);
		return;
	}
	ret->changes = gh_alloc_n(a, lines, sizeof(*ret->changes));
	ret->tags = gh_alloc_n(a, lines, sizeof(*ret->tags));
	while (p < end && ret->problem[0] == '\0') {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		r.line++;
		line(&r, p, eol == NULL ? end : eol);
		p = eol == NULL ? end : eol + 1;
	}
	if (ret->problem[0] == '\0' && ret->project == NULL)
		ret->problem = gh_printf(a, "%s:1:1: the line %%project=NAME is missing", file);
	for (i = 0; i < ret->n && ret->problem[0] == '\0'; i++) {
		rework(ret, i);
		sqitch_id_fill(ret, i);
	}
	for (i = 0; i < ret->n && ret->problem[0] == '\0'; i++) {
		const char *why = sqitch_deps_find(a, ret, i);

		if (why[0] != '\0')
			ret->problem =
			    gh_printf(a, "%s:%" PRId64 ":1: %s", file, ret->changes[i].l.line, why);
	}
}
