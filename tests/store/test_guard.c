#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/guard_write.h"

/* Progress, episodes and estimates of the demo rows' runs; run 4 is running on staging. */

static void
the_newest_progress_counts(void **state)
{
	struct fixture *f = *state;
	struct store_progress one = { .at = 5,
		.activity = "running",
		.text = "scanning",
		.done = 1,
		.total = 3,
		.unit = "blocks",
		.since = 4,
		.migration = 1,
		.statement = 2 };
	struct store_progress *p = NULL;

	assert_ok(f, store_progress_find(&f->store, &f->arena, 4, &p, &f->err));
	assert_null(p);
	assert_ok(f, store_progress_put(&f->store, 4, &one, &f->err));
	one.done = 2;
	assert_ok(f, store_progress_put(&f->store, 4, &one, &f->err));
	assert_ok(f, store_progress_find(&f->store, &f->arena, 4, &p, &f->err));
	assert_non_null(p);
	assert_string_equal(p->text, "scanning");
	assert_int_equal(p->statement, 2);
	assert_int_equal(store_progress_percent(p), 66);
	p->total = 0;
	assert_int_equal(store_progress_percent(p), -1);
	p->total = 1;
	assert_int_equal(store_progress_percent(p), 100);
}

static void
an_episode_takes_the_place_of_the_one_before(void **state)
{
	struct fixture *f = *state;
	const struct store_episode_session first[] = {
		{ .blocker = true,
		    .pid = 7,
		    .user = "u",
		    .application = "a",
		    .state = "idle",
		    .query = "q",
		    .waited_ms = 3 },
		{ .pid = 8, .user = "u", .application = "a", .state = "", .query = "", .waited_ms = -1 },
	};
	struct store_episode e = { .number = 1,
		.started_at = 5,
		.relation = "public.a",
		.mode = "SHARE",
		.ending = "",
		.n = 2,
		.sessions = first };
	struct store_episodes list;

	assert_ok(f, store_episode_put(&f->store, 4, &e, &f->err));
	e.number = 2;
	e.queue = true;
	assert_ok(f, store_episode_put(&f->store, 4, &e, &f->err));
	e.n = 1;
	e.ended_at = 9;
	e.ending = "gave-way";
	assert_ok(f, store_episode_put(&f->store, 4, &e, &f->err));
	assert_ok(f, store_episode_list(&f->store, &f->arena, 4, &list, &f->err));
	assert_int_equal(list.n, 2);
	assert_false(list.rows[0].queue);
	assert_int_equal(list.rows[0].n, 2);
	assert_true(list.rows[0].sessions[0].blocker);
	assert_int_equal(list.rows[0].sessions[1].waited_ms, -1);
	assert_true(list.rows[1].queue);
	assert_int_equal(list.rows[1].n, 1);
	assert_string_equal(list.rows[1].ending, "gave-way");
	/* the run is over */
	assert_ok(f, store_guard_end(&f->store, 4, 20, &f->err));
	assert_ok(f, store_episode_list(&f->store, &f->arena, 4, &list, &f->err));
	assert_int_equal(list.rows[0].ended_at, 20);
	assert_string_equal(list.rows[0].ending, "ended");
	assert_int_equal(list.rows[1].ended_at, 9);
}

static void
an_end_removes_the_progress(void **state)
{
	struct fixture *f = *state;
	const struct store_progress one = { .activity = "running", .text = "", .unit = "" };

	assert_ok(f, store_progress_put(&f->store, 4, &one, &f->err));
	assert_ok(f, store_progress_put(&f->store, 3, &one, &f->err));
	assert_ok(f, store_guard_end(&f->store, 4, 20, &f->err));
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM run_progress WHERE run_id = 4"), 0);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM run_progress WHERE run_id = 3"), 1);
}

/* The environment before, else the rehearsal, else nobody knows. */
static void
estimates_come_from_before(void **state)
{
	struct fixture *f = *state;
	struct store_estimates list;
	int64_t left = 0;

	assert_ok(f,
	    fixture_exec(f,
		"UPDATE run_migration SET state = 'pending', started_at = NULL, ended_at = NULL"
		" WHERE run_id = 4"));
	assert_ok(f,
	    fixture_exec(f,
		"UPDATE run_migration SET started_at = 100, ended_at = 2100, state = 'ok'"
		" WHERE run_id = 1"));
	assert_ok(f, store_estimate_list(&f->store, &f->arena, 4, &list, &f->err));
	assert_true(list.n > 0);
	assert_int_equal(list.rows[0].us, 2000);
	assert_string_equal(list.rows[0].from, "shop_development");
	assert_ok(f, store_estimate_left(&f->store, &f->arena, 4, 5000, &left, &f->err));
	assert_int_equal(left, 2000 * (int64_t)list.n);
	/* begun, and longer than ever */
	assert_ok(f,
	    fixture_exec(f,
		"UPDATE run_migration SET state = 'started', started_at = 4500 WHERE run_id = 4"
		" AND position = 0"));
	assert_ok(f, store_estimate_left(&f->store, &f->arena, 4, 5000, &left, &f->err));
	assert_int_equal(left, 1500 + 2000 * ((int64_t)list.n - 1));
	assert_ok(f, store_estimate_left(&f->store, &f->arena, 4, 50000, &left, &f->err));
	assert_int_equal(left, 2000 * ((int64_t)list.n - 1));
	/* never seen before */
	assert_ok(f, fixture_exec(f, "UPDATE run_migration SET state = 'failed' WHERE run_id = 1"));
	assert_ok(f, store_estimate_list(&f->store, &f->arena, 4, &list, &f->err));
	assert_int_equal(list.rows[0].us, -1);
	assert_string_equal(list.rows[0].from, "");
	assert_ok(f, store_estimate_left(&f->store, &f->arena, 4, 5000, &left, &f->err));
	assert_int_equal(left, -1);
	/* rehearsed */
	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO rehearsal (id, target_id, plan_digest, state, queued_at)"
		" SELECT 1, 2, plan_digest, 'queued', 1 FROM run WHERE id = 4"));
	assert_ok(f, fixture_exec(f, "UPDATE rehearsal SET state = 'running'"));
	assert_ok(f, fixture_exec(f, "UPDATE rehearsal SET state = 'done'"));
	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO rehearsal_step (rehearsal_id, migration, pass, statement, state, took_us, "
		"row_count,"
		" blocks, wal_bytes, locks, rewritten, error, line, kind) VALUES"
		" (1, 0, 1, 0, 'ok', 30, -1, -1, -1, '', '', '', 1, 'x'),"
		" (1, 0, 1, 1, 'ok', 12, -1, -1, -1, '', '', '', 1, 'x'),"
		" (1, 0, 2, 0, 'ok', 99, -1, -1, -1, '', '', '', 1, 'x')"));
	assert_ok(f, store_estimate_list(&f->store, &f->arena, 4, &list, &f->err));
	assert_int_equal(list.rows[0].us, 42);
	assert_string_equal(list.rows[0].from, "rehearsal");
	/* nothing runs */
	assert_ok(f, store_estimate_left(&f->store, &f->arena, 3, 5000, &left, &f->err));
	assert_int_equal(left, -1);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(the_newest_progress_counts),
		T(an_episode_takes_the_place_of_the_one_before),
		T(an_end_removes_the_progress),
		T(estimates_come_from_before),
	};

	return cmocka_run_group_tests_name("store/guard", tests, NULL, NULL);
}
