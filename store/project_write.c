#include "base/ban.h"
#include "store/project_write.h"
#include "store/write.gen.h"
#include "base/io.h"

static enum gh_code
end_all(struct store *st, unsigned sql, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, sql, &q, err));
	store_bind_int(q, ":now", now);
	return store_do(st, q, NULL, err);
}

static enum gh_code
project_put(struct store *st, const struct store_project_conf *p, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PROJECT_PUT, &q, err));
	store_bind_text(q, ":name", p->name);
	store_bind_text(q, ":folder", p->folder);
	store_bind_text(q, ":convention", p->convention);
	return store_do(st, q, NULL, err);
}

static enum gh_code
target_put(struct store *st, const struct store_target_conf *t, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TARGET_PUT, &q, err));
	store_bind_text(q, ":name", t->name);
	store_bind_text(q, ":project", t->project);
	store_bind_text(q, ":environment", t->environment);
	store_bind_int(q, ":position", t->position);
	store_bind_int(q, ":backup", t->backup);
	store_bind_int(q, ":approvals", t->approvals);
	store_bind_int(q, ":lock_timeout_ms", t->lock_timeout_ms);
	store_bind_int(q, ":statement_timeout_ms", t->statement_timeout_ms);
	store_bind_int(q, ":rollback_on_failure", t->rollback_on_failure);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_conf_sync(struct store *st, const struct store_conf *conf, int64_t now, struct gh_err *err)
{
	STORE_TX tx = { 0 };
	size_t i;

	GH_TRY(store_begin(st, &tx, err));
	/* What has ended before keeps its time; what is configured loses it again below. */
	GH_TRY(end_all(st, SQL_TARGET_END_ALL, now, err));
	GH_TRY(end_all(st, SQL_PROJECT_END_ALL, now, err));
	for (i = 0; i < conf->n_projects; i++)
		GH_TRY(project_put(st, &conf->projects[i], err));
	for (i = 0; i < conf->n_targets; i++)
		GH_TRY(target_put(st, &conf->targets[i], err));
	return store_commit(&tx, err);
}

static enum gh_code
clear(struct store *st, unsigned sql, int64_t project_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, sql, &q, err));
	store_bind_int(q, ":project", project_id);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_folder_start(struct store *st, int64_t project_id, struct gh_err *err)
{
	GH_TRY(clear(st, SQL_FILE_CLEAR, project_id, err));
	GH_TRY(clear(st, SQL_SIDE_CLEAR, project_id, err));
	return clear(st, SQL_MIGRATION_ABSENT, project_id, err);
}

static enum gh_code
migration_put(struct store *st, int64_t project_id, const struct store_file_new *f, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int64_t number = 0;

	if (!gh_parse_i64(f->version, 0, INT64_MAX, &number))
		return gh_fail(
		    err, GH_BAD_INPUT, "%s: the version \"%s\" is not a number", f->file, f->version);
	GH_TRY(store_prepare(st, SQL_MIGRATION_PUT, &q, err));
	store_bind_int(q, ":project_id", project_id);
	store_bind_text(q, ":key", f->key);
	store_bind_text(q, ":version", f->version);
	store_bind_text(q, ":name", f->name);
	store_bind_text(q, ":file", f->file);
	store_bind_text(q, ":description", f->description);
	store_bind_text(q, ":author", f->author);
	store_bind_text(q, ":written_on", f->written_on);
	store_bind_int(q, ":version_number", number);
	return store_do(st, q, NULL, err);
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
	store_bind_text(q, ":digest", f->digest);
	GH_TRY(store_do(st, q, NULL, err));
	if (strcmp(f->taken_as, "up") != 0 && strcmp(f->taken_as, "both") != 0)
		return GH_OK;
	return migration_put(st, project_id, f, err);
}

enum gh_code
store_folder_side(struct store *st, int64_t project_id, const struct store_side_new *s, struct gh_err *err)
{
	STORE_STMT content = NULL;
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_CONTENT_ADD, &content, err));
	store_bind_text(content, ":digest", s->digest);
	store_bind_blob(content, ":bytes", s->sql, s->sql_len);
	GH_TRY(store_do(st, content, NULL, err));
	GH_TRY(store_prepare(st, SQL_SIDE_ADD, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":key", s->key);
	store_bind_text(q, ":side", s->side);
	store_bind_text(q, ":file", s->file);
	store_bind_text(q, ":digest", s->digest);
	store_bind_int(q, ":first_line", s->first_line);
	store_bind_int(q, ":transactional", s->transactional);
	store_bind_int(q, ":stripped", s->stripped);
	store_bind_text(q, ":problem", s->problem);
	return store_do(st, q, "a side of a migration came before its file", err);
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
	store_bind_int(q, ":alone", s->alone);
	store_bind_text(q, ":object", s->object);
	store_bind_text(q, ":object_kind", s->object_kind);
	return store_do(st, q, "a statement came before its migration", err);
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

enum gh_code
store_project_problem(
    struct store *st, int64_t project_id, const char *problem, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PROJECT_PROBLEM, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":problem", problem);
	store_bind_int(q, ":now", now);
	return store_do(st, q, "the project does not exist", err);
}
