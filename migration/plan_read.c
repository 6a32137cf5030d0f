#include "base/ban.h"
#include "migration/plan.h"

/* The shortest statement line and the shortest migration, for sizes that cannot be true. */
#define STATEMENT_MIN (sizeof("statement 0 1 1 0 X\n") - 1)
#define FACT_MIN      (sizeof("fact x -\n") - 1)
#define TABLE_MIN     (sizeof("restore-table 1 x\n") - 1)
#define QUERY_MIN     (sizeof("query x\nsql 1\nx\n") - 1)
#define MIGRATION_MIN                                                                                        \
	(sizeof("migration x\nversion \nname \nfile \nchecksum -\nrepeatable 0\nfacts 0\nrow inside\n") - 1)
/* What a byte of plan may need in the arena: the smallest lines become one struct each. */
#define ARENA_FACTOR 16
#define ARENA_MORE   ((size_t)64 << 10)

struct reader {
	const char *at, *end;
	struct gh_arena *arena;
	struct gh_err *err;
};

static enum gh_code
malformed(struct reader *r, const char *what)
{
	return gh_fail(r->err, GH_BAD_INPUT, "the plan is malformed: %s", what);
}

/* True when the next line starts with "key "; then the reader stands behind the space. */
static bool
take_key(struct reader *r, const char *key)
{
	size_t len = strlen(key);

	if ((size_t)(r->end - r->at) <= len || memcmp(r->at, key, len) != 0 || r->at[len] != ' ')
		return false;
	r->at += len + 1;
	return true;
}

/* The rest of the line. */
static enum gh_code
take_rest(struct reader *r, const char *key, const char **ret)
{
	const char *eol = memchr(r->at, '\n', (size_t)(r->end - r->at));

	if (eol == NULL)
		return malformed(r, key);
	*ret = gh_strndup(r->arena, r->at, (size_t)(eol - r->at));
	r->at = eol + 1;
	return GH_OK;
}

static enum gh_code
take_value(struct reader *r, const char *key, const char **ret)
{
	if (!take_key(r, key))
		return malformed(r, key);
	return take_rest(r, key, ret);
}

/* Decimal digits up to `until`, which is taken too. */
static enum gh_code
take_digits(struct reader *r, const char *what, int64_t max, char until, int64_t *ret)
{
	int64_t v = 0;
	const char *from = r->at;

	for (; r->at < r->end && isdigit((unsigned char)*r->at); r->at++) {
		if (v > (max - (*r->at - '0')) / 10)
			return malformed(r, what);
		v = v * 10 + (*r->at - '0');
	}
	if (r->at == from || r->at == r->end || *r->at != until)
		return malformed(r, what);
	r->at++;
	*ret = v;
	return GH_OK;
}

static enum gh_code
take_number(struct reader *r, const char *key, int64_t max, char until, int64_t *ret)
{
	if (!take_key(r, key))
		return malformed(r, key);
	return take_digits(r, key, max, until, ret);
}

static enum gh_code
take_literal(struct reader *r, const char *s)
{
	size_t len = strlen(s);

	if ((size_t)(r->end - r->at) < len || memcmp(r->at, s, len) != 0)
		return malformed(r, s);
	r->at += len;
	return GH_OK;
}

static enum gh_code
take_statement(struct reader *r, struct plan_statement *s)
{
	GH_TRY(take_number(r, "statement", INT64_MAX, ' ', &s->offset));
	GH_TRY(take_digits(r, "length", INT64_MAX, ' ', &s->length));
	GH_TRY(take_digits(r, "line", INT64_MAX, ' ', &s->line));
	GH_TRY(take_digits(r, "group", INT64_MAX, ' ', &s->group));
	GH_TRY(take_rest(r, "kind", &s->kind));
	s->object = s->object_kind = "";
	if (!take_key(r, "object"))
		return GH_OK;
	GH_TRY(take_rest(r, "object", &s->object));
	return take_value(r, "object-kind", &s->object_kind);
}

/* "KEY LENGTH", then so many bytes and a line feed. */
static enum gh_code
take_block(struct reader *r, const char *key, const char **ret, size_t *ret_len)
{
	int64_t v = 0;

	GH_TRY(take_number(r, key, r->end - r->at, '\n', &v));
	if (v >= r->end - r->at)
		return malformed(r, key);
	*ret = r->at;
	*ret_len = (size_t)v;
	r->at += v;
	return take_literal(r, "\n");
}

static enum gh_code
take_sql(struct reader *r, struct plan_sql *q)
{
	const char *row = "";
	int64_t v = 0;
	size_t i;

	GH_TRY(take_value(r, "row", &row));
	q->row_inside = strcmp(row, "inside") == 0;
	GH_TRY(take_number(r, "statements", (int64_t)((size_t)(r->end - r->at) / STATEMENT_MIN), '\n', &v));
	q->n_statements = (size_t)v;
	q->statements = gh_alloc_n(r->arena, q->n_statements, sizeof(*q->statements));
	for (i = 0; i < q->n_statements; i++)
		GH_TRY(take_statement(r, &q->statements[i]));
	return take_block(r, "sql", &q->sql, &q->sql_len);
}

