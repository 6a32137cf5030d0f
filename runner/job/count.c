#include "base/ban.h"
#include "base/fault.h"
#include "runner/job/analyse.h"
#include "runner/job/count.h"
#include "runner/job/restore.h"
#include "runner/job/sql.gen.h"

/*
 * The count job: what a plan downwards would destroy, counted now in the live database.  It only reads, and
 * not for long: what takes too long is said to be uncountable.
 */

struct count {
	struct job *job;
	struct pg pg;
	struct plan plan;
	struct analyse_parser *parser;
	const char *const *xids; /* of the plan's migrations, "" unknown */
	size_t failed;
};

const char *
count_grouped(int64_t n, struct gh_arena *a)
{
	const char *digits = gh_printf(a, "%" PRId64, n);
	size_t len = strlen(digits), i, k = 0;
	char *ret = gh_alloc(a, len + len / 3 + 1);

	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			ret[k++] = ',';
		ret[k++] = digits[i];
	}
	return ret;
}

void
count_say(struct job *j, const struct count_found *f)
{
	struct wire_out o;

	say_start(j, WIRE_J_DESTROYS, &o);
	wire_put_i64(&o, f->at.migration);
	wire_put_i64(&o, f->at.statement);
	say_put(&o, f->object);
	wire_put_i64(&o, f->there);
	wire_put_i64(&o, f->since);
	say_put(&o, f->text);
	say_end(j, &o);
}

enum gh_code
count_ask(struct pg *pg, const char *sql, int64_t *ret_there, int64_t *ret_since, const char **ret_why,
    struct gh_err *err)
{
	struct gh_err why = { 0 };
	PG_RESULT n = NULL;

	*ret_why = NULL;
	if (pg_query(pg, sql, NULL, 0, &n, &why) == GH_OK) {
		*ret_there = strtoll(PQgetvalue(n, 0, 0), NULL, 10);
		*ret_since = strtoll(PQgetvalue(n, 0, 1), NULL, 10);
		return GH_OK;
	}
	if (pg->error.lost) {
		*err = why;
		return why.code;
	}
	*ret_why = gh_strdup(pg->job->arena, why.msg);
	return GH_OK;
}

/* "public.orders.note: 18,204 values, 311 in rows written since the run" */
static const char *
words(const struct count_found *f, bool column, struct gh_arena *a)
{
	const char *what = column ? (f->there == 1 ? "value" : "values") : f->there == 1 ? "row" : "rows";

	if (f->since < 0)
		return gh_printf(a, "%s: %s %s", f->object, count_grouped(f->there, a), what);
	return gh_printf(a, "%s: %s %s, %s %swritten since the run", f->object, count_grouped(f->there, a),
	    what, count_grouped(f->since, a), column ? (f->since == 1 ? "in a row " : "in rows ") : "");
}

/* Rows of a table, or values of a column; nothing when it is not there. */
static enum gh_code
rows(struct count *c, const struct sql_loss *l, struct say_at at, struct gh_err *err)
{
	struct gh_arena *a = c->job->arena;
	const char *const params[] = { l->object, l->column, c->xids[at.migration] };
	struct count_found f = { .at = at, .there = -1, .since = -1 };
	PG_RESULT which = NULL;
	const char *why;

	GH_TRY(pg_query(&c->pg, SQL_COUNT_ROWS, params, 3, &which, err));
	if (PQntuples(which) == 0)
		return GH_OK;
	f.object = PQgetvalue(which, 0, 0);
	if (l->column[0] != '\0')
		f.object = gh_printf(a, "%s.%s", f.object, l->column);
	GH_TRY(count_ask(&c->pg, PQgetvalue(which, 0, 1), &f.there, &f.since, &why, err));
	c->failed += why != NULL ? 1 : 0;
	f.text = why == NULL ? words(&f, l->column[0] != '\0', a)
			     : gh_printf(a, "%s: cannot be counted: %s", f.object, why);
	count_say(c->job, &f);
	return GH_OK;
}

/* What has no rows of its own, or not all of them go. */
static enum gh_code
named(struct count *c, const struct sql_loss *l, struct say_at at, struct gh_err *err)
{
	struct gh_arena *a = c->job->arena;
	struct count_found f = { .at = at, .object = l->object, .there = -1, .since = -1 };
	const char *tables;

	f.text = gh_printf(a, "%s: the %s is dropped", l->object, l->kind);
	if (strcmp(l->kind, "some rows") == 0)
		f.text = gh_printf(a, "%s: the rows that its WHERE finds are deleted", l->object);
	if (strcmp(l->kind, "schema") == 0) {
		GH_TRY(pg_value(&c->pg, SQL_COUNT_SCHEMA, &l->object, 1, &tables, err));
		f.text = gh_printf(a, "%s: the schema is dropped, %s table%s in it", l->object, tables,
		    strcmp(tables, "1") == 0 ? " is" : "s are");
	}
	count_say(c->job, &f);
	return GH_OK;
}

