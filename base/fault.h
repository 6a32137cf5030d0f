/*
 * Named fault points, compiled in with --enable-faults only: one at every change of state of job and runner,
 * listed with what they stand for in docs/faults.md (tools/print-faults).
 *
 * The environment's GATEHOUSE_FAULT names a file of lines "POINT ACTION [N]".  Only the first line counts:
 * when a program passes its point (with N: the Nth time that the process does), the line is removed and the
 * program acts.
 *
 *   kill         SIGKILL to itself
 *   kill-runner  SIGKILL to the runner that started this job, which goes on
 *   kill-both    the runner, then itself
 *   stop         SIGSTOP to itself
 *   delay-MS     it sleeps so many milliseconds
 *   fail, enospc gh_fault is true: the caller behaves as if this step had failed, the disk were full
 *
 * While the file's name with .trace added exists, each pass is appended to it: "POINT PROGRAM PID".
 */
#ifndef GH_BASE_FAULT_H
#define GH_BASE_FAULT_H

#include <stdbool.h>

#ifdef GH_FAULTS
bool gh_fault(const char *point);
/* The point family + name.  names lists all that there can be, separated by spaces; another one aborts. */
bool gh_fault_of(const char *family, const char *name, const char *names);
#else
#define gh_fault(point)                  (false)
#define gh_fault_of(family, name, names) ((void)(name), false)
#endif

#endif
