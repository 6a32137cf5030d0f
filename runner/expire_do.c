#include "base/ban.h"
#include "runner/expire.h"
#include "base/backup_name.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "store/backup_write.h"
#include "store/ledger_write.h"

#include <dirent.h>

#define CONTENTS "toc.dat"

/*
 * Removing what goes: decided and by whom, then done, then settled.  What was decided earlier and not begun
 * is not done: people may have come to need it since, so retention decides anew.
 */

enum gh_code
expire_begin(struct runner *r, const struct expire_list *list, const struct expire_by *by, int64_t *ret_n,
    struct gh_err *err)
{
	size_t i;

	*ret_n = 0;
	for (i = 0; i < list->n; i++) {
		if (!list->rows[i].kept.goes)
			continue;
		GH_TRY(store_backup_going(r->store, list->rows[i].backup->id, by->actor, by->way, err));
		(*ret_n)++;
	}
	(void)gh_fault("runner.expire.decided");
	return GH_OK;
}

/*
 * A backup in the directory format: its files, then the folder.  Nothing else is gone into.  The table of
 * contents goes first, without which it is no backup: so who comes after sees that it was begun (is_begun).
 */
static enum gh_code
folder_remove(int parent, const char *name, struct gh_err *err)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (dir == NULL) {
		gh_fd_done(&fd);
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the folder %s", name);
	}
	if (unlinkat(fd, CONTENTS, 0) == 0)
		(void)fsync(fd);
	while ((e = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe): the runner has one thread */
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			(void)unlinkat(fd, e->d_name, 0);
	}
	(void)closedir(dir);
	if (unlinkat(parent, name, AT_REMOVEDIR) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot remove the folder %s", name);
	return GH_OK;
}

static enum gh_code
file_remove(int folder, const char *name, bool may_be_folder, struct gh_err *err)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? GH_OK
				       : gh_fail_errno(err, GH_UNAVAILABLE, "cannot look at %s", name);
	if (S_ISDIR(st.st_mode) && !may_be_folder)
		return gh_fail(err, GH_CONFLICT, "%s is a folder: remove it by hand", name);
	if (S_ISDIR(st.st_mode))
		return folder_remove(folder, name, err);
	if (unlinkat(folder, name, 0) != 0 && errno != ENOENT)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot remove %s", name);
	return GH_OK;
}

static enum gh_code
name_check(const struct store_backup *b, struct gh_err *err)
{
	if (strchr(b->file, '/') != NULL || b->file[0] == '.' ||
	    strlen(b->file) + strlen(GH_BACKUP_SIDECAR) > NAME_MAX)
		return gh_fail(err, GH_CONFLICT, "%s is no name of a file in the backup folder", b->file);
	return GH_OK;
}