static enum gh_code
loss(struct count *c, const struct sql_loss *l, struct say_at at, struct gh_err *err)
{
	static const char *const counted[] = { "table", "column", "rows", "materialized view" };
	size_t i;

	if (job_stopped(c->job))
		return gh_fail(err, GH_CONFLICT, "asked to stop");
	for (i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
		if (strcmp(l->kind, counted[i]) == 0)
			return rows(c, l, at, err);
	}
	return named(c, l, at, err);
}

/* The plan's statement that begins at that byte. */
static int64_t
statement_at(const struct plan_sql *sql, int64_t offset)
{
	size_t k;

	for (k = 0; k < sql->n_statements; k++) {
		if (sql->statements[k].offset == offset)
			return (int64_t)k;
	}
	return -1;
}

static enum gh_code
migration(struct count *c, size_t i, struct gh_err *err)
{
	const struct plan_sql *sql = &c->plan.migrations[i].run;
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	const struct sql_text text = { .sql = gh_strndup(&a, sql->sql, sql->sql_len),
		.len = sql->sql_len,
		.file = c->plan.migrations[i].file,
		.first_line = 1,
		.mode = CONVENTION_EACH,
		.may_be_empty = true,
		.down = true };
	struct sql_script script = { 0 };
	size_t k, n;

	GH_TRY(analyse_parser_read(c->parser, &text, &a, &script, err));
	if (script.problem != NULL && script.problem[0] != '\0')
		say_log(c->job, "%s", script.problem);
	for (k = 0; k < script.n; k++) {
		const struct sql_statement *s = &script.statements[k];
		struct say_at at = { .migration = (int64_t)i, .statement = statement_at(sql, s->offset) };

		for (n = 0; at.statement >= 0 && n < s->n_losses; n++)
			GH_TRY(loss(c, &s->losses[n], at, err));
	}
	return GH_OK;
}

/* "712,,715" */
static const char *const *
xids_split(const char *list, size_t n, struct gh_arena *a)
{
	const char **ret = gh_alloc_n(a, n + 1, sizeof(*ret));
	size_t i;

	for (i = 0; i < n; i++) {
		size_t len = list == NULL ? 0 : strcspn(list, ",");

		ret[i] = len == 0 || strspn(list, "0123456789") < len ? "" : gh_strndup(a, list, len);
		if (list != NULL)
			list = list[len] == ',' ? list + len + 1 : NULL;
	}
	return ret;
}

/* "3 of 12 tables differ from the backup." */
static enum gh_code
since_backup(struct count *c, struct gh_err *err)
{
	struct restore_counted n;

	GH_TRY(restore_count(&c->pg, &c->plan, &n, err));
	job_outcome(c->job, WIRE_SUCCEEDED, "%s%zu of %zu table%s differ%s from the backup.",
	    n.failed == 0 ? "" : "Not everything could be counted. ", n.differ, n.n, n.n == 1 ? "" : "s",
	    n.differ == 1 ? "s" : "");
	return GH_OK;
}

static enum gh_code
count(struct count *c, struct gh_err *err)
{
	struct target_identity id = { 0 };
	struct run pin = { .job = c->job, .plan = c->plan };
	size_t i;

	GH_TRY(target_connect(&c->pg, &id, err));
	pin.id = id;
	GH_TRY(run_pin(&pin, err));
	GH_TRY(pg_query(&c->pg, SQL_COUNT_SESSION, NULL, 0, NULL, err));
	if (c->plan.act == PLAN_RESTORE)
		return since_backup(c, err);
	for (i = 0; i < c->plan.n_migrations; i++) {
		GH_TRY(migration(c, i, err));
		(void)gh_fault("job.count.migration");
	}
	job_outcome(c->job, WIRE_SUCCEEDED, "%s", c->failed == 0 ? "" : "Not everything could be counted.");
	return GH_OK;
}

static enum gh_code
count_run(struct job *j, struct gh_err *err)
{
	ANALYSE_PARSER parser = { .child = { .fd = -1 }, .job = j };
	struct count c = {
		.job = j, .parser = &parser, .pg = { .job = j, .at = { .migration = -1, .statement = -1 } }
	};
	const struct convention *convention;
	enum gh_code code;

	GH_TRY(run_plan_read(j, &c.plan, &convention, err));
	if (!c.plan.down)
		return gh_fail(err, GH_BAD_INPUT, "only a plan downwards takes something away");
	c.xids = xids_split(j->spec.since_xid, c.plan.n_migrations, j->arena);
	code = count(&c, err);
	pg_close(&c.pg);
	return code;
}

const struct job_kind job_count = {
	.name = WIRE_JOB_COUNT,
	.run = count_run,
};
