#include "base/ban.h"
#include "runner/refresh_read.h"
#include "base/fault.h"
#include "store/project_write.h"

/* What an analyse job found in a project's folder, into the store. */
struct folder {
	struct store *st;
	int64_t project, started;
	char signature[GH_SHA256_HEX_LEN];
	/* where the frames are */
	char key[600], side[8]; /* which side the last statement was of */
	int64_t statement;      /* its position, -1 none */
	int64_t touches;        /* of it */
};

static enum gh_code
folder_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	struct store_folder_new n = { 0 };

	n.signature = wire_text(in, &r->frame);
	n.convention = wire_text(in, &r->frame);
	n.rule = wire_text(in, &r->frame);
	n.problem = wire_text(in, &r->frame);
	n.one_transaction = wire_bool(in);
	n.in_turn = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	(void)snprintf(f->signature, sizeof(f->signature), "%s", n.signature);
	return store_folder_start(f->st, f->project, &n, err);
}

static enum gh_code
file_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	struct store_file_new n = { 0 };

	n.file = wire_text(in, &r->frame);
	n.taken_as = wire_file_name((enum wire_file)wire_u8(in));
	n.reason = wire_text(in, &r->frame);
	n.key = wire_text(in, &r->frame);
	n.digest = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	return store_folder_file(f->st, f->project, &n, err);
}

static enum gh_code
facts_read(
    struct refresh_reader *r, struct folder *f, const char *key, struct wire_in *in, struct gh_err *err)
{
	int64_t n = wire_i64(in), i;

	for (i = 0; i < n && in->bad == NULL; i++) {
		const char *name = wire_text(in, &r->frame), *value;
		bool known = wire_bool(in);
		const void *bytes;
		size_t len = 0;

		bytes = wire_bytes(in, &len);
		if (in->bad != NULL)
			break;
		value = known ? gh_strndup(&r->frame, len == 0 ? "" : bytes, len) : NULL;
		GH_TRY(store_folder_fact(f->st, f->project, key, i, name, value, err));
	}
	return wire_end(in, err);
}

static enum gh_code
unit_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	struct store_unit_new n = { 0 };

	n.key = wire_text(in, &r->frame);
	n.position = wire_i64(in);
	n.version = wire_text(in, &r->frame);
	n.name = wire_text(in, &r->frame);
	n.file = wire_text(in, &r->frame);
	n.description = wire_text(in, &r->frame);
	n.author = wire_text(in, &r->frame);
	n.written_on = wire_text(in, &r->frame);
	n.repeatable = wire_bool(in);
	n.code = wire_bool(in);
	n.checksum = wire_text(in, &r->frame);
	if (in->bad != NULL)
		return wire_end(in, err);
	GH_TRY(store_folder_unit(f->st, f->project, &n, err));
	return facts_read(r, f, n.key, in, err);
}

static enum gh_code
side_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	struct store_side_new s = { .seen_at = f->started };

	s.key = wire_text(in, &r->frame);
	s.side = wire_side_name((enum wire_side)wire_u8(in));
	s.file = wire_text(in, &r->frame);
	s.sql = wire_bytes(in, &s.sql_len);
	s.digest = wire_text(in, &r->frame);
	s.first_line = wire_i64(in);
	s.transactional = wire_bool(in);
	s.row_inside = wire_bool(in);
	s.stripped = wire_bool(in);
	s.not_analysed = wire_bool(in);
	s.tokens = wire_text(in, &r->frame);
	s.problem = wire_text(in, &r->frame);
	s.note = wire_text(in, &r->frame);
	s.marks = wire_bytes(in, &s.n_marks);
	GH_TRY(wire_end(in, err));
	return store_folder_side(f->st, f->project, &s, err);
}

/* The statements of a side come one after the other, so their position is a count. */
static enum gh_code
statement_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	struct store_statement_new s = { 0 };

	s.key = wire_text(in, &r->frame);
	s.side = wire_side_name((enum wire_side)wire_u8(in));
	s.at = wire_i64(in);
	s.length = wire_i64(in);
	s.line = wire_i64(in);
	s.group = wire_i64(in);
	s.alone = wire_bool(in);
	s.destructive = wire_bool(in);
	s.reversible = wire_bool(in);
	s.kind = wire_text(in, &r->frame);
	s.object = wire_text(in, &r->frame);
	s.object_kind = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	if (strlen(s.key) >= sizeof(f->key))
		return gh_fail(err, GH_BAD_INPUT, "the name %.60s... is longer than %zu bytes", s.key,
		    sizeof(f->key) - 1);
	if (f->statement < 0 || strcmp(f->key, s.key) != 0 || strcmp(f->side, s.side) != 0) {
		(void)snprintf(f->key, sizeof(f->key), "%s", s.key);
		(void)snprintf(f->side, sizeof(f->side), "%s", s.side);
		f->statement = -1;
	}
	s.position = ++f->statement;
	f->touches = 0;
	return store_folder_statement(f->st, f->project, &s, err);
}

