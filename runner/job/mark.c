#include "base/ban.h"
#include "base/fault.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"

/*
 * Plans that run no migration.  PLAN_MARK: what the migration makes is there, the project's queries hold, and
 * then its tracking row is written as the tool would.  PLAN_REPAIR: one statement by itself, which drops an
 * index that is still invalid.
 */

/* NULL: no such index. */
static enum gh_code
index_valid(struct run *r, const char *name, const char **ret, struct gh_err *err)
{
	const char *const params[] = { name };
	PG_RESULT res = NULL;

	*ret = NULL;
	GH_TRY(pg_query(&r->pg, SQL_INDEX_VALID, params, 1, &res, err));
	if (PQntuples(res) > 0)
		*ret = PQgetvalue(res, 0, 0)[0] == 't' ? "t" : "f";
	return GH_OK;
}

static enum gh_code
prove(struct run *r, size_t *ret_n, struct gh_err *err)
{
	const struct plan_migration *m = &r->plan.migrations[0];
	const char *valid;
	size_t k;

	GH_TRY(verify_objects(r, ret_n, err));
	if (*ret_n == 0)
		return gh_fail(err, GH_CONFLICT,
		    "%s creates nothing that could be looked for, so nothing proves that it is applied",
		    m->key);
	for (k = 0; k < m->run.n_statements; k++) {
		const struct plan_statement *s = &m->run.statements[k];

		if (strcmp(s->object_kind, "index") != 0)
			continue;
		GH_TRY(index_valid(r, s->object, &valid, err));
		if (valid != NULL && valid[0] == 'f')
			return gh_fail(err, GH_CONFLICT, "the index %s is there but invalid", s->object);
	}
	return verify_queries(r, err);
}

/* What the tool writes before and after, at once. */
static const char *const *
books(struct run *r, const struct step *s)
{
	const struct convention_books *b = migrate_books(r, s);
	const char *const *lists[] = { b->before, b->row };
	size_t n = 0, i, k;
	const char **ret;

	for (i = 0; i < 2; i++) {
		for (k = 0; lists[i] != NULL && lists[i][k] != NULL; k++)
			n++;
	}
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ret = gh_alloc_n(r->job->arena, n + 1, sizeof(*ret));
	for (n = 0, i = s->sql->row_inside ? 1 : 0; i < 2; i++) {
		for (k = 0; lists[i] != NULL && lists[i][k] != NULL; k++)
			ret[n++] = lists[i][k];
	}
	return ret;
}

enum gh_code
mark_run(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct step s = { .i = 0, .sql = &r->plan.migrations[0].run };
	const struct part part = { .s = &s, .books = books(r, &s) };
	const struct transact t = { .n = 1, .parts = &part, .intent = WIRE_INTENT_ROW, .makes = true };
	size_t n;

	r->between = true;
	GH_TRY(prove(r, &n, err));
	r->between = false;
	(void)gh_fault("job.mark.proved");
	say_migration(r->job, 0, WIRE_STARTED, "");
	if (transact_run(r, &t, err) != GH_OK) {
		say_migration(
		    r->job, 0, r->left == RUN_LEFT_DOUBT ? WIRE_IN_DOUBT : WIRE_ROLLED_BACK, err->msg);
		return err->code;
	}
	say_migration(r->job, 0, WIRE_OK, "marked as applied, nothing was run");
	r->committed = 1;
	gh_text_putf(evidence,
	    "%zu object%s that %s makes %s there; its tracking row was written, nothing else.", n,
	    n == 1 ? "" : "s", r->plan.migrations[0].key, n == 1 ? "is" : "are");
	return GH_OK;
}

enum gh_code
repair_run(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct step s = { .i = 0, .sql = &r->plan.migrations[0].run };
	const char *index = repair_index(&r->plan), *valid, *left;
	enum gh_code code;

	r->between = true;
	GH_TRY(index_valid(r, index, &valid, err));
	if (valid == NULL)
		return gh_fail(err, GH_CONFLICT, "there is no index %s any more", index);
	if (valid[0] == 't')
		return gh_fail(err, GH_CONFLICT, "the index %s is valid now: it is not dropped", index);
	r->between = false;
	say_migration(r->job, 0, WIRE_STARTED, "");
	GH_TRY(alone_session(r, err));
	code = alone_run(r, &s, 0, &left, err);
	if (code == GH_OK)
		code = index_valid(r, index, &valid, err);
	if (code == GH_OK && valid != NULL)
		code = gh_fail(err, GH_CONFLICT, "the index %s is still there", index);
	if (code != GH_OK) {
		say_migration(r->job, 0, r->left == RUN_LEFT_DOUBT ? WIRE_IN_DOUBT : WIRE_FAILED, err->msg);
		return code;
	}
	say_migration(r->job, 0, WIRE_OK, "");
	r->committed = 1;
	gh_text_putf(evidence, "The invalid index %s was dropped.", index);
	return GH_OK;
}

const char *
repair_index(const struct plan *p)
{
	const char *colon = strchr(p->migrations[0].key, ':');

	return colon == NULL ? "" : colon + 1;
}

/* After a job that died: the index is gone, or it is there as before. */
enum gh_code
repair_settle(struct pg *pg, const struct plan *p, struct gh_err *err)
{
	const char *const params[] = { repair_index(p) };
	PG_RESULT res = NULL;

	GH_TRY(pg_query(pg, SQL_INDEX_VALID, params, 1, &res, err));
	if (PQntuples(res) == 0) {
		job_outcome(
		    pg->job, WIRE_SUCCEEDED, "The run broke off, but the index %s is gone.", params[0]);
		say_migration(pg->job, 0, WIRE_OK, "the index is gone");
		return GH_OK;
	}
	job_outcome(pg->job, WIRE_FAILED_CLEAN, "The run broke off. The index %s is still there.", params[0]);
	say_migration(pg->job, 0, WIRE_ROLLED_BACK, "the index is still there");
	return GH_OK;
}
