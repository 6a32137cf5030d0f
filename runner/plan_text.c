#include "base/ban.h"
#include "runner/plan_doc.h"
#include "base/clock.h"

#define INDENT "    "

/* The bytes of a file on a terminal: nothing of them may steer it. */
static void
put_clean(struct gh_text *ret, const char *s, size_t len, const char *indent)
{
	size_t i;

	gh_text_put(ret, indent);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\n') {
			gh_text_putc(ret, '\n');
			if (i + 1 < len)
				gh_text_put(ret, indent);
		} else if (c == '\t' || (c >= 0x20 && c != 0x7f)) {
			gh_text_putc(ret, (char)c);
		} else if (c != '\r') {
			gh_text_putc(ret, '?');
		}
	}
	gh_text_putc(ret, '\n');
}

static void
put_line(struct gh_text *ret, const char *label, const char *text)
{
	gh_text_putf(ret, "%s%-11s ", INDENT, label);
	put_clean(ret, text, strlen(text), "");
}

static const char *
group_text(const struct plan_sql *sql, struct gh_arena *a)
{
	int64_t last = sql->n_statements == 0 ? 1 : sql->statements[sql->n_statements - 1].group, groups = 0,
		alone = 0;
	size_t i;

	for (i = 0; i < sql->n_statements; i++) {
		if (sql->statements[i].group == 0)
			alone++;
		else
			groups = sql->statements[i].group;
	}
	if (sql->n_statements == 0)
		return "nothing to run, only recorded";
	if (groups == 1 && alone == 0)
		return sql->row_inside ? "one, with its row of the tracking table"
				       : "one; its row of the tracking table follows in another";
	(void)last;
	if (groups == 0)
		return gh_printf(a,
		    "none: %" PRId64 " %s each by itself; a failure leaves what was done before", alone,
		    alone == 1 ? "statement" : "statements");
	return gh_printf(a,
	    "%" PRId64 ", and %" PRId64 " %s by itself; a failure leaves what was done before", groups, alone,
	    alone == 1 ? "statement" : "statements");
}

/* The word of store_statement_effect for people. */
static const char *
effect_text(const char *effect)
{
	if (effect == NULL)
		return "";
	if (strcmp(effect, "destroys") == 0)
		return ", destroys data";
	return strcmp(effect, "one-way") == 0 ? ", no statement undoes it by itself"
					      : ", another statement can undo it";
}

static void
put_statement(struct gh_text *ret, const struct plan_sql *sql, size_t i, const struct plan_migration_facts *f,
    const char *effect)
{
	const struct plan_statement *s = &sql->statements[i];
	size_t k;

	gh_text_putf(ret, "\n%s-- line %" PRId64 ", %s%s%s\n", INDENT, s->line, s->kind,
	    s->group == 0 ? ", in no transaction" : "", effect_text(effect));
	for (k = 0; k < f->n_touches; k++) {
		if (f->touches[k].touch.statement != (int64_t)i || f->touches[k].text[0] == '\0')
			continue;
		gh_text_putf(ret, "%s--   ", INDENT);
		put_clean(ret, f->touches[k].text, strlen(f->touches[k].text), "");
	}
	put_clean(ret, sql->sql + s->offset, (size_t)s->length, INDENT);
}

static void
put_found(struct gh_text *ret, const struct plan_migration_facts *f)
{
	size_t i;

	for (i = 0; i < f->n_found; i++) {
		const struct plan_found *x = &f->found[i];

		if (x->finding.ignored) {
			gh_text_putf(ret, "%signored     line %" PRId64 ", %s: ", INDENT, x->finding.line,
			    x->finding.rule);
			put_clean(ret, x->finding.reason, strlen(x->finding.reason), "");
			continue;
		}
		gh_text_putf(ret, "%s%-11s line %" PRId64 ", %s: ", INDENT, x->level, x->finding.line,
		    x->finding.rule);
		put_clean(ret, x->finding.message, strlen(x->finding.message), "");
		if (x->why[0] != '\0')
			put_line(ret, "", x->why);
	}
}

static void
put_durations(struct gh_text *ret, const struct store_durations *d)
{
	char span[GH_CLOCK_LEN];
	size_t i;

	for (i = 0; i < d->n; i++)
		gh_text_putf(ret, "%s%-11s %s on %s (%s)\n", INDENT, i == 0 ? "took" : "",
		    gh_clock_span(d->rows[i].us, span), d->rows[i].target, d->rows[i].environment);
}

void
plan_text(const struct plan_built *b, const struct plan_facts *f, struct gh_text *ret)
{
	const struct plan *p = &b->plan;
	GH_ARENA a = { 0 };
	size_t i, k;

	gh_text_putf(ret, "%s %s on %s: %zu %s by the rules of %s, recorded in %s%s\n",
	    p->down ? "down" : "up", b->goal, p->target, p->n_migrations,
	    p->n_migrations == 1 ? "migration" : "migrations", p->convention, p->tracking,
	    p->one_transaction ? ", all in one transaction" : "");
	gh_text_putf(ret, "plan %s\n", b->digest);
	for (i = 0; i < p->policy.n_windows; i++)
		gh_text_putf(ret, "may begin: %s\n", p->policy.windows[i]);
	if (f->outside.limit_ms > 0) {
		gh_text_put(ret, "backup: ");
		put_clean(ret, f->outside.text, strlen(f->outside.text), "");
	}
	for (i = 0; i < p->n_queries; i++)
		gh_text_putf(ret, "asked after the run: %s\n", p->queries[i].name);
	if (!f->tables_known)
		gh_text_put(ret,
		    "the sizes of the target's tables are not known: findings are as of the SQL alone\n");
	for (i = 0; i < p->n_migrations; i++) {
		const struct plan_migration *m = &p->migrations[i];

		gh_text_putf(ret, "\n%zu. %s (%s)\n", i + 1, plan_called(m->key, m->version), m->file);
		put_line(ret, "does",
		    f->migrations[i].text[0] == '\0' ? "locks nothing that is there" : f->migrations[i].text);
		put_line(ret, "transaction", group_text(&m->run, &a));
		put_durations(ret, &f->migrations[i].durations);
		put_found(ret, &f->migrations[i]);
		for (k = 0; k < m->run.n_statements; k++)
			put_statement(
			    ret, &m->run, k, &f->migrations[i], b->rows.migrations[i].statements[k].effect);
	}
}