static enum gh_code
touch_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	struct store_touch_new t = { .key = f->key, .side = f->side, .statement = f->statement };
	enum wire_lock lock;

	t.object = wire_text(in, &r->frame);
	lock = (enum wire_lock)wire_u8(in);
	t.rewrites = wire_bool(in);
	t.scans = wire_bool(in);
	t.writes = wire_bool(in);
	GH_TRY(wire_end(in, err));
	if (f->statement < 0)
		return gh_fail(err, GH_INTERNAL, "a touch came before its statement");
	t.lock = wire_lock_name(lock);
	t.strength = lock;
	t.position = f->touches++;
	return store_folder_touch(f->st, f->project, &t, err);
}

static enum gh_code
finding_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	struct store_finding_new n = { 0 };

	n.key = wire_text(in, &r->frame);
	n.side = wire_side_name((enum wire_side)wire_u8(in));
	n.statement = wire_i64(in);
	n.rule = wire_text(in, &r->frame);
	n.level = wire_lint_name((enum wire_lint)wire_u8(in));
	n.scale = wire_scale_name((enum wire_scale)wire_u8(in));
	n.line = wire_i64(in);
	n.column = wire_i64(in);
	n.object = wire_text(in, &r->frame);
	n.message = wire_text(in, &r->frame);
	n.rewrite = wire_text(in, &r->frame);
	n.ignored = wire_bool(in);
	n.reason = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	return store_folder_finding(f->st, f->project, &n, err);
}

static enum gh_code
note_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	const char *text = wire_text(in, &r->frame);

	GH_TRY(wire_end(in, err));
	return store_folder_note(f->st, f->project, text, err);
}

static enum gh_code
query_frame(struct refresh_reader *r, struct folder *f, struct wire_in *in, struct gh_err *err)
{
	struct store_query_new q = { .file = wire_text(in, &r->frame) };

	q.sql = wire_bytes(in, &q.sql_len);
	q.digest = wire_text(in, &r->frame);
	q.problem = wire_text(in, &r->frame);
	GH_TRY(wire_end(in, err));
	return store_folder_query(f->st, f->project, &q, err);
}

static enum gh_code
frame(struct refresh_reader *r, void *data, struct wire_event *e, struct gh_err *err)
{
	switch ((int)e->kind) {
	case WIRE_J_FOLDER:
		return folder_frame(r, data, &e->fields, err);
	case WIRE_J_FILE:
		return file_frame(r, data, &e->fields, err);
	case WIRE_J_UNIT:
		return unit_frame(r, data, &e->fields, err);
	case WIRE_J_SIDE:
		return side_frame(r, data, &e->fields, err);
	case WIRE_J_SQL:
		return statement_frame(r, data, &e->fields, err);
	case WIRE_J_TOUCH:
		return touch_frame(r, data, &e->fields, err);
	case WIRE_J_FINDING:
		return finding_frame(r, data, &e->fields, err);
	case WIRE_J_QUERY:
		return query_frame(r, data, &e->fields, err);
	case WIRE_J_NOTE:
		return note_frame(r, data, &e->fields, err);
	default:
		return GH_OK;
	}
}

enum gh_code
refresh_project_apply(
    struct store *st, const struct store_project *p, const struct refresh_result *res, struct gh_err *err)
{
	REFRESH_READER r = { .fd = -1 };
	struct folder f = { .st = st, .project = p->id, .started = res->started, .statement = -1 };
	struct gh_err why = { 0 };
	GH_ARENA a = { 0 };
	STORE_TX tx = { 0 };
	enum gh_code code;

	GH_TRY(store_begin(st, &tx, err));
	code = refresh_read_all(&r, res->journal, frame, &f, &why);
	/* Meanwhile a target has told which tool's folder it is: it is looked at again for that. */
	if (p->found_on[0] != '\0' && r.detected && strcmp(r.convention, p->convention) != 0)
		return GH_OK;
	if (code == GH_OK && r.outcome == WIRE_SUCCEEDED) {
		code = store_folder_end(st, p->id, f.signature, res->started, &why);
		/* What a target's table has said weighs more than the folder alone. */
		if (code == GH_OK && r.detected && p->found_on[0] == '\0')
			code = store_project_detected(st, p->id, r.convention, r.why, "", &why);
		(void)gh_fault("runner.folder.before-commit");
		if (code == GH_OK)
			return store_commit(&tx, err);
	}
	store_tx_done(&tx);
	tx = (struct store_tx){ 0 };
	GH_TRY(store_begin(st, &tx, err));
	/* That several fit is worth knowing where nothing else could be read. */
	if (r.detected && r.convention[0] == '\0' && p->found_on[0] == '\0')
		GH_TRY(store_project_detected(st, p->id, "", r.why, "", err));
	GH_TRY(store_project_problem(st, p->id,
	    why.code != GH_OK ? why.msg : refresh_failure(&r, "analyse", res, &a), res->started, err));
	return store_commit(&tx, err);
}
