/*
 * Plans from a folder in memory, as a convention reads it, for a job on a throw-away cluster; and what the
 * convention says of the target afterwards.
 */
#ifndef TESTS_SUPPORT_JOB_FOLDER_H
#define TESTS_SUPPORT_JOB_FOLDER_H

#include "tests/support/job_rig.h"
#include "tests/support/memory_folder.h"

/* Reads the folder by that convention and empties the plan: down or up, on what is newest in the target. */
void rig_folder(struct rig *r, struct memory_folder *m, const char *convention, bool down);
/* Adds the folder's migration of that key to the plan; fails the test when its SQL has a problem. */
void rig_take(struct rig *r, struct memory_folder *m, const char *key);
/* "1 applied, 2 pending" in the order of the folder, then what has no file. */
const char *rig_status(struct rig *r, struct memory_folder *m);

#endif
