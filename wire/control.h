/*
 * What a person tells a run that is under way: jobs/ID.control, a small record that the runner writes over
 * and the job reads on descriptor WIRE_CONTROL_FD whenever it looks around (at least every 250 ms).  It holds
 * the whole of what is wanted now, so nothing is lost when either side was away; its checksum tells a record
 * that was read while it was written.  The job answers with CONTROL frames.
 */
#ifndef GH_WIRE_CONTROL_H
#define GH_WIRE_CONTROL_H

#include "wire/frame.h"

struct wire_control {
	int64_t serial;        /* grows with each change */
	bool cancel;           /* end at once, leave a known state */
	bool pause;            /* before the next migration, or batch */
	int64_t window_end_us; /* nothing new begins after this; 0 no end */
	/* of a batched migration; 0: as its file says */
	int64_t batch_size, batch_pause_ms;
};

/* Writes the record over what is there, durably. */
enum gh_code wire_control_write(int fd, const struct wire_control *c, struct gh_err *err) GH_MUST_USE;
/* An empty file is the zero record.  GH_UNAVAILABLE: being written, read again a little later. */
enum gh_code wire_control_read(int fd, struct wire_control *ret, struct gh_err *err) GH_MUST_USE;

#endif
