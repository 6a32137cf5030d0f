/*
 * A pg_dump that does not do what it should: the test's own program, called by another name.  After the odd
 * part most become the real one.
 *
 *   warns   says a warning on standard error
 *   hangs   writes a little and then nothing, for ever
 *   dies    writes a little and kills itself
 *   empty   exits 0 without a byte
 *   short   exits 0 with the beginning of what the real one writes
 *   old, new  another major version
 *   late    waits until there is a file PATH.go
 */
#ifndef GH_TESTS_STAND_IN_DUMP_H
#define GH_TESTS_STAND_IN_DUMP_H

#include "tests/support/job_rig.h"

/* At the start of main: does not return when it was called as a stand-in. */
void stand_in_dump(int argc, char **argv);
/* Makes the rig's pg_dump that one; its path. */
const char *stand_in_use(struct rig *r, const char *mode);
/* Lets `late` go on. */
void stand_in_go(const char *path);

#endif
