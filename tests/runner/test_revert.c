#include "base/ban.h"
#include "runner/revert.h"
#include "store/run.h"
#include "tests/support/fixture_plan.h"

/* When the way back of a run is one approval away, and for which requests. */

#define TARGET "shop_development"

static void
sql(struct fixture_runner *f, const char *text)
{
	char *message = NULL;

	if (sqlite3_exec(f->runner->store->db, text, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", text, message);
}

static enum gh_code
add(struct fixture_runner *f, const char *who, uint8_t direction, const char *goal, int64_t steps)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, TARGET);
	wire_put_u8(&out, direction);
	wire_put_text(&out, goal);
	wire_put_i64(&out, steps);
	wire_put_text(&out, "why");
	return fixture_act(f, who, WIRE_REQUEST_ADD, "target/" TARGET, &fields);
}

static const char *const two[] = { "0001_customers", "0002_orders", NULL };

/* Run 1 has applied 0001 and 0002, and its plan was rehearsed with this verdict on the second. */
static void
begin(struct fixture_runner *f, int approvals, const char *policy, const char *verdict)
{
	fixture_shop(f);
	sql(f,
	    gh_printf(&f->arena,
		"UPDATE target SET policy = replace(policy, 'revert_ms 0', 'revert_ms 600000') WHERE name = "
		"'" TARGET "'; UPDATE target SET policy = replace(policy, %s) WHERE name = '" TARGET "'",
		policy));
	fixture_ok(f, add(f, "viewer", 1, "0002", 0));
	sql(f,
	    gh_printf(&f->arena,
		"UPDATE run SET state = 'running'; UPDATE run SET state = 'succeeded', ended_at = 5; "
		"UPDATE request SET state = 'started'; UPDATE request SET state = 'done';"
		"INSERT INTO rehearsal (target_id, plan_digest, state, good, queued_at) "
		"SELECT target_id, plan_digest, 'done', %d, 1 FROM run; "
		"INSERT INTO rehearsal_migration VALUES (1, 0, 'exact', '', 0, ''), (1, 1, '%s', '', 0, '')",
		strcmp(verdict, "exact") == 0, verdict));
	sql(f, gh_printf(&f->arena, "UPDATE target SET approvals = %d WHERE name = '" TARGET "'", approvals));
	fixture_seen(f, TARGET, two);
}

static int64_t
opened(struct fixture_runner *f, int64_t now)
{
	struct store_run run;

	fixture_ok(f, store_run_get(f->runner->store, &f->arena, 1, &run, &f->err));
	fixture_ok(f, revert_open(f->runner->store, &run, now, &f->err));
	return strtoll(
	    fixture_value(f, "SELECT coalesce(revert_until, 0) FROM run WHERE id = ?1", 1), NULL, 10);
}

/* What a request for that many steps back says. */
static const char *
asked(struct fixture_runner *f, int64_t steps)
{
	fixture_ok(f, add(f, "viewer", 2, "", steps));
	return fixture_value(f,
	    "SELECT coalesce(reverts, 0) || ' needs ' || needed || ' ' || state FROM request_row WHERE id = "
	    "?1",
	    2);
}

static void
exactly_the_runs_migrations(void **state)
{
	struct fixture_runner *f = *state;
	int64_t now = gh_clock_now();

	begin(f, 3, "'x', 'x'", "exact");
	assert_int_equal(opened(f, now), now + 600 * GH_SECOND);
	assert_string_equal(asked(f, 2), "1 needs 1 waiting");
}

static void
where_one_approval_is_asked_for_anyway(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, 1, "'x', 'x'", "exact");
	(void)opened(f, gh_clock_now());
	assert_string_equal(asked(f, 2), "1 needs 1 waiting");
}

static void
where_none_is_asked_for(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, 0, "'x', 'x'", "exact");
	(void)opened(f, gh_clock_now());
	assert_string_equal(asked(f, 2), "1 needs 0 approved");
}

/* The way back is in the plan for the rehearsal, also where a failing run takes nothing back. */
static void
where_a_run_takes_nothing_back(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, 2, "'rollback_on_failure 1', 'rollback_on_failure 0'", "exact");
	(void)opened(f, gh_clock_now());
	assert_string_equal(asked(f, 2), "1 needs 1 waiting");
}

static void
less_than_the_run_is_not_it(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, 3, "'x', 'x'", "exact");
	(void)opened(f, gh_clock_now());
	assert_string_equal(asked(f, 1), "0 needs 3 waiting");
}

static void
closes_with_time(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, 3, "'x', 'x'", "exact");
	(void)opened(f, gh_clock_now() - GH_HOUR);
	assert_string_equal(asked(f, 2), "0 needs 3 waiting");
}

static void
opens_only_after_an_exact_rehearsal(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, 3, "'x', 'x'", "differs");
	assert_int_equal(opened(f, gh_clock_now()), 0);
	assert_string_equal(asked(f, 2), "0 needs 3 waiting");
}

/* Its window stays open, but nobody can tell any more that it is the way back. */
static void
all_approvals_for_what_an_older_version_planned(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, 3, "'x', 'x'", "exact");
	(void)opened(f, gh_clock_now());
	sql(f,
	    "DROP TRIGGER plan_stays; UPDATE plan SET bytes = CAST(replace(CAST(bytes AS TEXT), "
	    "'gatehouse-plan 4', 'gatehouse-plan "
	    "3') AS "
	    "BLOB)");
	assert_string_equal(asked(f, 2), "0 needs 3 waiting");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(exactly_the_runs_migrations),
		FIXTURE_TEST(where_one_approval_is_asked_for_anyway),
		FIXTURE_TEST(where_none_is_asked_for),
		FIXTURE_TEST(where_a_run_takes_nothing_back),
		FIXTURE_TEST(less_than_the_run_is_not_it),
		FIXTURE_TEST(closes_with_time),
		FIXTURE_TEST(all_approvals_for_what_an_older_version_planned),
		FIXTURE_TEST(opens_only_after_an_exact_rehearsal),
	};

	return cmocka_run_group_tests_name("runner/revert", tests, NULL, NULL);
}
