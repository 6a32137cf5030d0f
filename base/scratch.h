/*
 * Folders that are thrown away with all that is in them, even when a server still runs in one: what a job
 * that was killed has left behind.
 */
#ifndef GH_BASE_SCRATCH_H
#define GH_BASE_SCRATCH_H

#include "base/err.h"

/*
 * Ends the processes of a database server that works in the folder (all of them have its data folder for
 * their working directory, run the program `postgres` and are of this account), then removes the folder.  One
 * that is not there is fine.  Symbolic links are removed, never followed.
 */
enum gh_code gh_scratch_remove(const char *folder, struct gh_err *err) GH_MUST_USE;

#endif
