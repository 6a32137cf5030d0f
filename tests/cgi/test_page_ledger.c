#include "base/ban.h"
#include "tests/cgi/http.h"

#include "cgi/chain.h"
#include "store/ledger_write.h"

static void
lists_entries_and_checks_the_chain(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger"), 200);
	assert_says(h, "The chain is whole");
	assert_says(h, "11 entries were checked");
	assert_says(h, "request.add");
	assert_says(h, "href=\"/requests/5\"");
}

static void
filters(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?actor=lead2"), 200);
	assert_says(h, "the shop needs states");
	assert_says_not(h, "photos for staging");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?op=run.succeeded&subject=run%2F3"), 200);
	assert_says(h, "href=\"/ledger/8\">");
	assert_says_not(h, "href=\"/ledger/2\">");
}

static void
names_the_entry_that_breaks_the_chain(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "DROP TRIGGER ledger_stays"));
	assert_ok(h->f,
	    fixture_exec(
		h->f, "UPDATE ledger SET canonical = replace(canonical, 'photos', 'potato') WHERE seq = 5"));
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger"), 200);
	assert_says(h, "The chain is broken");
	assert_says(h, "Entry 5");
}

/* A long chain is not walked for every look: the page says how far it was checked, and when. */
static void
checks_a_long_chain_bit_by_bit(void **state)
{
	struct http *h = *state;
	struct store_entry e = { .actor = "lead", .way = "cli", .op = "x", .subject = "y", .outcome = "ok" };
	int64_t seq = 0;
	int i;

	e.target = e.text = "";
	assert_ok(h->f, fixture_exec(h->f, "BEGIN"));
	for (i = 0; i < CHAIN_A_LOOK; i++)
		assert_ok(h->f, store_ledger_add(&h->f->store, &e, &seq, &h->f->err));
	assert_ok(h->f, fixture_exec(h->f, "COMMIT"));
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger"), 200);
	assert_says(h, "The chain is whole so far");
	assert_says(h, "The first 2,000 entries were checked, of 2,011");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger"), 200);
	assert_says(h, "The chain is whole.");
	assert_says(h, "2,011 entries were checked, the first 2,000 from ");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger"), 200);
	assert_says(h, "2,011 entries were checked from ");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?check=whole"), 200);
	assert_says(h, "2,011 entries were checked just now");
	assert_says_not(h, "&amp;check=whole");
	/* What comes later must follow, and a change of what was checked is found on request. */
	assert_ok(h->f, fixture_exec(h->f, "DROP TRIGGER ledger_stays"));
	assert_ok(h->f, fixture_exec(h->f, "UPDATE ledger SET text = 'z' WHERE seq = 5"));
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?check=whole&actor=lead"), 200);
	assert_says(h, "Entry 5 ");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger"), 200);
	assert_says(h, "Entry 5 ");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?check=all"), 400);
}

static void
is_not_for_everybody(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/ledger"), 403);
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/ledger"), 200);
	assert_int_equal(http_get(h, FIXTURE_ADMIN, "/ledger"), 200);
}

static void
says_that_nothing_matches(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?actor=nobody"), 200);
	assert_says(h, "No entry matches");
}

static void
refuses_bad_input(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?outcome=good"), 400);
	assert_says(h, "Good is none of the outcomes");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?before=abc"), 400);
	assert_says(h, "Before is not a number");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?who=lead"), 400);
}

static void
exports_what_is_needed_to_verify_it(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?format=csv"), 200);
	assert_says(h, "seq,at,actor");
	assert_says(h, "canonical");
	assert_says(h, "digest");
	assert_int_equal(http_get(h, FIXTURE_AUDITOR, "/ledger?format=json"), 200);
	assert_says(h, "\"canonical\":\"{");
	assert_says(h, "\"whole\":true");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(lists_entries_and_checks_the_chain),
		T(filters),
		T(names_the_entry_that_breaks_the_chain),
		T(checks_a_long_chain_bit_by_bit),
		T(is_not_for_everybody),
		T(says_that_nothing_matches),
		T(refuses_bad_input),
		T(exports_what_is_needed_to_verify_it),
	};

	return cmocka_run_group_tests_name("cgi/page_ledger", tests, NULL, NULL);
}
