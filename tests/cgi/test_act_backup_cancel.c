#include "base/ban.h"
#include "tests/cgi/http.h"

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;
	struct wire_out out = http_answer(h);

	wire_put_text(&out, "running");
	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/tasks/7/cancel", WIRE_BACKUP_CANCEL, "task/7", "reason=too+slow"),
	    303);
	assert_string_equal(h->reply.location, "/backups");
	http_asked(h, FIXTURE_LEAD, WIRE_BACKUP_CANCEL, "task/7");
	assert_int_equal(wire_i64(&h->fields), 7);
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "too slow");
	assert_ok(h->f, wire_end(&h->fields, &h->f->err));
}

static void
asks_nobody_without_a_reason(void **state)
{
	struct http *h = *state;

	assert_int_equal(
	    http_post(h, FIXTURE_LEAD, "/tasks/7/cancel", WIRE_BACKUP_CANCEL, "task/7", "reason="), 422);
	assert_says(h, "Reason");
	assert_int_equal(h->calls, 0);
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	const struct http_act act = { FIXTURE_LEAD, "/tasks/7/cancel", WIRE_BACKUP_CANCEL, "task/7",
		"reason=x" };

	http_refused(h, &act, GH_CONFLICT, "task 7 is done already: there is nothing to cancel", 409);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(sends_what_was_filled_in),
		T(asks_nobody_without_a_reason),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_backup_cancel", tests, NULL, NULL);
}
