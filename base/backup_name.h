/*
 * Names in the folder of backups: TARGET-TIME-rRUN or TARGET-TIME-tTASK, with
 *
 *   .dump.zst         pg_dump's custom format, compressed
 *   .dump.zst.sealed  the same, encrypted (base/seal.h)
 *   .dir              a folder: pg_dump's directory format
 *
 * A dot in front and .part behind while it is written; .json behind for what describes it.
 */
#ifndef GH_BASE_BACKUP_NAME_H
#define GH_BASE_BACKUP_NAME_H

#define GH_BACKUP_CUSTOM    ".dump.zst"
#define GH_BACKUP_SEALED    ".dump.zst.sealed"
#define GH_BACKUP_DIRECTORY ".dir"
#define GH_BACKUP_PART      ".part"
#define GH_BACKUP_SIDECAR   ".json"

enum gh_backup_name {
	GH_BACKUP_NAME_NONE, /* not ours */
	GH_BACKUP_NAME_WHOLE,
	GH_BACKUP_NAME_PART,
	GH_BACKUP_NAME_SIDECAR,
};
/* target NULL: of any. */
enum gh_backup_name gh_backup_name(const char *file, const char *target);

#endif
