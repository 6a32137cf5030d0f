#include "base/ban.h"
#include "runner/plan_doc.h"
#include "base/clock.h"

static void
put_key(struct gh_text *ret, const char *key)
{
	gh_text_put(ret, ", ");
	gh_text_put_json(ret, key);
	gh_text_put(ret, ": ");
}

static void
put_text(struct gh_text *ret, const char *key, const char *value)
{
	put_key(ret, key);
	gh_text_put_json(ret, value);
}

static void
put_int(struct gh_text *ret, const char *key, int64_t value)
{
	put_key(ret, key);
	gh_text_putf(ret, "%" PRId64, value);
}

static void
put_bool(struct gh_text *ret, const char *key, bool value)
{
	put_key(ret, key);
	gh_text_put(ret, value ? "true" : "false");
}

/* SQL points into the plan and has no end of its own. */
static void
put_sql(struct gh_text *ret, const char *key, const char *sql, size_t len)
{
	GH_ARENA a = { .limit = PLAN_LIMIT };

	put_text(ret, key, gh_strndup(&a, sql, len));
}

static void
put_table(struct gh_text *ret, const struct store_table *t)
{
	put_key(ret, "rows");
	if (t == NULL || t->row_count < 0)
		gh_text_put(ret, "null");
	else
		gh_text_putf(ret, "%" PRId64, t->row_count);
	put_key(ret, "bytes");
	if (t == NULL)
		gh_text_put(ret, "null");
	else
		gh_text_putf(ret, "%" PRId64, t->bytes);
}

static void
put_touches(struct gh_text *ret, const struct plan_migration_facts *f, int64_t statement)
{
	size_t i, n = 0;

	put_key(ret, "touches");
	gh_text_put(ret, "[");
	for (i = 0; i < f->n_touches; i++) {
		const struct plan_touch *t = &f->touches[i];

		if (t->touch.statement != statement)
			continue;
		gh_text_put(ret, n++ == 0 ? "{\"object\": " : ", {\"object\": ");
		gh_text_put_json(ret, t->touch.object);
		put_text(ret, "lock", t->touch.lock);
		put_bool(ret, "rewrites", t->touch.rewrites);
		put_bool(ret, "scans", t->touch.scans);
		put_bool(ret, "writes", t->touch.writes);
		put_table(ret, t->table);
		put_text(ret, "text", t->text);
		gh_text_put(ret, "}");
	}
	gh_text_put(ret, "]");
}

static void
put_statements(struct gh_text *ret, const struct plan_sql *sql, const struct plan_migration_facts *f,
    const struct store_plan_statement_new *rows)
{
	size_t i;

	put_key(ret, "statements");
	gh_text_put(ret, "[");
	for (i = 0; i < sql->n_statements; i++) {
		const struct plan_statement *s = &sql->statements[i];

		gh_text_putf(ret, "%s{\"line\": %" PRId64, i == 0 ? "\n      " : ",\n      ", s->line);
		put_text(ret, "kind", s->kind);
		put_int(ret, "group", s->group);
		put_text(ret, "effect", rows[i].effect == NULL ? "" : rows[i].effect);
		put_sql(ret, "sql", sql->sql + s->offset, (size_t)s->length);
		put_touches(ret, f, (int64_t)i);
		gh_text_put(ret, "}");
	}
	gh_text_put(ret, "]");
}

static void
put_findings(struct gh_text *ret, const struct plan_migration_facts *f)
{
	size_t i;

	put_key(ret, "findings");
	gh_text_put(ret, "[");
	for (i = 0; i < f->n_found; i++) {
		const struct plan_found *x = &f->found[i];

		gh_text_put(ret, i == 0 ? "\n      {\"rule\": " : ",\n      {\"rule\": ");
		gh_text_put_json(ret, x->finding.rule);
		put_text(ret, "level", x->level);
		put_text(ret, "level_of_sql", x->finding.level);
		put_text(ret, "why", x->why);
		put_int(ret, "statement", x->finding.statement);
		put_int(ret, "line", x->finding.line);
		put_int(ret, "column", x->finding.column);
		put_text(ret, "table", x->finding.object);
		put_text(ret, "message", x->finding.message);
		put_text(ret, "rewrite", x->finding.rewrite);
		put_bool(ret, "ignored", x->finding.ignored);
		put_text(ret, "reason", x->finding.reason);
		gh_text_put(ret, "}");
	}
	gh_text_put(ret, "]");
}

