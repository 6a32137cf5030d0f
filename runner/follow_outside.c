#include "base/ban.h"
#include "runner/follow_kind.h"
#include "store/outside_write.h"

/* What another system lists, as rows of the inventory: of a job that looks, and of a run that looks itself.
 */

struct told {
	struct store_outside_new row;
	uint8_t what, level;
};

static void
told_read(struct wire_in *in, struct gh_arena *a, struct told *ret)
{
	struct store_outside_new *b = &ret->row;

	b->source = wire_text(in, a);
	ret->what = wire_u8(in);
	b->seen_at = wire_i64(in);
	b->label = wire_text(in, a);
	b->started_at = wire_i64(in);
	b->ended_at = wire_i64(in);
	b->size = wire_i64(in);
	b->database_bytes = wire_i64(in);
	b->server_version = wire_text(in, a);
	b->client_version = wire_text(in, a);
	b->keep_until = wire_i64(in);
	ret->level = wire_u8(in);
	b->broken = wire_text(in, a);
}

enum gh_code
follow_outside_put(
    struct store *st, int64_t target_id, const struct wire_event *e, struct gh_arena *a, struct gh_err *err)
{
	struct told t = { .row = { .target_id = target_id } };
	struct wire_in in = e->fields;

	told_read(&in, a, &t);
	GH_TRY(follow_kind_end(&in, "OUTSIDE", err));
	switch ((int)t.what) {
	case WIRE_OUTSIDE_ONE:
		break;
	case WIRE_OUTSIDE_WHOLE:
		return store_outside_gone(st, target_id, t.row.source, t.row.seen_at, err);
	default:
		return gh_fail(err, GH_BAD_INPUT, "the journal is corrupt: a frame OUTSIDE is %u", t.what);
	}
	/* Nobody else's restore was seen by us: never green. */
	if (t.level > WIRE_WRITTEN || t.row.label[0] == '\0' || t.row.started_at < 0 || t.row.ended_at < 0 ||
	    t.row.keep_until < 0)
		return gh_fail(err, GH_BAD_INPUT, "the journal is corrupt: a frame OUTSIDE has wrong values");
	t.row.level = t.level == 0 ? "none" : wire_level_name(WIRE_WRITTEN);
	return store_outside_put(st, &t.row, err);
}

static enum gh_code
put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	return follow_outside_put(st, run->target_id, e, a, err);
}

const struct follow_kind follow_outside = {
	.kind = WIRE_J_OUTSIDE,
	.put = put,
};
