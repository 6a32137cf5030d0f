/*
 * A run of shop_development that is under way, for the commands that tell it something.
 */
#ifndef GH_TESTS_FIXTURE_CONTROL_H
#define GH_TESTS_FIXTURE_CONTROL_H

#include "tests/support/fixture_plan.h"

#include "store/run_write.h"

/* With needs_approval its target is one whose runs only a lead tells what to do. */
int64_t fixture_running(struct fixture_runner *f, bool needs_approval);
/* Sends "i run | t reason" and the numbers that follow. */
enum gh_code fixture_tell(struct fixture_runner *f, const char *who, enum wire_op op, int64_t run,
    const char *reason, size_t n, ...);
/* "control serial window_end batch_size batch_pause_ms | control_text" */
const char *fixture_told(struct fixture_runner *f, int64_t run);
/* What all of the commands refuse: no reason, no such run, one that waits, one that has ended, no lead. */
void fixture_tell_refusals(struct fixture_runner *f, enum wire_op op, size_t n, int64_t a, int64_t b);

/* A run of one batched migration that is under way. */
int64_t fixture_batched(struct fixture_runner *f);

#endif
