/*
 * Taking a backup: pg_dump at a snapshot whose tables are locked and counted, compressed, perhaps sealed, and
 * hashed while it is written, then read back.  A backup that is not whole never has a final name.
 *
 * A run takes one in its phase (stage_backup), a task by itself (take.c); neither is known here.
 */
#ifndef GH_JOB_BACKUP_H
#define GH_JOB_BACKUP_H

#include "base/hash.h"
#include "runner/job/target.h"

struct fingerprint;
struct proof;
struct run;

struct backup_table {
	const char *schema, *name;
	const char *shown; /* "public.orders", quoted where SQL needs it */
	int64_t rows;
	int64_t bytes; /* with its indexes */
};

struct backup {
	/* told */
	struct job *job;
	struct pg *pg;
	const struct target_identity *id;
	const char *number;     /* "r17", "t3": of the run or the task, part of the name */
	const char *activity;   /* of PROGRESS frames */
	const char *schema_key; /* the newest migration that is applied, "" unknown */
	int64_t lock_timeout_ms;
	enum wire_level wanted; /* how far it is proved */

	/* found */
	const char *format, *ending;    /* "custom", "directory"; of the name */
	const char *encrypted_to;       /* "" in the clear */
	const char *file, *path, *part; /* final name; with folder; while it is written */
	const char *client_version;
	int64_t client_major;
	const char *snapshot;              /* as exported, for pg_dump */
	const char *snapshot_at;           /* pg_current_snapshot(): for people, and to compare with */
	const char *fingerprint;           /* of the catalog, "" it could not be read */
	const char *no_catalog;            /* why it could not, NULL it could */
	const struct fingerprint *catalog; /* its objects, NULL unknown */
	const char *log;                   /* what pg_dump warned of, "" nothing */
	size_t n_warnings;
	int64_t started_at, ended_at;
	size_t n_tables;
	struct backup_table *tables;
	int64_t rows;
	int64_t size, plain_size; /* of the file; before compression, -1 unknown */
	int64_t database_bytes;
	char digest[GH_SHA256_HEX_LEN];
	int64_t sidecar_size;
	char sidecar_digest[GH_SHA256_HEX_LEN];
	enum wire_level level;
	struct proof *proof;
};

/*
 * Takes it: from pg_dump's version to the BACKUP frame, with its tables' frames.  Nothing of a backup that
 * failed stays.  *ret_text is one sentence.
 */
enum gh_code backup_take(struct backup *b, const char **ret_text, struct gh_err *err) GH_MUST_USE;
/* What is looked at before: pg_dump's version, and room on the disk; appends sentences. */
enum gh_code backup_preflight(struct backup *b, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* The BACKUP frame of a hook that says by its exit status that it made one: nothing of it is looked at. */
void backup_say_hook(const struct run *r, const char *command, int64_t started_at, const char *output);
/* That of a run, as its plan and its policy want it. */
void backup_of_run(struct run *r, struct backup *ret);

/* Locks every table and exports the snapshot: leaves the transaction open. */
enum gh_code snapshot_take(struct backup *b, struct gh_err *err) GH_MUST_USE;
/* "schema"."name", quoted by libpq. */
enum gh_code snapshot_name(struct backup *b, struct gh_text *t, const char *schema, const char *name,
    struct gh_err *err) GH_MUST_USE;
/*
 * pg_dump at the snapshot into b->part, durable, while the rows are counted; fills sizes, digest and log.
 * *ret_waited: it failed because a lock was in its way, that of somebody who waits for ours.
 */
enum gh_code dump_write(struct backup *b, bool *ret_waited, struct gh_err *err) GH_MUST_USE;
/* Fails when its major version is not the server's. */
enum gh_code dump_client(struct backup *b, struct gh_err *err) GH_MUST_USE;

/*
 * The rows of every table, counted on the connection that holds the snapshot, while pg_dump works: the time
 * for which tables are locked is that of one of the two.
 */
struct counting {
	struct backup *b;
	size_t next; /* table that is asked for now; n_tables: all are counted */
};
enum gh_code counting_start(struct counting *c, struct gh_err *err) GH_MUST_USE;
/* To be called when the connection is readable. */
enum gh_code counting_ready(void *counting, struct gh_err *err) GH_MUST_USE;
/* Waits for the rest. */
enum gh_code counting_finish(struct counting *c, struct gh_err *err) GH_MUST_USE;
/* Ends what is asked: the connection is free, or closed. */
void counting_stop(struct counting *c);

/* As far as it is wanted, and at most listed, while it has no name yet.  One that is no good is an error. */
enum gh_code prove_backup(struct backup *b, struct gh_err *err) GH_MUST_USE;
/* When the journal has named it: says what prove_backup has found, and proves what is left to be wanted. */
enum gh_code prove_further(struct backup *b, struct gh_err *err) GH_MUST_USE;
/* "counted", WIRE_NONE for a word that is no level to prove. */
enum wire_level prove_level(const char *name);
/* The sidecar: what a person or a program needs to know about the file. */
void sidecar_text(const struct backup *b, struct gh_text *ret);
/*
 * The same for the store and its readers: JSON of at most WIRE_SIDECAR_MAX bytes, without the definitions of
 * the catalog, which may hold what is none of a reader's business.  What is left out is named in it.
 */
void sidecar_short(const struct backup *b, struct gh_text *ret);
/* Its frame, after that of the backup. */
void sidecar_say(const struct backup *b);
/* 20261121T101603Z */
const char *backup_stamp(int64_t at_us, struct gh_arena *a);

/*
 * Size of the target's newest backup in the folder, 0 when there is none.  Removes what a killed job of this
 * target left unfinished.
 */
enum gh_code shelf_last(struct job *j, int64_t *ret_size, struct gh_err *err) GH_MUST_USE;
/* Of a file, or of what is in a folder; 0 when it is not there. */
int64_t shelf_size(const char *path);
/* Removes a file or a folder; never fails: logs. */
void shelf_drop(struct job *j, const char *path);

#endif
