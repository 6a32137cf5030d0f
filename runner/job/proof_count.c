#include "base/ban.h"
#include "base/fault.h"
#include "runner/job/proof_inner.h"
#include "runner/job/sql.gen.h"

/* What was restored against the record: rows table by table, and the catalog. */

#define SHOWN 3 /* differences named in a sentence */

static enum gh_code
count_one(struct proof *p, struct pg *pg, struct proof_table *t, struct gh_err *err)
{
	const char *const params[] = { t->name };
	PG_RESULT found = NULL;
	PG_RESULT n = NULL;
	struct wire_out o;

	GH_TRY(pg_query(pg, SQL_PROOF_TABLE, params, 1, &found, err));
	if (PQntuples(found) == 0)
		return GH_OK;
	GH_TRY(pg_query_slow(pg,
	    gh_printf(p->job->arena, "SELECT pg_catalog.count(*) FROM ONLY %s", PQgetvalue(found, 0, 0)), &n,
	    err));
	t->restored = strtoll(PQgetvalue(n, 0, 0), NULL, 10);
	say_start(p->job, WIRE_J_PROOF_TABLE, &o);
	say_put(&o, t->name);
	wire_put_i64(&o, t->restored);
	say_end(p->job, &o);
	return GH_OK;
}

static const char *
difference(const struct proof_table *t, struct gh_arena *a)
{
	if (t->restored < 0)
		return gh_printf(a, "the table %s is not in it", t->name);
	return gh_printf(a, "%s has %" PRId64 " rows restored, and %" PRId64 " were counted", t->name,
	    t->restored, t->rows);
}

static enum gh_code
rows(struct proof *p, struct pg *pg, int64_t *ret_rows, struct gh_err *err)
{
	struct gh_arena *a = p->job->arena;
	const char *text = "";
	size_t i, n = 0;

	*ret_rows = 0;
	for (i = 0; i < p->n_tables; i++) {
		struct proof_table *t = &p->tables[i];

		t->restored = -1;
		proof_progress(p, "count", t->name, (int64_t)i, (int64_t)p->n_tables, "tables");
		GH_TRY(count_one(p, pg, t, err));
		*ret_rows += t->restored > 0 ? t->restored : 0;
		if (t->restored == t->rows)
			continue;
		n++;
		if (n <= SHOWN)
			text = gh_printf(a, "%s%s%s", text, n == 1 ? "" : "; ", difference(t, a));
	}
	if (n > SHOWN)
		text = gh_printf(a, "%s; and %zu more", text, n - SHOWN);
	return n == 0 ? GH_OK : proof_bad(p, "%s", text);
}

/* The digests are two, joined by a dot; without owners only the first is compared. */
static bool
equal(const char *record, const char *now, bool owners)
{
	if (owners)
		return strcmp(record, now) == 0;
	return strncmp(record, now, GH_SHA256_HEX_LEN) == 0;
}

/* Objects without who owns them, unless that was restored as well. */
static struct fingerprint
chosen(const struct fingerprint *f, bool owners, struct gh_arena *a)
{
	struct fingerprint ret = { .objects = gh_alloc_n(a, f->n + 1, sizeof(*ret.objects)) };
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (owners || !fingerprint_of_rights(&f->objects[i]))
			ret.objects[ret.n++] = f->objects[i];
	}
	fingerprint_restorable_seal(&ret);
	return ret;
}

static enum gh_code
differs(struct proof *p, const struct fingerprint *now, bool owners)
{
	const struct fingerprint_words w = { "in the database that was backed up", "in what was restored",
		SHOWN };
	struct gh_arena *a = p->job->arena;
	const struct fingerprint *catalog = proof_catalog(p);
	struct fingerprint was, is;
	struct fingerprint_difference d;
	const char *text = "";
	size_t i;

	if (catalog == NULL)
		return proof_bad(
		    p, "all rows are there, but the catalog is not what it was when the backup was taken");
	was = chosen(catalog, owners, a);
	is = chosen(now, owners, a);
	fingerprint_compare(&was, &is, &w, a, &d);
	for (i = 0; i < d.shown; i++)
		text = gh_printf(a, "%s%s%s", text, i == 0 ? "" : "; ", d.lines[i]);
	return proof_bad(p, "all rows are there, but the catalog is not what it was: %s%s", text,
	    d.n > d.shown ? gh_printf(a, "; and %zu more", d.n - d.shown) : "");
}

