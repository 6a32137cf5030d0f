/*
 * Moments and durations as people type them.
 */
#ifndef GH_CLI_WHEN_H
#define GH_CLI_WHEN_H

#include "base/err.h"

#include <stdint.h>

/* "100ms", "2s", "5m", "1h"; a number alone is milliseconds only when it is 0.  At most max_ms. */
enum gh_code cli_span(const char *text, int64_t max_ms, int64_t *ret_ms, struct gh_err *err) GH_MUST_USE;
/*
 * "+30m" from now, "18:30" of this machine's time zone, today or else tomorrow, "2026-11-21 18:30" of it, or
 * "2026-11-21T18:30Z" in UTC.
 */
enum gh_code cli_moment(const char *text, int64_t now_us, int64_t *ret_us, struct gh_err *err) GH_MUST_USE;

#endif