static void
put_durations(struct gh_text *ret, const struct store_durations *d)
{
	size_t i;

	put_key(ret, "took");
	gh_text_put(ret, "[");
	for (i = 0; i < d->n; i++) {
		gh_text_put(ret, i == 0 ? "{\"target\": " : ", {\"target\": ");
		gh_text_put_json(ret, d->rows[i].target);
		put_text(ret, "environment", d->rows[i].environment);
		gh_text_putf(ret, ", \"seconds\": %.3f}", (double)d->rows[i].us / 1e6);
	}
	gh_text_put(ret, "]");
}

static void
put_migration(struct gh_text *ret, const struct plan_migration *m, const struct plan_migration_facts *f,
    const struct store_plan_migration_new *row)
{
	gh_text_put(ret, "\n    {\"key\": ");
	gh_text_put_json(ret, m->key);
	put_text(ret, "version", m->version);
	put_text(ret, "name", m->name);
	put_text(ret, "file", m->file);
	put_text(ret, "checksum", m->checksum);
	put_bool(ret, "repeatable", m->repeatable);
	put_text(ret, "tracking_row", m->run.row_inside ? "inside" : "outside");
	put_bool(ret, "has_back", m->has_back);
	put_bool(ret, "has_verify", m->has_verify);
	put_text(ret, "text", f->text);
	put_sql(ret, "sql", m->run.sql, m->run.sql_len);
	put_statements(ret, &m->run, f, row->statements);
	put_findings(ret, f);
	put_durations(ret, &f->durations);
	gh_text_put(ret, "}");
}

/* The backup of others that would be the one of this run; null where the policy takes none. */
static void
put_outside(struct gh_text *ret, const struct store_outside_counts *o)
{
	char when[GH_CLOCK_LEN];

	put_key(ret, "outside_backup");
	if (o->limit_ms == 0) {
		gh_text_put(ret, "null");
		return;
	}
	gh_text_putf(ret, "{\"counts\": %s", o->holds ? "true" : "false");
	put_text(ret, "source", o->source);
	put_text(ret, "label", o->label);
	put_key(ret, "ended_at");
	if (o->label[0] == '\0')
		gh_text_put(ret, "null");
	else
		gh_text_put_json(ret, gh_clock_iso(o->ended_at, when));
	put_int(ret, "within_ms", o->limit_ms);
	put_text(ret, "text", o->text);
	gh_text_put(ret, "}");
}

/* As it is in the plan, line by line. */
static void
put_policy(struct gh_text *ret, const struct policy *y)
{
	GH_TEXT text = { 0 };

	if (policy_write(y, &text, NULL) == GH_OK)
		put_text(ret, "policy", gh_text_str(&text));
}

void
plan_json(const struct plan_built *b, const struct plan_facts *f, struct gh_text *ret)
{
	const struct plan *p = &b->plan;
	size_t i;

	gh_text_put(ret, "{\"digest\": ");
	gh_text_put_json(ret, b->digest);
	put_text(ret, "target", p->target);
	put_text(ret, "database", p->database);
	put_text(ret, "direction", p->down ? "down" : "up");
	put_text(ret, "goal", b->goal);
	put_text(ret, "convention", p->convention);
	put_text(ret, "tracking", p->tracking);
	put_text(ret, "after", p->after);
	put_bool(ret, "one_transaction", p->one_transaction);
	put_bool(ret, "backup", p->policy.backup);
	put_int(ret, "approvals", p->policy.approvals);
	put_int(ret, "lock_timeout_ms", p->policy.lock_timeout_ms);
	put_int(ret, "statement_timeout_ms", p->policy.statement_timeout_ms);
	put_bool(ret, "rollback_on_failure", p->policy.rollback_on_failure);
	put_policy(ret, &p->policy);
	put_outside(ret, &f->outside);
	put_key(ret, "queries");
	gh_text_put(ret, "[");
	for (i = 0; i < p->n_queries; i++) {
		gh_text_put(ret, i == 0 ? "" : ", ");
		gh_text_put_json(ret, p->queries[i].name);
	}
	gh_text_put(ret, "]");
	put_bool(ret, "tables_known", f->tables_known);
	put_key(ret, "migrations");
	gh_text_put(ret, "[");
	for (i = 0; i < p->n_migrations; i++) {
		gh_text_put(ret, i == 0 ? "" : ",");
		put_migration(ret, &p->migrations[i], &f->migrations[i], &b->rows.migrations[i]);
	}
	gh_text_put(ret, "\n  ]");
	/* What is approved and runs: its SHA-256 is the digest. */
	put_sql(ret, "canonical", b->bytes.data, b->bytes.len);
	gh_text_put(ret, "}\n");
}
