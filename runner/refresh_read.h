/*
 * Reading a finished analyse or check job's journal, frame by frame.
 */
#ifndef GH_RUNNER_REFRESH_READ_H
#define GH_RUNNER_REFRESH_READ_H

#include "runner/refresh.h"
#include "wire/journal.h"

struct refresh_reader {
	int fd;
	struct wire_follow at;
	struct gh_text buf;
	struct gh_arena frame;     /* of one frame */
	struct gh_arena all;       /* of the whole journal */
	enum wire_outcome outcome; /* 0: none came */
	const char *sentence;
	/* DETECTED */
	bool detected;
	const char *convention, *why;
};
/* Cleanup variable: REFRESH_READER r = { .fd = -1 }; */
#define REFRESH_READER __attribute__((cleanup(refresh_reader_done))) struct refresh_reader
void refresh_reader_done(struct refresh_reader *r);

/* data is the caller's; the fields' texts go into r->frame. */
typedef enum gh_code refresh_frame_fn(
    struct refresh_reader *r, void *data, struct wire_event *e, struct gh_err *err);

/* All frames in order; OUTCOME and DETECTED are kept in r, the others go to fn. */
enum gh_code refresh_read_all(struct refresh_reader *r, const char *path, refresh_frame_fn *fn, void *data,
    struct gh_err *err) GH_MUST_USE;

/* What a job that did not succeed has to say for itself. */
const char *refresh_failure(
    const struct refresh_reader *r, const char *job, const struct refresh_result *res, struct gh_arena *a);

#endif
