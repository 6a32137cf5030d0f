#include "base/ban.h"
#include "runner/job/restore.h"
#include "base/fault.h"
#include "runner/job/count.h"
#include "runner/job/sql.gen.h"

/*
 * What would be lost by going back to a backup, table by table: the rows that are there now, those that were
 * there when it was taken, and those written since.
 */

struct table {
	const char *name;
	int64_t then, now, since; /* -1: not in the backup; cannot be counted, or is not there; unknown */
	bool there;
	const char *why; /* it cannot be counted */
};

static const char *
rows(int64_t n, struct gh_arena *a)
{
	return gh_printf(a, "%s row%s", count_grouped(n, a), n == 1 ? "" : "s");
}

static const char *
words(const struct table *t, bool counted, struct gh_arena *a)
{
	const char *since =
	    t->since <= 0 ? "" : gh_printf(a, ", %s written or changed since", count_grouped(t->since, a));

	if (t->why != NULL)
		return gh_printf(a, "%s: cannot be counted: %s", t->name, t->why);
	if (!t->there)
		return gh_printf(a, "%s: is not there now and comes back with %s", t->name, rows(t->then, a));
	if (t->then < 0 && counted)
		return gh_printf(a, "%s: %s, the table is not in the backup", t->name, rows(t->now, a));
	if (t->then < 0)
		return gh_printf(a, "%s: %s now%s", t->name, rows(t->now, a), since);
	if (t->then == t->now && t->since <= 0)
		return gh_printf(a, "%s: %s, as many as in the backup%s", t->name, rows(t->now, a),
		    t->since < 0 ? "; whether they have changed since is not known" : "");
	return gh_printf(
	    a, "%s: %s now, %s in the backup%s", t->name, rows(t->now, a), count_grouped(t->then, a), since);
}

static bool
differs(const struct table *t)
{
	return t->why != NULL || !t->there || t->then != t->now || t->since > 0;
}

static void
say(struct job *j, const struct table *t, bool counted)
{
	const struct count_found f = { .at = { .migration = 0, .statement = -1 },
		.object = t->name,
		.text = words(t, counted, j->arena),
		.there = t->there ? t->now : 0,
		.since = t->there ? t->since : 0 };

	count_say(j, &f);
}

static enum gh_code
count_one(struct pg *pg, const struct plan *p, struct table *t, struct gh_err *err)
{
	const char *const params[] = { t->name, p->restore.snapshot };
	PG_RESULT sql = NULL;

	if (job_stopped(pg->job))
		return gh_fail(err, GH_CONFLICT, "asked to stop");
	GH_TRY(pg_query(pg, SQL_RESTORE_COUNT, params, 2, &sql, err));
	t->there = PQntuples(sql) > 0;
	if (!t->there)
		return GH_OK;
	return count_ask(pg, PQgetvalue(sql, 0, 0), &t->now, &t->since, &t->why, err);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct table *)a)->name, ((const struct table *)b)->name);
}

/* Those of the backup and those that are there now. */
static enum gh_code
list(struct pg *pg, const struct plan *p, struct table **ret, size_t *ret_n, struct gh_err *err)
{
	const char *const params[] = { "t" };
	struct gh_arena *a = pg->job->arena;
	const struct plan_restore *b = &p->restore;
	PG_RESULT res = NULL;
	struct table *t;
	size_t i, n;
	int row;

	GH_TRY(pg_query(pg, SQL_BACKUP_TABLES, params, 1, &res, err));
	t = gh_alloc_n(a, b->n_tables + (size_t)PQntuples(res) + 1, sizeof(*t));
	for (i = 0; i < b->n_tables; i++)
		t[i] = (struct table){
			.name = b->tables[i].name, .then = b->tables[i].rows, .now = -1, .since = -1
		};
	qsort(t, i, sizeof(*t), by_name);
	n = i;
	for (row = 0; row < PQntuples(res); row++) {
		struct table one = {
			.name = gh_strdup(a, PQgetvalue(res, row, 2)), .then = -1, .now = -1, .since = -1
		};

		if (i == 0 || bsearch(&one, t, i, sizeof(*t), by_name) == NULL)
			t[n++] = one;
	}
	qsort(t, n, sizeof(*t), by_name);
	*ret = t;
	*ret_n = n;
	return GH_OK;
}

enum gh_code
restore_count(struct pg *pg, const struct plan *p, struct restore_counted *ret, struct gh_err *err)
{
	struct table *t;
	int pass;
	size_t i;

	*ret = (struct restore_counted){ 0 };
	GH_TRY(list(pg, p, &t, &ret->n, err));
	for (i = 0; i < ret->n; i++) {
		GH_TRY(count_one(pg, p, &t[i], err));
		(void)gh_fault("job.count.table");
		ret->differ += differs(&t[i]) ? 1 : 0;
		ret->failed += t[i].why != NULL ? 1 : 0;
	}
	/* What matters comes first. */
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < ret->n; i++) {
			if (differs(&t[i]) == (pass == 0))
				say(pg->job, &t[i], p->restore.n_tables > 0);
		}
	}
	return GH_OK;
}
