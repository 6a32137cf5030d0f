/*
 * Plans: canonical bytes by their digest, and the same cut into migrations and statements for pages.  Reads.
 */
#ifndef GH_STORE_PLAN_H
#define GH_STORE_PLAN_H

#include "store/store.h"

struct store_plan {
	const char *digest, *target, *direction; /* "up", "down" */
	const char *act;                         /* "run", "mark", "repair" */
	int64_t target_id, created_at, bytes, migrations;
};
enum gh_code store_plan_get(struct store *st, struct gh_arena *a, const char *digest, struct store_plan *ret,
    struct gh_err *err) GH_MUST_USE;
/* Appends the canonical bytes; GH_BAD_INPUT when they pass ret's limit. */
enum gh_code store_plan_read(
    struct store *st, const char *digest, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;

struct store_plan_migration {
	int64_t position; /* 0-based */
	const char *key, *version, *name, *description, *author, *digest;
	bool transactional, row_inside, stripped, has_back, has_verify;
	bool batched; /* in parts, a transaction each */
	int64_t statements;
};
struct store_plan_migrations {
	size_t n;
	struct store_plan_migration *rows;
};
/* From position `from` on, at most limit. */
enum gh_code store_plan_migration_list(struct store *st, struct gh_arena *a, const char *digest, int64_t from,
    int64_t limit, struct store_plan_migrations *ret, struct gh_err *err) GH_MUST_USE;

#define STORE_SQL_SHOWN 65536 /* characters of one statement that a list gives */

struct store_plan_statement {
	int64_t migration, position, line; /* positions 0-based; line in the migration's file */
	int64_t group;                     /* number of its transaction, 0 by itself */
	const char *kind;
	bool alone;        /* in no transaction */
	const char *sql;   /* the first STORE_SQL_SHOWN characters */
	int64_t sql_bytes; /* of the whole */
};
struct store_plan_statements {
	size_t n;
	struct store_plan_statement *rows;
};
/* The statements of one migration. */
enum gh_code store_plan_statement_list(struct store *st, struct gh_arena *a, const char *digest,
    int64_t migration, struct store_plan_statements *ret, struct gh_err *err) GH_MUST_USE;

#endif
