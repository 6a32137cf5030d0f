/*
 * Backups, their tables and proofs, orphans and kept databases: writes.  Times are the journal's.
 */
#ifndef GH_STORE_BACKUP_WRITE_H
#define GH_STORE_BACKUP_WRITE_H

#include "store/backup.h"

struct store_backup_new {
	int64_t target_id, run_id, person_id; /* 0 none */
	const char *kind, *file, *format, *encrypted_to, *digest;
	int64_t size, plain_size, database_bytes;
	int64_t started_at, ended_at;
	const char *server_version, *client_version;
	int64_t table_count, row_count;
	const char *schema_key, *snapshot, *fingerprint, *log, *level;
	const char *source, *label;
	int64_t keep_until; /* 0 unknown */
};
enum gh_code store_backup_add(
    struct store *st, const struct store_backup_new *b, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
enum gh_code store_backup_table_add(
    struct store *st, int64_t backup_id, const struct store_backup_table *t, struct gh_err *err) GH_MUST_USE;
enum gh_code store_sidecar_add(
    struct store *st, int64_t backup_id, const struct store_sidecar *s, struct gh_err *err) GH_MUST_USE;
/* What is wrong with it, "" nothing; read: its bytes were read. */
enum gh_code store_backup_sidecar(
    struct store *st, int64_t id, const char *wrong, bool read, struct gh_err *err) GH_MUST_USE;
/* What a proof counted in one table. */
enum gh_code store_backup_table_restored(
    struct store *st, int64_t backup_id, const char *name, int64_t rows, struct gh_err *err) GH_MUST_USE;
/* Adds the proof; an ok one raises the backup's level and, of the level "counted", its times of proof and
 * takes away what was broken; a failed one lowers the level to the one below and says why it is broken. */
enum gh_code store_proof_add(struct store *st, const struct store_proof *p, struct gh_err *err) GH_MUST_USE;
/* Who has decided that its files are removed; "" nobody after all. */
enum gh_code store_backup_going(
    struct store *st, int64_t id, const char *by, const char *way, struct gh_err *err) GH_MUST_USE;
/* kept, missing, expired. */
enum gh_code store_backup_move(
    struct store *st, int64_t id, const char *state, int64_t now, struct gh_err *err) GH_MUST_USE;
/* The folder as it was just looked at: rows that are not in the list go. */
enum gh_code store_orphan_replace(
    struct store *st, const struct store_orphans *list, struct gh_err *err) GH_MUST_USE;
enum gh_code store_kept_database_add(
    struct store *st, const struct store_kept_database *d, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
enum gh_code store_kept_database_gone(
    struct store *st, int64_t id, int64_t now, struct gh_err *err) GH_MUST_USE;

#endif
