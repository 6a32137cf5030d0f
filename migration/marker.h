/*
 * The section markers "-- Up Migration" and "-- Down Migration", found as node-pg-migrate finds them
 * (node-pg-migrate: src/sqlMigration.ts): /^\s*--[\s-]*up\s+migration/im.
 */
#ifndef GH_MIGRATION_MARKER_H
#define GH_MIGRATION_MARKER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where the first marker begins, blank lines and rulers before it included; len when there is none.  word is
 * "up" or "down".  Looks at each byte a fixed number of times.
 */
size_t marker_find(const char *text, size_t len, const char *word);

/* Whether text holds nothing but SQL comments and blanks. */
bool marker_only_comments(const char *p, const char *end);

#endif