/* A word up to the next space, which is taken too. */
static enum gh_code
take_word(struct reader *r, const char *what, const char **ret)
{
	const char *from = r->at;

	while (r->at < r->end && *r->at != ' ' && *r->at != '\n')
		r->at++;
	if (r->at == r->end || *r->at != ' ')
		return malformed(r, what);
	*ret = gh_strndup(r->arena, from, (size_t)(r->at - from));
	r->at++;
	return GH_OK;
}

static enum gh_code
take_fact(struct reader *r, struct plan_fact *f)
{
	int64_t len = 0;

	if (!take_key(r, "fact"))
		return malformed(r, "fact");
	GH_TRY(take_word(r, "fact", &f->name));
	f->value = NULL;
	if (r->at < r->end && *r->at == '-')
		return take_literal(r, "-\n");
	GH_TRY(take_digits(r, "fact", r->end - r->at, '\n', &len));
	if (len >= r->end - r->at)
		return malformed(r, "fact");
	f->value = gh_strndup(r->arena, r->at, (size_t)len);
	r->at += len;
	return take_literal(r, "\n");
}

static enum gh_code
take_facts(struct reader *r, struct plan_migration *m)
{
	int64_t n = 0;
	size_t i;

	GH_TRY(take_number(r, "facts", (int64_t)((size_t)(r->end - r->at) / FACT_MIN), '\n', &n));
	m->n_facts = (size_t)n;
	m->facts = gh_alloc_n(r->arena, m->n_facts, sizeof(*m->facts));
	for (i = 0; i < m->n_facts; i++)
		GH_TRY(take_fact(r, &m->facts[i]));
	return GH_OK;
}

/* "back 1" and its SQL, or "back 0". */
static enum gh_code
take_other(struct reader *r, const char *key, bool *ret_has, struct plan_sql *ret)
{
	int64_t v = 0;

	GH_TRY(take_number(r, key, 1, '\n', &v));
	*ret_has = v == 1;
	return v == 1 ? take_sql(r, ret) : GH_OK;
}

static enum gh_code
take_or_none(struct reader *r, const char *key, const char **ret)
{
	GH_TRY(take_value(r, key, ret));
	if (strcmp(*ret, "-") == 0)
		*ret = "";
	return GH_OK;
}

static enum gh_code
take_migration(struct reader *r, bool down, struct plan_migration *m)
{
	int64_t v = 0;

	GH_TRY(take_value(r, "migration", &m->key));
	GH_TRY(take_value(r, "version", &m->version));
	GH_TRY(take_value(r, "name", &m->name));
	GH_TRY(take_value(r, "file", &m->file));
	GH_TRY(take_or_none(r, "checksum", &m->checksum));
	GH_TRY(take_number(r, "repeatable", 1, '\n', &v));
	m->repeatable = v == 1;
	GH_TRY(take_facts(r, m));
	GH_TRY(take_sql(r, &m->run));
	if (down)
		return GH_OK;
	GH_TRY(take_other(r, "back", &m->has_back, &m->back));
	return take_other(r, "verify", &m->has_verify, &m->verify);
}

static enum gh_code
take_policy(struct reader *r, struct policy *y)
{
	const char *text = "";
	size_t len = 0;

	GH_TRY(take_block(r, "policy", &text, &len));
	return policy_read(text, len, r->arena, y, r->err);
}

static enum gh_code
take_queries(struct reader *r, struct plan *p)
{
	const char *sql = "";
	size_t i, len = 0;
	int64_t n = 0;

	GH_TRY(take_number(r, "queries", (int64_t)((size_t)(r->end - r->at) / QUERY_MIN), '\n', &n));
	p->n_queries = (size_t)n;
	p->queries = gh_alloc_n(r->arena, p->n_queries, sizeof(*p->queries));
	for (i = 0; i < p->n_queries; i++) {
		GH_TRY(take_value(r, "query", &p->queries[i].name));
		GH_TRY(take_block(r, "sql", &sql, &len));
		p->queries[i].sql = gh_strndup(r->arena, sql, len);
	}
	return GH_OK;
}

static enum gh_code
take_act(struct reader *r, enum plan_act *ret)
{
	const char *act = "";
	int k;

	GH_TRY(take_value(r, "act", &act));
	for (k = PLAN_RUN; k <= PLAN_SIDE; k++) {
		if (strcmp(plan_act_name((enum plan_act)k), act) == 0) {
			*ret = (enum plan_act)k;
			return GH_OK;
		}
	}
	return malformed(r, "act");
}

