#include "base/ban.h"
#include "runner/ready.h"
#include "runner/stale.h"
#include "store/loss_write.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_plan.h"

/* A window that is closed for days, and one that is open. */
#define CLOSED "0 0 29 2 * for 1h UTC"
#define OPEN   "* * * * * for 2h UTC"

static struct store_run
queued(struct fixture_runner *f)
{
	struct store_runs list = { 0 };

	assert_int_equal(store_run_queue(f->runner->store, &f->arena, 10, &list, &f->err), GH_OK);
	assert_int_equal(list.n, 1);
	return list.rows[0];
}

static struct ready
look(struct fixture_runner *f, const struct store_run *run)
{
	struct ready ret;

	f->err = (struct gh_err){ 0 };
	if (ready_look(f->runner, run, gh_clock_now(), &ret, &f->err) != GH_OK)
		fail_msg("%s", f->err.msg);
	return ret;
}

static void
sql(struct fixture_runner *f, const char *text)
{
	assert_int_equal(sqlite3_exec(f->runner->store->db, text, NULL, NULL, NULL), SQLITE_OK);
}

/* A queued run on production, whose approved plan has the window; it is configured for `now`. */
static struct store_run
begin(struct fixture_runner *f, const char *planned, const char **now)
{
	struct config_target *t = &f->runner->config->targets[1];
	int64_t run;

	fixture_shop(f);
	sql(f, "UPDATE target SET approvals = 0, policy = replace(policy, 'approvals 1', 'approvals 0')");
	if (planned != NULL)
		sql(f,
		    gh_printf(
			&f->arena, "UPDATE target SET policy = policy || 'window %s' || char(10)", planned));
	(void)fixture_request(f, "shop_production", &run);
	t->policy.windows = now;
	t->policy.n_windows = now == NULL ? 0 : 1;
	return queued(f);
}

static void
done(struct fixture_runner *f)
{
	f->runner->config->targets[1].policy.n_windows = 0;
}

static void
begins_at_once_without_windows(void **state)
{
	struct fixture_runner *f = *state;
	struct store_run run = begin(f, NULL, NULL);
	struct ready r = look(f, &run);

	assert_true(r.now);
	assert_int_equal(r.window_end, 0);
	done(f);
}

static void
waits_for_the_window_that_was_approved(void **state)
{
	struct fixture_runner *f = *state;
	struct store_run run = begin(f, CLOSED, NULL);

	assert_false(look(f, &run).now);
	run = queued(f);
	assert_non_null(strstr(run.outcome, "It waits for its window, which opens "));
	assert_non_null(strstr(run.outcome, "-02-29 00:00 UTC."));
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM event", 0), "1");
	/* Said once. */
	assert_false(look(f, &run).now);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM event", 0), "1");
	done(f);
}

static void
waits_for_the_window_that_is_configured_now(void **state)
{
	struct fixture_runner *f = *state;
	const char *closed[] = { CLOSED }, *open[] = { OPEN };
	struct store_run run = begin(f, NULL, closed);
	int64_t now = gh_clock_now();
	struct ready r;

	assert_false(look(f, &run).now);
	f->runner->config->targets[1].policy.windows = open;
	r = look(f, &run);
	assert_true(r.now);
	assert_true(r.window_end > now + GH_HOUR);
	done(f);
}

static void
does_not_expire_while_it_waits(void **state)
{
	struct fixture_runner *f = *state;
	struct store_run run = begin(f, CLOSED, NULL);

	assert_false(look(f, &run).now);
	assert_int_equal(stale_expire(f->runner, gh_clock_now() + 48 * GH_HOUR, &f->err), GH_OK);
	assert_string_equal(fixture_value(f, "SELECT state FROM request", 0), "approved");
	sql(f, "UPDATE run SET outcome = ''");
	assert_int_equal(stale_expire(f->runner, gh_clock_now() + 48 * GH_HOUR, &f->err), GH_OK);
	assert_string_equal(fixture_value(f, "SELECT state FROM request", 0), "expired");
	done(f);
}

static void
a_plan_that_promotion_refuses_by_then_is_stale(void **state)
{
	struct fixture_runner *f = *state;
	static const char *const all[] = { "0001_customers", "0002_orders", "0003_status", "0004_index",
		"0005_total", NULL },
				 *const none[] = { NULL };
	struct store_run run;
	int64_t id;

	fixture_shop(f);
	fixture_seen(f, "shop_development", all);
	sql(f,
	    "UPDATE target SET approvals = 0, policy = replace(replace(policy, 'approvals 1', 'approvals "
	    "0'), "
	    "'promote 0', 'promote 1') WHERE name = 'shop_production'");
	(void)fixture_request(f, "shop_production", &id);
	run = queued(f);
	assert_true(look(f, &run).now);
	fixture_seen(f, "shop_development", none);
	assert_false(look(f, &run).now);
	assert_string_equal(fixture_value(f, "SELECT state FROM request", 0), "stale");
	assert_string_equal(fixture_value(f, "SELECT state FROM run", 0), "failed-clean");
	assert_non_null(strstr(fixture_value(f, "SELECT outcome FROM run", 0),
	    "0003_status may not run on shop_production yet"));
	fixture_entry(f, "runner", "request.stale", "request/1", "ok");
}

