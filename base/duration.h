/*
 * Durations as people write them: a whole number and its unit, "250ms", "5s", "10min", "4h", "7d".  A number
 * alone is no duration: nobody could say whether 5 is meant as seconds or as milliseconds.
 */
#ifndef GH_BASE_DURATION_H
#define GH_BASE_DURATION_H

#include "base/err.h"

#include <stdint.h>

#define GH_DURATION_LEN 32 /* bytes of a text form, NUL included */

/* GH_BAD_INPUT says in its message what is wrong: "..., not \"5\": a number needs its unit". */
enum gh_code gh_duration_read(
    const char *s, int64_t min_ms, int64_t max_ms, int64_t *ret_ms, struct gh_err *err) GH_MUST_USE;
/* In the largest unit that is exact, "90s", "2min", "0s"; ret holds GH_DURATION_LEN bytes.  Returns ret. */
const char *gh_duration_text(int64_t ms, char *ret);

#endif
