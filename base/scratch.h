/*
 * Folders that are thrown away with all that is in them, even when a server still runs in one: what a job
 * that was killed has left behind.
 */
#ifndef GH_BASE_SCRATCH_H
#define GH_BASE_SCRATCH_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Ends the processes of a database server that works in the folder (all of them have its data folder for
 * their working directory, run the program `postgres` and are of this account), then removes the folder.  One
 * that is not there is fine.  Symbolic links are removed, never followed.
 */
enum gh_code gh_scratch_remove(const char *folder, struct gh_err *err) GH_MUST_USE;
/*
 * The same for who cannot wait: the folder gets another name beside its own, which is free at once;
 * gh_scratch_clear does the rest.  *ret_dropped is false when there was none.
 */
enum gh_code gh_scratch_drop(const char *folder, bool *ret_dropped, struct gh_err *err) GH_MUST_USE;
/*
 * Goes on with what was dropped in the folder `where`, until budget_us are over; with 0 one entry is removed.
 * *ret_left says whether there is more to do, which is also so while a killed process has not gone.  A file
 * is removed as a whole, however long the file system takes for it.
 */
enum gh_code gh_scratch_clear(
    const char *where, int64_t budget_us, bool *ret_left, struct gh_err *err) GH_MUST_USE;

#endif
