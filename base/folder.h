/*
 * A folder of migrations on disk: what is in it and beneath it, whether it changed, and opening one file
 * without being led out of it.  Everything is opened beneath the folder's descriptor, never through a
 * symbolic link, and of files only regular ones that have no second name.  What vanishes while the folder is
 * walked is left out; memory and time are bounded by the number of entries and the length of their names.
 */
#ifndef GH_BASE_FOLDER_H
#define GH_BASE_FOLDER_H

#include "base/arena.h"
#include "base/hash.h"

#include <stdint.h>
#include <sys/stat.h>

#define GH_FOLDER_ENTRIES   100000             /* in all */
#define GH_FOLDER_PATHS     ((size_t)32 << 20) /* bytes of all paths together */
#define GH_FOLDER_DEPTH     16                 /* folders within folders */
#define GH_FOLDER_FILE_SIZE ((size_t)64 << 20) /* bytes */

struct gh_folder_entry {
	const char *path;   /* beneath the folder, parts separated by "/" */
	struct stat st;     /* of the entry itself, links not followed */
	const char *closed; /* a folder that is not looked into: why; "" it is, or a file */
};

struct gh_folder {
	int fd;
	struct gh_folder_entry *entries; /* in byte order of their paths, without . and .. */
	size_t n;
	char signature[GH_SHA256_HEX_LEN]; /* over paths, kinds, sizes and times */
};

/* Cleanup variable: GH_FOLDER f = { .fd = -1 }; */
#define GH_FOLDER __attribute__((cleanup(gh_folder_done))) struct gh_folder

/*
 * Opens and lists.  Hidden folders and node_modules are entries, but not looked into.  The arena's limit is
 * raised to what GH_FOLDER_ENTRIES can need.  GH_NOT_FOUND when there is no such folder, GH_BAD_INPUT when it
 * has too many entries.
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
    const struct gh_folder *f, const char *path, int *ret_fd, struct gh_err *err) GH_MUST_USE;

/* The part of gh_folder_file that needs no opening: regular, one name, not too large. */
enum gh_code gh_folder_plain(const struct stat *st, struct gh_err *err) GH_MUST_USE;

#endif
