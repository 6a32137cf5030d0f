#include "base/ban.h"
#include "runner/job/rehearse.h"
#include "base/copytext.h"
#include "base/fault.h"
#include "runner/job/sql.gen.h"
#include "runner/job/tool.h"

/*
 * The copy.  Everything is read at one snapshot.  A sample goes between the tables and what watches over
 * them: the rows that its rows refer to are fetched as well, so that foreign keys can be made afterwards.
 */

#define ROUNDS        50 /* of fetching what is referred to: chains within one table are long */
#define INDEX_COLUMNS 32 /* that a foreign key has at most */

static enum gh_code
take(void *arg, const void *data, size_t len, struct gh_err *err)
{
	(void)arg;
	(void)data;
	(void)len;
	(void)err;
	return GH_OK;
}

static enum gh_code
snapshot(struct rehearse *h, const char **ret, struct gh_err *err)
{
	GH_TRY(pg_query(&h->source, SQL_BACKUP_BEGIN, NULL, 0, NULL, err));
	GH_TRY(pg_query(&h->source, SQL_BACKUP_SETTINGS, NULL, 0, NULL, err));
	GH_TRY(pg_query(&h->source, SQL_REHEARSE_SESSION, NULL, 0, NULL, err));
	return pg_value(&h->source, SQL_BACKUP_SNAPSHOT, NULL, 0, ret, err);
}

static enum gh_code
dump(struct rehearse *h, const char *at, struct gh_err *err)
{
	const struct wire_spec *s = &h->job->spec;
	struct gh_arena *a = h->job->arena;
	const char *argv[] = { "pg_dump", "--format=custom", "--compress=0", "--no-password",
		"--no-tablespaces", "--no-subscriptions", "--lock-wait-timeout=10000",
		gh_printf(a, "--snapshot=%s", at), gh_printf(a, "--file=%s", h->dump),
		gh_printf(a, "--dbname=%s", s->connection), s->sample_rows < 0 ? NULL : "--schema-only",
		NULL };
	struct tool t = { .path = s->pg_dump, .argv = argv, .job = h->job, .take = take, .passfile = true };

	if (gh_fault("job.rehearse.dump")) {
		errno = ENOSPC;
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot write %s", h->dump);
	}
	return tool_run(&t, err);
}

/* One section of the dump, or with "" all of it. */
static enum gh_code
restore(struct rehearse *h, const char *section, struct gh_err *err)
{
	const struct wire_spec *s = &h->job->spec;
	struct gh_arena *a = h->job->arena;
	const char *argv[10];
	size_t n = 0;
	struct tool t = { .path = s->pg_restore, .argv = argv, .job = h->job, .take = take };
	struct gh_err why = { 0 };

	argv[n++] = "pg_restore";
	argv[n++] = "--exit-on-error";
	argv[n++] = "--no-password";
	argv[n++] = gh_printf(a, "--dbname=%s", h->owner_at);
	if (!h->own) {
		argv[n++] = "--no-owner";
		argv[n++] = "--no-privileges";
		t.passfile = true;
	}
	if (section[0] != '\0')
		argv[n++] = gh_printf(a, "--section=%s", section);
	argv[n++] = h->dump;
	argv[n] = NULL;
	if (tool_run(&t, &why) == GH_OK)
		return GH_OK;
	return gh_fail(err, why.code, "the copy cannot be made: %s", why.msg);
}

