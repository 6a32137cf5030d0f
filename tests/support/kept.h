/*
 * Backups for the tests of retention.
 */
#ifndef GH_TESTS_SUPPORT_KEPT_H
#define GH_TESTS_SUPPORT_KEPT_H

#include "base/clock.h"
#include "base/retention.h"

#include <setjmp.h>
#include <cmocka.h>

#define DAY (24 * GH_HOUR)

/* "2026-11-21 10:16" UTC as a moment. */
static inline int64_t
utc(const char *text)
{
	struct tm tm = { 0 };

	assert_non_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
	return (int64_t)timegm(&tm) * GH_SECOND;
}

static inline struct gh_kept
one(int64_t id, int64_t at_us, int level)
{
	return (struct gh_kept){ .id = id, .at_us = at_us, .level = level, .whole = true, .pin = "" };
}

/* The ids that stay, newest first: "5 3 1". */
static inline const char *
stay(const struct gh_kept *rows, size_t n)
{
	static char text[4096];
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < n; i++) {
		if (!rows[i].goes)
			len += (size_t)snprintf(
			    text + len, sizeof(text) - len, "%s%" PRId64, len == 0 ? "" : " ", rows[i].id);
	}
	return text;
}

static inline const struct gh_kept *
find(const struct gh_kept *rows, size_t n, int64_t id)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (rows[i].id == id)
			return &rows[i];
	}
	fail_msg("there is no row %" PRId64, id);
	return NULL;
}

#endif
