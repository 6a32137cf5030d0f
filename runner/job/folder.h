/*
 * A project's folder as its job reads it: listed, with the configured names and options, and the convention
 * that reads it.
 */
#ifndef GH_JOB_FOLDER_H
#define GH_JOB_FOLDER_H

#include "migration/reading.h"
#include "migration/status.h"
#include "runner/job/job.h"

#define FOLDER_MIGRATIONS 20000

/* Lists spec.folder; options, schema and table of the spec are the folder's. */
enum gh_code folder_open(struct job *j, struct reading *ret, struct gh_err *err) GH_MUST_USE;
/*
 * The convention that spec.convention names, or what the folder fits when that is empty: then ret->c may be
 * NULL and ret->why says what to configure.  GH_BAD_INPUT when none is called so.
 */
enum gh_code folder_detect(
    struct job *j, const struct reading *r, struct convention_detected *ret, struct gh_err *err) GH_MUST_USE;
/* The DETECTED frame. */
void folder_say_detected(struct job *j, const struct convention_detected *d);
/*
 * "" or why a folder of so many migrations is not taken: storing them would keep the runner from everything
 * else for too long.
 */
const char *folder_too_many(const struct convention_found *found, struct gh_arena *a);
/* The entry that people see under that name; NULL none. */
struct convention_file *folder_find(struct reading *r, const char *shown);

#endif
