#include "base/ban.h"
#include "runner/follow_backup.h"
#include "base/clock.h"
#include "base/hash.h"
#include "runner/follow_kind.h"
#include "store/backup_write.h"
#include "store/run_write.h"

static enum gh_code
corrupt(const char *what, struct gh_err *err)
{
	return gh_fail(err, GH_BAD_INPUT, "the journal is corrupt: a backup with %s", what);
}

/* What a later expiry takes away is one name beneath the folder of backups, never a path. */
static bool
name_good(const char *file)
{
	return file[0] != '.' && strchr(file, '/') == NULL && strlen(file) <= NAME_MAX;
}

static bool
digest_good(const char *digest)
{
	size_t len = strlen(digest);

	return len == 0 || (len == GH_SHA256_HEX_LEN - 1 && strspn(digest, "0123456789abcdef") == len);
}

static bool
format_good(const char *format)
{
	return format[0] == '\0' || strcmp(format, "custom") == 0 || strcmp(format, "directory") == 0;
}

static enum gh_code
backup_check(const struct store_backup_new *b, bool hook, struct gh_err *err)
{
	if (b->file[0] == '\0' && !hook)
		return corrupt("no file", err);
	if (!name_good(b->file))
		return corrupt("a file that is not in the folder of backups", err);
	if (!digest_good(b->digest) || (b->digest[0] == '\0' && !hook))
		return corrupt("no SHA-256", err);
	if (!format_good(b->format))
		return corrupt("an unknown format", err);
	if (b->started_at < 0 || b->ended_at < b->started_at)
		return corrupt("a time that never was", err);
	if (b->size < -1 || b->plain_size < -1 || b->database_bytes < -1 || b->table_count < -1 ||
	    b->row_count < -1)
		return corrupt("less than nothing in it", err);
	return GH_OK;
}

/* What is older than this program ends after the schema's version: a job may outlive its runner. */
static void
backup_more(struct wire_in *in, struct gh_arena *a, struct store_backup_new *b, const char **ret_kind)
{
	b->format = "custom";
	b->plain_size = b->database_bytes = -1;
	if (in->bad == NULL && in->at == in->end)
		return;
	b->plain_size = wire_i64(in);
	b->database_bytes = wire_i64(in);
	b->format = wire_text(in, a);
	b->encrypted_to = wire_text(in, a);
	b->snapshot = wire_text(in, a);
	b->fingerprint = wire_text(in, a);
	b->log = wire_text(in, a);
	*ret_kind = wire_text(in, a);
	b->source = wire_text(in, a);
}

static const char *
backup_text(const struct store_backup_new *b, struct gh_arena *a)
{
	char span[GH_CLOCK_LEN];

	(void)gh_clock_span(b->ended_at - b->started_at, span);
	if (strcmp(b->kind, "hook") == 0)
		return gh_printf(a, "Backup made by %s in %s: nothing of it was looked at", b->source, span);
	return gh_printf(a, "Backup %s: %" PRId64 " bytes, %" PRId64 " tables, %" PRId64 " rows, %s in %s",
	    b->file, b->size, b->table_count, b->row_count, b->level, span);
}

