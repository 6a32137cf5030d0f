#include "base/ban.h"
#include "migration/lint_ignore.h"

#define MARK "gatehouse:ignore"

const struct lint_about lint_ignore_rules[LINT_IGNORE_RULES] = {
	{ .id = "ignore-without-reason",
	    .title = "Finding ignored without a reason",
	    .cost = "Whoever approves the change cannot tell why a known risk is taken.",
	    .quiet = "Quiet when the comment gives a reason.",
	    .safe = "Write the reason behind the rule: -- gatehouse:ignore RULE reason.",
	    .level = LINT_WARNING },
	{ .id = "ignore-unknown-rule",
	    .title = "Unknown rule ignored",
	    .cost = "The comment suppresses nothing, though its author believes that it does.",
	    .quiet = "Quiet when a rule of that name exists.",
	    .safe = "Write the rule's id as the finding shows it.",
	    .level = LINT_WARNING },
};

/* A comment, and where it holds. */
struct comment {
	int64_t at, length; /* bytes of the side */
	int64_t statement;  /* that it stands above; -1 none */
	bool top, all;      /* before the first statement; and for all of them */
};

/* What follows the mark within a line comment; NULL when it is none of ours. */
static char *
marked(struct lint *l, const struct sql_token *t)
{
	size_t n = strlen(MARK);
	char *s = gh_strndup(l->arena, l->text->sql + t->start, (size_t)(t->end - t->start));

	s += 2 + strspn(s + 2, " \t");
	if (strncmp(s, MARK, n) != 0 || (s[n] != '\0' && !isspace((unsigned char)s[n])))
		return NULL;
	return s + n + strspn(s + n, " \t");
}

static void
wrong(struct lint *l, size_t rule, const struct comment *c, const char *message)
{
	struct lint_finding f = {
		.rule = lint_ignore_rules[rule].id,
		.level = lint_ignore_rules[rule].level,
		.statement = c->statement,
		.offset = c->at,
		.length = c->length,
		.table = "",
		.message = message,
		.rewrite = "",
	};

	lint_add(l, &f);
}

static void
suppress(struct lint *l, const struct comment *c, const char *rule, const char *reason)
{
	size_t i;

	for (i = 0; i < l->findings->n; i++) {
		struct lint_finding *f = &l->findings->items[i];
		bool hit = f->statement < 0 ? c->top : c->all || f->statement == c->statement;

		if (hit && f->ignored == NULL && strcmp(f->rule, rule) == 0)
			f->ignored = reason;
	}
}

/* "RULE[,RULE]... reason" */
static void
obey(struct lint *l, const struct comment *c, char *s)
{
	size_t len = strcspn(s, " \t\r\n");
	char *reason = s + len, *rule, *end;

	if (*reason != '\0')
		*reason++ = '\0';
	reason += strspn(reason, " \t\r\n");
	end = reason + strlen(reason);
	while (end > reason && isspace((unsigned char)end[-1]))
		*--end = '\0';
	if (*s == '\0') {
		wrong(l, 1, c, "gatehouse:ignore names no rule");
		return;
	}
	for (rule = s; rule != NULL; rule = end) {
		end = strchr(rule, ',');
		if (end != NULL)
			*end++ = '\0';
		if (*rule == '\0')
			continue;
		if (lint_about_find(rule) == NULL)
			wrong(
			    l, 1, c, gh_printf(l->arena, "gatehouse:ignore %s: there is no such rule", rule));
		else if (*reason == '\0')
			wrong(l, 0, c,
			    gh_printf(
				l->arena, "gatehouse:ignore %s gives no reason and ignores nothing", rule));
		else
			suppress(l, c, rule, reason);
	}
}

/* An empty line between two bytes of the text. */
static bool
gap(const struct lint *l, int64_t from, int64_t to)
{
	int64_t i, lines = 0;

	for (i = from; i < to; i++) {
		char c = l->text->sql[i];

		lines = c == '\n' ? lines + 1 : isspace((unsigned char)c) ? lines : 0;
		if (lines > 1)
			return true;
	}
	return false;
}

void
lint_ignore(struct lint *l)
{
	size_t i, next = 0, k;
	int64_t first = (int64_t)l->text->len;

	/* BEGIN of the file's own is no statement any more, but the top ends there. */
	for (i = 0; i < l->n_tokens; i++) {
		if (l->tokens[i].token != PG_QUERY__TOKEN__SQL_COMMENT &&
		    l->tokens[i].token != PG_QUERY__TOKEN__C_COMMENT) {
			first = l->tokens[i].start;
			break;
		}
	}
	for (i = 0; i < l->n_tokens; i++) {
		const struct sql_token *t = &l->tokens[i];
		struct comment c = { .at = t->start, .length = t->end - t->start, .statement = -1 };
		char *s;

		if (t->token != PG_QUERY__TOKEN__SQL_COMMENT || (s = marked(l, t)) == NULL)
			continue;
		for (; next < l->script->n && l->script->statements[next].offset < c.at; next++)
			continue;
		c.top = c.at < first;
		c.all = c.top && gap(l, c.at, first);
		/* Within a statement, too, it speaks of that statement. */
		k = next > 0 &&
			c.at < l->script->statements[next - 1].offset + l->script->statements[next - 1].length
		    ? next - 1
		    : next;
		if (k < l->script->n)
			c.statement = (int64_t)k;
		obey(l, &c, s);
	}
}
