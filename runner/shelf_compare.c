#include "base/ban.h"
#include "runner/shelf.h"
#include "base/backup_name.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/retention.h"
#include "runner/message.h"
#include "store/backup_write.h"
#include "store/ledger_write.h"
#include "store/run.h"
#include "store/task.h"

/* A look: what it is about and what it has found. */
struct look {
	struct runner *r;
	struct gh_arena *a;
	const struct shelf_files *files;
	int64_t now;
	size_t n_busy;
	const char **busy; /* targets of which a job may be writing a backup */
	struct shelf_found *found;
	size_t n_lost;
	struct message_lost *lost; /* what people are told of */
};

static enum gh_code
entry_add(const struct look *l, const struct store_backup *b, const char *op, const char *outcome,
    const char *text, struct gh_err *err)
{
	struct store_entry e = { .at = l->now,
		.actor = "runner",
		.way = "runner",
		.op = op,
		.subject = gh_printf(l->a, "backup/%" PRId64, b->id),
		.target = b->target,
		.outcome = outcome,
		.text = gh_printf(l->a, "%s: %s", b->file, text) };
	int64_t seq = 0;

	gh_log_info("shelf.found", "backup=%" PRId64 " op=%s file=%s", b->id, op, b->file);
	return store_ledger_add(l->r->store, &e, &seq, err);
}

/* Why it is not the file that was written, NULL when it looks like it. */
static const char *
wrong(const struct look *l, const struct store_backup *b, const struct shelf_file *f)
{
	bool folder = strcmp(b->format, "directory") == 0;

	if (S_ISLNK(f->st.st_mode))
		return "a symbolic link is in its place";
	if (folder && !S_ISDIR(f->st.st_mode))
		return "what is in its place is not a folder";
	if (!folder && !S_ISREG(f->st.st_mode))
		return S_ISDIR(f->st.st_mode) ? "a folder is in its place"
					      : "what is in its place is not a regular file";
	if (b->size >= 0 && f->size != b->size)
		return gh_printf(l->a, "it has %" PRId64 " bytes, not the %" PRId64 " that were written",
		    f->size, b->size);
	return NULL;
}

/* The same of what lies beside it, of which the backup itself is none the worse. */
static const char *
sidecar_wrong(const struct look *l, const struct store_backup *b)
{
	const char *name = gh_printf(l->a, "%s%s", b->file, GH_BACKUP_SIDECAR);
	const struct shelf_file *f = shelf_find(l->files, name);

	if (f == NULL)
		return "the file beside it, which says what is in it, is not there";
	if (S_ISLNK(f->st.st_mode))
		return "a symbolic link is in the place of the file beside it";
	if (!S_ISREG(f->st.st_mode))
		return "what is in the place of the file beside it is not a regular file";
	if (f->size == 0)
		return "the file beside it is empty";
	if (b->sidecar_size >= 0 && f->size != b->sidecar_size)
		return gh_printf(l->a,
		    "the file beside it has %" PRId64 " bytes, not the %" PRId64 " that were written",
		    f->size, b->sidecar_size);
	return "";
}

/* What somebody who read it has found stays until it is read again, whatever a look at its size says. */
static enum gh_code
sidecar(const struct look *l, const struct store_backup *b, struct gh_err *err)
{
	const char *why = sidecar_wrong(l, b);
	bool ok = why[0] == '\0';

	if (strcmp(why, b->sidecar_wrong) == 0 || b->sidecar_read)
		return GH_OK;
	*(ok ? &l->found->sidecars_back : &l->found->sidecars) += 1;
	GH_TRY(store_backup_sidecar(l->r->store, b->id, why, false, err));
	return entry_add(l, b, ok ? "backup.sidecar-back" : "backup.sidecar", ok ? "ok" : "failed",
	    !ok                       ? why
		: b->sidecar_size < 0 ? "the file beside it is there again"
				      : "the file beside it is there again, in its size",
	    err);
}