static enum gh_code
backup_put(struct store *st, struct follow_backup_of *f, const struct wire_event *e, struct gh_arena *a,
    const char **ret_text, struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_backup_new b = { .target_id = f->target_id,
		.run_id = f->run_id,
		.person_id = f->person_id,
		.kind = f->kind,
		.encrypted_to = "",
		.snapshot = "",
		.fingerprint = "",
		.log = "",
		.source = "",
		.label = "" };
	const char *kind = "";
	uint8_t level;

	b.file = wire_text(&in, a);
	b.digest = wire_text(&in, a);
	b.size = wire_i64(&in);
	b.started_at = wire_i64(&in);
	b.ended_at = wire_i64(&in);
	b.server_version = wire_text(&in, a);
	b.client_version = wire_text(&in, a);
	b.table_count = wire_i64(&in);
	b.row_count = wire_i64(&in);
	level = wire_u8(&in);
	b.schema_key = wire_text(&in, a);
	backup_more(&in, a, &b, &kind);
	GH_TRY(follow_kind_end(&in, "BACKUP", err));
	b.level = wire_level_name((enum wire_level)level);
	if (b.level[0] == '?')
		return corrupt("an unknown level", err);
	if (strcmp(kind, "hook") == 0)
		b.kind = "hook";
	GH_TRY(backup_check(&b, strcmp(b.kind, "hook") == 0, err));
	GH_TRY(store_backup_add(st, &b, &f->backup_id, err));
	*ret_text = backup_text(&b, a);
	return GH_OK;
}

static enum gh_code
table_put(struct store *st, const struct follow_backup_of *f, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_backup_table t = { .restored = -1 };

	t.name = wire_text(&in, a);
	t.rows = wire_i64(&in);
	t.bytes = wire_i64(&in);
	GH_TRY(follow_kind_end(&in, "BACKUP_TABLE", err));
	return store_backup_table_add(st, f->backup_id, &t, err);
}

static enum gh_code
sidecar_put(struct store *st, const struct follow_backup_of *f, const struct wire_event *e,
    struct gh_arena *a, struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_sidecar s;

	s.name = wire_text(&in, a);
	s.size = wire_i64(&in);
	s.digest = wire_text(&in, a);
	s.text = wire_text(&in, a);
	GH_TRY(follow_kind_end(&in, "SIDECAR", err));
	if (s.name[0] == '\0' || !name_good(s.name))
		return corrupt("a sidecar that is not in the folder of backups", err);
	if (s.digest[0] == '\0' || !digest_good(s.digest))
		return corrupt("a sidecar without SHA-256", err);
	if (s.size < 0 || strlen(s.text) > WIRE_SIDECAR_MAX)
		return corrupt("a sidecar that is too long", err);
	return store_sidecar_add(st, f->backup_id, &s, err);
}

static enum gh_code
seen_put(struct store *st, const struct follow_backup_of *f, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct wire_in in = e->fields;
	const char *wrong = wire_text(&in, a);

	GH_TRY(follow_kind_end(&in, "SIDECAR_SEEN", err));
	return store_backup_sidecar(st, f->backup_id, wrong, true, err);
}

static enum gh_code
restored_put(struct store *st, const struct follow_backup_of *f, const struct wire_event *e,
    struct gh_arena *a, struct gh_err *err)
{
	struct wire_in in = e->fields;
	const char *name = wire_text(&in, a);
	int64_t rows = wire_i64(&in);

	GH_TRY(follow_kind_end(&in, "PROOF_TABLE", err));
	return store_backup_table_restored(st, f->backup_id, name, rows, err);
}

static enum gh_code
proof_put(struct store *st, struct follow_backup_of *f, const struct wire_event *e, struct gh_arena *a,
    const char **ret_text, struct gh_err *err)
{
	struct wire_in in = e->fields;
	struct store_proof p = { .backup_id = f->backup_id, .task_id = f->task_id };
	enum wire_level level = (enum wire_level)wire_u8(&in);
	enum wire_state state = (enum wire_state)wire_u8(&in);
	char span[GH_CLOCK_LEN];

	p.started_at = wire_i64(&in);
	p.ended_at = wire_i64(&in);
	p.place = wire_text(&in, a);
	p.text = wire_text(&in, a);
	GH_TRY(follow_kind_end(&in, "PROOF", err));
	p.level = wire_level_name(level);
	p.state = wire_state_name(state);
	if (level == WIRE_NONE || p.level[0] == '?' || (state != WIRE_OK && state != WIRE_FAILED))
		return corrupt("a proof of an unknown kind", err);
	if (p.started_at < 0 || p.ended_at < p.started_at)
		return corrupt("a proof at a time that never was", err);
	if (state == WIRE_FAILED)
		f->broken = true;
	*ret_text = gh_printf(a, "Backup %s %s in %s: %s", state == WIRE_OK ? "is" : "is not", p.level,
	    gh_clock_span(p.ended_at - p.started_at, span), p.text);
	return store_proof_add(st, &p, err);
}

