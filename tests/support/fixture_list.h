/*
 * Reads of lists that go by target and cursor: what all of them do alike.
 */
#ifndef GH_TESTS_FIXTURE_LIST_H
#define GH_TESTS_FIXTURE_LIST_H

#include "tests/support/fixture_runner.h"

enum gh_code fixture_list(
    struct fixture_runner *f, const char *who, enum wire_op op, const char *target, const char *cursor);
/* Without rows it answers an empty table whose first column is that. */
void fixture_list_empty(struct fixture_runner *f, enum wire_op op, const char *column);
/* Bad cursors, unknown targets, strangers, every cut. */
void fixture_list_refuses(struct fixture_runner *f, enum wire_op op);

#endif
