#include "base/ban.h"
#include "migration/plan.h"
#include "base/io.h"

#define QUERIES_MAX 1000
#define TABLES_MAX  100000 /* of a backup */

/* A value that fits on a line: UTF-8 without control characters. */
static enum gh_code
check_value(const char *what, const char *s, bool empty, struct gh_err *err)
{
	const char *p;

	if (s == NULL || (*s == '\0' && !empty))
		return gh_fail(err, GH_BAD_INPUT, "plan: the %s is empty", what);
	for (p = s; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return gh_fail(err, GH_BAD_INPUT, "plan: the %s holds a control character", what);
	}
	if (!gh_utf8_valid(s, (size_t)(p - s), NULL))
		return gh_fail(err, GH_BAD_INPUT, "plan: the %s is not UTF-8", what);
	return GH_OK;
}

/* Not every tool has them all. */
static bool
may_be_empty(const char *key)
{
	return strcmp(key, "name") == 0 || strcmp(key, "version") == 0 || strcmp(key, "file") == 0;
}

static enum gh_code
put_value(struct gh_text *t, const char *key, const char *s, struct gh_err *err)
{
	GH_TRY(check_value(key, s, may_be_empty(key), err));
	gh_text_putf(t, "%s %s\n", key, s);
	return GH_OK;
}

/* "-" stands for none, so no value can be that. */
static enum gh_code
put_or_none(struct gh_text *t, const char *key, const char *s, struct gh_err *err)
{
	bool none = s == NULL || *s == '\0';

	if (!none && strcmp(s, "-") == 0)
		return gh_fail(err, GH_BAD_INPUT, "plan: \"-\" is no value of %s", key);
	return put_value(t, key, none ? "-" : s, err);
}

static enum gh_code
put_statement(struct gh_text *t, const struct plan_statement *s, struct gh_err *err)
{
	GH_TRY(check_value("kind", s->kind, false, err));
	gh_text_putf(t, "statement %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %s\n", s->offset,
	    s->length, s->line, s->group, s->kind);
	if (s->object == NULL || *s->object == '\0')
		return GH_OK;
	GH_TRY(put_value(t, "object", s->object, err));
	return put_value(t, "object-kind", s->object_kind, err);
}

/* Where the statements so far end, and in which group. */
struct so_far {
	int64_t end, group, groups;
};

static enum gh_code
check_group(const struct plan_sql *q, const struct plan_statement *s, struct so_far *at, struct gh_err *err)
{
	if (q->row_inside && s->group != 1)
		return gh_fail(err, GH_BAD_INPUT,
		    "plan: the statement at line %" PRId64
		    " is not in the transaction that has the tracking row",
		    s->line);
	if (s->group != 0 && (s->group != at->group || s->group != at->groups)) {
		if (s->group != at->groups + 1)
			return gh_fail(err, GH_BAD_INPUT,
			    "plan: the statement at line %" PRId64 " is in no order of transactions",
			    s->line);
		at->groups = s->group;
	}
	at->group = s->group;
	return GH_OK;
}

static enum gh_code
check_statement(
    const struct plan_sql *q, const struct plan_statement *s, struct so_far *at, struct gh_err *err)
{
	if (s->offset < at->end || s->length < 1 || s->line < 1 || s->offset > (int64_t)q->sql_len ||
	    s->length > (int64_t)q->sql_len - s->offset)
		return gh_fail(err, GH_BAD_INPUT,
		    "plan: the statement at byte %" PRId64 " is not within its SQL", s->offset);
	at->end = s->offset + s->length;
	return check_group(q, s, at, err);
}

