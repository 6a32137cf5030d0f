/*
 * Time.  Wall times are int64_t microseconds since 1970-01-01 UTC, everywhere: store, wire, journal.
 * Durations are microseconds (_us) unless the name says _ms.
 */
#ifndef GH_BASE_CLOCK_H
#define GH_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define GH_CLOCK_LEN 32 /* bytes for any text form, NUL included */
#define GH_SECOND    INT64_C(1000000)
#define GH_MINUTE    (INT64_C(60) * GH_SECOND)
#define GH_HOUR      (INT64_C(60) * GH_MINUTE)

int64_t gh_clock_now(void);  /* wall */
int64_t gh_clock_mono(void); /* monotonic, for deadlines */

/* "2026-11-21T10:16:03Z"; ret holds GH_CLOCK_LEN bytes.  Returns ret. */
const char *gh_clock_iso(int64_t at_us, char *ret);
/* "2026-11-21 10:16:03 UTC" */
const char *gh_clock_utc(int64_t at_us, char *ret);
/* "4 minutes ago", "in 3 hours", "just now" */
const char *gh_clock_ago(int64_t at_us, int64_t now_us, char *ret);
/* "0.8 ms", "340 ms", "4.2 s", "3 min 12 s", "2 h 5 min" */
const char *gh_clock_span(int64_t us, char *ret);

#endif
