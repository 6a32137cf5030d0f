/*
 * The backup before a run: pg_dump at a snapshot whose tables are locked and counted, compressed and hashed
 * while it is written, then read back and listed.  A backup that is not whole never has a final name.
 */
#ifndef GH_JOB_BACKUP_H
#define GH_JOB_BACKUP_H

#include "runner/job/run.h"

struct backup_table {
	const char *schema, *name;
	int64_t rows;
};

struct backup {
	struct run *run;
	const char *file, *path, *part; /* final name; with folder; while it is written */
	const char *client_version;
	const char *snapshot;
	int64_t started_at, ended_at;
	size_t n_tables;
	struct backup_table *tables;
	int64_t rows;
	int64_t size;
	char digest[GH_SHA256_HEX_LEN];
	enum wire_level level;
};

/* Locks every table, exports the snapshot and counts: leaves the transaction open. */
enum gh_code snapshot_take(struct backup *b, struct gh_err *err) GH_MUST_USE;
/* pg_dump at the snapshot into b->part, durable; fills size and digest. */
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
 * Size of the newest backup of target in the folder, 0 when there is none.  Removes what a killed run of this
 * target left unfinished.
 */
enum gh_code shelf_last(
    const char *folder, const char *target, int64_t *ret_size, struct gh_err *err) GH_MUST_USE;
/* The file is an unfinished or a finished backup of target. */
bool shelf_is_part(const char *file, const char *target);
bool shelf_is_backup(const char *file, const char *target);

#endif
