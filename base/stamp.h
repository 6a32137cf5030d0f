/*
 * Times that others write: RFC 3339, and within the names of files by a pattern.
 *
 * A pattern is a whole file name in which "*" stands for any characters (or none), "?" for one, and
 *
 *   %Y %m %d   year, month, day            %H %M %S   hour, minute, second
 *   %z         the offset: Z, +0200, +02:00           %s   seconds since 1970, ten digits
 *   %%         a percent sign
 *
 * are where its time is.  Without an offset a time is UTC; what is not given of a clock time is 0.
 */
#ifndef GH_BASE_STAMP_H
#define GH_BASE_STAMP_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define GH_STAMP_PATTERN_MAX 255 /* bytes */

/* "2026-11-21T10:16:03Z", "2026-11-21 10:16:03.25+01:00": nothing else, and the day must exist.  1970 to
 * 9999. */
bool gh_stamp_read(const char *s, int64_t *ret_us);

/* GH_BAD_INPUT says what is wrong with the pattern; *ret_timed whether it has a time. */
enum gh_code gh_stamp_check(const char *pattern, bool *ret_timed, struct gh_err *err) GH_MUST_USE;
/* Whether the name fits a pattern that was checked; *ret_us is its time, 0 when the pattern has none. */
bool gh_stamp_match(const char *pattern, const char *name, int64_t *ret_us);

#endif
