#include "base/ban.h"
#include "store/project_write.h"
#include "store/write.gen.h"

static enum gh_code
clear(struct store *st, unsigned sql, int64_t project_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, sql, &q, err));
	store_bind_int(q, ":project", project_id);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_folder_start(struct store *st, int64_t project_id, const struct store_folder_new *f, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(clear(st, SQL_FILE_CLEAR, project_id, err));
	GH_TRY(clear(st, SQL_SIDE_CLEAR, project_id, err));
	GH_TRY(clear(st, SQL_FACT_CLEAR, project_id, err));
	GH_TRY(clear(st, SQL_PROJECT_NOTE_CLEAR, project_id, err));
	GH_TRY(clear(st, SQL_QUERY_CLEAR, project_id, err));
	GH_TRY(clear(st, SQL_MIGRATION_ABSENT, project_id, err));
	GH_TRY(store_prepare(st, SQL_PROJECT_FOUND, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":convention", f->convention);
	store_bind_text(q, ":rule", f->rule);
	store_bind_text(q, ":problem", f->problem);
	store_bind_int(q, ":one_transaction", f->one_transaction);
	store_bind_text(q, ":in_turn", f->in_turn);
	return store_do(st, q, "the project does not exist", err);
}

enum gh_code
store_folder_file(struct store *st, int64_t project_id, const struct store_file_new *f, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_FILE_ADD, &q, err));
	store_bind_int(q, ":project_id", project_id);
	store_bind_text(q, ":file", f->file);
	store_bind_text(q, ":taken_as", f->taken_as);
	store_bind_text(q, ":reason", f->reason);
	store_bind_text(q, ":key", f->key);
	store_bind_text(q, ":digest", f->digest);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_folder_unit(struct store *st, int64_t project_id, const struct store_unit_new *u, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_MIGRATION_PUT, &q, err));
	store_bind_int(q, ":project_id", project_id);
	store_bind_text(q, ":key", u->key);
	store_bind_text(q, ":version", u->version);
	/* The odd numbers between are for what only a tracking table knows. */
	store_bind_int(q, ":version_number", 2 * u->position);
	store_bind_text(q, ":name", u->name);
	store_bind_text(q, ":file", u->file);
	store_bind_text(q, ":description", u->description);
	store_bind_text(q, ":author", u->author);
	store_bind_text(q, ":written_on", u->written_on);
	store_bind_text(q, ":checksum", u->checksum);
	store_bind_int(q, ":repeatable", u->repeatable);
	store_bind_int(q, ":code", u->code);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_folder_fact(struct store *st, int64_t project_id, const char *key, int64_t position, const char *name,
    const char *value, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_FACT_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", key);
	store_bind_int(q, ":position", position);
	store_bind_text(q, ":name", name);
	if (value == NULL)
		store_bind_id(q, ":value", 0);
	else
		store_bind_text(q, ":value", value);
	return store_do(st, q, "a fact of a migration came before it", err);
}

static enum gh_code
content_add(struct store *st, const char *digest, const void *bytes, size_t len, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_CONTENT_ADD, &q, err));
	store_bind_text(q, ":digest", digest);
	store_bind_blob(q, ":bytes", bytes, len);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_folder_query(struct store *st, int64_t project_id, const struct store_query_new *n, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(content_add(st, n->digest, n->sql, n->sql_len, err));
	GH_TRY(store_prepare(st, SQL_QUERY_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":file", n->file);
	store_bind_text(q, ":digest", n->digest);
	store_bind_text(q, ":problem", n->problem);
	return store_do(st, q, NULL, err);
}

/* What a recorded checksum or a run may be of, later. */
static enum gh_code
seen_add(struct store *st, int64_t project_id, const struct store_side_new *s, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SEEN_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", s->key);
	store_bind_text(q, ":side", s->side);
	store_bind_text(q, ":digest", s->digest);
	store_bind_text(q, ":tokens", s->tokens);
	store_bind_int(q, ":now", s->seen_at);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_folder_side(struct store *st, int64_t project_id, const struct store_side_new *s, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(content_add(st, s->digest, s->sql, s->sql_len, err));
	GH_TRY(store_prepare(st, SQL_SIDE_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", s->key);
	store_bind_text(q, ":side", s->side);
	store_bind_text(q, ":file", s->file);
	store_bind_text(q, ":digest", s->digest);
	store_bind_text(q, ":tokens", s->tokens);
	store_bind_int(q, ":first_line", s->first_line);
	store_bind_int(q, ":transactional", s->transactional);
	store_bind_int(q, ":row_inside", s->row_inside);
	store_bind_int(q, ":stripped", s->stripped);
	store_bind_int(q, ":not_analysed", s->not_analysed);
	store_bind_text(q, ":problem", s->problem);
	store_bind_text(q, ":note", s->note);
	store_bind_blob(q, ":marks", s->marks, s->n_marks);
	GH_TRY(store_do(st, q, "a side of a migration came before it", err));
	return seen_add(st, project_id, s, err);
}

enum gh_code
store_folder_statement(
    struct store *st, int64_t project_id, const struct store_statement_new *s, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_STATEMENT_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", s->key);
	store_bind_text(q, ":side", s->side);
	store_bind_int(q, ":position", s->position);
	store_bind_int(q, ":at", s->at);
	store_bind_int(q, ":length", s->length);
	store_bind_int(q, ":line", s->line);
	store_bind_text(q, ":kind", s->kind);
	store_bind_int(q, ":tx_group", s->group);
	store_bind_int(q, ":alone", s->alone);
	store_bind_int(q, ":destructive", s->destructive);
	store_bind_int(q, ":reversible", s->reversible);
	store_bind_text(q, ":object", s->object);
	store_bind_text(q, ":object_kind", s->object_kind);
	return store_do(st, q, "a statement came before its migration", err);
}

enum gh_code
store_folder_touch(struct store *st, int64_t project_id, const struct store_touch_new *t, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_STATEMENT_TOUCH_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", t->key);
	store_bind_text(q, ":side", t->side);
	store_bind_int(q, ":statement", t->statement);
	store_bind_int(q, ":position", t->position);
	store_bind_text(q, ":object", t->object);
	store_bind_text(q, ":lock", t->lock);
	store_bind_int(q, ":strength", t->strength);
	store_bind_int(q, ":rewrites", t->rewrites);
	store_bind_int(q, ":scans", t->scans);
	store_bind_int(q, ":writes", t->writes);
	return store_do(st, q, "a touch came before its statement", err);
}

enum gh_code
store_folder_finding(
    struct store *st, int64_t project_id, const struct store_finding_new *f, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_FINDING_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", f->key);
	store_bind_text(q, ":side", f->side);
	store_bind_int(q, ":statement", f->statement);
	store_bind_text(q, ":rule", f->rule);
	store_bind_text(q, ":level", f->level);
	store_bind_text(q, ":scale", f->scale);
	store_bind_int(q, ":line", f->line);
	store_bind_int(q, ":column", f->column);
	store_bind_text(q, ":object", f->object);
	store_bind_text(q, ":message", f->message);
	store_bind_text(q, ":rewrite", f->rewrite);
	store_bind_int(q, ":ignored", f->ignored);
	store_bind_text(q, ":reason", f->reason);
	return store_do(st, q, "a finding came before its migration", err);
}

enum gh_code
store_folder_note(struct store *st, int64_t project_id, const char *text, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PROJECT_NOTE_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":text", text);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_folder_end(struct store *st, int64_t project_id, const char *signature, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PROJECT_READ, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":signature", signature);
	store_bind_int(q, ":now", now);
	return store_do(st, q, "the project does not exist", err);
}
