#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

/* The frames of a journal. */

static void
frame_rehearsed(struct rig_frame *f, struct wire_in *in, struct gh_arena *a)
{
	switch ((int)f->kind) {
	case WIRE_J_REHEARSAL:
		f->text = wire_text(in, a);
		f->more = wire_text(in, a);
		(void)wire_i64(in);
		f->number = wire_i64(in);
		break;
	case WIRE_J_STEP:
		f->migration = wire_i64(in);
		f->phase = wire_u8(in);
		f->statement = wire_i64(in);
		f->state = wire_u8(in);
		(void)wire_i64(in);
		f->number = wire_i64(in);
		f->blocks = wire_i64(in);
		f->wal = wire_i64(in);
		f->text = wire_text(in, a);
		f->more = wire_text(in, a);
		f->extra = wire_text(in, a);
		break;
	case WIRE_J_REHEARSED:
		f->migration = wire_i64(in);
		f->text = wire_text(in, a);
		f->more = wire_text(in, a);
		f->state = wire_u8(in);
		f->extra = wire_text(in, a);
		break;
	case WIRE_J_DESTROYS:
		f->migration = wire_i64(in);
		f->statement = wire_i64(in);
		f->text = wire_text(in, a);
		f->number = wire_i64(in);
		f->since = wire_i64(in);
		f->extra = wire_text(in, a);
		break;
	default:
		break;
	}
}

static void
frame_outside(struct rig_frame *f, struct wire_in *in, struct gh_arena *a)
{
	f->more = wire_text(in, a);
	f->state = wire_u8(in);
	(void)wire_i64(in);
	f->text = wire_text(in, a);
	(void)wire_i64(in);
	(void)wire_i64(in);
	f->number = wire_i64(in);
	(void)wire_i64(in);
	(void)wire_text(in, a);
	(void)wire_text(in, a);
	(void)wire_i64(in);
	(void)wire_u8(in);
	f->extra = wire_text(in, a);
}

static void
frame(struct rig *r, struct wire_event *e)
{
	struct rig_frame *f = &r->frames[r->n_frames++];
	struct gh_arena *a = &r->arena;
	struct wire_in *in = &e->fields;

	assert_true(r->n_frames < RIG_FRAMES);
	*f = (struct rig_frame){
		.kind = e->kind, .migration = -1, .statement = -1, .text = "", .more = "", .extra = ""
	};
	f->at_us = e->at_us;
	switch ((int)e->kind) {
	case WIRE_J_OUTCOME:
		f->state = wire_u8(in);
		f->text = wire_text(in, a);
		break;
	case WIRE_J_PHASE:
		f->phase = wire_u8(in);
		f->state = wire_u8(in);
		f->text = wire_text(in, a);
		break;
	case WIRE_J_MIGRATION:
		f->migration = wire_i64(in);
		f->state = wire_u8(in);
		f->text = wire_text(in, a);
		break;
	case WIRE_J_STATEMENT:
		f->migration = wire_i64(in);
		f->statement = wire_i64(in);
		f->state = wire_u8(in);
		f->number = wire_i64(in);
		f->text = wire_text(in, a);
		break;
	case WIRE_J_INTENT:
	case WIRE_J_NOTICE:
	case WIRE_J_ERROR:
		f->migration = wire_i64(in);
		f->statement = wire_i64(in);
		f->text = wire_text(in, a);
		f->more = e->kind == WIRE_J_INTENT ? "" : wire_text(in, a);
		break;
	case WIRE_J_BACKEND:
		f->number = wire_i64(in);
		f->text = wire_text(in, a);
		break;
	case WIRE_J_BACKUP:
	case WIRE_J_BACKUP_TABLE:
	case WIRE_J_PROOF:
	case WIRE_J_PROOF_TABLE:
	case WIRE_J_SIDECAR:
	case WIRE_J_SIDECAR_SEEN:
		rig_frame_backup(f, in, a);
		break;
	case WIRE_J_DATABASE:
		f->text = wire_text(in, a);
		f->more = wire_text(in, a);
		f->number = wire_i64(in);
		(void)wire_i64(in);
		f->state = wire_u8(in);
		break;
	case WIRE_J_RETRY:
		f->number = wire_i64(in);
		(void)wire_i64(in);
		f->text = wire_text(in, a);
		break;
	case WIRE_J_PROGRESS:
	case WIRE_J_EPISODE:
		rig_frame_guard(f, in, a);
		break;
	case WIRE_J_BATCH:
	case WIRE_J_BATCH_ROW:
		rig_batch_frame(f, in, a);
		break;
	case WIRE_J_CAUSE:
	case WIRE_J_FACT:
	case WIRE_J_ACTION:
		rig_frame_failure(f, in, a);
		break;
	case WIRE_J_HOOK:
	case WIRE_J_EVIDENCE:
	case WIRE_J_CONTROL:
		rig_frame_life(f, in, a);
		break;
	case WIRE_J_OUTSIDE:
		frame_outside(f, in, a);
		break;
	case WIRE_J_LOG:
	case WIRE_J_IDENTITY:
	case WIRE_J_TRACKING:
	case WIRE_J_STANDING:
		f->text = wire_text(in, a);
		break;
	case WIRE_J_REHEARSAL:
	case WIRE_J_STEP:
	case WIRE_J_REHEARSED:
	case WIRE_J_DESTROYS:
		frame_rehearsed(f, in, a);
		break;
	default:
		break;
	}
	assert_null(in->bad);
}

void
rig_read(struct rig *r, int fd)
{
	struct wire_follow at = { 0 };
	GH_TEXT buf = { 0 };
	struct wire_event e;
	struct gh_err err = { 0 };
	bool got = true;

	r->n_frames = 0;
	if (r->frames == NULL)
		r->frames = gh_alloc_n(&r->arena, RIG_FRAMES, sizeof(*r->frames));
	for (;;) {
		if (wire_follow_next(&at, fd, &buf, &e, &got, &err) != GH_OK)
			fail_msg("%s", err.msg);
		if (!got)
			return;
		frame(r, &e);
	}
}