static bool
is_there(int folder, const char *name)
{
	struct stat st;

	/* What cannot be looked at is not said to be gone. */
	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static bool
is_folder(const struct store_backup *b)
{
	return strcmp(b->format, "directory") == 0;
}

/* Whether its removal was begun: it is gone, or only in part there. */
static bool
is_begun(int folder, const struct store_backup *b)
{
	struct stat st;

	if (fstatat(folder, b->file, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	if (is_folder(b) && S_ISDIR(st.st_mode)) {
		GH_FD int fd = openat(folder, b->file, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		return fd >= 0 && !is_there(fd, CONTENTS);
	}
	return false;
}

/* A folder without the file of a single backup is likely one that is not mounted: of it nothing is said. */
static enum gh_code
mounted_check(
    struct runner *r, struct gh_arena *a, int folder, const struct store_backup *b, struct gh_err *err)
{
	struct store_backups all;
	size_t i;

	if (is_there(folder, b->file) || is_there(folder, gh_printf(a, "%s%s", b->file, GH_BACKUP_SIDECAR)))
		return GH_OK;
	GH_TRY(store_backup_kept(r->store, a, 0, &all, err));
	for (i = 0; i < all.n; i++) {
		struct gh_err unused = { 0 };

		if (name_check(&all.rows[i], &unused) == GH_OK && is_there(folder, all.rows[i].file))
			return GH_OK;
	}
	return gh_fail(err, GH_UNAVAILABLE,
	    "the folder %s has no file of any backup: look whether it is mounted", r->config->backups);
}

static enum gh_code
backup_remove(int folder, const struct store_backup *b, struct gh_err *err)
{
	char sidecar[NAME_MAX + 1];

	GH_TRY(name_check(b, err));
	(void)snprintf(sidecar, sizeof(sidecar), "%s%s", b->file, GH_BACKUP_SIDECAR);
	(void)gh_fault("runner.expire.before-files");
	GH_TRY(file_remove(folder, b->file, is_folder(b), err));
	(void)gh_fault("runner.expire.between-files");
	return file_remove(folder, sidecar, false, err);
}

/* One that is to go: what became of it. */
struct leaving {
	struct runner *runner;
	struct gh_arena *arena;
	const struct store_going *going;
	struct store_backup backup;
	const struct expire_by *by; /* NULL: what a runner that is gone has begun */
	bool earlier;               /* it was not decided by the caller */
	const char *problem;        /* why its files could not be removed, NULL they are gone */
};

static enum gh_code
entry_add(const struct leaving *l, struct gh_err *err)
{
	char when[GH_CLOCK_LEN];
	struct store_entry e = { .at = l->by == NULL ? gh_clock_now() : l->by->now,
		.actor = l->going->by,
		.way = l->going->way,
		.session = l->earlier || l->by == NULL ? 0 : l->by->session,
		.op = "backup.expired",
		.subject = gh_printf(l->arena, "backup/%" PRId64, l->backup.id),
		.target = l->backup.target,
		.outcome = l->problem == NULL ? "ok" : "failed" };
	int64_t seq = 0;

	e.text = l->problem != NULL
	    ? l->problem
	    : gh_printf(l->arena, "%s of %s, digest %s: %s%s", l->backup.file,
		  gh_clock_utc(l->backup.ended_at, when), l->backup.digest, GH_RETENTION_NOTHING,
		  l->earlier ? "; ended by the runner after it was started again" : "");
	return store_ledger_add(l->runner->store, &e, &seq, err);
}

/* What was decided earlier and is still whole stays, until somebody decides it again. */
static enum gh_code
stay(const struct leaving *l, struct gh_err *err)
{
	gh_log_info("expire.stays", "backup=%" PRId64 " file=%s", l->backup.id, l->backup.file);
	return store_backup_going(l->runner->store, l->going->id, "", "", err);
}

/* Gone, or kept after all. */
static enum gh_code
leave(struct leaving *l, int folder, struct gh_err *err)
{
	struct gh_err why = { 0 };
	bool was_said = l->by != NULL; /* the answer has the reason */

	if (mounted_check(l->runner, l->arena, folder, &l->backup, &why) != GH_OK && l->earlier) {
		/* What became of it is seen when the folder is there again. */
		l->problem = gh_strdup(l->arena, why.msg);
		return GH_OK;
	}
	if (why.msg[0] != '\0' || backup_remove(folder, &l->backup, &why) != GH_OK) {
		gh_log_err("expire.file", &why);
		l->problem = gh_strdup(l->arena, why.msg);
		GH_TRY(store_backup_going(l->runner->store, l->going->id, "", "", err));
		return was_said ? GH_OK : entry_add(l, err);
	}
	(void)gh_fault("runner.expire.files-gone");
	GH_TRY(store_backup_move(
	    l->runner->store, l->backup.id, "expired", l->by == NULL ? gh_clock_now() : l->by->now, err));
	gh_log_info("expire", "backup=%" PRId64 " file=%s", l->backup.id, l->backup.file);
	return entry_add(l, err);
}

static bool
was_decided(const struct expire_list *list, const struct expire_by *by, int64_t id)
{
	size_t i;

	for (i = 0; by != NULL && list != NULL && i < list->n; i++) {
		if (list->rows[i].backup->id == id)
			return list->rows[i].kept.goes;
	}
	return false;
}

/* The list's row says it as well: it may have been decided earlier. */
static void
tell(struct expire_list *list, const struct leaving *l)
{
	size_t i;

	for (i = 0; list != NULL && i < list->n; i++) {
		if (list->rows[i].backup->id != l->backup.id)
			continue;
		list->rows[i].kept.goes = true;
		list->rows[i].problem = l->problem == NULL ? "" : l->problem;
	}
}

enum gh_code
expire_end(struct runner *r, struct gh_arena *a, int64_t target_id, struct expire_list *list,
    const struct expire_by *by, int64_t *ret_gone, struct gh_err *err)
{
	struct leaving l = { .runner = r, .arena = a, .by = by };
	struct store_goings going;
	GH_FD int folder = -1;
	size_t i;

	*ret_gone = 0;
	GH_TRY(store_going_list(r->store, a, target_id, &going, err));
	if (going.n == 0)
		return GH_OK;
	folder = open(r->config->backups, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return gh_fail_errno(
		    err, GH_UNAVAILABLE, "cannot read the backup folder %s", r->config->backups);
	for (i = 0; i < going.n; i++) {
		l.going = &going.rows[i];
		GH_TRY(store_backup_get(r->store, a, l.going->id, &l.backup, err));
		l.problem = NULL;
		l.earlier = !was_decided(list, by, l.going->id);
		if (l.earlier && !is_begun(folder, &l.backup)) {
			GH_TRY(stay(&l, err));
			continue;
		}
		GH_TRY(leave(&l, folder, err));
		*ret_gone += l.problem == NULL ? 1 : 0;
		tell(list, &l);
	}
	(void)gh_fault("runner.expire.before-commit");
	return GH_OK;
}