bool
follow_backup_is(enum wire_journal_kind kind)
{
	return kind == WIRE_J_BACKUP || kind == WIRE_J_BACKUP_TABLE || kind == WIRE_J_PROOF ||
	    kind == WIRE_J_PROOF_TABLE || kind == WIRE_J_SIDECAR || kind == WIRE_J_SIDECAR_SEEN;
}

enum gh_code
follow_backup_put(struct store *st, struct follow_backup_of *f, const struct wire_event *e,
    struct gh_arena *a, const char **ret_text, struct gh_err *err)
{
	*ret_text = NULL;
	if (e->kind == WIRE_J_BACKUP)
		return backup_put(st, f, e, a, ret_text, err);
	if (f->backup_id == 0)
		return gh_fail(err, GH_BAD_INPUT,
		    "the journal is corrupt: a table, a sidecar or a proof before its backup");
	if (e->kind == WIRE_J_BACKUP_TABLE)
		return table_put(st, f, e, a, err);
	if (e->kind == WIRE_J_PROOF_TABLE)
		return restored_put(st, f, e, a, err);
	if (e->kind == WIRE_J_SIDECAR)
		return sidecar_put(st, f, e, a, err);
	if (e->kind == WIRE_J_SIDECAR_SEEN)
		return seen_put(st, f, e, a, err);
	return proof_put(st, f, e, a, ret_text, err);
}

/* A run that restores takes a backup of what is there; what it shows before and after that is of the other.
 */
static enum gh_code
restored(struct store *st, const struct follow_run *run, struct gh_arena *a, int64_t *ret, struct gh_err *err)
{
	struct store_phases list = { 0 };

	if (run->plan == NULL || !plan_restores(run->plan))
		return GH_OK;
	GH_TRY(store_phase_list(st, a, run->id, &list, err));
	if (list.n == 0 || strcmp(list.rows[list.n - 1].phase, wire_phase_name(WIRE_BACKUP)) != 0)
		*ret = run->plan->restore.backup;
	return GH_OK;
}

/* Of a run: its own backup is the one that it took last. */
static enum gh_code
run_put(struct store *st, const struct follow_run *run, const struct wire_event *e, struct gh_arena *a,
    struct gh_err *err)
{
	struct follow_backup_of f = { .target_id = run->target_id, .run_id = run->id, .kind = "run" };
	struct store_run_detail d;
	const char *text;

	if (e->kind != WIRE_J_BACKUP) {
		GH_TRY(store_run_detail(st, a, run->id, &d, err));
		f.backup_id = d.backup;
		GH_TRY(restored(st, run, a, &f.backup_id, err));
	}
	GH_TRY(follow_backup_put(st, &f, e, a, &text, err));
	return text == NULL ? GH_OK : store_event_add(st, run->id, "backup", text, e->at_us, err);
}

const struct follow_kind follow_backup = { .kind = WIRE_J_BACKUP, .put = run_put };
const struct follow_kind follow_backup_table = { .kind = WIRE_J_BACKUP_TABLE, .put = run_put };
const struct follow_kind follow_sidecar = { .kind = WIRE_J_SIDECAR, .put = run_put };
const struct follow_kind follow_sidecar_seen = { .kind = WIRE_J_SIDECAR_SEEN, .put = run_put };
const struct follow_kind follow_proof = { .kind = WIRE_J_PROOF, .put = run_put };
const struct follow_kind follow_proof_table = { .kind = WIRE_J_PROOF_TABLE, .put = run_put };
