#include "base/ban.h"
#include "tests/cgi/http.h"

#include "store/hook_write.h"

static void
shows_what_hooks_said_and_what_was_looked_at(void **state)
{
	struct http *h = *state;
	const struct store_hook hook = { .when = "failure",
		.command = "/usr/local/bin/page-oncall \"now\"",
		.state = "failed",
		.exit_status = 3,
		.output = "cannot <connect>\n" };
	const struct store_hook killed = { .when = "after",
		.command = "/bin/slow",
		.state = "failed",
		.exit_status = 256 + 9,
		.output = "" };
	const struct store_evidence good = {
		.at = 5, .kind = "lag", .name = "standby1", .state = "ok", .text = "1 s"
	};
	const struct store_evidence bad = {
		.at = 6, .kind = "query", .name = "verify/1.sql", .state = "failed", .text = "It gave 2 rows."
	};
	STORE_TX tx = { 0 };

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says_not(h, "id=\"hooks\"");
	assert_says_not(h, "id=\"checked\"");
	assert_ok(h->f, store_begin(&h->f->store, &tx, &h->f->err));
	assert_ok(h->f, store_hook_put(&h->f->store, 2, &hook, 5, &h->f->err));
	assert_ok(h->f, store_hook_put(&h->f->store, 2, &killed, 6, &h->f->err));
	assert_ok(h->f, store_evidence_add(&h->f->store, 2, &good, &h->f->err));
	assert_ok(h->f, store_evidence_add(&h->f->store, 2, &bad, &h->f->err));
	assert_ok(h->f, store_commit(&tx, &h->f->err));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/runs/2"), 200);
	assert_says(h, "page-oncall &quot;now&quot;");
	assert_says(h, "exit status 3");
	assert_says(h, "ended by signal 9");
	assert_says(h, "cannot &lt;connect&gt;");
	assert_says(h, "2 things looked at, 1 failed");
	assert_says(h, "verify/1.sql");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_what_hooks_said_and_what_was_looked_at),
	};

	return cmocka_run_group_tests_name("cgi/run_checks", tests, NULL, NULL);
}
