/*
 * What the configuration, the folders and the targets say: writes.
 */
#ifndef GH_STORE_PROJECT_WRITE_H
#define GH_STORE_PROJECT_WRITE_H

#include "store/project.h"
#include "store/write.h"

struct store_project_conf {
	const char *name, *folder;
	const char *convention; /* "" is found out */
	const char *tracking;   /* the configured table and options, only compared */
};
struct store_target_conf {
	const char *name, *project, *environment;
	int64_t position; /* promotion order */
	bool backup, rollback_on_failure;
	int64_t approvals, lock_timeout_ms, statement_timeout_ms;
	const char *policy; /* canonical text, migration/policy.h; the others are taken from it */
	const char *backup_schedule;
	int64_t prove_within_ms, prove_every_ms;
	const char *prove_level; /* NULL counted */
};
struct store_conf {
	size_t n_projects, n_targets;
	const struct store_project_conf *projects;
	const struct store_target_conf *targets;
};
/* Upserts by name; what is not in conf gets ended_at, what comes back loses it.  One transaction. */
enum gh_code store_conf_sync(
    struct store *st, const struct store_conf *conf, int64_t now, struct gh_err *err) GH_MUST_USE;

/*
 * A project's folder as an analyse job read it, within the caller's transaction: start (forgets the files,
 * sides, statements, findings and notes), then files; then the migrations in their order, each with its
 * facts, its sides, their statements, what these touch, and findings; then end.
 */
struct store_folder_new {
	const char *signature, *convention, *rule, *problem, *in_turn;
	bool one_transaction;
};
struct store_file_new {
	const char *file, *taken_as, *reason, *key, *digest;
};
struct store_unit_new {
	const char *key, *version, *name, *file, *description, *author, *written_on, *checksum;
	int64_t position; /* from 0 */
	bool repeatable, code;
};
struct store_side_new {
	const char *key, *side, *file, *digest, *problem, *tokens, *note;
	const void *sql;
	size_t sql_len;
	int64_t first_line, seen_at;
	bool transactional, row_inside, stripped, not_analysed;
	const void *marks; /* base/marks.h, for showing it */
	size_t n_marks;
};
struct store_statement_new {
	const char *key, *side;
	int64_t position; /* 0-based */
	int64_t at, length, line, group;
	const char *kind, *object, *object_kind;
	bool alone, destructive, reversible;
};
struct store_touch_new {
	const char *key, *side;
	int64_t statement, position; /* 0-based */
	const char *object, *lock;
	int64_t strength;
	bool rewrites, scans, writes;
};
struct store_finding_new {
	const char *key, *side;
	int64_t statement; /* -1: the file */
	const char *rule, *level, *scale;
	int64_t line, column;
	const char *object, *message, *rewrite, *reason;
	bool ignored;
};
enum gh_code store_folder_start(
    struct store *st, int64_t project_id, const struct store_folder_new *f, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_file(
    struct store *st, int64_t project_id, const struct store_file_new *f, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_unit(
    struct store *st, int64_t project_id, const struct store_unit_new *u, struct gh_err *err) GH_MUST_USE;
/* value NULL: SQL NULL. */
enum gh_code store_folder_fact(struct store *st, int64_t project_id, const char *key, int64_t position,
    const char *name, const char *value, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_side(
    struct store *st, int64_t project_id, const struct store_side_new *s, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_statement(struct store *st, int64_t project_id, const struct store_statement_new *s,
    struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_touch(
    struct store *st, int64_t project_id, const struct store_touch_new *t, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_finding(
    struct store *st, int64_t project_id, const struct store_finding_new *f, struct gh_err *err) GH_MUST_USE;
/* Asked after each run, in the order in which they come. */
struct store_query_new {
	const char *file, *digest, *problem;
	const void *sql;
	size_t sql_len;
};
enum gh_code store_folder_query(
    struct store *st, int64_t project_id, const struct store_query_new *n, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_note(
    struct store *st, int64_t project_id, const char *text, struct gh_err *err) GH_MUST_USE;
enum gh_code store_folder_end(
    struct store *st, int64_t project_id, const char *signature, int64_t now, struct gh_err *err) GH_MUST_USE;
/* Which convention it is, and why; "" none or several, and why.  found_on: the target's name, "" by the
 * folder. */
enum gh_code store_project_detected(struct store *st, int64_t project_id, const char *convention,
    const char *text, const char *found_on, struct gh_err *err) GH_MUST_USE;
/* The folder could not be read; what was known stays. */
enum gh_code store_project_problem(
    struct store *st, int64_t project_id, const char *problem, int64_t now, struct gh_err *err) GH_MUST_USE;

/* A target as a check job or a run found it. */
struct store_target_identity {
	const char *system_id, *database, *server_version, *role;
	int64_t database_oid;
};
/* Also: reachable, no problem, checked now. */
enum gh_code store_target_identity(struct store *st, int64_t target_id, const struct store_target_identity *i,
    int64_t now, struct gh_err *err) GH_MUST_USE;
enum gh_code store_target_sizes(
    struct store *st, int64_t target_id, int64_t bytes, int64_t tables, struct gh_err *err) GH_MUST_USE;
struct store_tracking_new {
	const char *table, *text, *newest, *blocked;
	const char *signature; /* of the folder that it was compared with */
	bool known;            /* it is exactly as described, or is made by the first run */
};
enum gh_code store_target_tracking(
    struct store *st, int64_t target_id, const struct store_tracking_new *t, struct gh_err *err) GH_MUST_USE;
/* Not reachable, or not usable, and why. */
enum gh_code store_target_problem(struct store *st, int64_t target_id, bool reachable, const char *problem,
    int64_t now, struct gh_err *err) GH_MUST_USE;
/* why "" lets runs start again. */
enum gh_code store_target_hold(
    struct store *st, int64_t target_id, const char *why, struct gh_err *err) GH_MUST_USE;
/* Its newest backup is not counted in time, since then; 0: it is. */
enum gh_code store_target_overdue(
    struct store *st, int64_t target_id, int64_t at, struct gh_err *err) GH_MUST_USE;

#endif
