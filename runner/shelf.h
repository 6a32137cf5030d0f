/*
 * The folder of backups, looked at: on a timer and when somebody asks.  Names, kinds and sizes are compared
 * with the rows; no file is opened.  A row whose file is not there is missing, and kept again when it is
 * back; one whose file is of another kind or size is broken.  Files that no row knows are listed as orphans,
 * except those that a job may be writing.  Nothing is deleted by a look.
 *
 * After a look what retention lets go is removed (runner/expire.h), of a target that has a new backup since
 * the configuration's file was written.
 */
#ifndef GH_RUNNER_SHELF_H
#define GH_RUNNER_SHELF_H

#include "runner/runner.h"
#include "store/backup.h"

#include <sys/stat.h>

#define SHELF_EVERY_US GH_MINUTE
#define SHELF_MOST     50000 /* entries */

struct shelf_file {
	const char *name;
	struct stat st;
	int64_t size; /* of a folder: of the files in it */
};
struct shelf_files {
	size_t n;
	struct shelf_file *rows;  /* by name, without . and .. */
	int64_t total, free_size; /* bytes of the file system */
};
/* GH_UNAVAILABLE when it cannot be read, and GH_BAD_INPUT when it has more than SHELF_MOST entries. */
enum gh_code shelf_read(
    const char *folder, struct gh_arena *a, struct shelf_files *ret, struct gh_err *err) GH_MUST_USE;
/* NULL: there is none of that name. */
const struct shelf_file *shelf_find(const struct shelf_files *files, const char *name);

struct shelf_found {
	int64_t missing, back, broken, whole; /* rows whose state is another than before */
	int64_t sidecars, sidecars_back;      /* wrong, and no longer wrong, since this look */
	int64_t orphans;                      /* that there are */
};
/* Rows and orphans as the files say, within the caller's transaction. */
enum gh_code shelf_compare(struct runner *r, struct gh_arena *a, const struct shelf_files *files, int64_t now,
    struct shelf_found *ret, struct gh_err *err) GH_MUST_USE;
/* How it looks and when it is full, within the caller's transaction. */
enum gh_code shelf_forecast(struct runner *r, struct gh_arena *a, const struct shelf_files *files,
    int64_t now, struct gh_err *err) GH_MUST_USE;

/*
 * A look, within the caller's transaction: read, compare, forecast, and until when each is kept.  A folder
 * that cannot be read is no failure: the store says so, and *ret_read is false.
 */
enum gh_code shelf_look(struct runner *r, struct gh_arena *a, int64_t now, bool *ret_read,
    struct shelf_found *ret, struct gh_err *err) GH_MUST_USE;

/* Begins with a look; later ones, and what retention lets go, are a timer's. */
void shelf_start(struct runner *r);
/* A run or a task has ended: soon.  Harmless without r->work. */
void shelf_kick(struct runner *r);
void shelf_stop(struct runner *r);

#endif
