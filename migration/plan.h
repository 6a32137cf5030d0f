/*
 * The plan: canonical bytes of what would run on a target, identified by their SHA-256.  The same plan always
 * gives the same bytes; plan_read refuses anything that plan_write would not have written.
 *
 * Text form: lines "key value\n" in a fixed order, each SQL as "sql LENGTH\n" followed by the bytes and "\n":
 *
 *   gatehouse-plan 4
 *   target shop_production
 *   system 7441...                 pg_control_system().system_identifier
 *   database 16389 shop_production
 *   direction up
 *   act run                        run, mark, repair, restore or side
 *   convention numbered
 *   tracking public.schema_migrations
 *   transaction each               each: a transaction a migration; all: one for the whole plan
 *   policy 480                     length of the policy's text (policy.h); then the bytes and "\n"
 *   backup 1
 *   ...
 *   after 0011_orders_status       newest applied key that the plan was made on, "-" when none
 *   queries 1
 *   query totals.sql               its name, and its SQL as below
 *   sql 52
 *   ...
 *   restore 12                     acts restore and side only: the id of the backup
 *   restore-file shop_production-20261120T023000Z-b12.dump.zst     beneath backups/
 *   restore-format custom
 *   restore-encrypted-to -         the recipient's public key, "-" in the clear
 *   restore-digest 9f86d081...     of the file, SHA-256
 *   restore-size 41204224          of the file, bytes
 *   restore-taken 1795141800000000 microseconds
 *   restore-schema 0011_orders_status      newest applied migration in it, "-" none or not known
 *   restore-snapshot 741:741:      that it shows; "-" not known, or of a database that is no longer the
 * target's restore-fingerprint 5f70bf18...        of the catalog at that snapshot, "-" not known restore-name
 * shop_production   what the new database is called in the end restore-keep shop_production_before_16389 what
 * the old one is called then, "-" act side restore-keep-ms 604800000      how long it is kept at least; it is
 * never dropped by itself restore-tables 2               0: the backup was not counted restore-table 1200
 * public.orders       rows, name
 *   ...
 *   migrations 2
 *   migration 0012_add_x
 *   version 0012
 *   name add_x
 *   file 0012_add_x.sql
 *   checksum 1012454114            as the tool records it, "-" none
 *   repeatable 0                   1: runs again when its checksum is another
 *   facts 1                        what the tracking statements need, in the order of the convention
 *   fact script 15                 name and length, or "-" for NULL; then the bytes and "\n"
 *   0012_add_x.sql
 *   row inside                     the tracking row is in the migration's one transaction; else "outside"
 *   statements 2
 *   statement 0 57 1 1 CREATE TABLE      offset, length, line in the file, group, kind
 *   object public.orders                 only when the statement creates something
 *   object-kind table
 *   statement 59 40 4 0 CREATE INDEX     group 0: by itself, in no transaction
 *   ...
 *   sql 120
 *   ...
 *   back 1                         direction up only: 1 and the way back (row, statements, sql), or 0
 *   verify 0                       direction up only: the same for the SQL that asks whether the up worked
 *
 * Values are UTF-8 without control characters; version, name and file may be empty.  A fact's name is made of
 * lower-case letters, digits and underscores, its value is UTF-8.  Statements are in order, do not overlap
 * and lie within their SQL.  Groups are consecutive: 0 as often as wanted, the others from 1 upwards, each in
 * one stretch.  "row inside" needs all statements in group 1; "transaction all" needs "row inside" of every
 * migration.  Only a plan upwards marks or repairs, and a repair has one migration.
 *
 * A plan that restores goes down and has one migration, without SQL, whose key is "restore:" and the backup's
 * id; its convention and tracking table may be "-", not known: it is the way out when they cannot be read.
 * Its "after" is what was applied when it was made, "-" of act side: that one changes nothing that is there.
 */
#ifndef GH_MIGRATION_PLAN_H
#define GH_MIGRATION_PLAN_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include "migration/policy.h"

#include <stdbool.h>
#include <stdint.h>

#define PLAN_LIMIT ((size_t)96 << 20) /* bytes */

struct plan_statement {
	int64_t offset, length;  /* bytes within sql */
	int64_t line;            /* 1-based line in the migration's file */
	int64_t group;           /* number of its transaction, from 1; 0: by itself, in no transaction */
	const char *kind;        /* "CREATE TABLE" */
	const char *object;      /* what it creates, "public.orders"; "" none.  Verified after the run */
	const char *object_kind; /* "table", "index", "view", "function", ... */
};

