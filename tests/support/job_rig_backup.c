#include "base/ban.h"
#include "tests/support/job_rig.h"

#include <setjmp.h>
#include <cmocka.h>

static void
backup(struct rig_frame *f, struct wire_in *in, struct gh_arena *a)
{
	const char *format, *to, *snapshot, *print, *log, *kind, *source;

	f->text = wire_text(in, a);
	f->more = wire_text(in, a);
	f->number = wire_i64(in);
	(void)wire_i64(in);
	(void)wire_i64(in);
	(void)wire_text(in, a);
	(void)wire_text(in, a);
	f->blocks = wire_i64(in);
	f->since = wire_i64(in);
	f->state = wire_u8(in);
	(void)wire_text(in, a);
	f->wal = wire_i64(in);
	(void)wire_i64(in);
	format = wire_text(in, a);
	to = wire_text(in, a);
	snapshot = wire_text(in, a);
	print = wire_text(in, a);
	log = wire_text(in, a);
	kind = wire_text(in, a);
	source = wire_text(in, a);
	f->extra = gh_printf(a, "kind=%s source=%s format=%s to=%s snapshot=%s fingerprint=%s log=%s", kind,
	    source, format, to, snapshot, print, log);
}

void
rig_frame_backup(struct rig_frame *f, struct wire_in *in, struct gh_arena *a)
{
	if (f->kind == WIRE_J_BACKUP) {
		backup(f, in, a);
		return;
	}
	if (f->kind == WIRE_J_PROOF) {
		f->phase = wire_u8(in);
		f->state = wire_u8(in);
		f->since = wire_i64(in);
		f->number = wire_i64(in);
		f->text = wire_text(in, a);
		f->more = wire_text(in, a);
		return;
	}
	f->text = wire_text(in, a);
	if (f->kind == WIRE_J_SIDECAR_SEEN)
		return;
	f->number = wire_i64(in);
	if (f->kind == WIRE_J_SIDECAR) {
		f->more = wire_text(in, a);
		f->extra = wire_text(in, a);
	}
	if (f->kind == WIRE_J_BACKUP_TABLE)
		f->since = wire_i64(in);
}
