/*
 * Journals of the analyse and check jobs as text, for tests: a line a frame.
 */
#ifndef TESTS_SUPPORT_DUMP_JOURNAL_H
#define TESTS_SUPPORT_DUMP_JOURNAL_H

#include "base/text.h"

/* Adds to dump; gives the name of the convention that was chosen, "" none. */
const char *dump_journal(int fd, struct gh_text *dump);
/* The same of a check: what was found on the target. */
void dump_check(int fd, struct gh_text *dump);

#endif
