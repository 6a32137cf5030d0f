#include "base/ban.h"
#include "runner/message.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_message.h"

static const char *
fact(struct fixture_runner *f, const char *name)
{
	return fixture_value(f,
	    gh_printf(&f->arena,
		"SELECT coalesce((SELECT value FROM message_fact WHERE name = '%s' AND message_id = (SELECT "
		"max(id) FROM message)), '-')",
		name),
	    0);
}

static void
task(struct fixture_runner *f, const char *kind, const char *state, const char *backup)
{
	fixture_sql(
	    f, "DELETE FROM delivery; DELETE FROM message_fact; DELETE FROM message; DELETE FROM task");
	fixture_sql(f,
	    gh_printf(&f->arena,
		"INSERT INTO task (id, kind, target_id, backup_id, reason, state, text, queued_at, "
		"started_at, "
		"ended_at) SELECT 5, '%s', id, %s, 'a look', '%s', 'The disk is full.', 1, 2, 1000002 FROM "
		"target "
		"WHERE name = 'shop_production'",
		kind, backup, state));
	fixture_ok(f, message_task(f->runner, 5, 70, &f->err));
}

static const char *
subject(struct fixture_runner *f)
{
	return fixture_value(f, "SELECT event || ': ' || subject FROM message", 0);
}

static void
each_failure_has_its_words(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_notify(f);
	f->runner->config->public_url = "https://gatehouse.example.com";
	(void)fixture_backup_of(f, "shop_production", "listed");
	task(f, "take", "failed", "NULL");
	assert_string_equal(subject(f), "failed: No backup of shop_production: it failed");
	assert_string_equal(fixture_value(f, "SELECT body FROM message", 0), "The disk is full.");
	assert_string_equal(fact(f, "target"), "shop_production");
	assert_string_equal(fact(f, "task"), "5");
	assert_string_equal(fact(f, "duration"), "1.0 s");
	assert_string_equal(fact(f, "reason"), "a look");
	assert_string_equal(fact(f, "backup"), "-");
	assert_string_equal(fact(f, "link"), "https://gatehouse.example.com/backups");
	assert_string_equal(fixture_value(f, "SELECT group_concat(channel) FROM delivery", 0), "chat");
	task(f, "prove", "failed", "1");
	assert_string_equal(subject(f), "failed: A backup of shop_production could not be proved");
	assert_string_equal(fact(f, "backup"), "shop_production-1.dump (listed)");
	assert_string_equal(fact(f, "link"), "https://gatehouse.example.com/backups/1");
	fixture_sql(f, "UPDATE backup SET broken = 'a table is not in it'");
	task(f, "prove", "done", "1");
	assert_string_equal(subject(f), "failed: A backup of shop_production is broken");
	assert_string_equal(fact(f, "error"), "a table is not in it");
	task(f, "outside", "failed", "NULL");
	assert_string_equal(
	    subject(f), "failed: Backups of shop_production that others keep could not be looked at");
}

static void
nothing_is_made_when_nobody_wants_it(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	task(f, "take", "failed", "NULL");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM message", 0), "0");
	fixture_notify(f);
	fixture_channels[0].events = CONFIG_AFTER;
	task(f, "take", "failed", "NULL");
	fixture_channels[0].events = CONFIG_EVENTS;
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM message", 0), "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(each_failure_has_its_words),
		FIXTURE_TEST(nothing_is_made_when_nobody_wants_it),
	};

	return cmocka_run_group_tests_name("runner/message_task", tests, NULL, NULL);
}
