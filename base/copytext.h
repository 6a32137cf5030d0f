/*
 * Rows as COPY's text format has them: fields separated by tabs, rows ended by line feeds, \N for NULL,
 * backslashes before what would be taken for one of those.
 */
#ifndef GH_BASE_COPYTEXT_H
#define GH_BASE_COPYTEXT_H

#include "base/arena.h"
#include "base/text.h"

/* Appends one field, with its tab unless it is the first of its row. */
void gh_copytext_put(struct gh_text *t, bool first, const char *value);
/* Ends a row. */
void gh_copytext_end(struct gh_text *t);

/*
 * The next field of *at, moved behind it; *ret NULL for \N.  *ret_end: it was the last of its row.  False at
 * the end of the text.
 */
bool gh_copytext_next(const char **at, struct gh_arena *a, const char **ret, bool *ret_end);

#endif
