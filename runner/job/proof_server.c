#include "base/ban.h"
#include "runner/job/proof_inner.h"
#include "base/fault.h"
#include "runner/job/conninfo.h"
#include "runner/job/sql.gen.h"

/*
 * The configured server.  What a dump says runs there as the role that proves, so this may be nobody who
 * reaches beyond its databases; what it can do all the same (a setting or a password of its own, a database)
 * is looked for afterwards and undone.
 *
 * While a proof goes on it holds an advisory lock of its database's name: one whose lock is free was left
 * behind by a job that was killed.
 */

static const char *
prefix(const struct proof_place *w)
{
	const char *whose = w->p->job->spec.installation;

	return gh_printf(w->p->job->arena, "gatehouse_proof_%s_", whose == NULL ? "" : whose);
}

static enum gh_code
allowed(struct proof_place *w, const char **ret_version, struct gh_err *err)
{
	struct gh_arena *a = w->p->job->arena;
	PG_RESULT who = NULL;

	GH_TRY(pg_query(&w->admin, SQL_PROOF_WHO, NULL, 0, &who, err));
	if (PQgetvalue(who, 0, 1)[0] != '\0')
		return gh_fail(err, GH_CONFLICT,
		    "the role %s of the server for proofs %s: it needs one that may create databases and "
		    "nothing else",
		    PQgetvalue(who, 0, 0), PQgetvalue(who, 0, 1));
	*ret_version = gh_strdup(a, PQgetvalue(who, 0, 3));
	if (strtoll(PQgetvalue(who, 0, 2), NULL, 10) != w->p->server_major)
		return gh_fail(err, GH_CONFLICT,
		    "the server for proofs is a PostgreSQL %s, and the backup is of a PostgreSQL %" PRId64
		    ": it is proved on its own major version",
		    *ret_version, w->p->server_major);
	return GH_OK;
}

static enum gh_code
leftovers_drop(struct proof_place *w, struct gh_err *err)
{
	const char *const params[] = { prefix(w) };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(&w->admin, SQL_PROOF_LEFTOVERS, params, 1, &res, err));
	for (i = 0; i < PQntuples(res); i++) {
		if (PQgetvalue(res, i, 1)[0] == 't')
			GH_TRY(pg_query_slow(&w->admin, PQgetvalue(res, i, 0), NULL, err));
	}
	return pg_query(&w->admin, "SELECT pg_catalog.pg_advisory_unlock_all()", NULL, 0, NULL, err);
}

/* Lines "what" and how it is undone. */
static enum gh_code
held(struct proof_place *w, PGresult **ret, struct gh_err *err)
{
	const char *const params[] = { prefix(w) };

	return pg_query(&w->admin, SQL_PROOF_HELD, params, 1, ret, err);
}

static enum gh_code
held_before(struct proof_place *w, struct gh_err *err)
{
	PG_RESULT res = NULL;
	GH_TEXT t = { 0 };
	int i;

	GH_TRY(held(w, &res, err));
	gh_text_putc(&t, '\n');
	for (i = 0; i < PQntuples(res); i++)
		gh_text_putf(&t, "%s\n", PQgetvalue(res, i, 0));
	w->before = gh_strdup(w->p->job->arena, gh_text_str(&t));
	return GH_OK;
}

enum gh_code
proof_server_make(struct proof_place *w, const struct proof_script *s, struct gh_err *err)
{
	const struct wire_spec *spec = &w->p->job->spec;
	struct gh_arena *a = w->p->job->arena;
	const char *version = "", *note = "", *locked;
	/* Of a run, or of a task, whose number is negative here. */
	const char *name = gh_printf(
	    a, "%s%c%" PRId64, prefix(w), spec->id < 0 ? 't' : 'r', spec->id < 0 ? -spec->id : spec->id);
	const char *const params[] = { name };

	GH_TRY(cluster_connect(&w->admin, spec->scratch, err));
	GH_TRY(allowed(w, &version, err));
	GH_TRY(leftovers_drop(w, err));
	GH_TRY(held_before(w, err));
	GH_TRY(pg_value(&w->admin, SQL_PROOF_LOCK, params, 1, &locked, err));
	if (locked[0] != 't')
		return gh_fail(err, GH_CONFLICT, "another proof is at the database %s", name);
	w->database = name;
	GH_TRY(proof_database(w, name, s, &note, err));
	(void)gh_fault("job.proof.created");
	w->into = (struct proof_into){ .where = PROOF_SERVER,
		.place = gh_printf(a, "a database of the configured server, PostgreSQL %s%s", version, note),
		.jobs = spec->backup_jobs };
	return conninfo_elsewhere(a, spec->scratch, name, &w->into.connection, err);
}

/* Nobody gets in any more: the role's password is not what it was.  It is given back. */
static enum gh_code
password_look(struct proof_place *w, struct gh_err *err)
{
	struct pg again = { .job = w->p->job, .at = { .migration = -1, .statement = -1 } };
	const char *was = PQpass(w->admin.conn), *sql, *params[1];
	struct gh_err why = { 0 };
	char *hash;

	if (cluster_connect(&again, w->into.connection, &why) == GH_OK) {
		pg_close(&again);
		return GH_OK;
	}
	pg_close(&again);
	if (was == NULL || was[0] == '\0' || strstr(why.msg, "authentication failed") == NULL)
		return gh_fail(err, why.code, "%s", why.msg);
	hash = PQencryptPasswordConn(w->admin.conn, was, PQuser(w->admin.conn), NULL);
	if (hash == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "%s", PQerrorMessage(w->admin.conn));
	params[0] = gh_strdup(w->p->job->arena, hash);
	PQfreemem(hash);
	GH_TRY(pg_value(&w->admin, SQL_PROOF_PASSWORD, params, 1, &sql, err));
	GH_TRY(pg_query(&w->admin, sql, NULL, 0, NULL, err));
	return proof_bad(w->p, "restored, it changes the password of the role that restores it");
}

enum gh_code
proof_server_look(struct proof_place *w, struct gh_err *err)
{
	struct gh_err why = { 0 };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(password_look(w, err));
	GH_TRY(held(w, &res, err));
	for (i = 0; i < PQntuples(res); i++) {
		const char *line = PQgetvalue(res, i, 0), *undo = PQgetvalue(res, i, 1);

		if (strstr(w->before, gh_printf(w->p->job->arena, "\n%s\n", line)) != NULL)
			continue;
		(void)proof_bad(w->p, "restored, it reaches beyond its database: %s", line);
		why = (struct gh_err){ 0 };
		if (undo[0] == '\0' || pg_query(&w->admin, undo, NULL, 0, NULL, &why) != GH_OK)
			say_log(w->p->job, "%s has come to stay: %s", line, why.msg);
	}
	return GH_OK;
}

static enum gh_code
drop(struct proof_place *w, struct gh_err *err)
{
	const char *const params[] = { w->database };
	const char *sql;

	if (w->admin.conn == NULL || PQstatus(w->admin.conn) != CONNECTION_OK)
		GH_TRY(cluster_connect(&w->admin, w->p->job->spec.scratch, err));
	GH_TRY(pg_value(&w->admin, SQL_PROOF_DROP, params, 1, &sql, err));
	return pg_query_slow(&w->admin, sql, NULL, err);
}

void
proof_server_done(struct proof_place *w)
{
	struct gh_err err = { 0 };

	if (w->database != NULL && drop(w, &err) != GH_OK)
		say_log(w->p->job, "the database %s stays until the next proof: %s", w->database, err.msg);
	(void)gh_fault("job.proof.dropped");
	pg_close(&w->admin);
}
