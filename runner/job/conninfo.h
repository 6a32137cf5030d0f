/*
 * Connections as libpq's keywords, without a password.
 */
#ifndef GH_JOB_CONNINFO_H
#define GH_JOB_CONNINFO_H

#include "base/arena.h"
#include "base/text.h"

/* One word of a connection, quoted as libpq reads it: key='it\'s'. */
void conninfo_put(struct gh_text *t, const char *key, const char *value);
/* The same connection, to another database.  GH_BAD_INPUT when libpq cannot read it. */
enum gh_code conninfo_elsewhere(struct gh_arena *a, const char *connection, const char *database,
    const char **ret, struct gh_err *err) GH_MUST_USE;

#endif
