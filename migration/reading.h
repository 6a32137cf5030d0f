/*
 * A folder on disk as conventions read it (struct convention_folder): names fit for people, what is no plain
 * file and why, contents read once and kept.  For jobs and the command line.
 *
 * All texts together are bounded; a file that goes past the bound, cannot be read or changes while it is read
 * is refused with that reason, and the others are read on.
 */
#ifndef GH_MIGRATION_READING_H
#define GH_MIGRATION_READING_H

#include "base/folder.h"
#include "migration/convention.h"

#define READING_TEXTS ((size_t)512 << 20) /* bytes of all files together */

struct reading_kept; /* what was read of one file */

/* Cleanup variable: READING r = { .disk = { .fd = -1 } };  It must stay where it is once opened. */
struct reading {
	struct convention_folder folder;
	struct gh_folder disk;
	struct reading_kept *kept; /* one a file */
	size_t bytes;              /* of all texts so far */
};
#define READING __attribute__((cleanup(reading_done))) struct reading

/*
 * Lists the folder; r->folder may then be given to a convention.  The options are those of the caller, who
 * may set n_options, options, schema and table of r->folder after this.  The arena's limit is raised to what
 * READING_TEXTS can need.  Fails as gh_folder_open.
 */
enum gh_code reading_open(
    struct reading *r, const char *path, struct gh_arena *a, struct gh_err *err) GH_MUST_USE;
void reading_done(struct reading *r);

/* SHA-256 of the whole file as hex; "" when it was not read. */
const char *reading_digest(const struct reading *r, const struct convention_file *file);

/*
 * What a file's bytes are: a byte order mark told apart, what is no UTF-8 text a problem with its place.
 * raw ends in a NUL behind raw_len and must live as long as ret.
 */
void reading_text(
    struct gh_arena *a, const char *shown, const char *raw, size_t raw_len, struct convention_text *ret);

#endif