static enum gh_code
proof_add(const struct look *l, const struct store_backup *b, bool ok, const char *text, struct gh_err *err)
{
	const struct store_proof p = { .backup_id = b->id,
		.level = "written",
		.state = ok ? "ok" : "failed",
		.started_at = l->now,
		.ended_at = l->now,
		.place = "",
		.text = text };

	GH_TRY(store_proof_add(l->r->store, &p, err));
	return entry_add(l, b, ok ? "backup.whole" : "backup.broken", ok ? "ok" : "failed", text, err);
}

static void
lose(struct look *l, const struct store_backup *b, bool is_missing, const char *text)
{
	l->lost[l->n_lost++] = (struct message_lost){ b, is_missing, text };
}

/* One message for each target, however many there are. */
static enum gh_code
lost_tell(const struct look *l, struct gh_err *err)
{
	size_t i, k;

	for (i = 0; i < l->n_lost; i++) {
		for (k = 0; l->lost[k].backup->target_id != l->lost[i].backup->target_id;)
			k++;
		if (k == i)
			GH_TRY(message_shelf(l->r, l->lost + i, l->n_lost - i, l->now, err));
	}
	return GH_OK;
}

static enum gh_code
missing(struct look *l, const struct store_backup *b, struct gh_err *err)
{
	const char *text = "the file is not there any more";

	if (strcmp(b->state, "missing") == 0)
		return GH_OK;
	l->found->missing++;
	/* One that may go is likely one that an expiry has begun to remove. */
	if (strcmp(b->kept_for, GH_RETENTION_NOTHING) != 0)
		lose(l, b, true, text);
	GH_TRY(store_backup_move(l->r->store, b->id, "missing", l->now, err));
	return entry_add(l, b, "backup.missing", "failed", text, err);
}

/* Its file is there: is it the one? */
static enum gh_code
there(struct look *l, const struct store_backup *b, const struct shelf_file *f, struct gh_err *err)
{
	const char *why = wrong(l, b, f);

	GH_TRY(sidecar(l, b, err));
	if (strcmp(b->state, "missing") == 0) {
		l->found->back++;
		GH_TRY(store_backup_move(l->r->store, b->id, "kept", l->now, err));
		GH_TRY(entry_add(l, b, "backup.back", "ok", "the file is there again", err));
	}
	if (why != NULL && strcmp(why, b->broken) != 0) {
		l->found->broken++;
		lose(l, b, false, why);
		return proof_add(l, b, false, why, err);
	}
	/* Only a look like this one takes away the lowest level. */
	if (why == NULL && b->broken[0] != '\0' && strcmp(b->level, "none") == 0) {
		l->found->whole++;
		return proof_add(l, b, true, "A file of its kind and size is there again.", err);
	}
	return GH_OK;
}

/* Targets whose backups may be on their way. */
static enum gh_code
busy_find(struct look *l, struct gh_err *err)
{
	struct store_tasks tasks;
	struct store_runs runs;
	size_t i;

	GH_TRY(store_run_open_list(l->r->store, l->a, &runs, err));
	GH_TRY(store_task_open_list(l->r->store, l->a, &tasks, err));
	l->busy = gh_alloc_n(l->a, runs.n + tasks.n + 1, sizeof(*l->busy));
	for (i = 0; i < runs.n; i++)
		l->busy[l->n_busy++] = runs.rows[i].target;
	for (i = 0; i < tasks.n; i++) {
		if (strcmp(tasks.rows[i].kind, "take") == 0)
			l->busy[l->n_busy++] = tasks.rows[i].target;
	}
	return GH_OK;
}

static bool
may_be_written(const struct look *l, const char *file)
{
	size_t i;

	for (i = 0; i < l->n_busy; i++) {
		if (gh_backup_name(file, l->busy[i]) != GH_BACKUP_NAME_NONE)
			return true;
	}
	return false;
}