/* Rows of the target into the copy. */
static enum gh_code
put_rows(struct rehearse *h, const PGresult *rows, const char *copy, struct gh_err *err)
{
	PGconn *c = h->admin.conn;
	int i, k, n = PQntuples(rows);
	PG_RESULT begun = NULL;
	PG_RESULT ended = NULL;
	GH_TEXT t = { 0 };

	if (n == 0)
		return GH_OK;
	begun = PQexec(c, copy);
	if (PQresultStatus(begun) != PGRES_COPY_IN)
		return gh_fail(err, GH_INTERNAL, "the copy takes no rows: %s", PQerrorMessage(c));
	for (i = 0; i < n; i++) {
		gh_text_clear(&t);
		for (k = 0; k < PQnfields(rows); k++)
			gh_copytext_put(&t, k == 0, PQgetisnull(rows, i, k) ? NULL : PQgetvalue(rows, i, k));
		gh_copytext_end(&t);
		if (t.full || PQputCopyData(c, t.data, (int)t.len) != 1)
			return gh_fail(err, GH_INTERNAL, "the copy takes no rows: %s", PQerrorMessage(c));
	}
	if (PQputCopyEnd(c, NULL) != 1)
		return gh_fail(err, GH_INTERNAL, "the copy takes no rows: %s", PQerrorMessage(c));
	ended = PQgetResult(c);
	if (PQresultStatus(ended) != PGRES_COMMAND_OK)
		return gh_fail(err, GH_INTERNAL, "the copy does not take the rows: %s", PQerrorMessage(c));
	while (PQgetResult(c) != NULL)
		continue;
	h->rows += n;
	return GH_OK;
}

static enum gh_code
sample(struct rehearse *h, struct gh_err *err)
{
	char limit[24];
	const char *const params[] = { limit, h->schema, h->names };
	PG_RESULT tables = NULL;
	int i;

	(void)snprintf(limit, sizeof(limit), "%" PRId64, h->job->spec.sample_rows);
	GH_TRY(pg_query(&h->source, SQL_REHEARSE_TABLES, params, 3, &tables, err));
	h->tables = PQntuples(tables);
	for (i = 0; i < PQntuples(tables); i++) {
		struct gh_err why = { 0 };
		PG_RESULT rows = NULL;

		if (pg_query(&h->source, PQgetvalue(tables, i, 1), NULL, 0, &rows, &why) != GH_OK)
			return gh_fail(err, why.code, "the rows of %s cannot be read: %s",
			    PQgetvalue(tables, i, 0), why.msg);
		GH_TRY(put_rows(h, rows, PQgetvalue(tables, i, 2), err));
	}
	return GH_OK;
}

/* Column k of the values as an array for SQL. */
static const char *
array_of(const PGresult *values, int k, struct gh_arena *a)
{
	GH_TEXT t = { 0 };
	int i;

	for (i = 0; i < PQntuples(values); i++) {
		const char *s = PQgetvalue(values, i, k);

		gh_text_put(&t, i == 0 ? "{\"" : ",\"");
		for (; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				gh_text_putc(&t, '\\');
			gh_text_putc(&t, *s);
		}
		gh_text_putc(&t, '"');
	}
	gh_text_putc(&t, '}');
	return gh_strdup(a, gh_text_str(&t));
}

/* What the rows of one foreign key refer to and is not there yet; *ret_n rows came. */
static enum gh_code
parents_of(struct rehearse *h, const PGresult *keys, int i, int *ret_n, struct gh_err *err)
{
	GH_ARENA a = { .limit = (size_t)256 << 20 };
	const char *params[INDEX_COLUMNS];
	PG_RESULT missing = NULL;
	PG_RESULT rows = NULL;
	int k, n;

	*ret_n = 0;
	GH_TRY(pg_query(&h->admin, PQgetvalue(keys, i, 1), NULL, 0, &missing, err));
	n = PQnfields(missing);
	if (PQntuples(missing) == 0 || n > INDEX_COLUMNS)
		return GH_OK;
	for (k = 0; k < n; k++)
		params[k] = array_of(missing, k, &a);
	GH_TRY(pg_query(&h->source, PQgetvalue(keys, i, 2), params, (size_t)n, &rows, err));
	*ret_n = PQntuples(rows);
	return put_rows(h, rows, PQgetvalue(keys, i, 3), err);
}

