#include "base/ban.h"
#include "runner/rehearsal.h"
#include "store/plan.h"
#include "store/rehearsal_write.h"

static enum gh_code
place_frame(struct store *st, int64_t id, struct wire_in *in, struct gh_arena *a, struct gh_err *err)
{
	struct store_rehearsal h = { .id = id };

	h.place = wire_text(in, a);
	h.text = wire_text(in, a);
	h.tables = wire_i64(in);
	h.rows = wire_i64(in);
	h.bytes = wire_i64(in);
	GH_TRY(wire_end(in, err));
	return store_rehearsal_place(st, &h, err);
}

static enum gh_code
step_frame(struct store *st, int64_t id, struct wire_in *in, struct gh_arena *a, struct gh_err *err)
{
	struct store_rehearsal_step s = { 0 };

	s.migration = wire_i64(in);
	s.pass = wire_u8(in);
	s.statement = wire_i64(in);
	s.state = wire_u8(in) == WIRE_OK ? "ok" : "failed";
	s.took_us = wire_i64(in);
	s.rows = wire_i64(in);
	s.blocks = wire_i64(in);
	s.wal_bytes = wire_i64(in);
	s.locks = wire_text(in, a);
	s.rewritten = wire_text(in, a);
	s.error = wire_text(in, a);
	s.line = wire_i64(in);
	s.kind = wire_text(in, a);
	GH_TRY(wire_end(in, err));
	return store_rehearsal_step_put(st, id, &s, err);
}

static enum gh_code
verdict_frame(struct store *st, int64_t id, struct wire_in *in, struct gh_arena *a, struct gh_err *err)
{
	struct store_rehearsal_migration m = { 0 };

	m.migration = wire_i64(in);
	m.verdict = wire_text(in, a);
	m.objects = wire_text(in, a);
	m.loses = wire_u8(in) != 0;
	m.text = wire_text(in, a);
	GH_TRY(wire_end(in, err));
	return store_rehearsal_migration_put(st, id, &m, err);
}

enum gh_code
rehearsal_frame(
    struct store *st, int64_t id, const struct wire_event *e, struct gh_arena *a, struct gh_err *err)
{
	struct wire_in in = e->fields;

	switch ((int)e->kind) {
	case WIRE_J_REHEARSAL:
		return place_frame(st, id, &in, a, err);
	case WIRE_J_STEP:
		return step_frame(st, id, &in, a, err);
	case WIRE_J_REHEARSED:
		return verdict_frame(st, id, &in, a, err);
	default:
		/* What a run says as well. */
		return GH_OK;
	}
}

enum gh_code
rehearsal_good(struct store *st, const struct store_rehearsal *h, bool *ret, struct gh_err *err)
{
	static const char *const good[] = { "exact", "column-order", "no-down", "ran" };
	struct store_rehearsal_migrations list;
	struct store_plan plan;
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	size_t i, k, n = 0;

	GH_TRY(store_plan_get(st, &a, h->plan_digest, &plan, err));
	GH_TRY(store_rehearsal_migration_list(st, &a, h->id, &list, err));
	for (i = 0; i < list.n; i++) {
		for (k = 0; k < sizeof(good) / sizeof(good[0]); k++)
			n += strcmp(list.rows[i].verdict, good[k]) == 0 ? 1 : 0;
	}
	*ret = plan.migrations > 0 && n == (size_t)plan.migrations && list.n == n;
	return GH_OK;
}
