/*
 * What stands in SQL without being SQL: comments, quoted texts and names, dollar-quoted bodies.  No parser: a
 * convention, or the header of a batch, only asks whether a word stands there.
 */
#ifndef GH_MIGRATION_SCAN_H
#define GH_MIGRATION_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Where the comment, quoted text or body that begins at p ends; p itself when none begins there. */
const char *scan_skip(const char *p, const char *end);
/* Whether an unquoted word (lower case here, any case there) stands in the text. */
bool scan_has_word(const char *text, size_t len, const char *word);

#endif
