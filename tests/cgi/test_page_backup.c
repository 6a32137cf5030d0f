#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_its_five_steps(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO proof VALUES (1, 1, NULL, 'checksummed', 'ok', 5, 9, '', 'It is the one that "
		"was written.');"
		"INSERT INTO proof VALUES (2, 1, NULL, 'restored', 'failed', 5, 9, 'a cluster of its own', "
		"'It cannot be restored.');"
		"UPDATE backup SET broken = 'It cannot be restored.' WHERE id = 1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/1"), 200);
	assert_says(h, "It is the one that was written.");
	assert_says(h, "level tone-bad");
	assert_says(h, "Do not count on this backup");
	assert_says(h, "on a cluster of its own");
	assert_says(h, "Nobody has looked yet.");
}

static void
compares_its_tables(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO backup_table VALUES (1, 'public.orders', 1200, 8192, 1200);"
		"INSERT INTO backup_table VALUES (1, 'public.lines', 1300, 8192, 1299);"
		"INSERT INTO backup_table VALUES (1, 'public.notes', 7, -1, NULL)"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/1"), 200);
	assert_says(h, "1,299");
	assert_says(h, "equal");
	assert_says(h, "differs");
	assert_says(h, "not counted");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/1?format=csv"), 200);
	assert_says(h, "public.lines");
}

static void
offers_proofs_to_leads(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/1"), 200);
	assert_says_not(h, "Restore and count it");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1"), 200);
	assert_says(h, "Restore and count it");
	assert_says(h, "/backups/1/restore");
}

static void
offers_nothing_of_what_is_gone(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE backup SET state = 'expired', state_at = 5"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1"), 200);
	assert_says_not(h, "Restore and count it");
	assert_says_not(h, "/backups/1/restore");
	assert_says(h, "It was removed when its time was over.");
}

static void
shows_what_lies_beside_it(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/1"), 200);
	assert_says_not(h, "Sidecar");
	assert_ok(h->f,
	    fixture_exec(h->f,
		"INSERT INTO sidecar (backup_id, name, size, digest, text) VALUES (1, 'one.dump.zst.json', "
		"20, "
		"printf('%064d', 0), '{\"rows\": \"<b>\"}');"
		"UPDATE backup SET sidecar_wrong = 'It is another one.' WHERE id = 1"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/1"), 200);
	assert_says(h, "one.dump.zst.json");
	assert_says(h, "It is another one.");
	assert_says(h, "&lt;b&gt;");
}

static void
says_who_lists_one_of_others(void **state)
{
	struct http *h = *state;

	assert_ok(h->f,
	    fixture_exec(h->f,
		"UPDATE backup SET kind = 'outside', file = '', source = 'managed', label = 'snapshot-1', "
		"level = "
		"'none', seen_at = 1000000 WHERE id = 1"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1"), 200);
	assert_says(h, "Listed by managed, the last time 1970-01-01 00:00:01 UTC");
	assert_says(h, "Nobody here has opened it");
	assert_says_not(h, "Restore and count it");
}

static void
refuses_what_is_not_there(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/99"), 404);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/backups/x"), 404);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_its_five_steps),
		T(compares_its_tables),
		T(offers_proofs_to_leads),
		T(offers_nothing_of_what_is_gone),
		T(shows_what_lies_beside_it),
		T(says_who_lists_one_of_others),
		T(refuses_what_is_not_there),
	};

	return cmocka_run_group_tests_name("cgi/page_backup", tests, NULL, NULL);
}
