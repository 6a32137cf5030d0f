#include "base/ban.h"
#include "migration/plan.h"
#include "base/io.h"

#define MS_MAX INT64_C(2147483647)

/* A value that fits on a line: UTF-8 without control characters. */
static enum gh_code
check_value(const char *what, const char *s, bool may_be_empty, struct gh_err *err)
{
	const char *p;

	if (s == NULL || (*s == '\0' && !may_be_empty))
		return gh_fail(err, GH_BAD_INPUT, "plan: the %s is empty", what);
	for (p = s; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return gh_fail(err, GH_BAD_INPUT, "plan: the %s holds a control character", what);
	}
	if (!gh_utf8_valid(s, (size_t)(p - s), NULL))
		return gh_fail(err, GH_BAD_INPUT, "plan: the %s is not UTF-8", what);
	return GH_OK;
}

static enum gh_code
put_value(struct gh_text *t, const char *key, const char *s, struct gh_err *err)
{
	GH_TRY(check_value(key, s, strcmp(key, "name") == 0, err));
	gh_text_putf(t, "%s %s\n", key, s);
	return GH_OK;
}

static enum gh_code
put_statement(struct gh_text *t, const struct plan_statement *s, struct gh_err *err)
{
	GH_TRY(check_value("kind", s->kind, false, err));
	gh_text_putf(t, "statement %" PRId64 " %" PRId64 " %" PRId64 " %s %s\n", s->offset, s->length,
	    s->line, s->alone ? "alone" : "in", s->kind);
	if (s->object == NULL || *s->object == '\0')
		return GH_OK;
	GH_TRY(put_value(t, "object", s->object, err));
	return put_value(t, "object-kind", s->object_kind, err);
}

static enum gh_code
check_statement(const struct plan_sql *q, const struct plan_statement *s, int64_t from, struct gh_err *err)
{
	if (s->offset < from || s->length < 1 || s->line < 1 || s->offset > (int64_t)q->sql_len ||
	    s->length > (int64_t)q->sql_len - s->offset)
		return gh_fail(err, GH_BAD_INPUT,
		    "plan: the statement at byte %" PRId64 " is not within its SQL", s->offset);
	if (s->alone && q->transactional)
		return gh_fail(err, GH_BAD_INPUT,
		    "plan: the statement at line %" PRId64 " cannot run in a transaction", s->line);
	return GH_OK;
}

static enum gh_code
put_sql(struct gh_text *t, const struct plan_sql *q, struct gh_err *err)
{
	int64_t from = 0;
	size_t i, at = 0;

	if (q->sql_len > PLAN_LIMIT)
		return gh_fail(err, GH_BAD_INPUT, "plan: larger than %zu MiB", PLAN_LIMIT >> 20);
	if (q->n_statements < 1)
		return gh_fail(err, GH_BAD_INPUT, "plan: a migration has no statement");
	if (!gh_utf8_valid(q->sql, q->sql_len, &at))
		return gh_fail(err, GH_BAD_INPUT, "plan: the SQL is not UTF-8 at byte %zu", at);
	gh_text_putf(t, "transactional %d\nstatements %zu\n", q->transactional ? 1 : 0, q->n_statements);
	for (i = 0; i < q->n_statements; i++) {
		GH_TRY(check_statement(q, &q->statements[i], from, err));
		GH_TRY(put_statement(t, &q->statements[i], err));
		from = q->statements[i].offset + q->statements[i].length;
	}
	gh_text_putf(t, "sql %zu\n", q->sql_len);
	gh_text_put_n(t, q->sql, q->sql_len);
	gh_text_putc(t, '\n');
	return GH_OK;
}

static enum gh_code
put_migration(struct gh_text *t, const struct plan *p, const struct plan_migration *m, struct gh_err *err)
{
	GH_TRY(put_value(t, "migration", m->key, err));
	GH_TRY(put_value(t, "version", m->version, err));
	GH_TRY(put_value(t, "name", m->name, err));
	GH_TRY(put_sql(t, &m->run, err));
	if (p->down) {
		if (m->has_back)
			return gh_fail(err, GH_BAD_INPUT, "plan: only a plan upwards has a way back");
		return GH_OK;
	}
	gh_text_putf(t, "back %d\n", m->has_back ? 1 : 0);
	return m->has_back ? put_sql(t, &m->back, err) : GH_OK;
}

static enum gh_code
put_head(struct gh_text *t, const struct plan *p, struct gh_err *err)
{
	const struct plan_policy *y = &p->policy;
	bool first = p->after == NULL || *p->after == '\0';

	gh_text_put(t, "gatehouse-plan 1\n");
	GH_TRY(put_value(t, "target", p->target, err));
	GH_TRY(put_value(t, "system", p->system_id, err));
	GH_TRY(check_value("database", p->database, false, err));
	if (p->database_oid < 1 || p->database_oid > UINT32_MAX)
		return gh_fail(
		    err, GH_BAD_INPUT, "plan: %" PRId64 " is not the oid of a database", p->database_oid);
	gh_text_putf(t, "database %" PRId64 " %s\n", p->database_oid, p->database);
	gh_text_putf(t, "direction %s\n", p->down ? "down" : "up");
	GH_TRY(put_value(t, "convention", p->convention, err));
	GH_TRY(put_value(t, "tracking", p->tracking, err));
	if (y->approvals < 0 || y->approvals > 9 || y->lock_timeout_ms < 0 || y->lock_timeout_ms > MS_MAX ||
	    y->statement_timeout_ms < 0 || y->statement_timeout_ms > MS_MAX)
		return gh_fail(err, GH_BAD_INPUT, "plan: a number of the policy is out of range");
	gh_text_putf(t,
	    "policy backup=%d approvals=%" PRId64 " lock_timeout_ms=%" PRId64 " statement_timeout_ms=%" PRId64
	    " rollback_on_failure=%d\n",
	    y->backup ? 1 : 0, y->approvals, y->lock_timeout_ms, y->statement_timeout_ms,
	    y->rollback_on_failure ? 1 : 0);
	if (!first && strcmp(p->after, "-") == 0)
		return gh_fail(err, GH_BAD_INPUT, "plan: \"-\" is not a key");
	GH_TRY(put_value(t, "after", first ? "-" : p->after, err));
	if (p->n_migrations < 1)
		return gh_fail(err, GH_BAD_INPUT, "plan: there is nothing to run");
	gh_text_putf(t, "migrations %zu\n", p->n_migrations);
	return GH_OK;
}

enum gh_code
plan_write(const struct plan *p, struct gh_text *ret, struct gh_err *err)
{
	size_t i, from = ret->len;

	GH_TRY(put_head(ret, p, err));
	for (i = 0; i < p->n_migrations; i++)
		GH_TRY(put_migration(ret, p, &p->migrations[i], err));
	if (ret->full || ret->len - from > PLAN_LIMIT)
		return gh_fail(err, GH_BAD_INPUT, "plan: larger than %zu MiB", PLAN_LIMIT >> 20);
	return GH_OK;
}

void
plan_digest(const char *bytes, size_t len, char ret[GH_SHA256_HEX_LEN])
{
	gh_sha256_hex(bytes, len, ret);
}
