#include "base/ban.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"
#include "runner/job/verify.h"

/*
 * What a policy may ask for after a run: row security on the tables of public, and no constraint that the run
 * has left NOT VALID.  Where it does not ask, what there is goes into the evidence all the same.
 */

#define NAMES 20 /* in one sentence */

/* Marking and repairing change no table: what they find is not theirs. */
static bool
asks(const struct run *r, bool policy)
{
	return policy && r->plan.act == PLAN_RUN;
}

static enum gh_code
open_constraints(struct run *r, const char *without, PGresult **ret, struct gh_err *err)
{
	const char *const params[] = { without };

	return pg_query(&r->pg, SQL_CONSTRAINTS_OPEN, params, 1, ret, err);
}

enum gh_code
verify_before(struct run *r, struct gh_err *err)
{
	struct gh_arena *a = r->job->arena;
	PG_RESULT res = NULL;
	const char **oids;
	size_t n, i;

	GH_TRY(open_constraints(r, "{}", &res, err));
	n = (size_t)PQntuples(res);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	oids = gh_alloc_n(a, n, sizeof(*oids));
	for (i = 0; i < n; i++)
		oids[i] = PQgetvalue(res, (int)i, 0);
	r->unvalidated = verify_array(oids, n, a);
	return GH_OK;
}

/* "a, b and 3 more": that column, with "of" and the next one where there is one. */
static const char *
names(const PGresult *res, int column, struct gh_arena *a)
{
	int n = PQntuples(res), i;
	GH_TEXT t = { .limit = SAY_TEXT_MAX / 2 };

	for (i = 0; i < n && i < NAMES; i++) {
		gh_text_putf(&t, "%s%s", i == 0 ? "" : ", ", PQgetvalue(res, i, column));
		if (column + 1 < PQnfields(res))
			gh_text_putf(&t, " of %s", PQgetvalue(res, i, column + 1));
	}
	if (n > i)
		gh_text_putf(&t, " and %d more", n - i);
	return gh_strdup(a, gh_text_str(&t));
}

static enum gh_code
constraints(struct run *r, struct gh_err *err)
{
	bool asked = asks(r, r->plan.policy.validated_constraints);
	struct gh_arena *a = r->job->arena;
	PG_RESULT res = NULL;
	const char *which;
	int n;

	GH_TRY(open_constraints(r, r->unvalidated == NULL ? "{}" : r->unvalidated, &res, err));
	n = PQntuples(res);
	if (n == 0) {
		say_evidence(r->job, "constraint", "", WIRE_OK, "The run has left none NOT VALID.");
		return GH_OK;
	}
	which = names(res, 1, a);
	say_evidence(r->job, "constraint", "", asked ? WIRE_FAILED : WIRE_SKIPPED,
	    gh_printf(a, "The run has left %d NOT VALID: %s.%s", n, which,
		asked ? "" : " The policy does not ask for them."));
	if (asked)
		return gh_fail(err, GH_CONFLICT,
		    "the run has left %d constraint%s NOT VALID, where the policy wants them validated: %s",
		    n, n == 1 ? "" : "s", which);
	return GH_OK;
}

/* The tables that the convention and batches keep in the target, as an array. */
static const char *
kept(const struct run *r)
{
	const struct convention_tracking *as = r->tracking.as;
	size_t n = as == NULL ? 0 : as->n_tables, i;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	const char **tables = gh_alloc_n(r->job->arena, n + 2, sizeof(*tables));

	tables[0] = r->tracking.table;
	tables[1] = "gatehouse_batch";
	for (i = 0; i < n; i++)
		tables[i + 2] = as->tables[i].name == NULL ? r->tracking.table : as->tables[i].name;
	return verify_array(tables, n + 2, r->job->arena);
}

static enum gh_code
row_security(struct run *r, struct gh_err *err)
{
	bool asked = asks(r, r->plan.policy.row_security);
	const char *const params[] = { r->tracking.schema, kept(r) };
	struct gh_arena *a = r->job->arena;
	PG_RESULT res = NULL;
	const char *which;
	int n;

	GH_TRY(pg_query(&r->pg, SQL_ROW_SECURITY_NONE, params, 2, &res, err));
	n = PQntuples(res);
	if (n == 0) {
		say_evidence(r->job, "row-security", "public", WIRE_OK, "Each table has it.");
		return GH_OK;
	}
	which = names(res, 0, a);
	say_evidence(r->job, "row-security", "public", asked ? WIRE_FAILED : WIRE_SKIPPED,
	    gh_printf(a, "%d table%s without it: %s.%s", n, n == 1 ? " is" : "s are", which,
		asked ? "" : " The policy does not ask for it."));
	if (asked)
		return gh_fail(err, GH_CONFLICT,
		    "%d table%s without row security in public, which the policy asks for: %s", n,
		    n == 1 ? " is" : "s are", which);
	return GH_OK;
}

enum gh_code
verify_policy(struct run *r, struct gh_err *err)
{
	enum gh_code code = constraints(r, err);

	if (r->pg.error.lost)
		return code;
	return row_security(r, code == GH_OK ? err : NULL) == GH_OK ? code : GH_CONFLICT;
}