static enum gh_code
put_sql(struct gh_text *t, const struct plan_sql *q, struct gh_err *err)
{
	struct so_far so_far = { 0 };
	size_t i, at = 0;

	if (q->sql_len > PLAN_LIMIT)
		return gh_fail(err, GH_BAD_INPUT, "plan: larger than %zu MiB", PLAN_LIMIT >> 20);
	if (q->sql_len > 0 && !gh_utf8_valid(q->sql, q->sql_len, &at))
		return gh_fail(err, GH_BAD_INPUT, "plan: the SQL is not UTF-8 at byte %zu", at);
	gh_text_putf(t, "row %s\nstatements %zu\n", q->row_inside ? "inside" : "outside", q->n_statements);
	for (i = 0; i < q->n_statements; i++) {
		GH_TRY(check_statement(q, &q->statements[i], &so_far, err));
		GH_TRY(put_statement(t, &q->statements[i], err));
	}
	gh_text_putf(t, "sql %zu\n", q->sql_len);
	if (q->sql_len > 0)
		gh_text_put_n(t, q->sql, q->sql_len);
	gh_text_putc(t, '\n');
	return GH_OK;
}

/* A name that can stand as :name in SQL. */
static bool
fact_named(const char *s)
{
	return s != NULL && *s >= 'a' && *s <= 'z' &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static enum gh_code
put_facts(struct gh_text *t, const struct plan_migration *m, struct gh_err *err)
{
	size_t i, len;

	gh_text_putf(t, "facts %zu\n", m->n_facts);
	for (i = 0; i < m->n_facts; i++) {
		const struct plan_fact *f = &m->facts[i];

		if (!fact_named(f->name))
			return gh_fail(err, GH_BAD_INPUT, "plan: a fact of %s has no proper name", m->key);
		if (f->value == NULL) {
			gh_text_putf(t, "fact %s -\n", f->name);
			continue;
		}
		len = strlen(f->value);
		if (len > PLAN_LIMIT || !gh_utf8_valid(f->value, len, NULL))
			return gh_fail(err, GH_BAD_INPUT, "plan: the fact %s of %s is not UTF-8 or too large",
			    f->name, m->key);
		gh_text_putf(t, "fact %s %zu\n", f->name, len);
		gh_text_put_n(t, f->value, len);
		gh_text_putc(t, '\n');
	}
	return GH_OK;
}

static enum gh_code
put_migration(struct gh_text *t, const struct plan *p, const struct plan_migration *m, struct gh_err *err)
{
	GH_TRY(put_value(t, "migration", m->key, err));
	GH_TRY(put_value(t, "version", m->version, err));
	GH_TRY(put_value(t, "name", m->name, err));
	GH_TRY(put_value(t, "file", m->file, err));
	GH_TRY(put_or_none(t, "checksum", m->checksum, err));
	gh_text_putf(t, "repeatable %d\n", m->repeatable ? 1 : 0);
	GH_TRY(put_facts(t, m, err));
	if (p->one_transaction && !m->run.row_inside)
		return gh_fail(
		    err, GH_BAD_INPUT, "plan: %s cannot be in one transaction with the others", m->key);
	GH_TRY(put_sql(t, &m->run, err));
	if (p->down) {
		if (m->has_back || m->has_verify)
			return gh_fail(
			    err, GH_BAD_INPUT, "plan: only a plan upwards has a way back and a verification");
		return GH_OK;
	}
	gh_text_putf(t, "back %d\n", m->has_back ? 1 : 0);
	if (m->has_back)
		GH_TRY(put_sql(t, &m->back, err));
	gh_text_putf(t, "verify %d\n", m->has_verify ? 1 : 0);
	return m->has_verify ? put_sql(t, &m->verify, err) : GH_OK;
}

const char *
plan_act_name(enum plan_act act)
{
	static const char *const names[] = { "run", "mark", "repair", "restore", "side" };

	return (size_t)act < sizeof(names) / sizeof(names[0]) ? names[act] : "?";
}

bool
plan_needs_backup(const struct plan *p)
{
	return p->act == PLAN_RUN || p->act == PLAN_RESTORE;
}

bool
plan_restores(const struct plan *p)
{
	return p->act == PLAN_RESTORE || p->act == PLAN_SIDE;
}

static enum gh_code
check_restore(const struct plan *p, struct gh_err *err)
{
	const struct plan_restore *b = &p->restore;
	char key[40];

	if (b->digest == NULL || b->name == NULL || b->keep_name == NULL)
		return gh_fail(err, GH_BAD_INPUT, "plan: the backup is not said");
	(void)snprintf(key, sizeof(key), PLAN_RESTORE_KEY "%" PRId64, b->backup);
	if (!p->down || p->one_transaction || p->n_migrations != 1 || p->n_queries != 0 ||
	    strcmp(p->migrations[0].key, key) != 0 || p->migrations[0].run.sql_len != 0 ||
	    p->migrations[0].run.n_statements != 0)
		return gh_fail(err, GH_BAD_INPUT,
		    "plan: a restore goes down in one step without SQL, its key is %s", key);
	if (b->backup < 1 || b->size < 0 || b->taken_at < 0 || b->keep_ms < 0)
		return gh_fail(err, GH_BAD_INPUT, "plan: a number of the backup cannot be");
	if (strspn(b->digest, "0123456789abcdef") != GH_SHA256_HEX_LEN - 1 ||
	    strlen(b->digest) != GH_SHA256_HEX_LEN - 1)
		return gh_fail(err, GH_BAD_INPUT, "plan: the digest of the backup is no SHA-256");
	if ((strcmp(b->name, p->database) == 0) != (p->act == PLAN_RESTORE) ||
	    (b->keep_name[0] != '\0') != (p->act == PLAN_RESTORE) || strcmp(b->name, b->keep_name) == 0)
		return gh_fail(err, GH_BAD_INPUT, "plan: the names of the databases do not fit a plan to %s",
		    plan_act_name(p->act));
	return GH_OK;
}

static enum gh_code
check_act(const struct plan *p, struct gh_err *err)
{
	if ((size_t)p->act > PLAN_SIDE)
		return gh_fail(err, GH_BAD_INPUT, "plan: it is for nothing that is known");
	if (plan_restores(p))
		return check_restore(p, err);
	if (p->act != PLAN_RUN && p->down)
		return gh_fail(err, GH_BAD_INPUT, "plan: only a plan upwards marks or repairs");
	if (p->act == PLAN_REPAIR &&
	    (p->n_migrations != 1 || strncmp(p->migrations[0].key, "repair:", 7) != 0))
		return gh_fail(err, GH_BAD_INPUT, "plan: a repair is one step, its key begins with repair:");
	return GH_OK;
}

static enum gh_code
put_policy(struct gh_text *t, const struct policy *y, struct gh_err *err)
{
	GH_TEXT text = { 0 };

	GH_TRY(policy_write(y, &text, err));
	gh_text_putf(t, "policy %zu\n%s\n", text.len, gh_text_str(&text));
	return GH_OK;
}

static enum gh_code
put_queries(struct gh_text *t, const struct plan *p, struct gh_err *err)
{
	size_t i, len, at = 0;

	if (p->n_queries > QUERIES_MAX)
		return gh_fail(err, GH_BAD_INPUT, "plan: more than %d queries", QUERIES_MAX);
	gh_text_putf(t, "queries %zu\n", p->n_queries);
	for (i = 0; i < p->n_queries; i++) {
		const struct plan_query *q = &p->queries[i];

		GH_TRY(put_value(t, "query", q->name, err));
		len = strlen(q->sql);
		if (len < 1 || len > PLAN_LIMIT)
			return gh_fail(
			    err, GH_BAD_INPUT, "plan: the query %s is empty or too large", q->name);
		if (!gh_utf8_valid(q->sql, len, &at))
			return gh_fail(
			    err, GH_BAD_INPUT, "plan: the query %s is not UTF-8 at byte %zu", q->name, at);
		gh_text_putf(t, "sql %zu\n", len);
		gh_text_put_n(t, q->sql, len);
		gh_text_putc(t, '\n');
	}
	return GH_OK;
}

static enum gh_code
put_restore(struct gh_text *t, const struct plan_restore *b, struct gh_err *err)
{
	size_t i;

	gh_text_putf(t, "restore %" PRId64 "\n", b->backup);
	GH_TRY(put_value(t, "restore-file", b->file, err));
	GH_TRY(put_value(t, "restore-format", b->format, err));
	GH_TRY(put_or_none(t, "restore-encrypted-to", b->encrypted_to, err));
	GH_TRY(put_value(t, "restore-digest", b->digest, err));
	gh_text_putf(t, "restore-size %" PRId64 "\nrestore-taken %" PRId64 "\n", b->size, b->taken_at);
	GH_TRY(put_or_none(t, "restore-schema", b->schema, err));
	GH_TRY(put_or_none(t, "restore-snapshot", b->snapshot, err));
	GH_TRY(put_or_none(t, "restore-fingerprint", b->fingerprint, err));
	GH_TRY(put_value(t, "restore-name", b->name, err));
	GH_TRY(put_or_none(t, "restore-keep", b->keep_name, err));
	if (b->n_tables > TABLES_MAX)
		return gh_fail(err, GH_BAD_INPUT, "plan: more than %d tables", TABLES_MAX);
	gh_text_putf(t, "restore-keep-ms %" PRId64 "\nrestore-tables %zu\n", b->keep_ms, b->n_tables);
	for (i = 0; i < b->n_tables; i++) {
		const struct plan_table *x = &b->tables[i];

		GH_TRY(check_value("table", x->name, false, err));
		if (x->rows < 0)
			return gh_fail(err, GH_BAD_INPUT, "plan: the rows of %s are not known", x->name);
		gh_text_putf(t, "restore-table %" PRId64 " %s\n", x->rows, x->name);
	}
	return GH_OK;
}

static enum gh_code
put_head(struct gh_text *t, const struct plan *p, struct gh_err *err)
{
	gh_text_put(t, "gatehouse-plan 4\n");
	GH_TRY(put_value(t, "target", p->target, err));
	GH_TRY(put_value(t, "system", p->system_id, err));
	GH_TRY(check_value("database", p->database, false, err));
	if (p->database_oid < 1 || p->database_oid > UINT32_MAX)
		return gh_fail(
		    err, GH_BAD_INPUT, "plan: %" PRId64 " is not the oid of a database", p->database_oid);
	gh_text_putf(t, "database %" PRId64 " %s\n", p->database_oid, p->database);
	gh_text_putf(t, "direction %s\n", p->down ? "down" : "up");
	GH_TRY(check_act(p, err));
	gh_text_putf(t, "act %s\n", plan_act_name(p->act));
	if (plan_restores(p)) {
		GH_TRY(put_or_none(t, "convention", p->convention, err));
		GH_TRY(put_or_none(t, "tracking", p->tracking, err));
	} else {
		GH_TRY(put_value(t, "convention", p->convention, err));
		GH_TRY(put_value(t, "tracking", p->tracking, err));
	}
	gh_text_putf(t, "transaction %s\n", p->one_transaction ? "all" : "each");
	GH_TRY(put_policy(t, &p->policy, err));
	GH_TRY(put_or_none(t, "after", p->after, err));
	GH_TRY(put_queries(t, p, err));
	if (plan_restores(p))
		GH_TRY(put_restore(t, &p->restore, err));
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

const char *
plan_called(const char *key, const char *version)
{
	return version == NULL || version[0] == '\0' || strstr(key, version) != NULL ? key : version;
}

void
plan_digest(const char *bytes, size_t len, char ret[GH_SHA256_HEX_LEN])
{
	gh_sha256_hex(bytes, len, ret);
}
