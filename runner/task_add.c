#include "base/ban.h"
#include "runner/task.h"
#include "store/backup.h"
#include "store/project.h"
#include "wire/journal.h"

enum gh_code
task_open(
    struct store *st, const char *kind, int64_t target, int64_t backup, int64_t *ret, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_tasks list;
	size_t i;

	*ret = 0;
	GH_TRY(store_task_open_list(st, &a, &list, err));
	for (i = 0; i < list.n && *ret == 0; i++) {
		const struct store_task *t = &list.rows[i];

		if (strcmp(t->kind, kind) == 0 && (target == 0 || t->target_id == target) &&
		    (backup == 0 || t->backup_id == backup))
			*ret = t->id;
	}
	return GH_OK;
}

enum gh_code
task_take(
    struct runner *r, const char *target, const struct task_wish *w, int64_t *ret_id, struct gh_err *err)
{
	struct store_task_new row = { .kind = "take",
		.person_id = w->person,
		.reason = w->reason,
		.level = "",
		.source = "",
		.now = w->now };
	GH_ARENA a = { 0 };
	struct store_target t;
	int64_t other = 0;

	GH_TRY(store_target_get(r->store, &a, target, &t, err));
	if (config_target_find(r->config, target) == NULL)
		return gh_fail(err, GH_CONFLICT, "target %s is no longer in the configuration", target);
	GH_TRY(task_open(r->store, "take", t.id, 0, &other, err));
	if (other != 0)
		return gh_fail(err, GH_CONFLICT,
		    "task %" PRId64 " takes a backup of %s already, or will as soon as it can", other,
		    target);
	row.target_id = t.id;
	return store_task_add(r->store, &row, ret_id, err);
}

/* What can be looked at at all. */
static enum gh_code
provable(const struct store_backup *b, struct gh_err *err)
{
	if (strcmp(b->kind, "outside") == 0 || b->file[0] == '\0')
		return gh_fail(err, GH_CONFLICT,
		    "backup %" PRId64 " is kept by %s: there is no file here that could be proved", b->id,
		    b->source[0] == '\0' ? "another system" : b->source);
	if (b->format[0] == '\0')
		return gh_fail(err, GH_CONFLICT,
		    "backup %" PRId64 " was made by %s: nobody here knows how to open it", b->id, b->source);
	if (strcmp(b->state, "kept") != 0)
		return gh_fail(
		    err, GH_CONFLICT, "backup %" PRId64 " is %s: its file is not there", b->id, b->state);
	return GH_OK;
}

enum gh_code
task_prove(struct runner *r, int64_t backup, const struct task_wish *w, int64_t *ret_id, struct gh_err *err)
{
	struct store_task_new row = { .kind = "prove",
		.backup_id = backup,
		.person_id = w->person,
		.reason = w->reason,
		.level = w->level[0] == '\0' ? wire_level_name(WIRE_COUNTED) : w->level,
		.source = "",
		.now = w->now };
	GH_ARENA a = { 0 };
	struct store_backup b;
	int64_t other = 0;

	GH_TRY(store_backup_get(r->store, &a, backup, &b, err));
	GH_TRY(provable(&b, err));
	GH_TRY(store_going_check(r->store, backup, err));
	if (config_target_find(r->config, b.target) == NULL)
		return gh_fail(err, GH_CONFLICT, "target %s is no longer in the configuration", b.target);
	GH_TRY(task_open(r->store, "prove", 0, backup, &other, err));
	if (other != 0)
		return gh_fail(err, GH_CONFLICT,
		    "task %" PRId64 " proves backup %" PRId64 " already, or will as soon as it can", other,
		    backup);
	row.target_id = b.target_id;
	return store_task_add(r->store, &row, ret_id, err);
}

enum gh_code
task_in_the_way(struct store *st, struct gh_arena *a, int64_t target, const char **ret, struct gh_err *err)
{
	struct store_tasks list;
	size_t i;

	*ret = NULL;
	GH_TRY(store_task_open_list(st, a, &list, err));
	for (i = 0; i < list.n; i++) {
		const struct store_task *t = &list.rows[i];

		if (t->target_id == target && strcmp(t->kind, "take") == 0 &&
		    strcmp(t->state, "running") == 0)
			*ret = gh_printf(a,
			    "Waits for task %" PRId64 ", which takes a backup of %s: then the run begins.",
			    t->id, t->target);
	}
	return GH_OK;
}
