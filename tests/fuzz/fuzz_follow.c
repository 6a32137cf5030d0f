#include "base/ban.h"
#include "tests/fuzz/fuzz.h"
#include "runner/follow_kind.h"
#include "runner/rehearsal.h"
#include "base/io.h"
#include "store/failure.h"
#include "tests/support/fixture.h"

/*
 * Frames of a job's journal as the runner takes them.  The first byte is the kind of the frame, what follows
 * are its fields.  What becomes of them is rolled back.
 */

#define RUN       4 /* the fixture's, which is running */
#define REHEARSAL 1
#define JOURNAL   "journal"

static struct fixture *f;

static void
begin(void)
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

/* A rehearsal's journal of that one frame. */
static enum gh_code
rehearsed(
    enum wire_journal_kind kind, const uint8_t *fields, size_t n, struct gh_arena *a, struct gh_err *err)
{
	GH_FD int fd = open(JOURNAL, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct wire_journal j = { 0 };
	struct wire_out out = { 0 };
	struct rehearsal_said said;
	enum gh_code code;

	if (fd < 0 || wire_journal_open(&j, fd, err) != GH_OK)
		gh_bug("no journal");
	wire_journal_start(&j, kind, &out);
	gh_text_put_n(out.text, fields, n);
	if (wire_journal_end(&j, &out, err) != GH_OK)
		gh_bug("%s", err->msg);
	wire_journal_done(&j);
	code = rehearsal_read(&f->store, REHEARSAL, JOURNAL, a, &said, err);
	(void)unlink(JOURNAL);
	return code;
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
	if (f == NULL)
		begin();
	e.kind = (enum wire_journal_kind)data[0];
	e.fields = (struct wire_in){ .at = data + 1, .end = data + size };
	if (store_begin(&f->store, &tx, &err) != GH_OK)
		gh_bug("%s", err.msg);
	if (e.kind >= WIRE_J_REHEARSAL && e.kind <= WIRE_J_REHEARSED)
		code = rehearsed(e.kind, data + 1, size - 1, &a, &err);
	else
		code = put(&e, &a, &err);
	/* The rows of a cause are taken apart when they are read. */
	if (code == GH_OK && store_cause_list(&f->store, &a, RUN, &causes, &err) != GH_OK)
		gh_bug("%s", err.msg);
	if (code != GH_OK && err.msg[0] == '\0')
		gh_bug("a refusal without a reason");
	return 0;
}
