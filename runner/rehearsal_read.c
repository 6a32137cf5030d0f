#include "base/ban.h"
#include "runner/rehearsal.h"
#include "store/plan.h"
#include "store/rehearsal_write.h"

struct reading {
	struct store *st;
	int64_t id;
	struct rehearsal_said *said;
};

static enum gh_code
place_frame(struct refresh_reader *r, const struct reading *g, struct wire_in *in, struct gh_err *err)
{
	struct store_rehearsal h = { .id = g->id };

	h.place = wire_text(in, &r->frame);
	h.text = wire_text(in, &r->frame);
	h.tables = wire_i64(in);
	h.rows = wire_i64(in);
	h.bytes = wire_i64(in);
	GH_TRY(wire_end(in, err));
	return store_rehearsal_place(g->st, &h, err);
}

static enum gh_code
step_frame(struct refresh_reader *r, const struct reading *g, struct wire_in *in, struct gh_err *err)
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
	s.locks = wire_text(in, &r->frame);
	s.rewritten = wire_text(in, &r->frame);
	s.error = wire_text(in, &r->frame);
	s.line = wire_i64(in);
	s.kind = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	return store_rehearsal_step_put(g->st, g->id, &s, err);
}

static enum gh_code
verdict_frame(struct refresh_reader *r, const struct reading *g, struct wire_in *in, struct gh_err *err)
{
	struct store_rehearsal_migration m = { 0 };

	m.migration = wire_i64(in);
	m.verdict = wire_text(in, &r->frame);
	m.objects = wire_text(in, &r->frame);
	m.loses = wire_u8(in) != 0;
	m.text = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	return store_rehearsal_migration_put(g->st, g->id, &m, err);
}

static enum gh_code
frame(struct refresh_reader *r, void *data, struct wire_event *e, struct gh_err *err)
{
	const struct reading *g = data;

	switch ((int)e->kind) {
	case WIRE_J_START:
		g->said->pid = wire_i64(&e->fields);
		return GH_OK;
	case WIRE_J_REHEARSAL:
		return place_frame(r, g, &e->fields, err);
	case WIRE_J_STEP:
		return step_frame(r, g, &e->fields, err);
	case WIRE_J_REHEARSED:
		return verdict_frame(r, g, &e->fields, err);
	default:
		/* What a run says as well. */
		return GH_OK;
	}
}

enum gh_code
rehearsal_read(struct store *st, int64_t id, const char *journal, struct gh_arena *a,
    struct rehearsal_said *ret, struct gh_err *err)
{
	REFRESH_READER r = { .fd = -1 };
	struct reading g = { .st = st, .id = id, .said = ret };

	*ret = (struct rehearsal_said){ .sentence = "" };
	GH_TRY(refresh_read_all(&r, journal, frame, &g, err));
	ret->outcome = r.outcome;
	if (r.outcome != 0)
		ret->sentence = gh_strdup(a, r.sentence);
	return GH_OK;
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
