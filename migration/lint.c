#include "base/ban.h"
#include "migration/lint_rule.h"
#include "migration/lint_ignore.h"
#include "migration/lint_reading.h"

static const struct lint_rule *const rules[] = {
#define LINT_RULE(name) &lint_##name,
#include "migration/lint/locks.def"
#include "migration/lint/habits.def"
#undef LINT_RULE
};
#define N_RULES (sizeof(rules) / sizeof(rules[0]))

const struct lint_about *
lint_about(size_t i)
{
	if (i < N_RULES)
		return &rules[i]->about;
	i -= N_RULES;
	if (i < LINT_IGNORE_RULES)
		return &lint_ignore_rules[i];
	i -= LINT_IGNORE_RULES;
	return i < LINT_READING_RULES ? &lint_reading_rules[i] : NULL;
}

const struct lint_about *
lint_about_find(const char *id)
{
	const struct lint_about *ret;
	size_t i;

	for (i = 0; (ret = lint_about(i)) != NULL; i++) {
		if (strcmp(ret->id, id) == 0)
			return ret;
	}
	return NULL;
}

void
lint_add(struct lint *l, const struct lint_finding *f)
{
	if (l->findings->n >= LINT_FINDINGS_MAX)
		return;
	if (l->findings->n >= l->cap) {
		size_t cap = l->cap == 0 ? 8 : l->cap * 2;
		struct lint_finding *more = gh_alloc_n(l->arena, cap, sizeof(*more));

		if (l->findings->n > 0)
			memcpy(more, l->findings->items, l->findings->n * sizeof(*more));
		l->findings->items = more;
		l->cap = cap;
	}
	l->findings->items[l->findings->n++] = *f;
}

void
lint_say(struct lint *l, const struct lint_at *at, struct lint_said said)
{
	const struct lint_about *about = &l->rule->about;
	struct lint_finding f = {
		.rule = about->id,
		.level = said.level != 0 ? said.level : about->level,
		.scale = about->scale,
		.statement = at == NULL ? -1 : (int64_t)at->i,
		.offset = at == NULL ? 0 : at->offset,
		.length = at == NULL ? 0 : at->length,
		.table = said.table == NULL ? "" : said.table,
		.message = said.message,
		.rewrite = said.rewrite == NULL ? "" : said.rewrite,
	};

	if (said.at > 0 && said.at <= (int64_t)l->text->len) {
		int64_t end = f.offset + f.length;

		f.offset = said.at;
		f.length = end > said.at ? end - said.at : 0;
	}
	lint_add(l, &f);
}

static int
in_order(const void *x, const void *y)
{
	const struct lint_finding *a = x, *b = y;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	if (strcmp(a->rule, b->rule) != 0)
		return strcmp(a->rule, b->rule);
	return strcmp(a->message, b->message);
}

/* Lines and columns, in one pass over the text. */
static void
find_places(struct lint *l)
{
	int64_t line = l->text->first_line, from = 0, at = 0, column;
	size_t i;

	for (i = 0; i < l->findings->n; i++) {
		struct lint_finding *f = &l->findings->items[i];

		for (; at < f->offset; at++) {
			if (l->text->sql[at] == '\n') {
				line++;
				from = at + 1;
			}
		}
		for (column = 1; at > from; at--)
			column += ((unsigned char)l->text->sql[at - 1] & 0xc0) != 0x80;
		at = f->offset;
		f->line = line;
		f->column = column;
	}
}

static void
run_rule(struct lint *l, const struct lint_rule *r)
{
	size_t i;

	l->rule = r;
	if (l->error_at >= 0) {
		if (r->broken != NULL)
			r->broken(l);
		return;
	}
	for (i = 0; r->statement != NULL && i < l->n; i++) {
		if (l->all[i].node != NULL && (r->routines || l->all[i].inside != LINT_ROUTINE))
			r->statement(l, &l->all[i]);
	}
	if (r->file != NULL)
		r->file(l);
}

void
lint_run(struct lint *l, struct sql_script *s)
{
	size_t i;

	l->findings = &s->findings;
	l->cap = 0;
	*l->findings = (struct lint_findings){ 0 };
	lint_look_prepare(l);
	for (i = 0; i < N_RULES; i++)
		run_rule(l, rules[i]);
	lint_ignore(l);
	if (l->findings->n > 0)
		qsort(l->findings->items, l->findings->n, sizeof(*l->findings->items), in_order);
	find_places(l);
}
