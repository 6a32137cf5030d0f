/*
 * Migrations seen in the folders and in the tracking tables: reads.
 */
#ifndef GH_STORE_MIGRATION_H
#define GH_STORE_MIGRATION_H

#include "store/store.h"

struct store_migration {
	int64_t id, project_id;
	const char *project, *key, *version;
	int64_t number; /* version as a number, for order */
	const char *name, *file, *description, *author, *written_on;
	bool present;        /* in the folder now */
	const char *problem; /* of its up side, "" */
	bool has_down;
	bool transactional; /* its up side */
};

/* A page starts after (newest first) or before this place: number and key of the row that the last page ended
 * with. */
struct store_place {
	int64_t number;
	const char *key; /* NULL: from the start */
};
struct store_migrations {
	size_t n;
	struct store_migration *rows;
	bool more; /* the next page starts at the last row's number and key */
};

/* Newest first. */
enum gh_code store_migration_list(struct store *st, struct gh_arena *a, int64_t project_id,
    struct store_place before, int64_t limit, struct store_migrations *ret, struct gh_err *err) GH_MUST_USE;
/* Present in the folder and not applied on the target, in the order in which they run. */
enum gh_code store_migration_pending(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_migrations *ret, struct gh_err *err) GH_MUST_USE;
/* Applied on the target, newest first: the order in which they are taken back. */
enum gh_code store_migration_applied(struct store *st, struct gh_arena *a, int64_t target_id, int64_t limit,
    struct store_migrations *ret, struct gh_err *err) GH_MUST_USE;
/* version as digits ("0012") or a whole key; the one in the folder first when several share it. */
enum gh_code store_migration_get(struct store *st, struct gh_arena *a, const char *project,
    const char *version, struct store_migration *ret, struct gh_err *err) GH_MUST_USE;

/* What a migration is on one target: a cell of the matrix. */
struct store_cell {
	int64_t target_id;
	const char *state;  /* applied, pending, running, failed, rolled-back, missing (applied, no file),
			       absent (neither) */
	int64_t applied_at; /* 0: the table does not say, or not applied */
	int64_t run;        /* the last run that touched it, 0 none */
};
struct store_cells {
	size_t n;
	struct store_cell *rows; /* in the order of store_target_list of the project */
};
enum gh_code store_cell_list(struct store *st, struct gh_arena *a, const struct store_migration *m,
    struct store_cells *ret, struct gh_err *err) GH_MUST_USE;

/* One direction of a migration. */
struct store_side {
	const char *side, *file, *digest, *problem; /* side: "up", "down" */
	int64_t first_line, bytes;
	bool transactional, stripped;
};
/* *ret NULL when the migration has no such side. */
enum gh_code store_side_find(struct store *st, struct gh_arena *a, int64_t migration_id, const char *side,
    struct store_side **ret, struct gh_err *err) GH_MUST_USE;

struct store_statement {
	int64_t position, at, length, line; /* at, length: bytes within the side's content */
	const char *kind, *object, *object_kind;
	bool alone;
};
struct store_statements {
	size_t n;
	struct store_statement *rows;
};
enum gh_code store_statement_list(struct store *st, struct gh_arena *a, int64_t migration_id,
    const char *side, struct store_statements *ret, struct gh_err *err) GH_MUST_USE;

/* Appends the stored bytes to ret; GH_BAD_INPUT when they pass ret's limit. */
enum gh_code store_content_read(
    struct store *st, const char *digest, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;

/* The runs that touched one migration, newest first. */
struct store_touch {
	int64_t run, target_id, started_at, ended_at;
	const char *target, *direction, *run_state, *state, *text;
};
struct store_touches {
	size_t n;
	struct store_touch *rows;
};
enum gh_code store_touch_list(struct store *st, struct gh_arena *a, int64_t project_id, const char *key,
    int64_t limit, struct store_touches *ret, struct gh_err *err) GH_MUST_USE;

#endif
