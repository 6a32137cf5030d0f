#include "base/ban.h"
#include "runner/job/verify.h"
#include "migration/object.h"
#include "runner/job/indexes.h"
#include "runner/job/recorded.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"

/*
 * Every name is looked for in all that comes later: in a large plan not for ever.  An object whose later text
 * was not looked through may be gone, so it is not expected.
 */
#define VERIFY_WORK (INT64_C(128) << 20)

/* The name without its schema, without quotes. */
static void
bare(const char *object, const char **ret, size_t *ret_len)
{
	const char *dot = strrchr(object, '.');
	const char *s = dot == NULL ? object : dot + 1;
	size_t len = strlen(s);

	if (len >= 2 && s[0] == '"' && s[len - 1] == '"') {
		s++;
		len -= 2;
	}
	*ret = s;
	*ret_len = len;
}

static bool
mentions(const char *text, size_t len, const char *word, size_t word_len)
{
	size_t i;

	for (i = 0; word_len > 0 && i + word_len <= len; i++) {
		if (strncasecmp(text + i, word, word_len) == 0)
			return true;
	}
	return false;
}

static bool
may_remove(const char *kind)
{
	static const char *const words[] = { "DROP", "ALTER", "DO", "SELECT", "CALL", "EXECUTE" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strncmp(kind, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

/* *work: how many bytes were searched so far. */
static bool
removed_later(const struct plan *p, const struct verify_object *o, int64_t *work)
{
	const char *word;
	size_t m, k, len;

	bare(o->name, &word, &len);
	for (m = o->migration; m < p->n_migrations; m++) {
		const struct plan_sql *sql = &p->migrations[m].run;

		for (k = m == o->migration ? o->statement + 1 : 0; k < sql->n_statements; k++) {
			const struct plan_statement *st = &sql->statements[k];

			if (m == o->migration && strcmp(st->kind, "ROLLBACK TO") == 0)
				return true;
			if (!may_remove(st->kind))
				continue;
			*work += st->length;
			if (*work > VERIFY_WORK)
				return true;
			/* With its schema or its table everything in it goes. */
			if (strcmp(st->kind, "DROP SCHEMA") == 0 ||
			    strcasestr(st->kind, "DROP OWNED") != NULL ||
			    mentions(sql->sql + st->offset, (size_t)st->length, word, len) ||
			    mentions(sql->sql + st->offset, (size_t)st->length, "CASCADE", 7) ||
			    (strcmp(o->kind, "index") == 0 && strncmp(st->kind, "DROP", 4) == 0))
				return true;
		}
	}
	return false;
}

size_t
verify_expected(const struct plan *p, struct verify_object *ret)
{
	size_t m, k, n = 0;
	int64_t work = 0;

	for (m = 0; m < p->n_migrations; m++) {
		const struct plan_sql *sql = &p->migrations[m].run;

		for (k = 0; k < sql->n_statements; k++) {
			const struct plan_statement *st = &sql->statements[k];
			struct verify_object o = { m, k, st->object_kind, st->object };

			if (st->object != NULL && st->object[0] != '\0' && !removed_later(p, &o, &work))
				ret[n++] = o;
		}
	}
	return n;
}

const char *
verify_array(const char *const *items, size_t n, struct gh_arena *a)
{
	GH_TEXT t = { 0 };
	const char *c;
	size_t i;

	gh_text_putc(&t, '{');
	for (i = 0; i < n; i++) {
		gh_text_put(&t, i == 0 ? "\"" : ",\"");
		for (c = items[i]; *c != '\0'; c++) {
			if (*c == '"' || *c == '\\')
				gh_text_putc(&t, '\\');
			gh_text_putc(&t, *c);
		}
		gh_text_putc(&t, '"');
	}
	gh_text_putc(&t, '}');
	return gh_strdup(a, gh_text_str(&t));
}

static bool
in_plan(const struct plan *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_migrations; i++) {
		if (strcmp(p->migrations[i].key, name) == 0)
			return true;
	}
	return false;
}

static const char *
rows_wrong(const struct run *r, const struct recorded *now)
{
	const struct plan *p = &r->plan;
	struct gh_arena *a = r->job->arena;
	size_t i;

	for (i = 0; i < p->n_migrations; i++) {
		if (recorded_in(now, i) == p->down)
			return gh_printf(a, "%s was committed but is %s %s", p->migrations[i].key,
			    p->down ? "still in" : "missing in", p->tracking);
	}
	for (i = 0; !r->convention->one_row && i < r->tracking.n; i++) {
		const char *name = r->tracking.rows[i].key;

		if (tracking_has(&r->tracking, name) && !tracking_has(now->t, name) && !in_plan(p, name))
			return gh_printf(
			    a, "%s was recorded in %s before the run and is not now", name, p->tracking);
	}
	return recorded_odd(now, a);
}

/* The run's rows are as committed, and those of before are as before: else a migration has changed the table,
 * or a trigger of it. */
static enum gh_code
rows(struct run *r, struct gh_err *err)
{
	struct tracking t;
	const struct recorded now = { .c = r->convention, .plan = &r->plan, .t = &t };
	const char *wrong;

	if (r->plan.act == PLAN_REPAIR)
		return GH_OK;
	GH_TRY(tracking_read_plan(&r->pg, r->convention, &r->plan, &t, err));
	wrong = recorded_blind(&now, r->job->arena);
	if (wrong == NULL && !t.exists)
		wrong = gh_printf(r->job->arena, "%s does not exist any more", t.qualified);
	if (wrong == NULL)
		wrong = rows_wrong(r, &now);
	if (wrong == NULL)
		return GH_OK;
	r->odd = true;
	return gh_fail(err, GH_CONFLICT, "%s", wrong);
}

/* The quick look for all at once did not find it: its own probe decides. */
static enum gh_code
look_closer(struct run *r, const struct verify_object *o, struct gh_err *err)
{
	const char *probe = object_probe(o->kind), *params[] = { o->name };
	PG_RESULT res = NULL;

	if (probe == NULL)
		return GH_OK;
	GH_TRY(pg_query(&r->pg, probe, params, 1, &res, err));
	if (PQntuples(res) > 0)
		return GH_OK;
	say_evidence(r->job, "object", o->name, WIRE_FAILED,
	    gh_printf(r->job->arena, "The %s is not there.", o->kind));
	return gh_fail(err, GH_CONFLICT, "the %s %s that %s creates is not there", o->kind, o->name,
	    r->plan.migrations[o->migration].key);
}

enum gh_code
verify_objects(struct run *r, size_t *ret_n, struct gh_err *err)
{
	const struct plan *p = &r->plan;
	struct gh_arena *a = r->job->arena;
	struct verify_object *want;
	const char **kinds, **names, *params[2];
	size_t total = 0, i, n;
	PG_RESULT res = NULL;
	int row;

	for (i = 0; i < p->n_migrations; i++)
		total += p->migrations[i].run.n_statements;
	want = gh_alloc_n(a, total, sizeof(*want));
	kinds = gh_alloc_n(a, total, sizeof(*kinds));
	names = gh_alloc_n(a, total, sizeof(*names));
	*ret_n = n = verify_expected(p, want);
	for (i = 0; i < n; i++) {
		kinds[i] = want[i].kind;
		names[i] = want[i].name;
	}
	params[0] = verify_array(kinds, n, a);
	params[1] = verify_array(names, n, a);
	GH_TRY(pg_query(&r->pg, SQL_OBJECTS_MISSING, params, 2, &res, err));
	for (row = 0; row < PQntuples(res); row++) {
		i = (size_t)strtoull(PQgetvalue(res, row, 0), NULL, 10) - 1;
		if (i >= n)
			return gh_fail(err, GH_INTERNAL, "the check of objects answered nonsense");
		GH_TRY(look_closer(r, &want[i], err));
	}
	if (n > 0)
		say_evidence(r->job, "object", "", WIRE_OK,
		    gh_printf(a, "%zu object%s that the run creates %s there.", n, n == 1 ? "" : "s",
			n == 1 ? "is" : "are"));
	return GH_OK;
}

/* An index of a statement of this plan: IF NOT EXISTS takes an invalid one for a good one. */
static bool
of_plan(const struct plan *p, const struct run_index *x)
{
	size_t m, k;

	for (m = 0; m < p->n_migrations; m++) {
		const struct plan_sql *sql = &p->migrations[m].run;

		for (k = 0; k < sql->n_statements; k++) {
			enum run_index_own own = run_index_own(sql, &sql->statements[k], x);

			if (own == RUN_INDEX_OWN || own == RUN_INDEX_NAMED)
				return true;
		}
	}
	return false;
}

/* Others build indexes too: *ret_n is how many of theirs are invalid and were not before. */
static enum gh_code
indexes(struct run *r, size_t *ret_n, struct gh_err *err)
{
	const struct run_index *wrong = NULL;
	struct run_indexes now;
	size_t i;

	*ret_n = 0;
	GH_TRY(run_indexes_read(&r->pg, &now, err));
	for (i = 0; i < now.n; i++) {
		const struct run_index *x = &now.at[i];
		bool ours = of_plan(&r->plan, x), fails = ours && !x->building;

		if (run_indexes_have(&r->invalid, x))
			continue;
		if (fails && wrong == NULL)
			wrong = x;
		*ret_n += !fails;
		say_evidence(r->job, "index", gh_printf(r->job->arena, "%s.%s", x->schema, x->name),
		    fails ? WIRE_FAILED : WIRE_SKIPPED,
		    fails      ? "It is invalid and was not before."
			: ours ? "It is invalid and was not before: perhaps somebody is building it now."
			       : "It is invalid and was not before; no statement of this run makes it: "
				 "somebody else's build has failed, or goes on.");
	}
	if (wrong != NULL)
		return gh_fail(err, GH_CONFLICT, "the index %s.%s is invalid and was not before",
		    wrong->schema, wrong->name);
	if (*ret_n == 0)
		say_evidence(r->job, "index", "", WIRE_OK, "No index is invalid that was not before.");
	return GH_OK;
}

/* All of them, whatever one says: who repairs wants to know.  The first failure is the run's. */
static enum gh_code
all_checks(struct run *r, struct gh_err *err)
{
	static enum gh_code (*const checks[])(
	    struct run *, struct gh_err *) = { verify_queries, verify_tables, verify_policy };
	struct gh_err first = { 0 };
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]) && !r->pg.error.lost; i++) {
		struct gh_err why = { 0 };

		if (checks[i](r, &why) != GH_OK && first.code == GH_OK)
			first = why;
	}
	if (first.code != GH_OK)
		*err = first;
	return first.code;
}

