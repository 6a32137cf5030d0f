#include "base/ban.h"
#include "runner/job/sql.gen.h"
#include "runner/job/target.h"
#include "runner/job/tracking.h"

static enum gh_code
sizes(struct pg *pg, struct gh_err *err)
{
	PG_RESULT r = NULL;
	struct wire_out o;
	int i;

	GH_TRY(pg_query(pg, SQL_SIZES, NULL, 0, &r, err));
	say_start(pg->job, WIRE_J_SIZES, &o);
	for (i = 0; i < 3; i++)
		wire_put_i64(&o, strtoll(PQgetvalue(r, 0, i), NULL, 10));
	say_put(&o, PQgetvalue(r, 0, 3));
	say_end(pg->job, &o);
	return GH_OK;
}

/* A failed read of a target that could be reached: the role lacks a right, mostly. */
static enum gh_code
explain(const struct pg *pg, enum gh_code code, const char *what, struct gh_err *err)
{
	struct gh_err cause = *err;

	*err = (struct gh_err){ 0 };
	return gh_fail(err, code, "%s: the role %s cannot %s: %s", pg->job->spec.target, PQuser(pg->conn),
	    what, cause.msg);
}

/* check: what a target is and what its tracking table says.  Changes nothing. */
static enum gh_code
check_target(struct pg *pg, struct gh_err *err)
{
	struct job *j = pg->job;
	const struct convention *c = convention_find(j->spec.convention);
	struct target_identity id;
	struct tracking t;
	enum gh_code code;

	if (c == NULL)
		return gh_fail(err, GH_BAD_INPUT, "the convention \"%s\" is not known", j->spec.convention);
	GH_TRY(target_connect(pg, &id, err));
	target_say(j, &id);
	code = tracking_read(pg, c, &t, err);
	if (code != GH_OK)
		return explain(pg, code, "read the tracking table", err);
	tracking_say(j, c, &t);
	code = sizes(pg, err);
	if (code != GH_OK)
		return explain(pg, code, "read the sizes", err);
	job_outcome(j, WIRE_SUCCEEDED, "%s is database %s on PostgreSQL %s; %zu migrations are applied.",
	    j->spec.target, id.database, id.version, t.n);
	return GH_OK;
}

static enum gh_code
check_run(struct job *j, struct gh_err *err)
{
	struct pg pg = { .job = j, .at = { .migration = -1, .statement = -1 } };
	enum gh_code code = check_target(&pg, err);

	pg_close(&pg);
	return code;
}

const struct job_kind job_check = {
	.name = WIRE_JOB_CHECK,
	.run = check_run,
};
