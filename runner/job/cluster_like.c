#include "base/ban.h"
#include "runner/job/cluster.h"
#include "runner/job/sql.gen.h"

/* One line of postgresql.conf; backslashes and quotes as that file wants them. */
static void
setting_put(struct gh_text *t, const char *name, const char *value)
{
	gh_text_putf(t, "%s = '", name);
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			gh_text_putc(t, *value);
		if (*value != '\n' && *value != '\r')
			gh_text_putc(t, *value);
	}
	gh_text_put(t, "'\n");
}

enum gh_code
cluster_settings(struct cluster *c, struct pg *target, struct gh_err *err)
{
	GH_TEXT text = { 0 };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_value(target, SQL_LIKE_PRELOAD, NULL, 0, &c->preload, err));
	GH_TRY(pg_query(target, SQL_LIKE_SETTINGS, NULL, 0, &res, err));
	for (i = 0; i < PQntuples(res); i++)
		setting_put(&text, PQgetvalue(res, i, 0), PQgetvalue(res, i, 1));
	/* A server of the lowest level refuses to start with room for standbys. */
	gh_text_put(&text, "max_wal_senders = 0\n");
	c->settings = gh_strdup(c->job->arena, gh_text_str(&text));
	return GH_OK;
}

/* The target gives statements, the private cluster carries them out. */
static enum gh_code
carry_over(struct pg *admin, struct pg *target, const char *sql, struct gh_err *err)
{
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(target, sql, NULL, 0, &res, err));
	for (i = 0; i < PQntuples(res); i++)
		GH_TRY(pg_query(admin, PQgetvalue(res, i, 0), NULL, 0, NULL, err));
	return GH_OK;
}

static enum gh_code
role_settings(struct pg *admin, struct pg *target, struct gh_err *err)
{
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(target, SQL_LIKE_ROLE_SETTINGS, NULL, 0, &res, err));
	for (i = 0; i < PQntuples(res); i++) {
		const char *const params[] = { PQgetvalue(res, i, 0), PQgetvalue(res, i, 1),
			PQgetvalue(res, i, 2) };

		if (strcmp(params[2], "{}") != 0)
			GH_TRY(pg_query(admin, SQL_LIKE_ROLE_SETTING_ADD, params, 3, NULL, err));
	}
	return GH_OK;
}

enum gh_code
cluster_like(struct pg *admin, struct pg *target, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code = carry_over(admin, target, SQL_LIKE_ROLES, &why);

	if (code == GH_OK)
		code = carry_over(admin, target, SQL_LIKE_MEMBERS, &why);
	if (code != GH_OK)
		return gh_fail(err, code, "the roles cannot be copied: %s", why.msg);
	code = carry_over(admin, target, SQL_LIKE_DATABASE, &why);
	if (code == GH_OK)
		code = role_settings(admin, target, &why);
	if (code != GH_OK)
		return gh_fail(err, code, "the database cannot be made as it is on the target: %s", why.msg);
	return GH_OK;
}
