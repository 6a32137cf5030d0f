#include "base/ban.h"
#include "runner/job/backup.h"
#include "base/clock.h"
#include "runner/job/fingerprint.h"
#include "runner/job/sql.gen.h"

/*
 * The order matters: tables are locked before the transaction's first query takes its snapshot.  A TRUNCATE
 * that slips in between would otherwise leave an empty table in a dump that looks well.
 */

#define ATTEMPTS   3
#define LOCK_BATCH 200 /* tables a statement */

static enum gh_code
list(struct backup *b, bool sizes, PGresult **ret, struct gh_err *err)
{
	const char *params[] = { sizes ? "t" : "f" };

	return pg_query(b->pg, SQL_BACKUP_TABLES, params, 1, ret, err);
}

enum gh_code
snapshot_name(struct backup *b, struct gh_text *t, const char *schema, const char *name, struct gh_err *err)
{
	PGconn *c = b->pg->conn;
	char *s = PQescapeIdentifier(c, schema, strlen(schema)),
	     *n = PQescapeIdentifier(c, name, strlen(name));
	enum gh_code code = GH_OK;

	if (s == NULL || n == NULL)
		code = gh_fail(
		    err, GH_INTERNAL, "the table %s.%s cannot be named: %s", schema, name, PQerrorMessage(c));
	else
		gh_text_putf(t, "%s.%s", s, n);
	PQfreemem(s);
	PQfreemem(n);
	return code;
}

static enum gh_code
lock_some(struct backup *b, const PGresult *tables, int from, int to, struct gh_err *err)
{
	GH_TEXT sql = { 0 };
	int i;

	gh_text_put(&sql, "LOCK TABLE ");
	for (i = from; i < to; i++) {
		if (i > from)
			gh_text_put(&sql, ", ");
		gh_text_put(&sql, "ONLY ");
		GH_TRY(snapshot_name(b, &sql, PQgetvalue(tables, i, 0), PQgetvalue(tables, i, 1), err));
	}
	gh_text_put(&sql, " IN ACCESS SHARE MODE");
	return pg_query(b->pg, gh_text_str(&sql), NULL, 0, NULL, err);
}

static enum gh_code
lock_all(struct backup *b, const PGresult *tables, struct gh_err *err)
{
	int n = PQntuples(tables), from;

	for (from = 0; from < n; from += LOCK_BATCH)
		GH_TRY(lock_some(b, tables, from, from + LOCK_BATCH < n ? from + LOCK_BATCH : n, err));
	return GH_OK;
}

static bool
same(const PGresult *a, const PGresult *b)
{
	int i;

	if (PQntuples(a) != PQntuples(b))
		return false;
	for (i = 0; i < PQntuples(a); i++) {
		if (strcmp(PQgetvalue(a, i, 0), PQgetvalue(b, i, 0)) != 0 ||
		    strcmp(PQgetvalue(a, i, 1), PQgetvalue(b, i, 1)) != 0)
			return false;
	}
	return true;
}

static enum gh_code export(struct backup *b, struct gh_err *err) {
	struct gh_arena *a = b->job->arena; PG_RESULT r = NULL;

	GH_TRY(pg_query(b->pg, SQL_BACKUP_SNAPSHOT, NULL, 0, &r, err));
	b->snapshot = gh_strdup(a, PQgetvalue(r, 0, 0));
	b->snapshot_at = gh_strdup(a, PQgetvalue(r, 0, 1));
	b->database_bytes = strtoll(PQgetvalue(r, 0, 2), NULL, 10);
	return GH_OK;
}

static void
keep(struct backup *b, const PGresult *tables)
{
	struct gh_arena *a = b->job->arena;
	size_t i;

	b->n_tables = (size_t)PQntuples(tables);
	b->tables = gh_alloc_n(a, b->n_tables, sizeof(*b->tables));
	for (i = 0; i < b->n_tables; i++)
		b->tables[i] = (struct backup_table){ .schema = gh_strdup(a, PQgetvalue(tables, (int)i, 0)),
			.name = gh_strdup(a, PQgetvalue(tables, (int)i, 1)),
			.shown = gh_strdup(a, PQgetvalue(tables, (int)i, 2)),
			.bytes = strtoll(PQgetvalue(tables, (int)i, 3), NULL, 10) };
}

