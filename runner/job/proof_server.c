#include "base/ban.h"
#include "runner/job/proof_inner.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/conninfo.h"
#include "runner/job/sql.gen.h"

/*
 * The configured server.  What a dump says runs there as the role that proves, so this may be nobody who
 * reaches beyond its databases; what it can do all the same (a setting or a password of its own, a database)
 * is looked for afterwards and undone.
 *
 * One proof at a time is on a server: it holds an advisory lock in the database that its connection names,
 * and one of its scratch database's name. A database whose lock is free was left behind by a job that was
 * killed.  No database is ever dropped whose name is not a proof's.
 */

#define ALONE_US      (INT64_C(30) * 60 * 1000000) /* how long a proof waits for another */
#define ALONE_LOOK_MS 500

static const char *
prefix(const struct proof_place *w)
{
	const char *whose = w->p->job->spec.installation;

	return gh_printf(w->p->job->arena, "gatehouse_proof_%s_", whose == NULL ? "" : whose);
}

/* What an error means is read in English; '' is what the server was started with, which nobody can ask for.
 */
static bool
english(const char *lc_messages)
{
	return lc_messages[0] == '\0' || strcmp(lc_messages, "C") == 0 ||
	    strncmp(lc_messages, "C.", 2) == 0 || strcmp(lc_messages, "POSIX") == 0 ||
	    strncasecmp(lc_messages, "en", 2) == 0;
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
	if (!english(PQgetvalue(who, 0, 4)))
		return gh_fail(err, GH_CONFLICT,
		    "the server for proofs answers in %s, and whether an error is the backup's fault is read "
		    "in English: an administrator can give ALTER ROLE %s SET lc_messages = 'C'",
		    PQgetvalue(who, 0, 4), PQgetvalue(who, 0, 0));
	return GH_OK;
}

static enum gh_code
drop(struct proof_place *w, const char *database, struct gh_err *err)
{
	const char *const params[] = { database };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(&w->admin, SQL_PROOF_DROP, params, 1, &res, err));
	if (PQntuples(res) == 0)
		return GH_OK;
	for (i = 0; i < 2; i++) {
		if (PQgetvalue(res, 0, i)[0] != '\0')
			GH_TRY(pg_query_slow(&w->admin, PQgetvalue(res, 0, i), NULL, err));
	}
	return GH_OK;
}

/* One that does not go is told, and in nobody's way. */
static enum gh_code
leftovers_drop(struct proof_place *w, struct gh_err *err)
{
	const char *const params[] = { prefix(w) };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(&w->admin, SQL_PROOF_LEFTOVERS, params, 1, &res, err));
	for (i = 0; i < PQntuples(res); i++) {
		const char *const name[] = { PQgetvalue(res, i, 0) };
		struct gh_err why = { 0 };

		if (PQgetvalue(res, i, 1)[0] != 't')
			continue;
		if (drop(w, name[0], &why) != GH_OK)
			say_log(w->p->job, "the database %s of an earlier proof stays: %s", name[0], why.msg);
		GH_TRY(pg_query(&w->admin, SQL_PROOF_UNLOCK, name, 1, NULL, err));
	}
	return GH_OK;
}

static enum gh_code
lock(struct proof_place *w, const char *name, bool *ret, struct gh_err *err)
{
	const char *const params[] = { name };
	const char *locked;

	GH_TRY(pg_value(&w->admin, SQL_PROOF_LOCK, params, 1, &locked, err));
	*ret = locked[0] == 't';
	return GH_OK;
}

/* What one proof leaves would be taken for another's. */
static enum gh_code
alone(struct proof_place *w, struct gh_err *err)
{
	struct job *j = w->p->job;
	int64_t from = gh_clock_mono();
	bool locked = false, tired = gh_fault("job.proof.alone");

	for (;;) {
		GH_TRY(lock(w, "gatehouse proofs", &locked, err));
		if (locked)
			return GH_OK;
		if (job_stopped(j))
			return gh_fail(err, GH_UNAVAILABLE, "stopped while another proof was at the server");
		if (gh_clock_mono() - from > ALONE_US || tired)
			return gh_fail(err, GH_UNAVAILABLE,
			    "another proof has been at the server for proofs for too long: one goes on there "
			    "at a time");
		proof_progress(w->p, "restore", "waits for another proof on the server", 0, 0, "");
		job_sleep(j, ALONE_LOOK_MS);
	}
}

/* Lines "what", how it is undone, and why no proof begins with it. */
static enum gh_code
held(struct proof_place *w, const char *name, PGresult **ret, struct gh_err *err)
{
	const char *const params[] = { prefix(w), name };

	return pg_query(&w->admin, SQL_PROOF_HELD, params, 2, ret, err);
}

/* Whatever a proof that was killed has left in the role's name, no later one takes for granted. */
static enum gh_code
held_before(struct proof_place *w, const char *name, struct gh_err *err)
{
	PG_RESULT res = NULL;
	GH_TEXT t = { 0 };
	int i;

	GH_TRY(held(w, name, &res, err));
	gh_text_putc(&t, '\n');
	for (i = 0; i < PQntuples(res); i++) {
		if (PQgetvalue(res, i, 2)[0] != '\0')
			return gh_fail(err, GH_CONFLICT,
			    "the role %s of the server for proofs %s: an administrator, or what an earlier "
			    "proof has restored before it was killed, did that; it has to be undone "
			    "first%s%s",
			    PQuser(w->admin.conn), PQgetvalue(res, i, 2),
			    PQgetvalue(res, i, 1)[0] == '\0' ? "" : ": ", PQgetvalue(res, i, 1));
		gh_text_putf(&t, "%s\n", PQgetvalue(res, i, 0));
	}
	w->before = gh_strdup(w->p->job->arena, gh_text_str(&t));
	return GH_OK;
}

