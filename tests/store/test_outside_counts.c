#include "base/ban.h"
#include "tests/support/fixture.h"

#include "base/clock.h"
#include "store/outside.h"
#include "store/outside_write.h"

#define TARGET FIXTURE_PRODUCTION
#define HOUR   (3600 * GH_SECOND)
#define NOW    (1000 * HOUR)
#define DAY_MS INT64_C(86400000)

static void
put(struct fixture *f, const char *source, const char *label, int64_t ended_at, const char *broken)
{
	const struct store_outside_new b = { .target_id = TARGET,
		.source = source,
		.label = label,
		.started_at = ended_at,
		.ended_at = ended_at,
		.size = -1,
		.database_bytes = -1,
		.server_version = "",
		.client_version = "",
		.level = "none",
		.broken = broken,
		.seen_at = NOW - HOUR };

	assert_ok(f, store_outside_put(&f->store, &b, &f->err));
}

static struct store_outside_counts
counts(struct fixture *f)
{
	struct store_outside_counts c;

	assert_ok(f, store_outside_counts(&f->store, &f->arena, TARGET, DAY_MS, NOW, &c, &f->err));
	assert_int_equal(c.limit_ms, DAY_MS);
	return c;
}

static void
look(struct fixture *f, const char *source, const char *state, int64_t ended_at, const char *text)
{
	assert_ok(f,
	    fixture_exec(f,
		gh_printf(&f->arena,
		    "INSERT INTO task (kind, target_id, source, state, queued_at, ended_at, text) VALUES "
		    "('outside', 3, '%s', '%s', 5, %" PRId64 ", '%s')",
		    source, state, ended_at, text)));
}

static void
the_newest_good_one_counts_while_it_is_young(void **state)
{
	struct fixture *f = *state;
	struct store_outside_counts c;

	put(f, "rds", "old", NOW - 30 * HOUR, "");
	put(f, "rds", "bad", NOW - 1 * HOUR, "copy failed");
	put(f, "dumps", "new", NOW - 24 * HOUR, "");
	c = counts(f);
	assert_true(c.holds);
	assert_string_equal(c.label, "new");
	assert_string_equal(c.source, "dumps");
	assert_int_equal(c.ended_at, NOW - 24 * HOUR);
	assert_string_equal(c.text,
	    "The outside backup new of dumps counts: it ended 24 h 0 min ago, and one within 1d is asked "
	    "for. The "
	    "run looks again and takes none of its own.");
	/* One of the clocks may be ahead. */
	put(f, "rds", "ahead", NOW + 60 * GH_SECOND, "");
	assert_non_null(strstr(counts(f).text, "ahead of rds counts: it ended 0.0 ms ago"));
}

static void
one_that_is_too_old_does_not(void **state)
{
	struct fixture *f = *state;
	struct store_outside_counts c;

	put(f, "dumps", "new", NOW - 24 * HOUR - 1, "");
	c = counts(f);
	assert_false(c.holds);
	assert_string_equal(c.label, "new");
	assert_string_equal(c.text,
	    "The newest good outside backup is too old: new of dumps ended 24 h 0 min ago, and one within 1d "
	    "is "
	    "asked for. Until there is one, the run stops before anything is changed.");
}

static void
without_one_the_last_look_says_why(void **state)
{
	struct fixture *f = *state;
	struct store_outside_counts c = counts(f);

	assert_false(c.holds);
	assert_string_equal(c.label, "");
	assert_string_equal(c.text,
	    "No outside backup with which nothing is wrong is listed, and one within 1d is asked for. Until "
	    "there "
	    "is one, the run stops before anything is changed.");
	put(f, "rds", "bad", NOW - HOUR, "copy failed");
	put(f, "rds", "gone", NOW - HOUR, "");
	assert_ok(f, fixture_exec(f, "UPDATE backup SET state = 'expired' WHERE label = 'gone'"));
	look(f, "rds", "failed", NOW, "no route to host");
	c = counts(f);
	assert_false(c.holds);
	assert_non_null(strstr(c.text, "No outside backup with which nothing is wrong is listed"));
	assert_non_null(strstr(c.text, " The last look failed: no route to host."));
	look(f, "rds", "done", NOW, "it lists none");
	assert_null(strstr(counts(f).text, "no route"));
}

static void
what_nobody_could_confirm_does_not_count(void **state)
{
	struct fixture *f = *state;
	struct store_outside_counts c;

	put(f, "rds", "new", NOW - 2 * HOUR, "");
	/* A run has looked since. */
	look(f, "rds", "failed", NOW - 2 * HOUR, "no route to host.");
	assert_true(counts(f).holds);
	look(f, "rds", "failed", NOW, "no route to host.");
	c = counts(f);
	assert_false(c.holds);
	assert_string_equal(c.text,
	    "The last look at rds failed, so nobody knows whether its new of 2 h 0 min ago is still there: "
	    "no "
	    "route to host. Until there is one, the run stops before anything is changed.");
	/* Another source is enough, even with an older one. */
	put(f, "dumps", "older", NOW - 5 * HOUR, "");
	c = counts(f);
	assert_true(c.holds);
	assert_string_equal(c.label, "older");
}

static void
only_those_of_the_target_count(void **state)
{
	struct fixture *f = *state;
	struct store_outside_counts c;

	put(f, "dumps", "new", NOW - HOUR, "");
	assert_ok(f, store_outside_counts(&f->store, &f->arena, FIXTURE_STAGING, DAY_MS, NOW, &c, &f->err));
	assert_false(c.holds);
	assert_string_equal(c.label, "");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(the_newest_good_one_counts_while_it_is_young),
		T(one_that_is_too_old_does_not),
		T(without_one_the_last_look_says_why),
		T(what_nobody_could_confirm_does_not_count),
		T(only_those_of_the_target_count),
	};

	return cmocka_run_group_tests_name("store/outside_counts", tests, NULL, NULL);
}
