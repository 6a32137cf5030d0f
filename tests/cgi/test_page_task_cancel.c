#include "base/ban.h"
#include "tests/cgi/http.h"

#define TASK "INSERT INTO task (id, kind, target_id, state, queued_at, cancelled) VALUES (7, 'take', 1, "

static void
asks_for_a_reason(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, TASK "'queued', 5, '')"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/tasks/7/cancel"), 200);
	assert_says(h, "Cancel: Backup of ");
	assert_says(h, "name=\"reason\"");
	assert_says(h, "action=\"/tasks/7/cancel\"");
}

static void
has_no_form_for_what_is_over(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, TASK "'done', 5, '')"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/tasks/7/cancel"), 200);
	assert_says(h, "It is over.");
	assert_says_not(h, "name=\"reason\"");
}

static void
has_no_form_when_somebody_was_first(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, TASK "'running', 5, 'lead2: the disk is full')"));
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/tasks/7/cancel"), 200);
	assert_says(h, "being cancelled already, by lead2: the disk is full");
	assert_says_not(h, "name=\"reason\"");
}

static void
is_for_leads(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/tasks/7/cancel"), 403);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/tasks/7/cancel"), 404);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(asks_for_a_reason),
		T(has_no_form_for_what_is_over),
		T(has_no_form_when_somebody_was_first),
		T(is_for_leads),
	};

	return cmocka_run_group_tests_name("cgi/page_task_cancel", tests, NULL, NULL);
}
