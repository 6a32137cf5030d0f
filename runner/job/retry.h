/*
 * Trying again after a lock was in the way: a lock time-out, a deadlock, a serialization failure, or that our
 * statement gave way to others.  Exponential from the policy's retry_delay with jitter, at most max_retries
 * times, always under the same lock_timeout.
 */
#ifndef GH_JOB_RETRY_H
#define GH_JOB_RETRY_H

#include "runner/job/run.h"

#define RETRY_MOST_MS INT64_C(60000)

/* Whether attempt n, from 1, that failed with r->pg.error is worth another. */
bool retry_worth(const struct run *r, int64_t n);
/* Says so and waits; ends early when the run is asked to stop. */
void retry_wait(struct run *r, int64_t n, const char *why);
/* Between three quarters and all of delay * 2^(n-1), at most RETRY_MOST_MS. */
int64_t retry_ms(int64_t delay_ms, int64_t n);

#endif
