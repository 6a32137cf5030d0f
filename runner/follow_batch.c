#include "base/ban.h"
#include "runner/follow_kind.h"
#include "store/batch_write.h"
#include "store/run_write.h"

/* What a batched migration tells of itself: how far it is, and the rows that it leaves out. */

static bool
state_known(const char *state)
{
	static const char *const words[] = { "running", "waiting", "paused", "done", "failed" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(state, words[i]) == 0)
			return true;
	}
	return false;
}

static void
batch_read(struct wire_in *in, struct gh_arena *a, struct store_batch *ret)
{
	ret->migration = wire_i64(in);
	ret->state = wire_text(in, a);
	ret->cursor = wire_text(in, a);
	ret->batches = wire_i64(in);
	ret->rows = wire_i64(in);
	ret->passed = wire_i64(in);
	ret->expected = wire_i64(in);
	ret->size = wire_i64(in);
	ret->batch_us = wire_i64(in);
	ret->pause_ms = wire_i64(in);
	ret->why = wire_text(in, a);
	ret->left_out = wire_i64(in);
}

static enum gh_code
batch_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct store_batch b = { .at = e->at_us };
	struct wire_in in = e->fields;

	batch_read(&in, a, &b);
	GH_TRY(follow_kind_end(&in, "BATCH", err));
	if (!state_known(b.state))
		return gh_fail(err, GH_BAD_INPUT, "the journal is corrupt: a batch is \"%s\"", b.state);
	return store_batch_put(st, run->id, &b, err);
}

const struct follow_kind follow_batch = {
	.kind = WIRE_J_BATCH,
	.put = batch_put,
};

static enum gh_code
batch_row_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct store_batch_row row = { 0 };
	struct wire_in in = e->fields;
	int64_t migration = wire_i64(&in);

	row.key = wire_text(&in, a);
	row.sqlstate = wire_text(&in, a);
	row.message = wire_text(&in, a);
	GH_TRY(follow_kind_end(&in, "BATCH_ROW", err));
	GH_TRY(store_batch_row_add(st, run->id, migration, &row, err));
	return store_event_add(st, run->id, "batch",
	    gh_printf(a, "left out the row with the key %s: %s (%s)", row.key, row.message, row.sqlstate),
	    e->at_us, err);
}

const struct follow_kind follow_batch_row = {
	.kind = WIRE_J_BATCH_ROW,
	.put = batch_row_put,
};