enum gh_code
stage_verify(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	struct pg_batch b = { 0 };
	size_t n, others;
	enum gh_code code;

	r->pg.error = (struct pg_error){ 0 };
	/* Whatever the migrations have SET for their session. */
	pg_batch_add(&b, SQL_RESET_ALL, NULL, 0);
	pg_batch_add(&b, SQL_RESET_ROLE, NULL, 0);
	code = pg_batch_run(&r->pg, &b, PG_DEADLINE_MS, err);
	pg_batch_done(&b);
	GH_TRY(code);
	pg_place(&r->pg, -1, -1);
	GH_TRY(rows(r, err));
	say_evidence(r->job, "tracking", r->plan.tracking, WIRE_OK, "Its rows are as expected.");
	GH_TRY(verify_objects(r, &n, err));
	GH_TRY(indexes(r, &others, err));
	GH_TRY(all_checks(r, err));
	gh_text_putf(evidence,
	    "The tracking rows are as expected, %zu created object%s there, no new invalid index%s", n,
	    n == 1 ? " is" : "s are", others == 0 ? "" : " of its own");
	if (r->plan.n_queries > 0)
		gh_text_putf(evidence, ", %zu quer%s of the project %s", r->plan.n_queries,
		    r->plan.n_queries == 1 ? "y" : "ies", r->plan.n_queries == 1 ? "holds" : "hold");
	if (r->plan.policy.n_tables > 0)
		gh_text_putf(evidence, ", %zu expected table%s there", r->plan.policy.n_tables,
		    r->plan.policy.n_tables == 1 ? " is" : "s are");
	gh_text_putc(evidence, '.');
	return GH_OK;
}
