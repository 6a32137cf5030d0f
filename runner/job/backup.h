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
	const char *schema_key; /* the newest migration that is applied, "" unknown */
	int64_t lock_timeout_ms;

	/* found */
	const char *file, *path, *part; /* final name; with folder; while it is written */
	const char *client_version;
	const char *snapshot;    /* as exported, for pg_dump */
	const char *snapshot_at; /* pg_current_snapshot(): for people, and to compare with */
	const char *fingerprint; /* of the catalog, "" it could not be read */
	const char *log;         /* what pg_dump warned of, "" nothing */
	int64_t started_at, ended_at;
	size_t n_tables;
	struct backup_table *tables;
	int64_t rows;
	int64_t size, plain_size; /* of the file; before compression */
	int64_t database_bytes;
	char digest[GH_SHA256_HEX_LEN];
	enum wire_level level;
};

/*
 * Takes it: from pg_dump's version to the BACKUP frame, with its tables' frames.  Nothing of a backup that
 * failed stays.  *ret_text is one sentence.
 */
enum gh_code backup_take(struct backup *b, const char **ret_text, struct gh_err *err) GH_MUST_USE;
/* What is looked at before: pg_dump's version, and room on the disk; appends sentences. */
enum gh_code backup_preflight(struct backup *b, struct gh_text *evidence, struct gh_err *err) GH_MUST_USE;
/* That of a run, as its plan and its policy want it. */
void backup_of_run(struct run *r, struct backup *ret);

/* Locks every table, exports the snapshot and counts: leaves the transaction open. */
enum gh_code snapshot_take(struct backup *b, struct gh_err *err) GH_MUST_USE;
/* pg_dump at the snapshot into b->part, durable; fills sizes and digest. */
enum gh_code dump_write(struct backup *b, struct gh_err *err) GH_MUST_USE;
/* Reads the file back: same digest, whole compression, and pg_restore lists every counted table. */
enum gh_code prove_backup(struct backup *b, struct gh_err *err) GH_MUST_USE;
/* Lines "...; ... TABLE DATA schema name owner" of pg_restore --list; the text is NUL-terminated. */
size_t prove_count(const char *list);
/* The sidecar: what a person or a program needs to know about the file. */
void sidecar_text(const struct backup *b, struct gh_text *ret);
/* 20261121T101603Z */
const char *backup_stamp(int64_t at_us, struct gh_arena *a);

/*
 * Size of the newest backup of target in the folder, 0 when there is none.  Removes what a killed job of this
 * target left unfinished.
 */
enum gh_code shelf_last(
    const char *folder, const char *target, int64_t *ret_size, struct gh_err *err) GH_MUST_USE;
/* The file is an unfinished or a finished backup of target. */
bool shelf_is_part(const char *file, const char *target);
bool shelf_is_backup(const char *file, const char *target);

#endif