static enum gh_code
catalog(struct proof *p, const struct proof_into *into, struct pg *pg, const char **ret, struct gh_err *err)
{
	bool owners = into->where != PROOF_SERVER;
	struct fingerprint now;

	*ret = PROOF_NO_CATALOG;
	if (!proof_catalogued(p))
		return GH_OK;
	proof_progress(p, "count", "the catalog", 0, 0, "");
	GH_TRY(fingerprint_restorable(pg, p->job->arena, &now, err));
	if (!equal(p->fingerprint, now.digest, owners))
		return differs(p, &now, owners);
	*ret = owners ? "the catalog is the same" : "the catalog is the same but for owners and privileges";
	return GH_OK;
}

/* Without names: how many tables there are, and how many rows in all of them. */
static enum gh_code
in_all(struct proof *p, const struct proof_into *into, struct pg *pg, struct gh_err *err)
{
	const char *text = "";
	const char *const params[] = { "f" };
	struct gh_arena *a = p->job->arena;
	PG_RESULT names = NULL;
	int64_t rows = 0, n;
	int i;

	GH_TRY(pg_query(pg, SQL_BACKUP_TABLES, params, 1, &names, err));
	n = PQntuples(names);
	for (i = 0; i < n; i++) {
		PG_RESULT count = NULL;

		proof_progress(p, "count", PQgetvalue(names, i, 2), i, n, "tables");
		GH_TRY(pg_query_slow(pg,
		    gh_printf(a, "SELECT pg_catalog.count(*) FROM ONLY %s", PQgetvalue(names, i, 2)), &count,
		    err));
		rows += strtoll(PQgetvalue(count, 0, 0), NULL, 10);
	}
	if (n != p->all_tables)
		return proof_bad(
		    p, "%" PRId64 " tables were restored, and %" PRId64 " were counted", n, p->all_tables);
	if (rows != p->all_rows)
		return proof_bad(p,
		    "%" PRId64 " rows were restored in all tables, and %" PRId64 " were counted", rows,
		    p->all_rows);
	GH_TRY(catalog(p, into, pg, &text, err));
	p->evidence = gh_printf(a,
	    "%" PRId64 " table%s with %" PRId64
	    " rows in all, as many as when it was taken; its record names no table, so that each has its own "
	    "was not compared; %s.",
	    n, n == 1 ? "" : "s", rows, text);
	return GH_OK;
}

enum gh_code
proof_count_check(struct proof *p, const struct proof_into *into, struct pg *pg, struct gh_err *err)
{
	const char *text = "";
	int64_t n = 0;
	size_t i;

	for (i = 0; i < p->n_tables; i++) {
		if (p->tables[i].rows < 0)
			return gh_fail(err, GH_CONFLICT,
			    "nobody has counted the rows of %s when the backup was taken: there is nothing "
			    "to "
			    "compare with",
			    p->tables[i].name);
	}
	if (!proof_countable(p))
		return gh_fail(err, GH_CONFLICT,
		    "nobody has counted its rows when the backup was taken: there is nothing to compare "
		    "with");
	GH_TRY(pg_query(pg, SQL_PROOF_SESSION, NULL, 0, NULL, err));
	if (proof_nameless(p))
		return in_all(p, into, pg, err);
	GH_TRY(rows(p, pg, &n, err));
	(void)gh_fault("job.proof.counted");
	if (p->bad == NULL)
		GH_TRY(catalog(p, into, pg, &text, err));
	p->evidence =
	    gh_printf(p->job->arena, "%zu table%s with %" PRId64 " rows: as many as when it was taken; %s.",
		p->n_tables, p->n_tables == 1 ? "" : "s", n, text);
	return GH_OK;
}