/* What it looks like, NULL when it is no stray: of a backup, or on its way to be one. */
static enum gh_code
stray(const struct look *l, const struct shelf_file *f, const char **ret, struct gh_err *err)
{
	enum gh_backup_name kind = gh_backup_name(f->name, NULL);
	struct gh_err unknown = { 0 };
	struct store_backup b;
	enum gh_code code;

	*ret = NULL;
	if (may_be_written(l, f->name))
		return GH_OK;
	if (kind == GH_BACKUP_NAME_SIDECAR) {
		const char *whose =
		    gh_printf(l->a, "%.*s", (int)(strlen(f->name) - strlen(GH_BACKUP_SIDECAR)), f->name);

		/* With its backup it is listed as part of that. */
		if (shelf_find(l->files, whose) == NULL)
			*ret = "describes a backup that is not there";
		return GH_OK;
	}
	code = store_backup_find(l->r->store, l->a, f->name, &b, &unknown);
	if (code != GH_OK && code != GH_NOT_FOUND) {
		*err = unknown;
		return code;
	}
	if (code == GH_OK && strcmp(b.state, "expired") != 0)
		return GH_OK;
	if (code == GH_OK)
		*ret = gh_printf(l->a, "the file of backup %" PRId64 ", which is expired", b.id);
	else if (kind == GH_BACKUP_NAME_PART)
		*ret = "unfinished: the job that wrote it is gone";
	else if (kind == GH_BACKUP_NAME_WHOLE)
		*ret = "a backup that the inventory does not know";
	else
		*ret = "nothing of ours";
	return GH_OK;
}

static bool
same(const struct store_orphans *a, const struct store_orphans *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		const struct store_orphan *x = &a->rows[i], *y = &b->rows[i];

		if (strcmp(x->file, y->file) != 0 || strcmp(x->text, y->text) != 0 || x->size != y->size ||
		    x->changed_at != y->changed_at)
			return false;
	}
	return true;
}

/* Since when it is known. */
static int64_t
first_seen(const struct store_orphans *was, const char *file, int64_t now)
{
	size_t i;

	for (i = 0; i < was->n; i++) {
		if (strcmp(was->rows[i].file, file) == 0)
			return was->rows[i].seen_at;
	}
	return now;
}

static enum gh_code
orphans(const struct look *l, struct gh_err *err)
{
	struct store_orphans was = { 0 }, is = { 0 };
	size_t i;

	GH_TRY(store_orphan_list(l->r->store, l->a, &was, err));
	is.rows = gh_alloc_n(l->a, l->files->n + 1, sizeof(*is.rows));
	for (i = 0; i < l->files->n; i++) {
		const struct shelf_file *f = &l->files->rows[i];
		const char *text = NULL;

		/* What a file system has of its own. */
		if (strcmp(f->name, "lost+found") == 0)
			continue;
		GH_TRY(stray(l, f, &text, err));
		if (text == NULL)
			continue;
		is.rows[is.n++] = (struct store_orphan){ .file = f->name,
			.text = text,
			.size = f->size,
			.changed_at = (int64_t)f->st.st_mtim.tv_sec * GH_SECOND,
			.seen_at = first_seen(&was, f->name, l->now) };
	}
	l->found->orphans = (int64_t)is.n;
	return same(&was, &is) ? GH_OK : store_orphan_replace(l->r->store, &is, err);
}

enum gh_code
shelf_compare(struct runner *r, struct gh_arena *a, const struct shelf_files *files, int64_t now,
    struct shelf_found *ret, struct gh_err *err)
{
	struct look l = { .r = r, .a = a, .files = files, .now = now, .found = ret };
	struct store_backups rows;
	size_t i;

	*ret = (struct shelf_found){ 0 };
	GH_TRY(store_backup_kept(r->store, a, 0, &rows, err));
	l.lost = gh_alloc_n(a, rows.n + 1, sizeof(*l.lost));
	for (i = 0; i < rows.n; i++) {
		const struct shelf_file *f = shelf_find(files, rows.rows[i].file);

		GH_TRY(f == NULL ? missing(&l, &rows.rows[i], err) : there(&l, &rows.rows[i], f, err));
	}
	GH_TRY(lost_tell(&l, err));
	GH_TRY(busy_find(&l, err));
	return orphans(&l, err);
}