/* The program was upgraded while it waited in the queue. */
static void
a_plan_of_an_older_version_is_stale(void **state)
{
	struct fixture_runner *f = *state;
	struct store_run run = begin(f, NULL, NULL);

	sql(f,
	    "DROP TRIGGER plan_stays; UPDATE plan SET bytes = CAST(replace(CAST(bytes AS TEXT), "
	    "'gatehouse-plan 4', 'gatehouse-plan "
	    "3') AS "
	    "BLOB)");
	assert_false(look(f, &run).now);
	assert_string_equal(fixture_value(f, "SELECT state FROM request", 0), "stale");
	assert_string_equal(fixture_value(f, "SELECT state || ' ' || outcome FROM run", 0),
	    "failed-clean The run was never started, nothing was changed: its request is stale, because its "
	    "plan was "
	    "made by an older version of Gatehouse, which this one does not read: ask for it again.");
	fixture_entry(f, "runner", "request.stale", "request/1", "ok");
	done(f);
}

/* A restore that nobody approves, as the request says it. */
static struct store_run
restoring(struct fixture_runner *f, const char *goal)
{
	fixture_shop(f);
	sql(f, "UPDATE target SET approvals = 0, policy = replace(policy, 'approvals 1', 'approvals 0')");
	(void)fixture_backup_of(f, "shop_production", "counted");
	f->err = (struct gh_err){ 0 };
	{
		GH_TEXT fields = { 0 };
		struct wire_out out = { .text = &fields };

		wire_put_text(&out, "shop_production");
		wire_put_u8(&out, 6);
		wire_put_text(&out, goal);
		wire_put_i64(&out, 0);
		wire_put_text(&out, "because");
		fixture_ok(f, fixture_act(f, "lead", WIRE_REQUEST_ADD, "target/shop_production", &fields));
	}
	return queued(f);
}

static void
count_is(struct fixture_runner *f, const struct store_run *run, const char *is, const char *text)
{
	fixture_ok(f, store_count_put(f->runner->store, run->plan_digest, is, text, 0, &f->err));
}

static void
a_restore_that_nobody_approves_waits_for_the_count(void **state)
{
	struct fixture_runner *f = *state;
	struct store_run run = restoring(f, "1");

	assert_false(look(f, &run).now);
	run = queued(f);
	assert_string_equal(run.outcome, "What it would lose is being counted.");
	count_is(f, &run, "running", "");
	assert_false(look(f, &run).now);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM event", 0), "1");
	count_is(f, &run, "done", "");
	assert_true(look(f, &run).now);
}

static void
one_that_cannot_be_counted_ends(void **state)
{
	struct fixture_runner *f = *state;
	struct store_run run = restoring(f, "1");

	count_is(f, &run, "failed", "no route to it");
	assert_false(look(f, &run).now);
	assert_string_equal(fixture_value(f, "SELECT state || ' ' || state_text FROM request", 0),
	    "stale what it would lose could not be counted: no route to it; ask again when it can be, or "
	    "say there, by the box on the page or by --uncounted, that this does not matter");
	assert_string_equal(fixture_value(f, "SELECT state FROM run", 0), "failed-clean");
}

static void
unless_it_was_asked_for_nonetheless(void **state)
{
	struct fixture_runner *f = *state;
	struct store_run run = restoring(f, "1 uncounted");

	assert_non_null(strstr(run.goal, ", uncounted"));
	/* It is tried all the same. */
	assert_false(look(f, &run).now);
	count_is(f, &run, "failed", "no route to it");
	assert_true(look(f, &run).now);
	assert_non_null(
	    strstr(queued(f).outcome, "could not be counted, and it was asked for nonetheless: no route"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(begins_at_once_without_windows),
		FIXTURE_TEST(waits_for_the_window_that_was_approved),
		FIXTURE_TEST(waits_for_the_window_that_is_configured_now),
		FIXTURE_TEST(does_not_expire_while_it_waits),
		FIXTURE_TEST(a_plan_that_promotion_refuses_by_then_is_stale),
		FIXTURE_TEST(a_plan_of_an_older_version_is_stale),
		FIXTURE_TEST(a_restore_that_nobody_approves_waits_for_the_count),
		FIXTURE_TEST(one_that_cannot_be_counted_ends),
		FIXTURE_TEST(unless_it_was_asked_for_nonetheless),
	};

	return cmocka_run_group_tests_name("runner/ready", tests, NULL, NULL);
}
