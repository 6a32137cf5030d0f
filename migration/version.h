/*
 * Version numbers of any length, as text.
 */
#ifndef GH_MIGRATION_VERSION_H
#define GH_MIGRATION_VERSION_H

#include "migration/convention.h"

/* Digits as numbers: leading zeros do not count.  Less than, equal to or greater than 0. */
int version_compare(const char *a, const char *b);
/* Without leading zeros; "0" stays. */
const char *version_trimmed(const char *digits);
/* Decimal digits only, not above max; false otherwise. */
bool version_number(const char *digits, uint64_t max, uint64_t *ret);
/* The digits that s begins with. */
const char *version_digits(const char *s, struct gh_arena *a);

/*
 * Notes where numbers are left out between migrations that are in order.  Numbers of more than six digits are
 * dates, which have gaps by nature.
 */
void version_gaps(struct gh_arena *a, struct convention_found *found);

/* ---- for `create` ---- */

/* The number after the greatest version, with as many digits as the others have, at least `digits`. */
const char *version_next(const struct convention_found *found, int digits, struct gh_arena *a);
/* Whether the greatest version is a date and time (14 digits), so that the next one should be, too. */
bool version_dated(const struct convention_found *found);
/* YYYYMMDDHHMMSS in UTC; when that is not after the greatest, the number after the greatest. */
const char *version_stamp(const struct convention_found *found, int64_t now, struct gh_arena *a);

#endif
