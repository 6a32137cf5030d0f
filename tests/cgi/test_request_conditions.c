#include "base/ban.h"
#include "tests/cgi/http.h"
#include "base/clock.h"
#include "store/outside_write.h"

/* Request 5 waits; its plan's policy has these lines. */
static void
policy(struct http *h, const char *lines)
{
	assert_ok(h->f,
	    fixture_exec(h->f,
		gh_printf(&h->f->arena,
		    "DROP TRIGGER IF EXISTS plan_stays; DROP TRIGGER IF EXISTS request_stays;"
		    "UPDATE request SET expires_at = (unixepoch('now') + 604800) * 1000000 WHERE id = 5;"
		    "UPDATE plan SET bytes = CAST(replace('gatehouse-plan 4|direction up|%s|after "
		    "-|migrations 3|', "
		    "'|', char(10)) AS BLOB)",
		    lines)));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
}

static void
asks_for_nothing(void **state)
{
	struct http *h = *state;

	policy(h, "promote 0|rehearse 0");
	assert_says_not(h, "What must be there");
}

static void
says_what_has_to_run_before(void **state)
{
	struct http *h = *state;

	policy(h, "promote 1|rehearse 0");
	assert_says(h, "What must be there");
	assert_says(h, "has to run on shop_staging with the same SQL first.");
}

static void
says_what_a_rehearsal_has_shown(void **state)
{
	struct http *h = *state;

	policy(h, "promote 0|rehearse 1");
	assert_says(h, "It has to be rehearsed.");
	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO rehearsal (target_id, plan_digest, state, good, queued_at, ended_at) VALUES (3, "
		"'" FIXTURE_PLAN "', 'done', 0, 1, 2)"));
	policy(h, "promote 0|rehearse 1");
	assert_says(h, "Its rehearsal was not good.");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE rehearsal SET good = 1"));
	policy(h, "promote 0|rehearse 1");
	assert_says(h, "Its rehearsal was good.");
	/* What is over asks for nothing. */
	assert_ok(h->f, fixture_exec(h->f, "UPDATE request SET state = 'withdrawn' WHERE id = 5"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/requests/5"), 200);
	assert_says_not(h, "What must be there");
}

static void
says_which_backup_of_others_counts(void **state)
{
	const struct store_outside_new b = { .target_id = FIXTURE_PRODUCTION,
		.source = "nightly",
		.label = "snap-7",
		.ended_at = gh_clock_now() - 7200 * GH_SECOND,
		.size = -1,
		.database_bytes = -1,
		.server_version = "",
		.client_version = "",
		.level = "none",
		.broken = "",
		.seen_at = 1 };
	struct http *h = *state;

	assert_ok(h->f, store_outside_put(&h->f->store, &b, &h->f->err));
	policy(h, "act run|backup 1|backup_outside_ms 86400000");
	assert_says(h, "one that others took within 1d; the run takes none of its own");
	assert_says_not(h, "taken before anything runs");
	assert_says(h, "What must be there");
	assert_says(h, "The outside backup snap-7 of nightly counts: it ended 2 h 0 min ago");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE backup SET ended_at = 1 WHERE label = 'snap-7'"));
	policy(h, "act restore|backup 0|backup_outside_ms 86400000");
	assert_says(h, "The newest good outside backup is too old: snap-7 of nightly ended ");
	assert_says(h, "Until there is one, the run stops before anything is changed.");
	/* What touches no data needs none. */
	policy(h, "act mark|backup 1|backup_outside_ms 86400000");
	assert_says_not(h, "outside backup");
	assert_says(h, "none: it touches no data");
	policy(h, "act run|backup 1|backup_outside_ms 0");
	assert_says_not(h, "outside backup");
	assert_says(h, "taken before anything runs");
}

static void
says_when_a_window_opens(void **state)
{
	struct http *h = *state;

	policy(h, "window 0 0 * * * for 24h UTC");
	assert_says(h, "Its window is open until ");
	policy(h, "window 0 0 30 2 * for 1h UTC");
	assert_says(h, "None of its windows opens");
	/* Neither of them is today all day: one may be open, and then the other is not told of. */
	policy(h, "window 0 0 30 2 * for 1h UTC|window 0 0 * * * for 24h UTC");
	assert_says(h, "Its window is open until ");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(asks_for_nothing),
		T(says_what_has_to_run_before),
		T(says_what_a_rehearsal_has_shown),
		T(says_which_backup_of_others_counts),
		T(says_when_a_window_opens),
	};

	return cmocka_run_group_tests_name("cgi/request_conditions", tests, NULL, NULL);
}
