#include "base/ban.h"
#include "base/retention.h"
#include "base/clock.h"
#include "base/window.h"
#include "tests/support/kept.h"

/* What holds for any backups and any numbers. */

#define MOST 600

static uint32_t
chance(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static size_t
remove_goers(struct gh_kept *rows, size_t n)
{
	size_t i, left = 0;

	for (i = 0; i < n; i++) {
		if (!rows[i].goes)
			rows[left++] = rows[i];
	}
	return left;
}

static void
never_what_must_stay(const struct gh_kept *rows, size_t n)
{
	const struct gh_kept *newest = NULL, *proved = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (rows[i].whole && newest == NULL)
			newest = &rows[i];
		if (rows[i].whole && rows[i].level == 5 && proved == NULL)
			proved = &rows[i];
		assert_false(rows[i].goes && rows[i].pin[0] != '\0');
		assert_true(i == 0 || rows[i - 1].at_us > rows[i].at_us ||
		    (rows[i - 1].at_us == rows[i].at_us && rows[i - 1].id > rows[i].id));
	}
	assert_true(newest == NULL || !newest->goes);
	assert_true(proved == NULL || !proved->goes);
}

/* Whatever comes: what must stay stays, and who has gone once takes nobody along the next time. */
static void
holds_for_anything(void **state)
{
	static const char *const zones[] = { "UTC", "Europe/Berlin", "America/Havana", "Pacific/Apia" };
	static struct gh_kept rows[60];
	uint32_t seed = 7;
	int round;

	(void)state;
	for (round = 0; round < 400; round++) {
		struct gh_keep k = { chance(&seed) % 4, chance(&seed) % 5, chance(&seed) % 3,
			chance(&seed) % 3, zones[round % 4], DAY };
		size_t n = chance(&seed) % 60, left, i;
		int64_t now = utc("2026-11-21 10:00");
		char before[4096];

		for (i = 0; i < n; i++) {
			rows[i] = one((int64_t)i + 1, now - (int64_t)(chance(&seed) % 4000) * GH_HOUR,
			    (int)(chance(&seed) % 6));
			rows[i].whole = chance(&seed) % 5 != 0;
			rows[i].pin = chance(&seed) % 11 == 0 ? "run 1" : "";
		}
		gh_retention(&k, rows, n, now);
		never_what_must_stay(rows, n);
		(void)snprintf(before, sizeof(before), "%s", stay(rows, n));
		/* First their files are gone, and then their rows. */
		for (i = 0; i < n; i++)
			rows[i].whole = rows[i].whole && !rows[i].goes;
		gh_retention(&k, rows, n, now);
		assert_string_equal(stay(rows, n), before);
		left = remove_goers(rows, n);
		gh_retention(&k, rows, left, now);
		assert_string_equal(stay(rows, left), before);
	}
}

/*
 * Two years of one a day by the clock of Berlin, and the rules after each: nothing goes before the time that
 * was told for it, and in the end there are as many as the numbers say.
 */
static void
what_was_told_holds(void **state)
{
	const struct gh_keep k = { 3, 7, 4, 6, "Europe/Berlin", DAY - GH_HOUR };
	static struct gh_kept rows[MOST];
	static int64_t told[MOST + 800];
	int64_t start = 0, id, now = 0;
	struct gh_window w;
	size_t n = 0, i;

	(void)state;
	assert_int_equal(gh_window_read("30 2 * * * for 1h Europe/Berlin", &w, NULL), GH_OK);
	start = utc("2026-01-01 00:00");
	for (id = 1; id <= 730; id++) {
		start = gh_window_next(&w, start);
		now = start + GH_HOUR;
		rows[n++] = one(id, start, 1);
		gh_retention(&k, rows, n, now);
		for (i = 0; i < n; i++) {
			assert_true(!rows[i].goes || told[rows[i].id] <= now);
			if (rows[i].until_us > told[rows[i].id])
				told[rows[i].id] = rows[i].until_us;
		}
		n = remove_goers(rows, n);
	}
	/* 7 days, of which 3 are also the last; weeks and months that these are not part of. */
	assert_true(n >= 7 + 2 + 4 && n <= 7 + 3 + 5);
	assert_true(told[1] == 0 || told[1] < now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_for_anything),
		cmocka_unit_test(what_was_told_holds),
	};

	return cmocka_run_group_tests_name("base/retention always", tests, NULL, NULL);
}
