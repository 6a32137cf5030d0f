#include "base/ban.h"
#include "store/project_write.h"
#include "store/write.gen.h"

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
	store_bind_text(q, ":tracking", p->tracking);
	return store_do(st, q, NULL, err);
}

static enum gh_code
target_put(struct store *st, const struct store_target_conf *t, int64_t now, struct gh_err *err)
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
	store_bind_text(q, ":policy", t->policy);
	store_bind_text(q, ":backup_schedule", t->backup_schedule == NULL ? "" : t->backup_schedule);
	store_bind_int(q, ":prove_within_ms", t->prove_within_ms);
	store_bind_text(q, ":prove_level", t->prove_level == NULL ? "counted" : t->prove_level);
	store_bind_int(q, ":prove_every_ms", t->prove_every_ms);
	store_bind_int(q, ":now", now);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_conf_sync(struct store *st, const struct store_conf *conf, int64_t now, struct gh_err *err)
{
	STORE_STMT uncompared = NULL;
	STORE_TX tx = { 0 };
	size_t i;

	GH_TRY(store_begin(st, &tx, err));
	/* What has ended before keeps its time; what is configured loses it again below. */
	GH_TRY(end_all(st, SQL_TARGET_END_ALL, now, err));
	GH_TRY(end_all(st, SQL_PROJECT_END_ALL, now, err));
	for (i = 0; i < conf->n_projects; i++)
		GH_TRY(project_put(st, &conf->projects[i], err));
	GH_TRY(store_prepare(st, SQL_TARGET_UNCOMPARED, &uncompared, err));
	GH_TRY(store_do(st, uncompared, NULL, err));
	for (i = 0; i < conf->n_targets; i++)
		GH_TRY(target_put(st, &conf->targets[i], now, err));
	return store_commit(&tx, err);
}

enum gh_code
store_project_detected(struct store *st, int64_t project_id, const char *convention, const char *text,
    const char *found_on, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PROJECT_DETECTED, &q, err));
	store_bind_int(q, ":project", project_id);
	store_bind_text(q, ":convention", convention);
	store_bind_text(q, ":text", text);
	store_bind_text(q, ":found_on", found_on);
	return store_do(st, q, NULL, err);
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