enum gh_code
proof_server_make(struct proof_place *w, const struct proof_script *s, struct gh_err *err)
{
	const struct wire_spec *spec = &w->p->job->spec;
	struct gh_arena *a = w->p->job->arena;
	const char *version = "", *note = "";
	/* Of a run, or of a task, whose number is negative here. */
	const char *name = gh_printf(
	    a, "%s%c%" PRId64, prefix(w), spec->id < 0 ? 't' : 'r', spec->id < 0 ? -spec->id : spec->id);
	bool locked = false;

	GH_TRY(cluster_connect(&w->admin, spec->scratch, err));
	GH_TRY(allowed(w, &version, err));
	GH_TRY(alone(w, err));
	GH_TRY(leftovers_drop(w, err));
	GH_TRY(held_before(w, name, err));
	GH_TRY(lock(w, name, &locked, err));
	if (!locked)
		return gh_fail(err, GH_CONFLICT, "another proof is at the database %s", name);
	w->database = name;
	GH_TRY(proof_database(w, name, s, &note, err));
	(void)gh_fault("job.proof.created");
	w->into = (struct proof_into){ .where = PROOF_SERVER,
		.database = name,
		.beside = spec->scratch,
		.place = gh_printf(a, "a database of the configured server, PostgreSQL %s%s", version, note),
		.jobs = spec->backup_jobs };
	return conninfo_elsewhere(a, spec->scratch, name, &w->into.connection, err);
}

/* The role's password is what we know again, or none: nobody else knows one. */
static enum gh_code
password_back(struct proof_place *w, struct gh_err *err)
{
	const char *was = PQpass(w->admin.conn), *sql, *params[] = { "" };
	char *hash;

	if (was != NULL && was[0] != '\0') {
		hash = PQencryptPasswordConn(w->admin.conn, was, PQuser(w->admin.conn), NULL);
		if (hash == NULL)
			return gh_fail(err, GH_UNAVAILABLE, "%s", PQerrorMessage(w->admin.conn));
		params[0] = gh_strdup(w->p->job->arena, hash);
		PQfreemem(hash);
	}
	GH_TRY(pg_value(&w->admin, SQL_PROOF_PASSWORD, params, 1, &sql, err));
	return pg_query(&w->admin, sql, NULL, 0, NULL, err);
}

/* Whether the role gets in as before; to where nothing was restored, which could forbid it to anybody. */
static enum gh_code
password_look(struct proof_place *w, struct gh_err *err)
{
	struct pg again = { .job = w->p->job, .at = { .migration = -1, .statement = -1 } };
	struct gh_err why = { 0 };
	enum gh_code code = cluster_connect(&again, w->p->job->spec.scratch, &why);

	pg_close(&again);
	if (code != GH_OK && strstr(why.msg, "authentication failed") != NULL) {
		(void)proof_bad(w->p, "restored, it changes the password of the role that restores it");
		code = GH_OK;
	}
	if (code != GH_OK)
		*err = why;
	why = (struct gh_err){ 0 };
	/* Where the server forbids it, nothing restored could do it either. */
	if (password_back(w, &why) != GH_OK)
		say_log(w->p->job, "the password of the role is not set again: %s", why.msg);
	return code;
}

static enum gh_code
held_look(struct proof_place *w, struct gh_err *err)
{
	PG_RESULT res = NULL;
	int i;

	GH_TRY(held(w, w->database, &res, err));
	for (i = 0; i < PQntuples(res); i++) {
		const char *line = PQgetvalue(res, i, 0), *undo = PQgetvalue(res, i, 1);
		struct gh_err why = { .msg = "it is not ours to remove" };

		if (strstr(w->before, gh_printf(w->p->job->arena, "\n%s\n", line)) != NULL)
			continue;
		(void)proof_bad(w->p, "restored, it reaches beyond its database: %s", line);
		if (undo[0] == '\0' || pg_query(&w->admin, undo, NULL, 0, NULL, &why) != GH_OK)
			say_log(w->p->job, "%s has come to stay: %s", line, why.msg);
	}
	return GH_OK;
}

/* What is restored may end our session: it is of the same role. */
static enum gh_code
connected(struct proof_place *w, struct gh_err *err)
{
	struct gh_err why = { 0 };

	if (w->admin.conn != NULL && pg_query(&w->admin, SQL_PING, NULL, 0, NULL, &why) == GH_OK)
		return GH_OK;
	pg_close(&w->admin);
	return cluster_connect(&w->admin, w->p->job->spec.scratch, err);
}

enum gh_code
proof_server_look(struct proof_place *w, struct gh_err *err)
{
	struct gh_err why = { 0 };
	enum gh_code code;

	code = connected(w, &why);
	if (code != GH_OK && strstr(why.msg, "authentication failed") != NULL)
		return proof_bad(w->p,
		    "restored, it changes the password of the role that restores it, which an administrator "
		    "has to give back");
	if (code != GH_OK)
		return gh_fail(err, code, "%s", why.msg);
	/* Each whatever came of the other. */
	code = password_look(w, &why);
	GH_TRY(held_look(w, err));
	return code == GH_OK ? GH_OK : gh_fail(err, code, "%s", why.msg);
}

void
proof_server_done(struct proof_place *w)
{
	struct gh_err err = { 0 };

	if (w->database != NULL &&
	    (connected(w, &err) != GH_OK || drop(w, w->database, &err) != GH_OK ||
		leftovers_drop(w, &err) != GH_OK))
		say_log(w->p->job, "the database %s stays until the next proof: %s", w->database, err.msg);
	(void)gh_fault("job.proof.dropped");
	pg_close(&w->admin);
}
