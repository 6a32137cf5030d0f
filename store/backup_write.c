#include "base/ban.h"
#include "store/backup_write.h"
#include "store/write.h"
#include "store/write.gen.h"

enum gh_code
store_backup_add(struct store *st, const struct store_backup_new *b, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BACKUP_ADD, &q, err));
	store_bind_int(q, ":target_id", b->target_id);
	store_bind_id(q, ":run_id", b->run_id);
	store_bind_id(q, ":person_id", b->person_id);
	store_bind_text(q, ":kind", b->kind);
	store_bind_text(q, ":file", b->file);
	store_bind_text(q, ":format", b->format);
	store_bind_text(q, ":encrypted_to", b->encrypted_to);
	store_bind_text(q, ":digest", b->digest);
	store_bind_int(q, ":size", b->size);
	store_bind_int(q, ":plain_size", b->plain_size);
	store_bind_int(q, ":database_bytes", b->database_bytes);
	store_bind_int(q, ":started_at", b->started_at);
	store_bind_int(q, ":ended_at", b->ended_at);
	store_bind_text(q, ":server_version", b->server_version);
	store_bind_text(q, ":client_version", b->client_version);
	store_bind_int(q, ":table_count", b->table_count);
	store_bind_int(q, ":row_count", b->row_count);
	store_bind_text(q, ":schema_key", b->schema_key);
	store_bind_text(q, ":snapshot", b->snapshot);
	store_bind_text(q, ":fingerprint", b->fingerprint);
	store_bind_text(q, ":log", b->log);
	store_bind_text(q, ":level", b->level);
	store_bind_text(q, ":source", b->source);
	store_bind_text(q, ":label", b->label);
	store_bind_id(q, ":keep_until", b->keep_until);
	return store_do_add(st, q, ret_id, err);
}

enum gh_code
store_backup_table_add(
    struct store *st, int64_t backup_id, const struct store_backup_table *t, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BACKUP_TABLE_ADD, &q, err));
	store_bind_int(q, ":backup_id", backup_id);
	store_bind_text(q, ":name", t->name);
	store_bind_int(q, ":rows", t->rows);
	store_bind_int(q, ":bytes", t->bytes);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_sidecar_add(struct store *st, int64_t backup_id, const struct store_sidecar *s, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SIDECAR_ADD, &q, err));
	store_bind_int(q, ":backup_id", backup_id);
	store_bind_text(q, ":name", s->name);
	store_bind_int(q, ":size", s->size);
	store_bind_text(q, ":digest", s->digest);
	store_bind_text(q, ":text", s->text);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_backup_sidecar(struct store *st, int64_t id, const char *wrong, bool read, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BACKUP_SIDECAR, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":wrong", wrong);
	store_bind_int(q, ":read", read && wrong[0] != '\0');
	return store_do(st, q, NULL, err);
}

enum gh_code
store_backup_table_restored(
    struct store *st, int64_t backup_id, const char *name, int64_t rows, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BACKUP_TABLE_RESTORED, &q, err));
	store_bind_int(q, ":backup_id", backup_id);
	store_bind_text(q, ":name", name);
	store_bind_int(q, ":rows", rows);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_backup_going(struct store *st, int64_t id, const char *by, const char *way, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BACKUP_GOING, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":by", by);
	store_bind_text(q, ":way", way);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_backup_move(struct store *st, int64_t id, const char *state, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BACKUP_MOVE, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":state", state);
	store_bind_int(q, ":now", now);
	return store_do(st, q, NULL, err);
}

/* Weakest first, as the schema has them. */
static const char *const levels[] = { "none", "written", "checksummed", "listed", "restored", "counted" };
#define LEVELS (sizeof(levels) / sizeof(levels[0]))

static size_t
level_number(const char *name)
{
	size_t v;

	for (v = 0; v < LEVELS && strcmp(levels[v], name) != 0; v++)
		continue;
	return v == LEVELS ? 0 : v;
}

/* How long a proof took: from the restore on that its counts are of. */
static enum gh_code
proved(struct store *st, const struct store_proof *p, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_backup b;
	bool ok = strcmp(p->state, "ok") == 0;
	size_t at = level_number(p->level), level;
	STORE_STMT q = NULL;

	GH_TRY(store_backup_get(st, &a, p->backup_id, &b, err));
	level = level_number(b.level);
	if (ok && at > level)
		level = at;
	if (!ok && at > 0 && at - 1 < level)
		level = at - 1;
	GH_TRY(store_prepare(st, SQL_BACKUP_PROVED, &q, err));
	store_bind_int(q, ":id", p->backup_id);
	store_bind_text(q, ":level", levels[level]);
	/* Whole at a lower level says nothing about what failed at a higher one. */
	store_bind_text(q, ":broken", !ok ? p->text : at > level_number(b.level) ? "" : b.broken);
	store_bind_int(q, ":counted", ok && at == LEVELS - 1);
	store_bind_int(q, ":ended_at", p->ended_at);
	store_bind_int(q, ":started_at", p->started_at);
	store_bind_int(q, ":task_id", p->task_id);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_proof_add(struct store *st, const struct store_proof *p, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PROOF_ADD, &q, err));
	store_bind_int(q, ":backup_id", p->backup_id);
	store_bind_id(q, ":task_id", p->task_id);
	store_bind_text(q, ":level", p->level);
	store_bind_text(q, ":state", p->state);
	store_bind_int(q, ":started_at", p->started_at);
	store_bind_int(q, ":ended_at", p->ended_at);
	store_bind_text(q, ":place", p->place);
	store_bind_text(q, ":text", p->text);
	GH_TRY(store_do(st, q, NULL, err));
	return proved(st, p, err);
}

enum gh_code
store_orphan_replace(struct store *st, const struct store_orphans *list, struct gh_err *err)
{
	size_t i;
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_ORPHAN_CLEAR, &q, err));
	GH_TRY(store_do(st, q, NULL, err));
	for (i = 0; i < list->n; i++) {
		const struct store_orphan *o = &list->rows[i];
		STORE_STMT add = NULL;

		GH_TRY(store_prepare(st, SQL_ORPHAN_ADD, &add, err));
		store_bind_text(add, ":file", o->file);
		store_bind_int(add, ":size", o->size);
		store_bind_int(add, ":changed_at", o->changed_at);
		store_bind_int(add, ":seen_at", o->seen_at);
		store_bind_text(add, ":text", o->text);
		GH_TRY(store_do(st, add, NULL, err));
	}
	return GH_OK;
}

enum gh_code
store_kept_database_add(
    struct store *st, const struct store_kept_database *d, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_KEPT_DATABASE_ADD, &q, err));
	store_bind_int(q, ":target_id", d->target_id);
	store_bind_int(q, ":run_id", d->run_id);
	store_bind_text(q, ":kind", d->kind);
	store_bind_text(q, ":name", d->name);
	store_bind_int(q, ":oid", d->oid);
	store_bind_int(q, ":bytes", d->bytes);
	store_bind_int(q, ":kept_at", d->kept_at);
	store_bind_int(q, ":drop_after", d->drop_after);
	return store_do_add(st, q, ret_id, err);
}

enum gh_code
store_kept_database_gone(struct store *st, int64_t id, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_KEPT_DATABASE_GONE, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":now", now);
	return store_do(st, q, NULL, err);
}
