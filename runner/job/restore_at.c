#include "base/ban.h"
#include "runner/job/restore.h"

/* The connection of who may create and rename databases: configured, or the target's own. */

#define ELSEWHERE "postgres" /* where one is that is not to be in the target's database */

void
restore_name(const struct wire_spec *s, char ret[RESTORE_NAME_LEN])
{
	const char *whose = s->installation == NULL ? "" : s->installation;

	(void)snprintf(ret, RESTORE_NAME_LEN, "gatehouse_restore_%" PRId64 "%s%.32s", s->id,
	    whose[0] == '\0' ? "" : "_", whose);
}

static void
word_put(struct gh_text *t, const char *key, const char *value)
{
	gh_text_putf(t, "%s%s='", t->len == 0 ? "" : " ", key);
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			gh_text_putc(t, '\\');
		gh_text_putc(t, *value);
	}
	gh_text_putc(t, '\'');
}

/* Where it is when nobody says: never in the database that gets another name. */
static const char *
own_database(const PQconninfoOption *all, const struct plan *p)
{
	const PQconninfoOption *o;

	for (o = all; o->keyword != NULL; o++) {
		if (strcmp(o->keyword, "dbname") == 0 && o->val != NULL && strcmp(o->val, p->database) != 0)
			return o->val;
	}
	return ELSEWHERE;
}

enum gh_code
restore_keywords(
    struct job *j, const struct plan *p, const char *database, const char **ret, struct gh_err *err)
{
	const struct wire_spec *s = &j->spec;
	bool own = s->restore_connection != NULL && s->restore_connection[0] != '\0';
	char *why = NULL, name[TARGET_NAME_LEN];
	PQconninfoOption *all = PQconninfoParse(own ? s->restore_connection : s->connection, &why), *o;
	GH_TEXT t = { 0 };

	if (all == NULL) {
		(void)gh_fail(err, GH_BAD_INPUT, "the connection to restore by: %s",
		    why == NULL ? "out of memory" : why);
		PQfreemem(why);
		return GH_BAD_INPUT;
	}
	for (o = all; o->keyword != NULL; o++) {
		if (o->val != NULL && strcmp(o->keyword, "dbname") != 0 &&
		    strcmp(o->keyword, "application_name") != 0)
			word_put(&t, o->keyword, o->val);
	}
	word_put(&t, "dbname", database != NULL ? database : own_database(all, p));
	PQconninfoFree(all);
	target_session_name(s, name);
	word_put(&t, "application_name", gh_printf(j->arena, "%s restore", name));
	*ret = gh_strdup(j->arena, gh_text_str(&t));
	return GH_OK;
}

enum gh_code
restore_at(struct pg *pg, const struct plan *p, const char *database, struct gh_err *err)
{
	const char *const keys[] = { "dbname", "passfile", "connect_timeout", "client_encoding", "keepalives",
		"keepalives_idle", "keepalives_interval", "keepalives_count", NULL };
	const char *values[] = { NULL, TARGET_PASSFILE, "10", "UTF8", "1", "10", "5", "3", NULL };

	pg_close(pg);
	pg->error = (struct pg_error){ 0 };
	GH_TRY(restore_keywords(pg->job, p, database, &values[0], err));
	pg->conn = PQconnectdbParams(keys, values, 1);
	if (pg->conn == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "out of memory");
	pg_notices_to_journal(pg);
	if (PQstatus(pg->conn) == CONNECTION_OK)
		return GH_OK;
	pg_error_conn(&pg->error, pg->conn);
	return gh_fail(err, GH_UNAVAILABLE,
	    "cannot connect to the server of %s as the role that restores (restore_connection): %s",
	    p->target, pg->error.message);
}
