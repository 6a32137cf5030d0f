/*
 * A folder of migrations on disk: what is in it, whether it changed, and opening one file without being led
 * out of it. Files are opened beneath the folder's descriptor, never through a symbolic link, and only
 * regular files that have no second name.
 */
#ifndef GH_BASE_FOLDER_H
#define GH_BASE_FOLDER_H

#include "base/arena.h"
#include "base/hash.h"

#include <stdint.h>
#include <sys/stat.h>

#define GH_FOLDER_ENTRIES   100000
#define GH_FOLDER_FILE_SIZE ((size_t)64 << 20) /* bytes */

struct gh_folder_entry {
	const char *name;
	struct stat st; /* of the entry itself, links not followed */
};

struct gh_folder {
	int fd;
	struct gh_folder_entry *entries; /* in byte order of their names, without . and .. */
	size_t n;
	char signature[GH_SHA256_HEX_LEN]; /* over names, kinds, sizes and times */
};

/* Cleanup variable: GH_FOLDER f = { .fd = -1 }; */
#define GH_FOLDER __attribute__((cleanup(gh_folder_done))) struct gh_folder

/*
 * Opens and lists.  The arena's limit is raised to what GH_FOLDER_ENTRIES can need.  GH_NOT_FOUND when there
 * is no such folder, GH_BAD_INPUT when it has too many entries.
 */
enum gh_code gh_folder_open(
    const char *path, struct gh_arena *a, struct gh_folder *ret, struct gh_err *err) GH_MUST_USE;
void gh_folder_done(struct gh_folder *f);

/* Cheap: tells whether anything changed since the signature was taken.  Reads no file. */
enum gh_code gh_folder_signature(
    const char *path, char ret[GH_SHA256_HEX_LEN], struct gh_err *err) GH_MUST_USE;

/* Opens one entry for reading.  GH_FORBIDDEN with the reason when it is not a plain file or cannot be read.
 */
enum gh_code gh_folder_file(
    const struct gh_folder *f, const char *name, int *ret_fd, struct gh_err *err) GH_MUST_USE;

/* The part of gh_folder_file that needs no opening: regular, one name, not too large. */
enum gh_code gh_folder_plain(const struct stat *st, struct gh_err *err) GH_MUST_USE;

#endif
