/*
 * A folder of migrations on disk: what is in it, whether it changed, and opening one file without being led
 * out of it. Files are opened beneath the folder's descriptor, never through a symbolic link, and only
 * regular files that have no second name.
 */
#ifndef GH_MIGRATION_FOLDER_H
#define GH_MIGRATION_FOLDER_H

#include "base/arena.h"
#include "base/hash.h"

#include <stdint.h>
#include <sys/stat.h>

#define FOLDER_ENTRIES   100000
#define FOLDER_FILE_SIZE ((size_t)64 << 20) /* bytes */

struct folder_entry {
	const char *name;
	struct stat st; /* of the entry itself, links not followed */
};

struct folder {
	int fd;
	struct folder_entry *entries; /* in byte order of their names, without . and .. */
	size_t n;
	char signature[GH_SHA256_HEX_LEN]; /* over names, kinds, sizes and times */
};

/* Cleanup variable: FOLDER_OPEN f = { .fd = -1 }; */
#define FOLDER_OPEN __attribute__((cleanup(folder_done))) struct folder

/*
 * Opens and lists.  The arena's limit is raised to what FOLDER_ENTRIES can need.  GH_NOT_FOUND when there is
 * no such folder, GH_BAD_INPUT when it has too many entries.
 */
enum gh_code folder_open(
    const char *path, struct gh_arena *a, struct folder *ret, struct gh_err *err) GH_MUST_USE;
void folder_done(struct folder *f);

/* Cheap: tells whether anything changed since the signature was taken.  Reads no file. */
enum gh_code folder_signature(const char *path, char ret[GH_SHA256_HEX_LEN], struct gh_err *err) GH_MUST_USE;

/* Opens one entry for reading.  GH_FORBIDDEN with the reason when it is not a plain file or cannot be read.
 */
enum gh_code folder_file(
    const struct folder *f, const char *name, int *ret_fd, struct gh_err *err) GH_MUST_USE;

/* The part of folder_file that needs no opening: regular, one name, not too large. */
enum gh_code folder_plain(const struct stat *st, struct gh_err *err) GH_MUST_USE;

#endif