static enum gh_code
take_restore(struct reader *r, struct plan_restore *b)
{
	int64_t n = 0;
	size_t i;

	GH_TRY(take_number(r, "restore", INT64_MAX, '\n', &b->backup));
	GH_TRY(take_value(r, "restore-file", &b->file));
	GH_TRY(take_value(r, "restore-format", &b->format));
	GH_TRY(take_or_none(r, "restore-encrypted-to", &b->encrypted_to));
	GH_TRY(take_value(r, "restore-digest", &b->digest));
	GH_TRY(take_number(r, "restore-size", INT64_MAX, '\n', &b->size));
	GH_TRY(take_number(r, "restore-taken", INT64_MAX, '\n', &b->taken_at));
	GH_TRY(take_or_none(r, "restore-schema", &b->schema));
	GH_TRY(take_or_none(r, "restore-snapshot", &b->snapshot));
	GH_TRY(take_or_none(r, "restore-fingerprint", &b->fingerprint));
	GH_TRY(take_value(r, "restore-name", &b->name));
	GH_TRY(take_or_none(r, "restore-keep", &b->keep_name));
	GH_TRY(take_number(r, "restore-keep-ms", INT64_MAX, '\n', &b->keep_ms));
	GH_TRY(take_number(r, "restore-tables", (int64_t)((size_t)(r->end - r->at) / TABLE_MIN), '\n', &n));
	b->n_tables = (size_t)n;
	b->tables = gh_alloc_n(r->arena, b->n_tables, sizeof(*b->tables));
	for (i = 0; i < b->n_tables; i++) {
		GH_TRY(take_number(r, "restore-table", INT64_MAX, ' ', &b->tables[i].rows));
		GH_TRY(take_rest(r, "restore-table", &b->tables[i].name));
	}
	return GH_OK;
}

static enum gh_code
take_head(struct reader *r, struct plan *p)
{
	const char *direction = "", *transaction = "";
	int64_t n = 0;

	GH_TRY(take_literal(r, "gatehouse-plan 4\n"));
	GH_TRY(take_value(r, "target", &p->target));
	GH_TRY(take_value(r, "system", &p->system_id));
	GH_TRY(take_number(r, "database", INT64_MAX, ' ', &p->database_oid));
	GH_TRY(take_rest(r, "database", &p->database));
	GH_TRY(take_value(r, "direction", &direction));
	p->down = strcmp(direction, "down") == 0;
	GH_TRY(take_act(r, &p->act));
	if (plan_restores(p)) {
		GH_TRY(take_or_none(r, "convention", &p->convention));
		GH_TRY(take_or_none(r, "tracking", &p->tracking));
	} else {
		GH_TRY(take_value(r, "convention", &p->convention));
		GH_TRY(take_value(r, "tracking", &p->tracking));
	}
	GH_TRY(take_value(r, "transaction", &transaction));
	p->one_transaction = strcmp(transaction, "all") == 0;
	GH_TRY(take_policy(r, &p->policy));
	GH_TRY(take_or_none(r, "after", &p->after));
	GH_TRY(take_queries(r, p));
	if (plan_restores(p))
		GH_TRY(take_restore(r, &p->restore));
	GH_TRY(take_number(r, "migrations", (int64_t)((size_t)(r->end - r->at) / MIGRATION_MIN), '\n', &n));
	p->n_migrations = (size_t)n;
	p->migrations = gh_alloc_n(r->arena, p->n_migrations, sizeof(*p->migrations));
	return GH_OK;
}

bool
plan_is_older(const char *bytes, size_t len)
{
	static const char head[] = "gatehouse-plan ", now[] = "gatehouse-plan 4\n";
	size_t at = sizeof(head) - 1;

	/* One digit, until there are ten forms. */
	return len > sizeof(now) - 1 && memcmp(bytes, head, at) == 0 && bytes[at] >= '1' &&
	    bytes[at] < now[at] && bytes[at + 1] == '\n';
}

enum gh_code
plan_read(const char *bytes, size_t len, struct gh_arena *a, struct plan *ret, struct gh_err *err)
{
	struct reader r = { .at = bytes, .end = bytes + len, .arena = a, .err = err };
	size_t limit = a->limit == 0 ? GH_ARENA_LIMIT : a->limit, i;
	GH_TEXT again = { 0 };

	if (len > PLAN_LIMIT)
		return gh_fail(err, GH_BAD_INPUT, "the plan is larger than %zu MiB", PLAN_LIMIT >> 20);
	if (limit - a->used < len * ARENA_FACTOR + ARENA_MORE)
		a->limit = a->used + len * ARENA_FACTOR + ARENA_MORE;
	*ret = (struct plan){ 0 };
	GH_TRY(take_head(&r, ret));
	for (i = 0; i < ret->n_migrations; i++)
		GH_TRY(take_migration(&r, ret->down, &ret->migrations[i]));
	if (r.at != r.end)
		return malformed(&r, "something follows the last migration");
	/* Whatever the parser let through, only what plan_write writes is a plan. */
	GH_TRY(plan_write(ret, &again, err));
	if (again.len != len || memcmp(again.data, bytes, len) != 0)
		return malformed(&r, "it is not in its canonical form");
	return GH_OK;
}
