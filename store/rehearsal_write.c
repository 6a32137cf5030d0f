#include "base/ban.h"
#include "store/rehearsal_write.h"
#include "store/write.gen.h"

enum gh_code
store_rehearsal_add(
    struct store *st, const char *digest, int64_t person, int64_t now, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_REHEARSAL_ADD, &q, err));
	store_bind_text(q, ":digest", digest);
	store_bind_id(q, ":person_id", person);
	store_bind_int(q, ":now", now);
	GH_TRY(store_do(st, q, "there is no such plan", err));
	*ret_id = sqlite3_last_insert_rowid(st->db);
	return GH_OK;
}

enum gh_code
store_rehearsal_move(struct store *st, int64_t id, const struct store_rehearsal_move *m, struct gh_err *err)
{
	bool running = strcmp(m->to, "running") == 0;
	STORE_STMT q = NULL;
	char none[128];

	(void)snprintf(none, sizeof(none), "rehearsal %" PRId64 " is no longer %s", id, m->from);
	GH_TRY(store_prepare(st, SQL_REHEARSAL_MOVE, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":from", m->from);
	store_bind_text(q, ":to", m->to);
	store_bind_text(q, ":text", m->text);
	store_bind_int(q, ":good", m->good);
	store_bind_time(q, ":started_at", running ? m->now : 0);
	store_bind_time(q, ":ended_at", running ? 0 : m->now);
	return store_do(st, q, none, err);
}

enum gh_code
store_rehearsal_place(struct store *st, const struct store_rehearsal *r, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_REHEARSAL_PLACE, &q, err));
	store_bind_int(q, ":id", r->id);
	store_bind_text(q, ":place", r->place);
	store_bind_text(q, ":text", r->text);
	store_bind_int(q, ":tables", r->tables);
	store_bind_int(q, ":rows", r->rows);
	store_bind_int(q, ":bytes", r->bytes);
	return store_do(st, q, "the rehearsal does not exist", err);
}

enum gh_code
store_rehearsal_step_put(
    struct store *st, int64_t id, const struct store_rehearsal_step *s, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_REHEARSAL_STEP_PUT, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":migration", s->migration);
	store_bind_int(q, ":pass", s->pass);
	store_bind_int(q, ":statement", s->statement);
	store_bind_text(q, ":state", s->state);
	store_bind_int(q, ":took_us", s->took_us);
	store_bind_int(q, ":row_count", s->rows);
	store_bind_int(q, ":blocks", s->blocks);
	store_bind_int(q, ":wal_bytes", s->wal_bytes);
	store_bind_text(q, ":locks", s->locks);
	store_bind_text(q, ":rewritten", s->rewritten);
	store_bind_text(q, ":error", s->error);
	store_bind_int(q, ":line", s->line);
	store_bind_text(q, ":kind", s->kind);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_rehearsal_migration_put(
    struct store *st, int64_t id, const struct store_rehearsal_migration *m, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_REHEARSAL_MIGRATION_PUT, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":migration", m->migration);
	store_bind_text(q, ":verdict", m->verdict);
	store_bind_text(q, ":objects", m->objects);
	store_bind_int(q, ":loses", m->loses);
	store_bind_text(q, ":text", m->text);
	return store_do(st, q, NULL, err);
}
