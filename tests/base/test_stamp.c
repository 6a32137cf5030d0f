#include "base/ban.h"
#include "base/stamp.h"
#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

/* Times that others write: what is read, and what is not a time. */

#define AT(s) ((int64_t)(s)*GH_SECOND)
/* 2026-11-21T10:16:03Z */
#define MORNING AT(1795256163)

static int64_t
reads(const char *s)
{
	int64_t at = -2;

	if (!gh_stamp_read(s, &at))
		return -1;
	return at;
}

static void
rfc_3339(void **state)
{
	(void)state;
	assert_int_equal(reads("2026-11-21T10:16:03Z"), MORNING);
	assert_int_equal(reads("2026-11-21t10:16:03z"), MORNING);
	assert_int_equal(reads("2026-11-21 11:16:03+01:00"), MORNING);
	assert_int_equal(reads("2026-11-21T04:46:03-0530"), MORNING);
	assert_int_equal(reads("2026-11-21T10:16:03.250001Z"), MORNING + 250001);
	assert_int_equal(reads("2026-11-21T10:16:03.1234567899Z"), MORNING + 123456);
	assert_int_equal(reads("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(reads("2024-02-29T00:00:00Z"), AT(1709164800));
	/* A leap second is the second after it. */
	assert_int_equal(reads("2016-12-31T23:59:60Z"), AT(1483228800));
}

static void
what_is_no_time(void **state)
{
	static const char *const bad[] = { "", "2026-11-21", "2026-11-21T10:16:03", "2026-11-21T10:16Z",
		"2026-11-31T10:16:03Z", "2026-02-29T10:16:03Z", "2026-13-01T10:16:03Z",
		"2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z", "2026-11-21T10:16:03.Z",
		"2026-11-21T10:16:03Z ", "2026-11-21T10:16:03+1", "2026-11-21T10:16:03+24:00",
		"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "026-11-21T10:16:03Z",
		"2026/11/21T10:16:03Z", "-026-11-21T10:16:03Z", "2026-00-21T10:16:03Z" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (reads(bad[i]) != -1)
			fail_msg("\"%s\" was read", bad[i]);
	}
}

/* The time of the name, -1 when it does not fit. */
static int64_t
matches(const char *pattern, const char *name)
{
	struct gh_err err = { 0 };
	int64_t at = -2;
	bool timed;

	if (gh_stamp_check(pattern, &timed, &err) != GH_OK)
		fail_msg("%s: %s", pattern, err.msg);
	return gh_stamp_match(pattern, name, &at) ? at : -1;
}

static void
names_have_their_time(void **state)
{
	(void)state;
	assert_int_equal(matches("shop-%Y%m%dT%H%M%SZ.dump", "shop-20261121T101603Z.dump"), MORNING);
	assert_int_equal(matches("*_%Y-%m-%d_%H.%M.%S%z.gz", "a_b_2026-11-21_11.16.03+0100.gz"), MORNING);
	assert_int_equal(matches("*%s*", "dump1795256163.sql"), MORNING);
	assert_int_equal(matches("%d.%m.%Y", "21.11.2026"), MORNING - AT(10 * 3600 + 16 * 60 + 3));
	assert_int_equal(matches("%Y%m%d-%H", "20261121-10"), MORNING - AT(16 * 60 + 3));
	assert_int_equal(matches("100%% %Y%m%d", "100% 20261121"), AT(1795219200));
	/* The first that is a time. */
	assert_int_equal(matches("*%Y%m%d*", "shop-99999999-20261121.sql"), AT(1795219200));
	/* What an earlier try has read does not stay. */
	assert_int_equal(matches("*%Y-%m-%d.sql", "2026-11-21-2026-11-22.sql"), AT(1795305600));
}

static void
names_that_do_not_fit(void **state)
{
	(void)state;
	assert_int_equal(matches("shop-%Y%m%d.dump", "shop-20261121.dump.part"), -1);
	assert_int_equal(matches("shop-%Y%m%d.dump", "eshop-20261121.dump"), -1);
	assert_int_equal(matches("shop-%Y%m%d.dump", "shop-2026112.dump"), -1);
	assert_int_equal(matches("shop-%Y%m%d.dump", "shop-20261131.dump"), -1);
	assert_int_equal(matches("shop-%Y%m%d.dump", "shop-20260230.dump"), -1);
	assert_int_equal(matches("%s", "179525616"), -1);
	assert_int_equal(matches("%Y%m%dT%H%z", "20261121T00+25:00"), -1);
	assert_int_equal(matches("a", "b"), -1);
	assert_int_equal(matches("a", ""), -1);
	assert_int_equal(matches("?", ""), -1);
}

static void
stars_and_question_marks(void **state)
{
	(void)state;
	assert_int_equal(matches("*", ""), 0);
	assert_int_equal(matches("*.dump", ".dump"), 0);
	assert_int_equal(matches("a?c", "abc"), 0);
	assert_int_equal(matches("a?c",
			     "a\xc3\xa4"
			     "c"),
	    0);
	assert_int_equal(matches("*a*b*c", "xxaxxbxxbxxc"), 0);
	assert_int_equal(matches("*a*b*c", "xxaxxcxxb"), -1);
	assert_int_equal(matches("**x", "yyx"), 0);
	/* Not slow. */
	assert_int_equal(
	    matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	    -1);
}

static void
a_pattern_is_checked(void **state)
{
	static const struct {
		const char *pattern, *words;
	} bad[] = { { "", "1 to 255 bytes" }, { "a/b", "no \"/\"" }, { "%Y%m", "needs %Y, %m and %d" },
		{ "%H", "needs %Y, %m and %d" }, { "%Y%m%d%M", "%M and %z need %H" },
		{ "%Y%m%d%H%S", "%S needs %M" }, { "%Y%m%d%z", "%M and %z need %H" },
		{ "%s%Y", "%s is a whole time" }, { "%Y%Y%m%d", "%Y is there twice" },
		{ "%q", "no field %q" }, { "a%", "no field %" } };
	struct gh_err err = { 0 };
	bool timed;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err = (struct gh_err){ 0 };
		assert_int_equal(gh_stamp_check(bad[i].pattern, &timed, &err), GH_BAD_INPUT);
		if (strstr(err.msg, bad[i].words) == NULL)
			fail_msg("%s: %s", bad[i].pattern, err.msg);
	}
	assert_int_equal(gh_stamp_check("*.dump", &timed, &err), GH_OK);
	assert_false(timed);
	assert_int_equal(gh_stamp_check("*%s", &timed, &err), GH_OK);
	assert_true(timed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_3339),
		cmocka_unit_test(what_is_no_time),
		cmocka_unit_test(names_have_their_time),
		cmocka_unit_test(names_that_do_not_fit),
		cmocka_unit_test(stars_and_question_marks),
		cmocka_unit_test(a_pattern_is_checked),
	};

	return cmocka_run_group_tests_name("base/stamp", tests, NULL, NULL);
}
