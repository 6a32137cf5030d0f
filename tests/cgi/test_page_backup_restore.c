#include "base/ban.h"
#include "tests/cgi/http.h"

static void
asks_for_the_name_before_it_replaces(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1/restore"), 200);
	assert_says(h, "value=\"restore\"");
	assert_says(h, "name=\"confirm\"");
	assert_says(h, "names are swapped");
	assert_says(h, "It is only listed");
}

static void
beside_it_needs_no_name(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1/restore?as=side"), 200);
	assert_says(h, "value=\"side\"");
	assert_says_not(h, "name=\"confirm\"");
}

/* Where somebody approves, they decide it. */
static void
lets_choose_what_nobody_approves(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1/restore"), 200);
	assert_says_not(h, "name=\"uncounted\"");
	assert_says(h, "Before anybody approves, the request counts");
	assert_ok(h->f, fixture_exec(h->f, "UPDATE target SET approvals = 0"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1/restore"), 200);
	assert_says(h, "name=\"uncounted\" value=\"1\"");
	assert_says(h, "Before it begins, the request counts");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1/restore?as=side"), 200);
	assert_says_not(h, "name=\"uncounted\"");
}

static void
says_when_it_is_broken(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "UPDATE backup SET broken = 'It is torn.'"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1/restore"), 200);
	assert_says(h, "It is broken: It is torn.");
}

static void
refuses_what_cannot_be_restored(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1/restore?as=x"), 400);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/99/restore"), 404);
	assert_ok(h->f, fixture_exec(h->f, "UPDATE backup SET state = 'missing', state_at = 5"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/backups/1/restore"), 409);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(asks_for_the_name_before_it_replaces),
		T(beside_it_needs_no_name),
		T(lets_choose_what_nobody_approves),
		T(says_when_it_is_broken),
		T(refuses_what_cannot_be_restored),
	};

	return cmocka_run_group_tests_name("cgi/page_backup_restore", tests, NULL, NULL);
}
