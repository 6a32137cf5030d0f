#include "base/ban.h"
#include "runner/job/rehearse.h"
#include "base/clock.h"
#include "runner/job/sql.gen.h"

/* What a statement takes: the difference of two moments of our own session, or what another has seen of it.
 */

enum wire_lock
rehearse_lock_of(const char *mode)
{
	static const char *const names[] = { [WIRE_ACCESS_SHARE] = "AccessShareLock",
		[WIRE_ROW_SHARE] = "RowShareLock",
		[WIRE_ROW_EXCLUSIVE] = "RowExclusiveLock",
		[WIRE_SHARE_UPDATE_EXCLUSIVE] = "ShareUpdateExclusiveLock",
		[WIRE_SHARE] = "ShareLock",
		[WIRE_SHARE_ROW_EXCLUSIVE] = "ShareRowExclusiveLock",
		[WIRE_EXCLUSIVE] = "ExclusiveLock",
		[WIRE_ACCESS_EXCLUSIVE] = "AccessExclusiveLock" };
	size_t i;

	for (i = 1; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], mode) == 0)
			return (enum wire_lock)i;
	}
	return WIRE_NO_LOCK;
}

static int64_t
number(const PGresult *res, int row, int column)
{
	return strtoll(PQgetvalue(res, row, column), NULL, 10);
}

static enum gh_code
relations(struct pg *pg, struct gh_arena *a, struct rehearse_moment *ret, struct gh_err *err)
{
	const char *const params[] = { ret->inside ? "t" : "f" };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(pg, SQL_REHEARSE_RELATIONS, params, 1, &res, err));
	ret->relations = gh_alloc_n(a, (size_t)PQntuples(res), sizeof(*ret->relations));
	for (i = 0; i < PQntuples(res); i++)
		ret->relations[ret->n++] = (struct rehearse_relation){ .oid = number(res, i, 0),
			.file = number(res, i, 1),
			.name = gh_strdup(a, PQgetvalue(res, i, 2)),
			.kind = PQgetvalue(res, i, 3)[0],
			.blocks = number(res, i, 4),
			.index_of = number(res, i, 5) };
	return GH_OK;
}

static enum gh_code
locks(struct pg *pg, struct gh_arena *a, struct rehearse_moment *ret, struct gh_err *err)
{
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(pg, SQL_REHEARSE_LOCKS, NULL, 0, &res, err));
	ret->locks = gh_alloc_n(a, (size_t)PQntuples(res), sizeof(*ret->locks));
	for (i = 0; i < PQntuples(res); i++)
		ret->locks[ret->n_locks++] = (struct rehearse_lock){ .oid = number(res, i, 0),
			.mode = rehearse_lock_of(PQgetvalue(res, i, 1)) };
	return GH_OK;
}

/* Locks last: what the looking itself takes is on the catalog only. */
static enum gh_code
moment(struct rehearse *h, struct gh_arena *a, struct rehearse_moment *ret, struct gh_err *err)
{
	struct pg *pg = &h->run.pg;
	const char *wal;

	*ret = (struct rehearse_moment){ .inside = PQtransactionStatus(pg->conn) == PQTRANS_INTRANS };
	GH_TRY(pg_value(pg, SQL_REHEARSE_WAL, NULL, 0, &wal, err));
	ret->wal = h->own ? strtoll(wal, NULL, 10) : -1;
	ret->blocked = ret->inside || h->run.id.version_number >= 150000;
	if (!ret->inside && ret->blocked)
		GH_TRY(pg_query(pg, SQL_REHEARSE_FLUSH, NULL, 0, NULL, err));
	GH_TRY(relations(pg, a, ret, err));
	if (ret->inside)
		GH_TRY(locks(pg, a, ret, err));
	return GH_OK;
}

static const struct rehearse_relation *
relation(const struct rehearse_moment *m, int64_t oid)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->relations[mid].oid == oid)
			return &m->relations[mid];
		if (m->relations[mid].oid < oid)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static enum wire_lock
strongest(const struct rehearse_moment *m, int64_t oid)
{
	enum wire_lock ret = WIRE_NO_LOCK;
	size_t i;

	for (i = 0; i < m->n_locks; i++) {
		if (m->locks[i].oid == oid && m->locks[i].mode > ret)
			ret = m->locks[i].mode;
	}
	return ret;
}