/* One direction of one migration. */
struct plan_sql {
	const char *sql;
	size_t sql_len;
	bool row_inside; /* the tracking row is written in the transaction of its statements, which are of one
			    group */
	size_t n_statements;
	struct plan_statement *statements;
};

struct plan_fact {
	const char *name, *value; /* value NULL: SQL NULL.  NUL-terminated; may hold line feeds */
};

struct plan_migration {
	const char *key;     /* as the tracking table has it */
	const char *version; /* what people call it */
	const char *name;
	const char *file;
	const char *checksum; /* "" none */
	size_t n_facts;
	struct plan_fact *facts;
	bool repeatable;     /* runs again when its checksum is another: an earlier one may be applied */
	struct plan_sql run; /* what this plan runs (the up or the down SQL) */
	bool has_back;       /* direction up only: the down SQL, for rollback_on_failure */
	struct plan_sql back;
	bool has_verify; /* direction up only: run after the up in a transaction that is rolled back */
	struct plan_sql verify;
};

/* Rows that a table of a backup had. */
struct plan_table {
	const char *name; /* "public.orders", quoted where SQL needs it */
	int64_t rows;
};

#define PLAN_RESTORE_KEY "restore:" /* in front of the backup's id */

/* What is restored, and what is called how afterwards. */
struct plan_restore {
	int64_t backup;           /* its id */
	const char *file;         /* beneath backups/ */
	const char *format;       /* "custom", "directory" */
	const char *encrypted_to; /* "" in the clear */
	const char *digest;       /* of the file, hex */
	int64_t size, taken_at;   /* bytes; microseconds */
	const char *schema;       /* newest applied migration in it, "" none or not known */
	const char *snapshot;     /* "" not known, or of another database */
	const char *fingerprint;  /* "" not known */
	const char *name;         /* PLAN_RESTORE: plan.database; PLAN_SIDE: the database beside it */
	const char *keep_name;    /* PLAN_RESTORE: what the old one is called then; PLAN_SIDE: "" */
	int64_t keep_ms;          /* it may be dropped so long after the run, by a person */
	size_t n_tables;
	struct plan_table *tables; /* as they were counted; n 0: they were not */
};

/*
 * What a plan is for.  PLAN_MARK runs nothing: the run proves that what each migration creates is there, and
 * writes the tracking row.  PLAN_REPAIR runs its SQL and leaves the tracking table alone (dropping an invalid
 * index): one migration whose key begins with "repair:".  PLAN_RESTORE makes a backup the target's database
 * and keeps the old one under another name; PLAN_SIDE restores it beside the target, for a look.
 */
enum plan_act { PLAN_RUN = 0, PLAN_MARK, PLAN_REPAIR, PLAN_RESTORE, PLAN_SIDE };

/* A query of the project (verify/NAME.sql): must give no rows, or one that is true. */
struct plan_query {
	const char *name, *sql; /* NUL-terminated */
};

struct plan {
	const char *target, *system_id, *database;
	int64_t database_oid;
	bool down; /* direction */
	enum plan_act act;
	const char *convention, *tracking; /* tracking "schema.table", not quoted */
	bool one_transaction;              /* for the whole plan */
	struct policy policy;
	const char *after; /* newest applied key, "" none */
	size_t n_queries;  /* asked after a run, in this order */
	struct plan_query *queries;
	struct plan_restore restore; /* PLAN_RESTORE, PLAN_SIDE */
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
/* What people call a migration: its version where that is no part of the key, which then tells them nothing.
 */
const char *plan_called(const char *key, const char *version);
/* Whether these are the bytes of a plan that an older version made: plan_read refuses them. */
bool plan_is_older(const char *bytes, size_t len);
/* What is said of one: the end of a sentence. */
#define PLAN_OLDER                                                                                           \
	"its plan was made by an older version of Gatehouse, which this one does not read: ask for it again"
/* "run", "mark", "repair", "restore", "side" */
const char *plan_act_name(enum plan_act act);
/* PLAN_RUN, PLAN_RESTORE: the others touch no data. */
bool plan_needs_backup(const struct plan *p);
/* PLAN_RESTORE, PLAN_SIDE. */
bool plan_restores(const struct plan *p);
/* SHA-256 of the canonical bytes, hex. */
void plan_digest(const char *bytes, size_t len, char ret[GH_SHA256_HEX_LEN]);

#endif
