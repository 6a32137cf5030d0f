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

/* Removing what goes: decided and by whom, then done, then settled. */

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

/* A backup in the directory format: its files, then the folder.  Nothing else is gone into. */
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
backup_remove(int folder, const struct store_backup *b, struct gh_err *err)
{
	char sidecar[NAME_MAX + 1];

	if (strchr(b->file, '/') != NULL || b->file[0] == '.' ||
	    strlen(b->file) + strlen(GH_BACKUP_SIDECAR) > NAME_MAX)
		return gh_fail(err, GH_CONFLICT, "%s is no name of a file in the backup folder", b->file);
	(void)snprintf(sidecar, sizeof(sidecar), "%s%s", b->file, GH_BACKUP_SIDECAR);
	(void)gh_fault("runner.expire.before-files");
	GH_TRY(file_remove(folder, b->file, strcmp(b->format, "directory") == 0, err));
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
	const char *problem;        /* why its files could not be removed, NULL they are gone */
};

static enum gh_code
entry_add(const struct leaving *l, struct gh_err *err)
{
	char when[GH_CLOCK_LEN];
	struct store_entry e = { .at = l->by == NULL ? gh_clock_now() : l->by->now,
		.actor = l->going->by,
		.way = l->going->way,
		.session = l->by == NULL ? 0 : l->by->session,
		.op = "backup.expired",
		.subject = gh_printf(l->arena, "backup/%" PRId64, l->backup.id),
		.target = l->backup.target,
		.outcome = l->problem == NULL ? "ok" : "failed" };
	int64_t seq = 0;

	e.text = l->problem != NULL
	    ? l->problem
	    : gh_printf(l->arena, "%s of %s, digest %s: %s%s", l->backup.file,
		  gh_clock_utc(l->backup.ended_at, when), l->backup.digest, GH_RETENTION_NOTHING,
		  l->by == NULL ? "; ended by the runner after it was started again" : "");
	return store_ledger_add(l->runner->store, &e, &seq, err);
}

/* Gone, or kept after all. */
static enum gh_code
leave(struct leaving *l, int folder, struct gh_err *err)
{
	struct gh_err why = { 0 };
	bool was_said = l->by != NULL; /* the answer has the reason */

	l->problem = NULL;
	GH_TRY(store_backup_get(l->runner->store, l->arena, l->going->id, &l->backup, err));
	if (backup_remove(folder, &l->backup, &why) != GH_OK) {
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
		GH_TRY(leave(&l, folder, err));
		*ret_gone += l.problem == NULL ? 1 : 0;
		tell(list, &l);
	}
	(void)gh_fault("runner.expire.before-commit");
	return GH_OK;
}
