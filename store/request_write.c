#include "base/ban.h"
#include "store/request_write.h"
#include "store/read.gen.h"
#include "store/write.gen.h"

static enum gh_code
plan_statement_add(struct store *st, const char *digest, size_t migration, size_t position,
    const struct store_plan_statement_new *s, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PLAN_STATEMENT_ADD, &q, err));
	store_bind_text(q, ":plan_digest", digest);
	store_bind_int(q, ":migration", (int64_t)migration);
	store_bind_int(q, ":position", (int64_t)position);
	store_bind_int(q, ":line", s->line);
	store_bind_text(q, ":kind", s->kind);
	store_bind_int(q, ":alone", s->group == 0);
	store_bind_int(q, ":tx_group", s->group);
	store_bind_text(q, ":effect", s->effect == NULL ? "" : s->effect);
	store_bind_text_n(q, ":sql", s->sql, s->sql_len);
	return store_do(st, q, NULL, err);
}

static enum gh_code
plan_migration_add(struct store *st, const char *digest, size_t position,
    const struct store_plan_migration_new *m, struct gh_err *err)
{
	STORE_STMT q = NULL;
	size_t i;

	GH_TRY(store_prepare(st, SQL_PLAN_MIGRATION_ADD, &q, err));
	store_bind_text(q, ":plan_digest", digest);
	store_bind_int(q, ":position", (int64_t)position);
	store_bind_text(q, ":key", m->key);
	store_bind_text(q, ":version", m->version);
	store_bind_text(q, ":name", m->name);
	store_bind_text(q, ":description", m->description);
	store_bind_text(q, ":author", m->author);
	store_bind_text(q, ":digest", m->digest);
	store_bind_int(q, ":transactional", m->transactional);
	store_bind_int(q, ":stripped", m->stripped);
	store_bind_int(q, ":has_back", m->has_back);
	store_bind_int(q, ":row_inside", m->row_inside);
	store_bind_int(q, ":has_verify", m->has_verify);
	store_bind_int(q, ":batched", m->batched);
	store_bind_int(q, ":statements", (int64_t)m->n_statements);
	GH_TRY(store_do(st, q, NULL, err));
	for (i = 0; i < m->n_statements; i++)
		GH_TRY(plan_statement_add(st, digest, position, i, &m->statements[i], err));
	return GH_OK;
}

static enum gh_code
plan_restore_add(struct store *st, const char *digest, const struct store_plan_restore *r, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PLAN_RESTORE_ADD, &q, err));
	store_bind_text(q, ":plan_digest", digest);
	store_bind_int(q, ":backup_id", r->backup);
	store_bind_text(q, ":file", r->file);
	store_bind_text(q, ":digest", r->digest);
	store_bind_text(q, ":encrypted_to", r->encrypted_to);
	store_bind_int(q, ":size", r->size);
	store_bind_int(q, ":taken_at", r->taken_at);
	store_bind_text(q, ":schema_key", r->schema_key);
	store_bind_int(q, ":tables", r->tables);
	store_bind_int(q, ":rows", r->rows);
	store_bind_text(q, ":name", r->name);
	store_bind_text(q, ":keep_name", r->keep_name);
	store_bind_int(q, ":keep_ms", r->keep_ms);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_plan_add(struct store *st, const struct store_plan_new *p, struct gh_err *err)
{
	STORE_STMT q = NULL;
	STORE_TX tx = { 0 };
	bool made;
	size_t i;

	GH_TRY(store_begin(st, &tx, err));
	GH_TRY(store_prepare(st, SQL_PLAN_ADD, &q, err));
	store_bind_text(q, ":digest", p->digest);
	store_bind_int(q, ":target_id", p->target_id);
	store_bind_text(q, ":direction", p->direction);
	store_bind_text(q, ":act", p->act == NULL ? "run" : p->act);
	store_bind_int(q, ":migrations", (int64_t)p->n_migrations);
	store_bind_int(q, ":created_at", p->now);
	store_bind_blob(q, ":bytes", p->bytes, p->len);
	GH_TRY(store_do(st, q, NULL, err));
	/* Content-addressed: the same digest is the same plan, with the same migrations. */
	made = sqlite3_changes(st->db) != 0;
	for (i = 0; made && i < p->n_migrations; i++)
		GH_TRY(plan_migration_add(st, p->digest, i, &p->migrations[i], err));
	if (made && p->restore != NULL)
		GH_TRY(plan_restore_add(st, p->digest, p->restore, err));
	return store_commit(&tx, err);
}

enum gh_code
store_request_add(struct store *st, const struct store_request_new *r, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_REQUEST_ADD, &q, err));
	store_bind_int(q, ":target_id", r->target_id);
	store_bind_text(q, ":plan_digest", r->plan_digest);
	store_bind_text(q, ":direction", r->direction);
	store_bind_text(q, ":goal", r->goal);
	store_bind_text(q, ":reason", r->reason);
	store_bind_int(q, ":person_id", r->person_id);
	store_bind_text(q, ":state", r->state);
	store_bind_int(q, ":now", r->now);
	store_bind_int(q, ":expires_at", r->expires_at);
	store_bind_id(q, ":reverts", r->reverts);
	store_bind_int(q, ":needed", r->needed);
	return store_do_add(st, q, ret_id, err);
}

enum gh_code
store_request_move(struct store *st, int64_t id, const char *from, const char *to, const char *text,
    int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;
	char none[128];

	(void)snprintf(none, sizeof(none), "request %" PRId64 " is no longer %s", id, from);
	GH_TRY(store_prepare(st, SQL_REQUEST_MOVE, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_text(q, ":from", from);
	store_bind_text(q, ":to", to);
	store_bind_text(q, ":text", text);
	store_bind_int(q, ":now", now);
	return store_do(st, q, none, err);
}

static enum gh_code
approval_insert(struct store *st, const struct store_approval_new *a, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_APPROVAL_ADD, &q, err));
	store_bind_int(q, ":request_id", a->request_id);
	store_bind_int(q, ":person_id", a->person_id);
	store_bind_text(q, ":plan_digest", a->plan_digest);
	store_bind_text(q, ":decision", a->decision);
	store_bind_text(q, ":comment", a->comment);
	store_bind_int(q, ":now", a->now);
	store_bind_int(q, ":expires_at", a->expires_at);
	return store_do_add(st, q, ret_id, err);
}

enum gh_code
store_approval_add(struct store *st, const struct store_approval_new *a, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_APPROVAL_FIND, &q, err));
	store_bind_int(q, ":request_id", a->request_id);
	store_bind_int(q, ":person_id", a->person_id);
	GH_TRY(store_step(st, q, &row, err));
	if (row)
		return gh_fail(err, GH_CONFLICT, "you have decided on this request already");
	return approval_insert(st, a, ret_id, err);
}
