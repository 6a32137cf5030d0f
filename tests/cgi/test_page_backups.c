#include "base/ban.h"
#include "tests/cgi/http.h"

static void
says_how_far_each_is_proved(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "listed");
	assert_says(h, "0003_orders_status");
	assert_says(h, "could go back to a backup that was restored and counted");
	assert_says(h, "nobody has restored it");
}

static void
filters_by_target(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?target=shop_staging&format=json"), 200);
	assert_says(h, "shop_staging-2.dump.zst");
	assert_says_not(h, "shop_production-3.dump.zst");
}

static void
is_green_only_when_counted(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "proof tone-wait");
	assert_says_not(h, "proof tone-good");
	assert_ok(h->f,
	    fixture_exec(h->f, "UPDATE backup SET level = 'counted', proved_at = ended_at, prove_us = 5"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "proof tone-good");
	assert_says(h, "was restored and its rows counted");
}

static void
a_broken_one_is_red_with_the_reason(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE backup SET level = 'written', broken = 'It is torn.'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "proof tone-bad");
	assert_says(h, "broken");
	assert_says(h, "The newest backup is broken, and none is proved: It is torn.");
}

static void
a_missing_one_has_no_proof(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE backup SET state = 'missing', state_at = 5"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "file missing");
	assert_says_not(h, "proof tone-wait");
	assert_says(h, "There is no backup of it that could be restored.");
}

static void
those_of_others_are_not_restored_from_here(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE backup SET state = 'missing', state_at = 5; UPDATE target SET policy = "
		"'backup_outside_ms "
		"5' || char(10) WHERE id = 3"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/targets/shop_production"), 200);
	assert_says(
	    h, "None of its backups is kept here: those that others keep are restored with their tools.");
}

static void
lists_files_that_nobody_knows(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f, "INSERT INTO orphan VALUES ('left.dump.zst', 5, 6, 7, 'a backup of shop')"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "Files that no backup knows");
	assert_says(h, "left.dump.zst");
}

static void
shows_what_is_under_way(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO task (kind, target_id, state, queued_at, started_at, activity, note, done, "
		"total, unit, since)"
		" SELECT 'take', id, 'queued', 5, 6, 'dump', 'table public.orders', 250, 1000, 'bytes', 6 "
		"FROM target"
		" WHERE name = 'shop_staging'; UPDATE task SET state = 'running'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "Backup of shop_staging");
	assert_says(h, "dump: table public.orders");
	assert_says(h, "25 %");
	assert_says_not(h, "/cancel");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups"), 200);
	assert_says(h, "/tasks/1/cancel");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE task SET state = 'failed', text = 'The disk is full.'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "The disk is full.");
	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO task (kind, target_id, state, queued_at) SELECT kind, target_id, 'queued', 5 "
		"FROM task;"
		"UPDATE task SET state = 'running' WHERE state = 'queued'; UPDATE task SET state = 'done' "
		"WHERE state = 'running'"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says_not(h, "The disk is full.");
}

static void
says_that_there_is_none(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "DROP TRIGGER backup_kept; DELETE FROM backup"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says(h, "No backup yet");
}

static void
offers_a_backup_to_leads_only(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups"), 200);
	assert_says_not(h, "/backups/new");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups"), 200);
	assert_says(h, "/backups/new");
}

static void
refuses_bad_input(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?target=nowhere"), 400);
	assert_says(h, "There is no target");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?before=1.5"), 400);
	assert_says(h, "Before is not a number");
}

static void
is_csv_and_json(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?format=csv"), 200);
	assert_says(h, "id,url,target,");
	assert_says(h, "listed");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups?format=json"), 200);
	assert_says(h, "\"level\":\"listed\"");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(says_how_far_each_is_proved),
		T(filters_by_target),
		T(is_green_only_when_counted),
		T(a_broken_one_is_red_with_the_reason),
		T(a_missing_one_has_no_proof),
		T(those_of_others_are_not_restored_from_here),
		T(lists_files_that_nobody_knows),
		T(shows_what_is_under_way),
		T(says_that_there_is_none),
		T(offers_a_backup_to_leads_only),
		T(refuses_bad_input),
		T(is_csv_and_json),
	};

	return cmocka_run_group_tests_name("cgi/page_backups", tests, NULL, NULL);
}
