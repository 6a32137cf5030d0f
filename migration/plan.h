/*
 * The plan: canonical bytes of what would run on a target, identified by their SHA-256.  The same plan always
 * gives the same bytes; plan_read refuses anything that plan_write would not have written.
 *
 * Text form: lines "key value\n" in a fixed order, each SQL as "sql LENGTH\n" followed by the bytes and "\n":
 *
 *   gatehouse-plan 1
 *   target shop_production
 *   system 7441...                 pg_control_system().system_identifier
 *   database 16389 shop_production
 *   direction up
 *   convention numbered
 *   tracking public.schema_migrations
 *   policy backup=1 approvals=1 lock_timeout_ms=5000 statement_timeout_ms=0 rollback_on_failure=1
 *   after 0011_orders_status       newest applied key that the plan was made on, "-" when none
 *   migrations 2
 *   migration 0012_add_x
 *   version 0012
 *   name add_x
 *   transactional 1
 *   statements 2
 *   statement 0 57 1 in CREATE TABLE     offset, length, line in the file, "in" or "alone", kind
 *   object public.orders                 only when the statement creates something
 *   object-kind table
 *   statement 59 40 4 alone CREATE INDEX
 *   ...
 *   sql 120
 *   ...
 *   back 1                         direction up only: 1 and the way back (transactional, statements, sql), or
 * 0
 *
 * Values are UTF-8 without control characters.  Statements are in order, do not overlap and lie within their
 * SQL; one that runs alone makes its side not transactional.
 */
#ifndef GH_MIGRATION_PLAN_H
#define GH_MIGRATION_PLAN_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define PLAN_LIMIT ((size_t)96 << 20) /* bytes */

struct plan_statement {
	int64_t offset, length;  /* bytes within sql */
	int64_t line;            /* 1-based line in the migration's file */
	bool alone;              /* cannot run inside a transaction */
	const char *kind;        /* "CREATE TABLE" */
	const char *object;      /* what it creates, "public.orders"; "" none.  Verified after the run */
	const char *object_kind; /* "table", "index", "view", "function", ... */
};

/* One direction of one migration. */
struct plan_sql {
	const char *sql;
	size_t sql_len;
	bool transactional; /* false: some statement must run outside a transaction, then each runs by itself
			     */
	size_t n_statements;
	struct plan_statement *statements;
};

struct plan_migration {
	const char *key;     /* as the tracking table has it */
	const char *version; /* its digits */
	const char *name;
	struct plan_sql run; /* what this plan runs (the up or the down SQL) */
	bool has_back;       /* direction up only: the down SQL, for rollback_on_failure */
	struct plan_sql back;
};

struct plan_policy {
	bool backup;
	int64_t approvals;
	int64_t lock_timeout_ms, statement_timeout_ms; /* 0: none */
	bool rollback_on_failure;
};

struct plan {
	const char *target, *system_id, *database;
	int64_t database_oid;
	bool down; /* direction */
	const char *convention, *tracking;
	struct plan_policy policy;
	const char *after; /* newest applied key, "" none */
	size_t n_migrations;
	struct plan_migration *migrations; /* in the order in which they run */
};

/* Appends the canonical bytes.  GH_BAD_INPUT when a value cannot be written (line feed in a name, too large).
 */
enum gh_code plan_write(const struct plan *p, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;
/*
 * Parses and checks that writing again gives the same bytes.  Texts live in the arena, whose limit is raised
 * to what a plan of this length can need; SQL is not copied: it points into bytes and is not NUL-terminated.
 */
enum gh_code plan_read(
    const char *bytes, size_t len, struct gh_arena *a, struct plan *ret, struct gh_err *err) GH_MUST_USE;
/* SHA-256 of the canonical bytes, hex. */
void plan_digest(const char *bytes, size_t len, char ret[GH_SHA256_HEX_LEN]);

#endif
