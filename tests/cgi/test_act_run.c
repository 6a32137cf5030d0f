#include "base/ban.h"
#include "tests/cgi/http.h"

/* The acts that tell a run nothing but the reason. */
static const struct {
	const char *path;
	enum wire_op op;
} acts[] = {
	{ "/runs/4/cancel", WIRE_RUN_CANCEL },
	{ "/runs/4/pause", WIRE_RUN_PAUSE },
	{ "/runs/4/resume", WIRE_RUN_RESUME },
};

#define ACTS (sizeof(acts) / sizeof(acts[0]))

static void
sends_what_was_filled_in(void **state)
{
	struct http *h = *state;
	size_t i;

	for (i = 0; i < ACTS; i++) {
		h->calls = 0;
		assert_int_equal(
		    http_post(h, FIXTURE_LEAD, acts[i].path, acts[i].op, "run/4", "reason=why"), 303);
		assert_string_equal(h->reply.location, "/runs/4");
		http_asked(h, FIXTURE_LEAD, acts[i].op, "run/4");
		assert_int_equal(wire_i64(&h->fields), 4);
		assert_string_equal(wire_text(&h->fields, &h->f->arena), "why");
		assert_ok(h->f, wire_end(&h->fields, &h->f->err));
	}
}

static void
asks_nobody_when_the_form_is_wrong(void **state)
{
	struct http *h = *state;
	size_t i;

	for (i = 0; i < ACTS; i++) {
		h->calls = 0;
		assert_int_equal(
		    http_post(h, FIXTURE_LEAD, acts[i].path, acts[i].op, "run/4", "reason="), 422);
		assert_says(h, "Reason");
		assert_int_equal(h->calls, 0);
	}
}

static void
shows_why_the_runner_refused(void **state)
{
	struct http *h = *state;
	size_t i;

	h->code = GH_CONFLICT;
	h->message = "not in this state";
	for (i = 0; i < ACTS; i++) {
		h->calls = 0;
		assert_int_equal(
		    http_post(h, FIXTURE_LEAD, acts[i].path, acts[i].op, "run/4", "reason=why"), 409);
		assert_says(h, "Not in this state");
		assert_int_equal(h->calls, 1);
	}
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(sends_what_was_filled_in),
		T(asks_nobody_when_the_form_is_wrong),
		T(shows_why_the_runner_refused),
	};

	return cmocka_run_group_tests_name("cgi/act_run", tests, NULL, NULL);
}
