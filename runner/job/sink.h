/*
 * The way of a backup's bytes to the disk: compressed, sealed when there is a recipient, hashed, written.
 */
#ifndef GH_JOB_SINK_H
#define GH_JOB_SINK_H

#include "base/hash.h"
#include "runner/job/job.h"

struct sink;

/* Level, threads and recipient as the spec says; fd stays the caller's.  It is closed by sink_done. */
enum gh_code sink_open(
    const struct wire_spec *spec, int fd, struct sink **ret, struct gh_err *err) GH_MUST_USE;
enum gh_code sink_put(struct sink *s, const void *data, size_t len, struct gh_err *err) GH_MUST_USE;
/* All of it, durable. */
enum gh_code sink_end(struct sink *s, char ret_digest[GH_SHA256_HEX_LEN], struct gh_err *err) GH_MUST_USE;
/* So far: bytes that came, bytes that were written. */
int64_t sink_plain(const struct sink *s);
int64_t sink_size(const struct sink *s);
void sink_done(struct sink **s);
#define SINK __attribute__((cleanup(sink_done))) struct sink *

#endif