static enum gh_code
parents(struct rehearse *h, struct gh_err *err)
{
	PG_RESULT keys = NULL;
	int64_t before = h->rows;
	int round, i, n, came = 1;

	GH_TRY(pg_query(&h->source, SQL_REHEARSE_KEYS, NULL, 0, &keys, err));
	for (round = 0; round < ROUNDS && came > 0; round++) {
		for (came = 0, i = 0; i < PQntuples(keys); i++) {
			GH_TRY(parents_of(h, keys, i, &n, err));
			came += n;
		}
	}
	h->parents = h->rows - before;
	return GH_OK;
}

/* Statements that the target gives, carried out on the copy; one that fails is only told. */
static enum gh_code
carry_over(struct rehearse *h, const char *sql, const char *what, struct gh_err *err)
{
	PG_RESULT list = NULL;
	int i;

	GH_TRY(pg_query(&h->source, sql, NULL, 0, &list, err));
	for (i = 0; i < PQntuples(list); i++) {
		struct gh_err why = { 0 };

		if (pg_query(&h->admin, PQgetvalue(list, i, 0), NULL, 0, NULL, &why) != GH_OK)
			say_log(h->job, "%s of the copy: %s", what, why.msg);
	}
	return GH_OK;
}

static enum gh_code
fill(struct rehearse *h, struct gh_err *err)
{
	static const char *const no_sizes[] = { "f" };
	PG_RESULT tables = NULL;

	if (h->job->spec.sample_rows < 0) {
		GH_TRY(restore(h, "", err));
		GH_TRY(pg_query(&h->source, SQL_BACKUP_TABLES, no_sizes, 1, &tables, err));
		h->tables = PQntuples(tables);
		return GH_OK;
	}
	GH_TRY(restore(h, "pre-data", err));
	GH_TRY(pg_query(&h->admin, SQL_REHEARSE_SESSION, NULL, 0, NULL, err));
	GH_TRY(sample(h, err));
	GH_TRY(parents(h, err));
	GH_TRY(restore(h, "post-data", err));
	GH_TRY(carry_over(h, SQL_REHEARSE_SEQUENCES, "a sequence", err));
	return carry_over(h, SQL_REHEARSE_MATVIEWS, "a materialized view", err);
}

static void
say(struct rehearse *h)
{
	const struct wire_spec *s = &h->job->spec;
	GH_TEXT t = { .limit = SAY_TEXT_MAX };
	struct wire_out o;

	if (s->sample_rows < 0)
		gh_text_putf(&t, "All rows of %s.", s->target);
	else if (s->sample_rows == 0)
		gh_text_putf(&t, "The schema of %s without rows, but for its tracking table.", s->target);
	else
		gh_text_putf(&t,
		    "The schema of %s and at most %" PRId64 " rows of each table, %" PRId64
		    " of them because others refer to them; the tracking table whole.",
		    s->target, s->sample_rows, h->parents);
	gh_text_put(&t, gh_text_str(&h->notes));
	say_start(h->job, WIRE_J_REHEARSAL, &o);
	say_put(&o, h->place);
	say_put(&o, gh_text_str(&t));
	wire_put_i64(&o, h->tables);
	wire_put_i64(&o, h->rows);
	wire_put_i64(&o, h->bytes);
	say_end(h->job, &o);
}

enum gh_code
rehearse_copy(struct rehearse *h, struct gh_err *err)
{
	const char *at, *bytes;

	h->dump = gh_printf(h->job->arena, "%s/dump", h->job->spec.scratch_folder);
	GH_TRY(snapshot(h, &at, err));
	GH_TRY(dump(h, at, err));
	(void)gh_fault("job.rehearse.dumped");
	GH_TRY(fill(h, err));
	(void)unlink(h->dump);
	pg_close(&h->source);
	GH_TRY(pg_query_slow(&h->admin, "ANALYZE", NULL, err));
	GH_TRY(pg_value(&h->admin, SQL_REHEARSE_SIZE, NULL, 0, &bytes, err));
	h->bytes = strtoll(bytes, NULL, 10);
	say(h);
	(void)gh_fault("job.rehearse.copied");
	return job_flush(h->job, err);
}
