#include "base/ban.h"
#include "tests/cgi/http.h"

static void
shows_the_canonical_form_and_checks_it(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger/3"), 200);
	assert_says(h, "Entry 3");
	assert_says(h, "&quot;seq&quot;:3");
	assert_says(h, "the digest follows from the entry before");
	assert_says(h, "href=\"/ledger/2\"");
	assert_says(h, "href=\"/ledger/4\"");
}

static void
starts_from_zeros(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger/1"), 200);
	assert_says(h, "0000000000000000000000000000000000000000000000000000000000000000");
	assert_says(h, "the digest follows");
	assert_says_not(h, "href=\"/ledger/0\"");
}

static void
has_none_after_the_last(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger/11"), 200);
	assert_says_not(h, "href=\"/ledger/12\"");
}

static void
says_that_it_was_changed(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "DROP TRIGGER ledger_stays"));
	assert_ok(h->f, fixture_exec(h->f, "UPDATE ledger SET canonical = canonical || ' ' WHERE seq = 3"));
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger/3"), 200);
	assert_says(h, "the digest does not follow");
}

static void
is_not_for_everybody(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/ledger/3"), 403);
}

static void
knows_no_other(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger/4711"), 404);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(shows_the_canonical_form_and_checks_it),
		T(starts_from_zeros),
		T(has_none_after_the_last),
		T(says_that_it_was_changed),
		T(is_not_for_everybody),
		T(knows_no_other),
	};

	return cmocka_run_group_tests_name("cgi/page_entry", tests, NULL, NULL);
}
