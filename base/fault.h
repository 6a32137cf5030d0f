/*
 * Named fault points, compiled in with --enable-faults only.  The environment's GATEHOUSE_FAULT names a file
 * whose one line is "POINT ACTION"; when the program passes that point it removes the file and acts: `kill`
 * (SIGKILL to itself), `stop` (SIGSTOP to itself), `enospc` (gh_fault is true: the caller behaves as if the
 * disk were full), `fail` (gh_fault is true).  "POINT ACTION N": the Nth time that a process passes it.
 */
#ifndef GH_BASE_FAULT_H
#define GH_BASE_FAULT_H

#include <stdbool.h>

#ifdef GH_FAULTS
bool gh_fault(const char *point);
#else
#define gh_fault(point) (false)
#endif

#endif
