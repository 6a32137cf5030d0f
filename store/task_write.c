#include "base/ban.h"
#include "store/task_write.h"
#include "store/write.gen.h"

enum gh_code
store_task_add(struct store *st, const struct store_task_new *t, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TASK_ADD, &q, err));
	store_bind_text(q, ":kind", t->kind);
	store_bind_int(q, ":target_id", t->target_id);
	store_bind_id(q, ":backup_id", t->backup_id);
	store_bind_id(q, ":person_id", t->person_id);
	store_bind_text(q, ":reason", t->reason);
	store_bind_text(q, ":level", t->level);
	store_bind_text(q, ":source", t->source);
	store_bind_int(q, ":now", t->now);
	return store_do_add(st, q, ret_id, err);
}

enum gh_code
store_task_move(struct store *st, int64_t id, const struct store_task_move *m, struct gh_err *err)
{
	STORE_STMT q = NULL;
	GH_ARENA a = { 0 };

	GH_TRY(store_prepare(st, SQL_TASK_MOVE, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":from", m->from);
	store_bind_text(q, ":to", m->to);
	store_bind_text(q, ":text", m->text);
	store_bind_int(q, ":now", m->now);
	return store_do(st, q, gh_printf(&a, "task %" PRId64 " is no longer %s", id, m->from), err);
}

enum gh_code
store_task_progress(struct store *st, const struct store_task *t, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TASK_PROGRESS, &q, err));
	store_bind_int(q, ":id", t->id);
	store_bind_text(q, ":activity", t->activity);
	store_bind_text(q, ":note", t->note);
	store_bind_int(q, ":done", t->done);
	store_bind_int(q, ":total", t->total);
	store_bind_text(q, ":unit", t->unit);
	store_bind_int(q, ":since", t->since);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_task_backup(struct store *st, int64_t id, int64_t backup_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TASK_BACKUP, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":backup_id", backup_id);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_task_cancel(struct store *st, int64_t id, const char *who, struct gh_err *err)
{
	STORE_STMT q = NULL;
	GH_ARENA a = { 0 };

	GH_TRY(store_prepare(st, SQL_TASK_CANCEL, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":cancelled", who);
	return store_do(st, q, gh_printf(&a, "task %" PRId64 " is not running", id), err);
}

enum gh_code
store_task_pid(struct store *st, int64_t id, int64_t pid, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TASK_PID, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":pid", pid);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_task_journal(
    struct store *st, int64_t id, int64_t offset, const unsigned char sum[GH_SHA256_LEN], struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TASK_JOURNAL, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":offset", offset);
	store_bind_blob(q, ":sum", sum, GH_SHA256_LEN);
	return store_do(st, q, "a journal is followed forwards only", err);
}
