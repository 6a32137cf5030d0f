#include "base/ban.h"
#include "runner/job/tracking.h"
#include "runner/job/sql.gen.h"

static enum gh_code
rows_read(struct pg *pg, const struct convention *c, struct tracking *ret, struct gh_err *err)
{
	struct gh_arena *a = pg->job->arena;
	PG_RESULT r = NULL;
	int i;

	GH_TRY(pg_query(pg, c->tracking.select, NULL, 0, &r, err));
	ret->n = (size_t)PQntuples(r);
	ret->rows = gh_alloc_n(a, ret->n, sizeof(*ret->rows));
	for (i = 0; i < PQntuples(r); i++) {
		ret->rows[i].key = gh_strdup(a, PQgetvalue(r, i, 0));
		ret->rows[i].applied_at = PQgetisnull(r, i, 1) ? 0 : strtoll(PQgetvalue(r, i, 1), NULL, 10);
	}
	return GH_OK;
}

enum gh_code
tracking_read(struct pg *pg, const struct convention *c, struct tracking *ret, struct gh_err *err)
{
	const char *params[] = { c->tracking.schema, c->tracking.table };
	struct gh_arena *a = pg->job->arena;
	struct convention_column *columns;
	PG_RESULT r = NULL;
	int i, n;

	*ret = (struct tracking){ .why = "" };
	GH_TRY(pg_query(pg, SQL_TRACKING_COLUMNS, params, 2, &r, err));
	n = PQntuples(r);
	if (n == 0)
		return GH_OK;
	ret->exists = true;
	columns = gh_alloc_n(a, (size_t)n, sizeof(*columns));
	for (i = 0; i < n; i++) {
		columns[i].name = gh_strdup(a, PQgetvalue(r, i, 0));
		columns[i].type = gh_strdup(a, PQgetvalue(r, i, 1));
		columns[i].not_null = PQgetvalue(r, i, 2)[0] == 't' ? "t" : "f";
	}
	ret->known = convention_tracking_known(c, columns, (size_t)n, a, &ret->why);
	if (!ret->known)
		return GH_OK;
	ret->why = "";
	return rows_read(pg, c, ret, err);
}

bool
tracking_has(const struct tracking *t, const char *key)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (strcmp(t->rows[i].key, key) == 0)
			return true;
	}
	return false;
}

static const char *
digits(const char *key, struct gh_arena *a)
{
	return gh_strndup(a, key, strspn(key, "0123456789"));
}

const char *
tracking_newest(const struct tracking *t, struct gh_arena *a)
{
	const char *best = "";
	size_t i;

	for (i = 0; i < t->n; i++) {
		const char *key = t->rows[i].key;

		if (best[0] == '\0' || convention_compare(digits(key, a), key, digits(best, a), best) > 0)
			best = key;
	}
	return best;
}

void
tracking_say(struct job *j, const struct convention *c, const struct tracking *t)
{
	struct wire_out o;
	size_t i;

	say_start(j, WIRE_J_TRACKING, &o);
	wire_put_text(&o, c->tracking.qualified);
	wire_put_bool(&o, t->exists);
	wire_put_bool(&o, t->known);
	say_put(&o, t->why);
	say_end(j, &o);
	for (i = 0; i < t->n; i++) {
		say_start(j, WIRE_J_TRACKED, &o);
		say_put(&o, t->rows[i].key);
		wire_put_i64(&o, t->rows[i].applied_at);
		say_end(j, &o);
	}
}
