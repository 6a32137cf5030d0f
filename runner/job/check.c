#include "base/ban.h"
#include "runner/job/check.h"
#include "runner/job/sql.gen.h"
#include "runner/job/target.h"

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

static enum gh_code
tables(struct pg *pg, struct gh_err *err)
{
	PG_RESULT r = NULL;
	int i, k;

	GH_TRY(pg_query(pg, SQL_TABLES, NULL, 0, &r, err));
	for (i = 0; i < PQntuples(r) && i < CHECK_TABLES; i++) {
		struct wire_out o;

		say_start(pg->job, WIRE_J_TABLE, &o);
		say_put(&o, PQgetvalue(r, i, 0));
		for (k = 1; k < 7; k++)
			wire_put_i64(&o, strtoll(PQgetvalue(r, i, k), NULL, 10));
		say_end(pg->job, &o);
	}
	return GH_OK;
}

static enum gh_code
say_database(struct job *j, const char *oid, const PGresult *res, struct gh_err *err)
{
	struct wire_out o;
	int i = 0;

	while (i < PQntuples(res) && strcmp(PQgetvalue(res, i, 0), oid) != 0)
		i++;
	say_start(j, WIRE_J_DATABASE, &o);
	say_put(&o, "");
	say_put(&o, i < PQntuples(res) ? PQgetvalue(res, i, 1) : "");
	wire_put_i64(&o, strtoll(oid, NULL, 10));
	wire_put_i64(&o, i < PQntuples(res) ? strtoll(PQgetvalue(res, i, 2), NULL, 10) : -1);
	wire_put_u8(&o, i < PQntuples(res) ? 1 : 0);
	say_end(j, &o);
	return job_bad(j, err);
}

/* Databases that restores have left: whether each is still there. */
static enum gh_code
databases(struct pg *pg, struct gh_err *err)
{
	const char *const params[] = { pg->job->spec.kept };
	PG_RESULT res = NULL;
	const char *at = params[0];

	if (at == NULL || at[0] == '\0')
		return GH_OK;
	GH_TRY(pg_query(pg, SQL_KEPT_DATABASES, params, 1, &res, err));
	while (at[0] != '\0') {
		size_t n = strspn(at, "0123456789");

		if (n > 0)
			GH_TRY(say_database(pg->job, gh_strndup(pg->job->arena, at, n), res, err));
		at += n > 0 ? n : 1;
	}
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

static size_t
count(const struct convention_status *s, enum convention_standing standing)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		n += s->rows[i].standing == standing;
	return n;
}

static void
outcome(struct job *j, const struct target_identity *id, const struct check_standing *s)
{
	size_t pending = count(&s->status, CONVENTION_PENDING) + count(&s->status, CONVENTION_OUT_OF_ORDER);

	job_outcome(j, WIRE_SUCCEEDED,
	    "%s is database %s on PostgreSQL %s; %zu migrations are applied, %zu pending.%s%s",
	    j->spec.target, id->database, id->version,
	    count(&s->status, CONVENTION_APPLIED) + count(&s->status, CONVENTION_EDITED) +
		count(&s->status, CONVENTION_MISSING),
	    pending, s->status.blocked[0] == '\0' ? "" : " Nothing runs: ", s->status.blocked);
}

/* check: what a target is and what is where.  Changes nothing. */
static enum gh_code
check_target(struct pg *pg, struct reading *reading, struct gh_err *err)
{
	struct job *j = pg->job;
	struct convention_detected d;
	struct target_identity id;
	struct check_standing s;
	enum gh_code code;

	if (j->spec.convention[0] != '\0' && convention_find(j->spec.convention) == NULL)
		return gh_fail(err, GH_BAD_INPUT, "the convention \"%s\" is not known", j->spec.convention);
	GH_TRY(target_connect(pg, &id, err));
	target_say(j, &id);
	code = sizes(pg, err);
	if (code == GH_OK)
		code = databases(pg, err);
	if (code != GH_OK)
		return explain(pg, code, "read the sizes", err);
	GH_TRY(folder_open(j, reading, err));
	code = check_detect(pg, reading, &d, err);
	if (code != GH_OK)
		return explain(pg, code, "read the tracking table", err);
	folder_say_detected(j, &d);
	code = check_standing(pg, reading, &d, &s, err);
	if (code != GH_OK)
		return explain(pg, code, "read the tracking table", err);
	code = tables(pg, err);
	if (code != GH_OK)
		return explain(pg, code, "read the sizes of its tables", err);
	outcome(j, &id, &s);
	return GH_OK;
}

static enum gh_code
check_run(struct job *j, struct gh_err *err)
{
	struct pg pg = { .job = j, .at = { .migration = -1, .statement = -1 } };
	READING reading = { .disk = { .fd = -1 } };
	enum gh_code code = check_target(&pg, &reading, err);

	pg_close(&pg);
	return code;
}

const struct job_kind job_check = {
	.name = WIRE_JOB_CHECK,
	.run = check_run,
};
