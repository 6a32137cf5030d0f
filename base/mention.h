/*
 * Backups that a text of people names: "backup 12", "Backup #12", "backup no. 12", ".../backups/12", and each
 * of "backups 12, 13 and 15".  In doubt one is named: who names it wants it kept.
 */
#ifndef GH_BASE_MENTION_H
#define GH_BASE_MENTION_H

#include <stdbool.h>
#include <stdint.h>

struct gh_mention {
	const char *text, *at; /* both set by the caller to the text; at is then behind what was found */
	bool in_list;          /* behind a number, where another may follow */
};
/* The next one; false: there is none any more. */
bool gh_mention_backup(struct gh_mention *m, int64_t *ret_id);

#endif
