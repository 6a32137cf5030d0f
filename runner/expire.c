#include "base/ban.h"
#include "runner/expire.h"
#include "base/backup_name.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/log.h"
#include "base/window.h"
#include "store/backup_write.h"
#include "store/ledger_write.h"
#include "store/project.h"
#include "store/shelf_write.h"

#include <dirent.h>

#define SPAN_US (6 * GH_HOUR)                /* a pace is not told of less */
#define PACE_US (INT64_C(30) * 24 * GH_HOUR) /* of how far back the pace is the mean */

static int
level_of(const char *name)
{
	static const char *const levels[] = { "none", "written", "checksummed", "listed", "restored",
		"counted" };
	int i;

	for (i = (int)(sizeof(levels) / sizeof(levels[0])) - 1; i > 0; i--) {
		if (strcmp(levels[i], name) == 0)
			return i;
	}
	return 0;
}

/* Days are those of the zone by which the target's backups are taken. */
static const char *
zone_of(const struct config_target *conf, struct gh_arena *a)
{
	struct gh_window w;

	if (conf->backup.n_schedules == 0 ||
	    gh_window_schedule_read(conf->backup.schedules[0], &w, NULL) != GH_OK)
		return "UTC";
	return gh_strdup(a, w.zone);
}

static int64_t
pace_us(const struct store_pace *p)
{
	return p->taken < 2 || p->last_at - p->first_at < SPAN_US
	    ? 0
	    : (p->last_at - p->first_at) / (p->taken - 1);
}

static struct gh_keep
keep_of(const struct config_target *conf, const struct store_pace *pace, struct gh_arena *a)
{
	const struct config_backup *b = &conf->backup;

	return (struct gh_keep){ .last = b->keep_last,
		.daily = b->keep_daily,
		.weekly = b->keep_weekly,
		.monthly = b->keep_monthly,
		.zone = zone_of(conf, a),
		.pace_us = pace_us(pace) };
}

/* "run 12, incident 3", "" nothing. */
static const char *
pin_of(const struct store_pins *pins, int64_t backup, struct gh_arena *a)
{
	const char *ret = "";
	size_t i;

	for (i = 0; i < pins->n; i++) {
		if (pins->rows[i].backup_id == backup)
			ret = ret[0] == '\0' ? pins->rows[i].text
					     : gh_printf(a, "%s, %s", ret, pins->rows[i].text);
	}
	return ret;
}

static const struct store_backup *
row_of(const struct store_backups *list, int64_t id)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->rows[i].id == id)
			return &list->rows[i];
	}
	return NULL;
}

enum gh_code
expire_decide(struct runner *r, struct gh_arena *a, const struct config_target *conf, int64_t now,
    struct expire_list *ret, struct gh_err *err)
{
	struct store_backups *list = gh_alloc(a, sizeof(*list));
	struct store_pace pace;
	struct store_pins pins;
	struct store_target t;
	struct gh_kept *kept;
	size_t i;

	GH_TRY(store_target_get(r->store, a, conf->name, &t, err));
	GH_TRY(store_backup_kept(r->store, a, t.id, list, err));
	GH_TRY(store_pin_list(r->store, a, t.id, &pins, err));
	GH_TRY(store_pace_get(r->store, t.id, now - PACE_US, &pace, err));
	*ret = (struct expire_list){ .keep = keep_of(conf, &pace, a), .n = list->n };
	kept = gh_alloc_n(a, list->n + 1, sizeof(*kept));
	for (i = 0; i < list->n; i++) {
		const struct store_backup *b = &list->rows[i];

		kept[i] = (struct gh_kept){ .id = b->id,
			.at_us = b->ended_at,
			.level = level_of(b->level),
			.whole = strcmp(b->state, "kept") == 0 && b->broken[0] == '\0',
			.pin = pin_of(&pins, b->id, a) };
	}
	gh_retention(&ret->keep, kept, list->n, now);
	ret->rows = gh_alloc_n(a, list->n + 1, sizeof(*ret->rows));
	for (i = 0; i < list->n; i++) {
		GH_TEXT why = { 0 };

		gh_retention_text(&ret->keep, &kept[i], &why);
		ret->rows[i] = (struct expire_row){ .kept = kept[i],
			.backup = row_of(list, kept[i].id),
			.why = gh_strdup(a, gh_text_str(&why)),
			.problem = "" };
	}
	return GH_OK;
}

