#include "base/ban.h"
#include "runner/job/restore.h"
#include "runner/job/sql.gen.h"

/* The new database as the target's is, which no dump says: what it is made with, and what it gets in the end.
 */

/* The target's database gives statements, the role that restores carries them out. */
static enum gh_code
carry_over(struct restore *x, const char *sql, struct gh_err *err)
{
	const char *const params[] = { x->name };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(&x->run->pg, sql, params, 1, &res, err));
	for (i = 0; i < PQntuples(res); i++)
		GH_TRY(pg_query_slow(&x->admin, PQgetvalue(res, i, 0), NULL, err));
	return GH_OK;
}

enum gh_code
restore_like_create(struct restore *x, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code = carry_over(x, SQL_RESTORE_CREATE, &why);

	return code == GH_OK ? GH_OK : gh_fail(err, code, "the new database cannot be made: %s", why.msg);
}

static enum gh_code
reset(struct restore *x, struct gh_err *err)
{
	const char *params[] = { x->name, NULL };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_value(&x->run->pg, SQL_DATABASE_OWNER, NULL, 0, &params[1], err));
	GH_TRY(pg_query(&x->admin, SQL_RESTORE_RESET, params, 2, &res, err));
	for (i = 0; i < PQntuples(res); i++) {
		say_log(x->run->job,
		    "code of the backup has changed the new database itself, undone with: %s",
		    PQgetvalue(res, i, 0));
		GH_TRY(pg_query_slow(&x->admin, PQgetvalue(res, i, 0), NULL, err));
	}
	return GH_OK;
}

enum gh_code
restore_like_reset(struct restore *x, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code = reset(x, &why);

	return code == GH_OK
	    ? GH_OK
	    : gh_fail(err, code,
		  "what the code of the backup has made of the new database itself cannot be "
		  "undone: %s",
		  why.msg);
}

/* In a transaction of its own, which the caller ends. */
static enum gh_code
setting_do(struct pg *pg, const PGresult *res, int i, struct gh_err *err)
{
	const char *const pair[] = { PQgetvalue(res, i, 0), PQgetvalue(res, i, 1) };

	GH_TRY(pg_query(pg, "BEGIN", NULL, 0, NULL, err));
	if (!PQgetisnull(res, i, 1))
		GH_TRY(pg_query(pg, SQL_RESTORE_SETTING, pair, 2, NULL, err));
	return pg_query(pg, PQgetvalue(res, i, 2), NULL, 0, NULL, err);
}

/* What this role may not give is told, with the statement that an administrator has to send. */
static enum gh_code
setting(struct restore *x, const PGresult *res, int i, bool keep, struct gh_text *left, struct gh_err *err)
{
	struct pg *pg = &x->admin;
	struct gh_err why = { 0 };
	enum gh_code code = setting_do(pg, res, i, &why);

	if (code == GH_OK && keep)
		return pg_query(pg, "COMMIT", NULL, 0, NULL, err);
	if (code != GH_OK && pg->error.lost) {
		*err = why;
		return code;
	}
	GH_TRY(pg_rollback(pg, err));
	if (code == GH_OK)
		return GH_OK;
	if (keep)
		say_evidence(x->run->job, "setting", PQgetvalue(res, i, 0), WIRE_FAILED,
		    gh_printf(x->run->job->arena, "%s: could not be carried over: %s", PQgetvalue(res, i, 2),
			why.msg));
	gh_text_putf(left, "%s%s", left->len == 0 ? "" : ", ", PQgetvalue(res, i, 3));
	return GH_OK;
}

/* Those of the target's database, given to that one; without keep it is only tried. */
static enum gh_code
settings(struct restore *x, const char *name, bool keep, const char **ret_left, struct gh_err *err)
{
	const char *const params[] = { name };
	GH_TEXT left = { .limit = 2000 };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(&x->run->pg, SQL_RESTORE_SETTINGS, params, 1, &res, err));
	for (i = 0; i < PQntuples(res); i++)
		GH_TRY(setting(x, res, i, keep, &left, err));
	*ret_left = gh_strdup(x->run->job->arena, gh_text_str(&left));
	return GH_OK;
}

enum gh_code
restore_like_try(struct restore *x, const char **ret_left, struct gh_err *err)
{
	return settings(x, x->run->plan.database, false, ret_left, err);
}

enum gh_code
restore_like_rest(struct restore *x, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code;

	GH_TRY(settings(x, x->name, true, &x->left, err));
	code = carry_over(x, SQL_RESTORE_LIKE, &why);
	return code == GH_OK
	    ? GH_OK
	    : gh_fail(err, code, "the new database cannot be made as the target's is: %s", why.msg);
}
