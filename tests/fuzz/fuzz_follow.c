#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "runner/follow_kind.h"
#include "runner/rehearsal.h"
#include "store/failure.h"
#include "tests/support/fixture.h"

/*
 * Frames of a job's journal as the runner takes them.  The first byte is the kind of the frame, what follows
 * are its fields.  What becomes of them is rolled back.
 */

#define RUN       4 /* the fixture's, which is running */
#define REHEARSAL 1

static struct fixture *f;

void
fuzz_begin(void)
{
	void *state = NULL;

	if (fixture_setup(&state) != 0)
		gh_bug("no store");
	f = state;
	if (fixture_exec(f,
		"INSERT INTO rehearsal (id, target_id, plan_digest, state, queued_at) "
		"SELECT 1, 1, digest, 'queued', 1 FROM plan LIMIT 1") != GH_OK)
		gh_bug("%s", f->err.msg);
}

static enum gh_code
put(const struct wire_event *e, struct gh_arena *a, struct gh_err *err)
{
	const struct follow_kind *kind = follow_kind_find(e->kind);
	const struct follow_run run = { .id = RUN, .target_id = FIXTURE_STAGING };
	struct follow_frame frame;

	if (kind != NULL)
		return kind->put(&f->store, &run, e, a, err);
	GH_TRY(follow_frame_read(e, a, &frame, err));
	return follow_rows_put(&f->store, &run, &frame, a, err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_event e = { .at_us = FIXTURE_NOW };
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	STORE_TX tx = { 0 };
	struct store_causes causes;
	enum gh_code code;

	if (size < 1)
		return 0;
	e.kind = (enum wire_journal_kind)data[0];
	e.fields = (struct wire_in){ .at = data + 1, .end = data + size };
	if (store_begin(&f->store, &tx, &err) != GH_OK)
		gh_bug("%s", err.msg);
	if (e.kind >= WIRE_J_REHEARSAL && e.kind <= WIRE_J_REHEARSED)
		code = rehearsal_frame(&f->store, REHEARSAL, &e, &a, &err);
	else
		code = put(&e, &a, &err);
	/* The rows of a cause are taken apart when they are read. */
	if (code == GH_OK && store_cause_list(&f->store, &a, RUN, &causes, &err) != GH_OK)
		gh_bug("%s", err.msg);
	if (code != GH_OK && err.msg[0] == '\0')
		gh_bug("a refusal without a reason");
	return 0;
}
