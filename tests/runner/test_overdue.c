#include "base/ban.h"
#include "runner/overdue.h"
#include "tests/support/fixture_message.h"

static const char *
one(struct fixture_runner *f, const char *sql)
{
	return fixture_value(f, sql, 0);
}

static void
sql(struct fixture_runner *f, const char *text)
{
	char *why = NULL;

	if (sqlite3_exec(f->runner->store->db, text, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", text, why);
}

/* Production wants its backups counted within 10 s; one was taken in second 100. */
static void
begin(struct fixture_runner *f)
{
	fixture_shop(f);
	fixture_notify(f);
	sql(f,
	    "UPDATE target SET prove_within_ms = 10000, prove_from = 0 WHERE name = 'shop_production';"
	    "INSERT INTO backup (target_id, kind, file, format, digest, size, started_at, ended_at, "
	    "server_version, "
	    "client_version, table_count, row_count, schema_key, level) SELECT id, 'hand', 'f1', 'custom', "
	    "'', 1, 0, "
	    "100000000, '15.8', '15.8', 1, 1, '', 'listed' FROM target WHERE name = 'shop_production'");
}

static const char *
since(struct fixture_runner *f)
{
	return one(f, "SELECT coalesce(overdue_at, '-') FROM target WHERE name = 'shop_production'");
}

static void
tells_it_once(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	overdue_look(f->runner, INT64_C(110000000));
	assert_string_equal(since(f), "-");
	assert_string_equal(one(f, "SELECT count(*) FROM message"), "0");
	overdue_look(f->runner, INT64_C(110000001));
	assert_string_equal(since(f), "110000000");
	assert_string_equal(one(f, "SELECT event || ' ' || subject FROM message"),
	    "overdue No backup of shop_production was proved in time");
	assert_string_equal(one(f, "SELECT body FROM message"),
	    "The newest backup of shop_production has to be restored and counted within 10s, and none that "
	    "is "
	    "new "
	    "enough was. The newest, of 1970-01-01 00:01:40 UTC, is listed. No backup that is there was ever "
	    "counted.");
	assert_string_equal(one(f, "SELECT group_concat(channel) FROM delivery"), "chat");
	assert_string_equal(one(f, "SELECT value FROM message_fact WHERE name = 'link'"),
	    "https://gate.example.com/targets/shop_production");
	overdue_look(f->runner, INT64_C(990000000));
	assert_string_equal(since(f), "110000000");
	assert_string_equal(one(f, "SELECT count(*) FROM message"), "1");
}

static void
is_over_when_one_is_counted(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	overdue_look(f->runner, INT64_C(120000000));
	sql(f, "UPDATE backup SET level = 'counted', proved_at = 120000000");
	overdue_look(f->runner, INT64_C(130000000));
	assert_string_equal(since(f), "-");
	/* It does not hold any more: its broken copy is told again, and names nothing that was counted. */
	sql(f, "UPDATE backup SET level = 'listed', broken = 'its rows differ'");
	overdue_look(f->runner, INT64_C(140000000));
	assert_string_equal(since(f), "110000000");
	assert_string_equal(one(f, "SELECT count(*) FROM message"), "2");
	assert_non_null(strstr(
	    one(f, "SELECT body FROM message WHERE id = 2"), "is listed: its rows differ. No backup that"));
}

static void
names_the_one_that_was_counted(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	sql(f,
	    "UPDATE backup SET level = 'counted'; INSERT INTO backup (target_id, kind, file, format, digest, "
	    "size, "
	    "started_at, ended_at, server_version, client_version, table_count, row_count, schema_key, "
	    "level) SELECT "
	    "target_id, kind, 'f2', format, digest, 1, 0, 200000000, '', '', 1, 1, '', 'written' FROM "
	    "backup");
	overdue_look(f->runner, INT64_C(210000000));
	assert_string_equal(since(f), "-");
	overdue_look(f->runner, INT64_C(210000001));
	assert_string_equal(since(f), "210000000");
	assert_non_null(strstr(one(f, "SELECT body FROM message"),
	    "The newest, of 1970-01-01 00:03:20 UTC, is written. The newest that was counted is that of "
	    "1970-01-01 "
	    "00:01:40 UTC."));
}

static void
says_it_without_channels_too(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	f->runner->config->n_notify = 0;
	overdue_look(f->runner, INT64_C(120000000));
	assert_string_equal(since(f), "110000000");
	assert_string_equal(one(f, "SELECT count(*) FROM message"), "0");
}

static void
asks_nothing_where_nothing_is_asked(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	sql(f, "UPDATE target SET prove_within_ms = 0");
	overdue_look(f->runner, INT64_C(120000000));
	assert_string_equal(since(f), "-");
	/* What was overdue when it was asked no more is not. */
	sql(f, "UPDATE target SET overdue_at = 5 WHERE name = 'shop_production'");
	overdue_look(f->runner, INT64_C(120000000));
	assert_string_equal(since(f), "-");
}

/* It asks for less, and says what it asks for. */
static void
asks_for_less_where_that_is_enough(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	sql(f, "UPDATE target SET prove_level = 'restored'");
	overdue_look(f->runner, INT64_C(120000000));
	assert_string_equal(one(f, "SELECT body FROM message"),
	    "The newest backup of shop_production has to be restored within 10s, and none that is new enough "
	    "was. "
	    "The newest, of 1970-01-01 00:01:40 UTC, is listed. No backup that is there was ever restored.");
	sql(f, "UPDATE backup SET level = 'restored'");
	overdue_look(f->runner, INT64_C(120000000));
	assert_string_equal(since(f), "-");
	/* One that was only restored is named as such, though none was counted. */
	sql(f,
	    "INSERT INTO backup (target_id, kind, file, format, digest, size, started_at, ended_at, "
	    "server_version, client_version, table_count, row_count, schema_key, level) SELECT target_id, "
	    "kind, 'f2', format, digest, 1, 0, 200000000, '', '', 1, 1, '', 'checksummed' FROM backup");
	overdue_look(f->runner, INT64_C(210000001));
	assert_non_null(strstr(one(f, "SELECT body FROM message WHERE id = 2"),
	    "The newest that was restored is that of 1970-01-01 00:01:40 UTC."));
	sql(f, "UPDATE target SET prove_level = 'listed'; UPDATE backup SET level = 'listed'");
	overdue_look(f->runner, INT64_C(210000001));
	assert_string_equal(since(f), "-");
	sql(f, "UPDATE backup SET level = 'written'");
	overdue_look(f->runner, INT64_C(210000001));
	assert_non_null(
	    strstr(one(f, "SELECT body FROM message WHERE id = 3"), "has to be listed within 10s, and none"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(tells_it_once),
		FIXTURE_TEST(is_over_when_one_is_counted),
		FIXTURE_TEST(names_the_one_that_was_counted),
		FIXTURE_TEST(says_it_without_channels_too),
		FIXTURE_TEST(asks_nothing_where_nothing_is_asked),
		FIXTURE_TEST(asks_for_less_where_that_is_enough),
	};

	return cmocka_run_group_tests_name("runner/overdue", tests, NULL, NULL);
}
