/*
 * How many workers may wait for the runner at once: all but one, so that pages are answered while acts take
 * long or the runner hangs.  A slot is a locked byte of a memfd that the workers share; the kernel gives back
 * what a killed worker held.
 */
#ifndef GH_CGI_SLOTS_H
#define GH_CGI_SLOTS_H

#include "base/clock.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define SLOTS_PATIENCE (2 * GH_SECOND) /* a password takes a tenth of one */

struct slots {
	int fd, n; /* n 0: no limit */
};

/* Before the workers are forked; one worker alone has one slot. */
enum gh_code slots_open(int workers, struct slots *ret, struct gh_err *err) GH_MUST_USE;
/* Waits patience for one; false: all are taken.  A process takes one at a time. */
bool slots_take(const struct slots *s, int64_t patience_us, int *ret_slot);
void slots_give(const struct slots *s, int slot);

#endif