enum gh_code
expire_tell(struct runner *r, const struct expire_list *list, struct gh_err *err)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct expire_row *row = &list->rows[i];

		if (row->backup->keep_until != row->kept.until_us ||
		    strcmp(row->backup->kept_for, row->why) != 0)
			GH_TRY(
			    store_backup_keep(r->store, row->backup->id, row->kept.until_us, row->why, err));
	}
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
	GH_TRY(file_remove(folder, b->file, strcmp(b->format, "directory") == 0, err));
	(void)gh_fault("runner.expire.between-files");
	return file_remove(folder, sidecar, false, err);
}

static enum gh_code
entry_add(struct runner *r, struct gh_arena *a, const struct expire_row *row, const struct expire_by *by,
    struct gh_err *err)
{
	char when[GH_CLOCK_LEN];
	struct store_entry e = { .at = by->now,
		.actor = by->actor,
		.way = by->way,
		.session = by->session,
		.op = "backup.expired",
		.subject = gh_printf(a, "backup/%" PRId64, row->backup->id),
		.target = row->backup->target,
		.outcome = row->problem[0] == '\0' ? "ok" : "failed" };
	int64_t seq = 0;

	e.text = row->problem[0] != '\0'
	    ? row->problem
	    : gh_printf(a, "%s of %s, digest %s: %s", row->backup->file,
		  gh_clock_utc(row->backup->ended_at, when), row->backup->digest, row->why);
	return store_ledger_add(r->store, &e, &seq, err);
}

enum gh_code
expire_do(struct runner *r, struct gh_arena *a, struct expire_list *list, const struct expire_by *by,
    int64_t *ret_gone, struct gh_err *err)
{
	GH_FD int folder = open(r->config->backups, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t i;

	*ret_gone = 0;
	if (folder < 0)
		return gh_fail_errno(
		    err, GH_UNAVAILABLE, "cannot read the backup folder %s", r->config->backups);
	for (i = 0; i < list->n; i++) {
		struct expire_row *row = &list->rows[i];
		struct gh_err why = { 0 };

		if (!row->kept.goes)
			continue;
		(void)gh_fault("runner.expire.before-files");
		if (backup_remove(folder, row->backup, &why) != GH_OK) {
			gh_log_err("expire.file", &why);
			row->problem = gh_strdup(a, why.msg);
			continue;
		}
		(void)gh_fault("runner.expire.files-gone");
		GH_TRY(store_backup_move(r->store, row->backup->id, "expired", by->now, err));
		GH_TRY(entry_add(r, a, row, by, err));
		(*ret_gone)++;
		gh_log_info("expire", "backup=%" PRId64 " file=%s", row->backup->id, row->backup->file);
	}
	(void)gh_fault("runner.expire.before-commit");
	return GH_OK;
}

enum gh_code
expire_growth(struct runner *r, struct gh_arena *a, const struct config_target *conf, int64_t now,
    struct gh_growth *ret, struct gh_err *err)
{
	struct store_backups list;
	struct store_target t;
	struct store_pace pace;
	struct gh_keep keep;
	int64_t most;

	GH_TRY(store_target_get(r->store, a, conf->name, &t, err));
	GH_TRY(store_backup_kept(r->store, a, t.id, &list, err));
	GH_TRY(store_pace_get(r->store, t.id, now - PACE_US, &pace, err));
	keep = keep_of(conf, &pace, a);
	most = gh_forecast_most(&keep);
	*ret = (struct gh_growth){
		.pace_us = keep.pace_us, .bytes = pace.taken == 0 ? 0 : pace.bytes / pace.taken, .room = -1
	};
	if (most >= 0)
		ret->room = most > (int64_t)list.n ? (most - (int64_t)list.n) * ret->bytes : 0;
	return GH_OK;
}
