/*
 * Backups that a text of people names: "backup 12", "Backup #12", ".../backups/12".
 */
#ifndef GH_BASE_MENTION_H
#define GH_BASE_MENTION_H

#include <stdbool.h>
#include <stdint.h>

/* The next one from *at on, which then stands behind it; false: there is none any more. */
bool gh_mention_backup(const char **at, int64_t *ret_id);

#endif