/* Relations of the users that are locked more strongly than before, the strongest first. */
static void
locks_put(const struct rehearse_moment *x, const struct rehearse_moment *y, struct gh_text *t)
{
	int mode;
	size_t i;

	for (mode = WIRE_ACCESS_EXCLUSIVE; mode > WIRE_NO_LOCK; mode--) {
		for (i = 0; i < y->n_locks; i++) {
			const struct rehearse_relation *r = relation(y, y->locks[i].oid);
			int64_t oid = y->locks[i].oid;

			if (r == NULL) /* it is gone since */
				r = relation(x, oid);
			if (r == NULL || (int)y->locks[i].mode != mode ||
			    strongest(y, oid) != y->locks[i].mode || strongest(x, oid) >= y->locks[i].mode)
				continue;
			gh_text_putf(t, "%s%s %s", t->len == 0 ? "" : "\n", r->name,
			    wire_lock_name((enum wire_lock)mode));
		}
	}
}

static bool
moved(const struct rehearse_moment *x, const struct rehearse_relation *r)
{
	const struct rehearse_relation *was = relation(x, r->oid);

	return was != NULL && was->file != 0 && r->file != 0 && was->file != r->file;
}

/* Relations that are in other files now; of a table that is, its indexes go without saying. */
static void
rewritten_put(const struct rehearse_moment *x, const struct rehearse_moment *y, struct gh_text *t)
{
	size_t i;

	for (i = 0; i < y->n; i++) {
		const struct rehearse_relation *r = &y->relations[i], *of = relation(y, r->index_of);

		if (moved(x, r) && (of == NULL || !moved(x, of)))
			gh_text_putf(t, "%s%s", t->len == 0 ? "" : "\n", r->name);
	}
}

/* Blocks of relations that were asked for; what is gone cannot be told any more. */
static int64_t
blocks(const struct rehearse_moment *x, const struct rehearse_moment *y)
{
	int64_t n = 0;
	size_t i;

	if (x->inside != y->inside || !x->blocked || !y->blocked)
		return -1;
	for (i = 0; i < y->n; i++) {
		const struct rehearse_relation *was = relation(x, y->relations[i].oid);

		n += y->relations[i].blocks - (was == NULL ? 0 : was->blocks);
	}
	return n < 0 ? -1 : n;
}

static enum gh_code
before(void *arg, const struct step *s, size_t k, struct gh_err *err)
{
	struct rehearse *h = arg;

	(void)s;
	(void)k;
	gh_arena_done(&h->moments);
	GH_TRY(moment(h, &h->moments, &h->before, err));
	if (!h->before.inside)
		h->sample = rehearse_sample_start(h);
	h->before.at_us = gh_clock_mono();
	return GH_OK;
}

/* The frame of a statement; y NULL: it failed, and nothing of it is left to be looked at. */
static void
say_step(struct rehearse *h, const struct run_watched *w, int64_t took_us, const struct rehearse_moment *y)
{
	const struct plan_statement *st = &w->step->sql->statements[w->k];
	const struct rehearse_moment *x = &h->before;
	GH_TEXT held = { .limit = SAY_TEXT_MAX };
	GH_TEXT files = { .limit = SAY_TEXT_MAX };
	bool ok = w->code == GH_OK;
	struct wire_out o;

	if (y != NULL && x->inside == y->inside)
		locks_put(x, y, &held);
	if (y != NULL && strncmp(st->kind, "TRUNCATE", 8) != 0)
		rewritten_put(x, y, &files);
	say_start(h->job, WIRE_J_STEP, &o);
	wire_put_i64(&o, (int64_t)w->step->i);
	wire_put_u8(&o, (uint8_t)h->pass);
	wire_put_i64(&o, (int64_t)w->k);
	wire_put_u8(&o, ok ? WIRE_OK : WIRE_FAILED);
	wire_put_i64(&o, took_us);
	wire_put_i64(&o, ok ? w->rows : -1);
	wire_put_i64(&o, y == NULL ? -1 : blocks(x, y));
	wire_put_i64(&o, y == NULL || y->wal < 0 ? -1 : y->wal - x->wal);
	say_put(&o, gh_text_str(&held));
	say_put(&o, gh_text_str(&files));
	say_put(&o, ok ? "" : h->run.pg.error.message);
	wire_put_i64(&o, st->line);
	say_put(&o, st->kind);
	say_end(h->job, &o);
}

static enum gh_code
after(void *arg, const struct run_watched *w, struct gh_err *err)
{
	int64_t took_us = gh_clock_mono();
	struct rehearse *h = arg;
	struct rehearse_moment now, seen = { 0 };

	took_us -= h->before.at_us;
	if (h->sample != NULL)
		rehearse_sample_stop(h->sample, &h->moments, &seen);
	h->sample = NULL;
	if (w->code != GH_OK) {
		say_step(h, w, took_us, NULL);
		return GH_OK;
	}
	GH_TRY(moment(h, &h->moments, &now, err));
	if (!now.inside) {
		now.locks = seen.locks;
		now.n_locks = seen.n_locks;
	}
	say_step(h, w, took_us, &now);
	return GH_OK;
}

const struct run_watch rehearse_watch = { .before = before, .after = after };
