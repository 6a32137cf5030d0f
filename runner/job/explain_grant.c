#include "base/ban.h"
#include "runner/job/explain.h"
#include "runner/job/sql.gen.h"

/*
 * 42501: which role lacks which right on what, and the GRANT to type.  What it is about is only in the
 * message, which is in English where lc_messages is; else the role itself is shown.
 */

#define TITLE "The right that is missing"

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* What the statement needs of a table. */
static const char *
privilege(const char *kind)
{
	static const struct {
		const char *kind, *privilege;
	} list[] = { { "INSERT", "INSERT" }, { "UPDATE", "UPDATE" }, { "DELETE", "DELETE" },
		{ "TRUNCATE", "TRUNCATE" }, { "CREATE TRIGGER", "TRIGGER" }, { "MERGE", "UPDATE" },
		{ "ALTER TABLE", "REFERENCES" }, { "CREATE TABLE", "REFERENCES" }, { "LOCK", "UPDATE" } };
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (begins(kind, list[i].kind))
			return list[i].privilege;
	}
	return "SELECT";
}

/* composer: its columns are the query, what is missing, the GRANT, and perhaps another way. */
static enum gh_code
say(struct explain *x, const char *composer, const char *const *params, size_t n, const char *on,
    bool *ret_said, struct gh_err *err)
{
	struct gh_arena *a = x->pg->job->arena;
	struct explain_row row;
	const char *role;
	PG_RESULT res = NULL;

	GH_TRY(explain_row(x, composer, params, n, &row, err));
	if (row.n == 0)
		return GH_OK;
	GH_TRY(explain_query(x, row.cells[0], NULL, 0, &res, err));
	role = PQntuples(res) > 0 ? PQgetvalue(res, 0, 0) : "this target's role";
	*ret_said = true;
	if (strcmp(row.cells[1], "ownership") == 0)
		explain_say(x, TITLE, row.cells[0], res,
		    gh_printf(a, "The role %s does not own %s, which only an owner may change: %s%s%s", role,
			row.n > 4 ? row.cells[4] : on, row.cells[2], row.n > 3 ? ", or " : "",
			row.n > 3 ? row.cells[3] : ""));
	else
		explain_say(x, TITLE, row.cells[0], res,
		    gh_printf(a, "The role %s lacks %s on %s. Its owner types: %s", role, row.cells[1],
			row.n > 4 ? row.cells[4] : on, row.cells[2]));
	return GH_OK;
}

static enum gh_code
denied(struct explain *x, const char *object, bool *ret_said, struct gh_err *err)
{
	const char *m = x->error->message;
	bool makes = begins(x->kind, "CREATE") || begins(x->kind, "ALTER") || begins(x->kind, "SELECT INTO");

	if (strstr(m, "for schema ") != NULL) {
		const char *const params[] = { object, makes ? "CREATE" : "USAGE" };

		return say(x, SQL_EXPLAIN_GRANT_SCHEMA, params, 2,
		    gh_printf(x->pg->job->arena, "schema %s", object), ret_said, err);
	}
	if (strstr(m, "database ") != NULL) {
		const char *const params[] = { strstr(m, "temporary") != NULL ? "TEMPORARY" : "CREATE" };

		return say(x, SQL_EXPLAIN_GRANT_DATABASE, params, 1,
		    gh_printf(x->pg->job->arena, "database %s", object), ret_said, err);
	}
	return GH_OK;
}

/* Functions have no quotation marks around them. */
static enum gh_code
function(struct explain *x, bool owner, bool *ret_said, struct gh_err *err)
{
	const char *s = strstr(x->error->message, "function "), *params[2];
	size_t len;

	if (s == NULL)
		return GH_OK;
	s += strlen("function ");
	len = strcspn(s, " (");
	params[0] = gh_strndup(x->pg->job->arena, s, len);
	params[1] = owner ? "t" : "f";
	return say(x, SQL_EXPLAIN_GRANT_FUNCTION, params, 2, params[0], ret_said, err);
}

enum gh_code
explain_grant(struct explain *x, struct gh_err *err)
{
	const char *m = x->error->message, *object = explain_quoted(x, 0);
	bool owner = strstr(m, "must be owner of") != NULL, said = false;
	PG_RESULT res = NULL;

	/* "permission denied for table users" */
	if (object == NULL)
		object = strrchr(m, ' ') == NULL ? "" : strrchr(m, ' ') + 1;
	if (strstr(m, "function ") != NULL)
		GH_TRY(function(x, owner, &said, err));
	if (!said && !owner)
		GH_TRY(denied(x, object, &said, err));
	if (!said && object[0] != '\0') {
		const char *const params[] = { object, owner ? "ownership" : privilege(x->kind),
			owner ? "t" : "f" };

		GH_TRY(say(x, SQL_EXPLAIN_GRANT_TABLE, params, 3, object, &said, err));
	}
	if (said)
		return GH_OK;
	GH_TRY(explain_query(x, SQL_EXPLAIN_GRANT_ROLE, NULL, 0, &res, err));
	explain_say(x, TITLE, SQL_EXPLAIN_GRANT_ROLE, res,
	    gh_printf(x->pg->job->arena,
		"The server said: %s. This is what the role is; a database administrator can change it.", m));
	return GH_OK;
}