/* A backup is worth more than what its catalog is compared with. */
static enum gh_code
fingerprint(struct backup *b, struct gh_err *err)
{
	struct fingerprint *print = gh_alloc(b->job->arena, sizeof(*print));
	struct gh_err why = { 0 };

	b->fingerprint = "";
	b->no_catalog = NULL;
	b->catalog = NULL;
	if (fingerprint_restorable(b->pg, b->job->arena, print, &why) == GH_OK) {
		b->fingerprint = print->digest;
		b->catalog = print;
		return GH_OK;
	}
	if (b->pg->error.lost || b->pg->conn == NULL) {
		*err = why;
		return why.code;
	}
	say_log(b->job, "The catalog's fingerprint cannot be taken: %s.", why.msg);
	b->no_catalog = gh_strdup(b->job->arena, why.msg);
	return GH_OK;
}

/* *ret_moved: a table came or went meanwhile; worth another try. */
static enum gh_code
attempt(struct backup *b, bool *ret_moved, struct gh_err *err)
{
	struct pg *pg = b->pg;
	PG_RESULT before = NULL;
	PG_RESULT now = NULL;
	enum gh_code code;

	*ret_moved = false;
	GH_TRY(list(b, false, &before, err));
	GH_TRY(pg_query(pg, SQL_BACKUP_BEGIN, NULL, 0, NULL, err));
	code = lock_all(b, before, err);
	if (code != GH_OK) {
		*ret_moved = pg_error_is(&pg->error, "42P01");
		return code;
	}
	GH_TRY(export(b, err));
	GH_TRY(list(b, true, &now, err));
	if (!same(before, now)) {
		*ret_moved = true;
		return gh_fail(err, GH_CONFLICT, "tables come and go while the backup wants to lock them");
	}
	keep(b, now);
	return fingerprint(b, err);
}

static enum gh_code
settings(struct backup *b, struct gh_err *err)
{
	char ms[24];
	const char *params[] = { ms };

	/* Never without: behind a lock that waits, everybody waits. */
	(void)snprintf(ms, sizeof(ms), "%" PRId64, b->lock_timeout_ms);
	GH_TRY(pg_query(b->pg, SQL_LOCK_TIMEOUT, params, 1, NULL, err));
	return pg_query(b->pg, SQL_BACKUP_SETTINGS, NULL, 0, NULL, err);
}

/* "session 4711 (app, active) holds ACCESS EXCLUSIVE on orders, in a transaction of 4 min: ", or "". */
static const char *
blocker(struct backup *b)
{
	struct gh_err ignored = { 0 };
	char span[GH_CLOCK_LEN];
	PG_RESULT r = NULL;
	int64_t ms;

	if (pg_rollback(b->pg, &ignored) != GH_OK ||
	    pg_query(b->pg, SQL_BACKUP_BLOCKERS, NULL, 0, &r, &ignored) != GH_OK || PQntuples(r) == 0)
		return "";
	ms = strtoll(PQgetvalue(r, 0, 3), NULL, 10);
	return gh_printf(b->job->arena, "%s %s ACCESS EXCLUSIVE on %s%s%s: ", PQgetvalue(r, 0, 0),
	    PQgetvalue(r, 0, 1), PQgetvalue(r, 0, 2), ms < 0 ? "" : ", in a transaction of ",
	    ms < 0 ? "" : gh_clock_span(ms * 1000, span));
}

/* Who keeps the tables from being locked, as far as it can be seen once we have let go of them. */
static void
blame(struct backup *b, struct gh_err *why)
{
	const struct pg_error error = b->pg->error;
	const struct gh_err was = *why;
	char limit[GH_CLOCK_LEN];

	*why = (struct gh_err){ 0 }; /* else what was said first stays */
	(void)gh_fail(why, was.code, "the tables cannot be locked for reading within %s: %s%s",
	    gh_clock_span(b->lock_timeout_ms * 1000, limit), blocker(b), was.msg);
	b->pg->error = error;
}

enum gh_code
snapshot_take(struct backup *b, struct gh_err *err)
{
	int n;

	GH_TRY(settings(b, err));
	for (n = 1;; n++) {
		struct gh_err why = { 0 };
		bool moved = false;
		enum gh_code code = attempt(b, &moved, &why);

		if (code == GH_OK)
			return GH_OK;
		if (!moved || n >= ATTEMPTS) {
			if (pg_error_is(&b->pg->error, "55P03"))
				blame(b, &why);
			*err = why;
			return code;
		}
		GH_TRY(pg_rollback(b->pg, err));
		say_retry(b->job, n, 0, why.msg);
	}
}
