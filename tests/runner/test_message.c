#include "base/ban.h"
#include "tests/support/fixture_message.h"
#include "runner/message.h"
#include "runner/run_end.h"
#include "store/request_write.h"
#include "store/run_write.h"

static const char *
one(struct fixture_runner *f, const char *sql)
{
	return fixture_value(f, sql, 0);
}

static const char *
fact(struct fixture_runner *f, const char *name)
{
	return one(f,
	    gh_printf(&f->arena,
		"SELECT coalesce((SELECT value FROM message_fact WHERE name = '%s' AND message_id = (SELECT "
		"max(id) FROM message) ORDER BY position LIMIT 1), '-')",
		name));
}

static void
exec(struct fixture_runner *f, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(f->runner->store->db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static void
nothing_is_made_when_nobody_wants_it(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0, request;

	fixture_shop(f);
	request = fixture_request(f, "shop_production", &run);
	fixture_ok(f, message_request(f->runner, request, 5, &f->err));
	assert_string_equal(one(f, "SELECT count(*) FROM message"), "0");
	fixture_notify(f);
	f->runner->config->n_notify = 1;
	fixture_channels[0].events = CONFIG_FAILED;
	fixture_ok(f, message_request(f->runner, request, 5, &f->err));
	fixture_channels[0].events = CONFIG_EVENTS;
	assert_string_equal(one(f, "SELECT count(*) FROM message"), "0");
}

static void
approval_tells_what_is_to_be_decided(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0, request;

	fixture_shop(f);
	fixture_notify(f);
	request = fixture_request(f, "shop_production", &run);
	exec(f, "DROP TRIGGER request_stays; UPDATE request SET reason = 'line' || char(10) || 'two'");
	fixture_ok(f, message_request(f->runner, request, 5, &f->err));
	assert_string_equal(one(f, "SELECT event || request_id || coalesce(run_id, 'none') FROM message"),
	    gh_printf(&f->arena, "approval%" PRId64 "none", request));
	assert_string_equal(
	    one(f, "SELECT subject FROM message"), "Approval needed: 3 migrations on shop_production");
	assert_string_equal(one(f, "SELECT body FROM message"),
	    "viewer asks for applying 3 migrations on shop_production (production). It waits for 1 "
	    "approval.");
	assert_string_equal(
	    one(f,
		"SELECT group_concat(channel || ' ' || kind || ' ' || state || ' ' || next_at, '; ') "
		"FROM delivery"),
	    "chat slack waiting 5; prod webhook waiting 5");
	assert_string_equal(fact(f, "target"), "shop_production");
	assert_string_equal(fact(f, "estimate"), "not known: it never ran on an earlier target");
	assert_non_null(strstr(fact(f, "rollback"), "down SQL of "));
	assert_string_equal(fact(f, "backup"), "taken and checked before anything is changed");
	assert_string_equal(fact(f, "reason"), "line two");
	assert_string_equal(
	    fact(f, "link"), gh_printf(&f->arena, "https://gate.example.com/requests/%" PRId64, request));
	assert_string_equal(one(f, "SELECT count(*) FROM message_fact WHERE name = 'migration'"), "3");
}

static void
a_backup_that_others_take_is_told_so(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0, request;

	fixture_shop(f);
	fixture_notify(f);
	request = fixture_request(f, "shop_production", &run);
	exec(f,
	    "UPDATE target SET policy = replace(policy, 'backup_outside_ms 0', 'backup_outside_ms 7200000')");
	fixture_ok(f, message_request(f->runner, request, 5, &f->err));
	assert_string_equal(fact(f, "backup"),
	    "one that others took within 2h counts: it is looked for before anything is changed");
}

static void
a_run_that_starts_and_succeeds(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0;

	fixture_shop(f);
	fixture_notify(f);
	(void)fixture_request(f, "shop_development", &run);
	fixture_ok(f, store_run_start(f->runner->store, run, 1000000, &f->err));
	fixture_ok(f, store_request_move(f->runner->store, 1, "approved", "started", "", 1000000, &f->err));
	fixture_ok(f, message_run(f->runner, run, CONFIG_BEFORE, 1000000, &f->err));
	assert_string_equal(one(f, "SELECT subject FROM message"),
	    "Database migration starts: 5 migrations on shop_development");
	/* Production alone: not this one. */
	assert_string_equal(one(f, "SELECT group_concat(channel) FROM delivery"), "chat");
	fixture_ok(f, run_end(f->runner, run, WIRE_SUCCEEDED, "All is in.", 3000000, &f->err));
	assert_string_equal(
	    one(f, "SELECT event || ': ' || body FROM message WHERE id = 2"), "after: All is in.");
	assert_string_equal(fact(f, "duration"), "2.0 s");
	assert_string_equal(fact(f, "state"), "succeeded");
	assert_string_equal(fact(f, "rollback"), "-");
	assert_string_equal(fact(f, "link"), "https://gate.example.com/runs/1");
}

static void
unknown_is_told_once_then_how_it_ended(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0;

	fixture_shop(f);
	fixture_notify(f);
	(void)fixture_request(f, "shop_development", &run);
	fixture_ok(f, store_run_start(f->runner->store, run, 1, &f->err));
	fixture_ok(f, store_request_move(f->runner->store, 1, "approved", "started", "", 1, &f->err));
	fixture_ok(f, run_end(f->runner, run, WIRE_UNKNOWN, "Nobody knows.", 2, &f->err));
	fixture_ok(f, run_end(f->runner, run, WIRE_UNKNOWN, "Still.", 3, &f->err));
	assert_string_equal(one(f, "SELECT group_concat(event) FROM message"), "unknown");
	fixture_ok(f, run_end(f->runner, run, WIRE_NEEDS_PERSON, "They contradict each other.", 4, &f->err));
	assert_string_equal(one(f, "SELECT group_concat(event) FROM message"), "unknown,failed");
	assert_string_equal(one(f, "SELECT subject FROM message WHERE id = 2"),
	    "Database migration needs a person: 5 migrations on shop_development");
	assert_string_equal(fact(f, "incident"), "1");
}

/* With the change or not at all. */
static void
what_is_rolled_back_is_not_told(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0, request;

	fixture_shop(f);
	fixture_notify(f);
	request = fixture_request(f, "shop_production", &run);
	{
		STORE_TX tx = { 0 };

		fixture_ok(f, store_begin(f->runner->store, &tx, &f->err));
		fixture_ok(f, message_request(f->runner, request, 5, &f->err));
		assert_string_equal(one(f, "SELECT count(*) FROM delivery"), "2");
	}
	assert_string_equal(one(f, "SELECT count(*) FROM delivery"), "0");
	assert_string_equal(one(f, "SELECT count(*) FROM message_fact"), "0");
}

static void
durations_come_from_the_target_before(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0, request;

	fixture_shop(f);
	fixture_notify(f);
	(void)fixture_request(f, "shop_development", &run);
	exec(f,
	    "UPDATE run_migration SET state = 'ok', started_at = 1000000, ended_at = 3000000 WHERE run_id = "
	    "1 AND "
	    "key IN (SELECT key FROM plan_migration p JOIN plan ON plan.digest = p.plan_digest WHERE "
	    "position >= 2)");
	request = fixture_request(f, "shop_production", &run);
	fixture_ok(f, message_request(f->runner, request, 5, &f->err));
	assert_string_equal(fact(f, "estimate"), "about 6.0 s, as on shop_development");
	exec(f, "UPDATE run_migration SET state = 'pending' WHERE position = 4");
	fixture_ok(f, message_request(f->runner, request, 6, &f->err));
	assert_string_equal(fact(f, "estimate"),
	    "at least 4.0 s, as on shop_development; 1 of 3 never ran on an earlier target");
}

static void
downtime_names_the_tables_that_are_locked(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0, request;

	fixture_shop(f);
	fixture_notify(f);
	request = fixture_request(f, "shop_production", &run);
	exec(f,
	    "DELETE FROM statement_touch; DELETE FROM target_table;"
	    "INSERT INTO target_table SELECT id, 'public.orders', 4100000, 1288490188, 0, 0, 0, 0 FROM "
	    "target WHERE "
	    "name = 'shop_production'");
	fixture_ok(f, message_request(f->runner, request, 5, &f->err));
	assert_string_equal(
	    fact(f, "downtime"), "none: no table that is in use is locked against reads or writes");
	/* A table that is made here is nobody's; one that others use is named. */
	exec(f,
	    "INSERT INTO statement_touch SELECT migration_id, side, 0, 0, 'public.fresh', 'ACCESS "
	    "EXCLUSIVE', 8, 1, 0, "
	    "0 FROM migration_side WHERE side = 'up';"
	    "INSERT INTO statement_touch SELECT migration_id, side, 0, 1, 'public.orders', 'ACCESS "
	    "EXCLUSIVE', 8, 0, "
	    "0, 0 FROM migration_side WHERE side = 'up'");
	fixture_ok(f, message_request(f->runner, request, 6, &f->err));
	assert_string_equal(fact(f, "downtime"),
	    "none to speak of: it locks public.orders (1.2 GB, 4.1 million rows) against reads and writes "
	    "for a "
	    "moment");
	exec(f, "UPDATE statement_touch SET rewrites = 1");
	fixture_ok(f, message_request(f->runner, request, 7, &f->err));
	assert_string_equal(fact(f, "downtime"),
	    "possible: it locks public.orders (1.2 GB, 4.1 million rows) against reads and writes while it "
	    "rewrites "
	    "it");
	exec(f, "UPDATE migration_side SET not_analysed = 1");
	fixture_ok(f, message_request(f->runner, request, 8, &f->err));
	assert_non_null(strstr(fact(f, "downtime"), "not all of the SQL could be looked into"));
}

/* No SQL of the migration runs: nothing is to be estimated. */
static void
marks_and_repairs_are_called_what_they_are(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0, request;

	fixture_shop(f);
	fixture_notify(f);
	request = fixture_request(f, "shop_production", &run);
	exec(f, "DROP TRIGGER plan_stays; UPDATE plan SET act = 'mark'");
	fixture_ok(f, message_request(f->runner, request, 5, &f->err));
	assert_string_equal(one(f, "SELECT subject FROM message"),
	    "Approval needed: marking 3 migrations as applied on shop_production");
	assert_string_equal(fact(f, "estimate"), "-");
	assert_string_equal(fact(f, "rollback"), "-");
	exec(f,
	    "UPDATE plan SET act = 'repair'; DROP TRIGGER request_stays; UPDATE request SET goal = "
	    "'public.a_idx'");
	fixture_ok(f, message_request(f->runner, request, 6, &f->err));
	assert_string_equal(one(f, "SELECT subject FROM message WHERE id = 2"),
	    "Approval needed: dropping the invalid index public.a_idx on shop_production");
	exec(f, "UPDATE plan SET act = 'restore'; UPDATE request SET goal = 'backup 7 of yesterday'");
	fixture_ok(f, message_request(f->runner, request, 7, &f->err));
	assert_string_equal(one(f, "SELECT subject FROM message ORDER BY id DESC LIMIT 1"),
	    "Approval needed: restoring backup 7 of yesterday on shop_production");
	assert_non_null(strstr(fact(f, "rollback"), "the database of before is kept"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(nothing_is_made_when_nobody_wants_it),
		FIXTURE_TEST(approval_tells_what_is_to_be_decided),
		FIXTURE_TEST(a_backup_that_others_take_is_told_so),
		FIXTURE_TEST(a_run_that_starts_and_succeeds),
		FIXTURE_TEST(unknown_is_told_once_then_how_it_ended),
		FIXTURE_TEST(what_is_rolled_back_is_not_told),
		FIXTURE_TEST(durations_come_from_the_target_before),
		FIXTURE_TEST(downtime_names_the_tables_that_are_locked),
		FIXTURE_TEST(marks_and_repairs_are_called_what_they_are),
	};

	return cmocka_run_group_tests_name("runner/message", tests, NULL, NULL);
}
