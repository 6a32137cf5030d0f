#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/ledger_write.h"

static void
the_canonical_form_is_exactly_this(void **state)
{
	const struct store_entry e = { .seq = 12,
		.at = 34,
		.mono = 56,
		.actor = "lead",
		.way = "web",
		.session = 3,
		.op = "request.approve",
		.subject = "request/12",
		.target = "shop_production",
		.outcome = "ok",
		.text = "say \"yes\"\n\xc3\xa9\x01\\" };
	GH_TEXT t = { 0 };

	(void)state;
	store_ledger_canonical(&e, &t);
	assert_string_equal(gh_text_str(&t),
	    "{\"seq\":12,\"at\":34,\"mono\":56,\"actor\":\"lead\",\"way\":\"web\",\"session\":3,\"op\":"
	    "\"request.approve\","
	    "\"subject\":\"request/12\",\"target\":\"shop_production\",\"outcome\":\"ok\","
	    "\"text\":\"say \\\"yes\\\"\\n\xc3\xa9\\u0001\\\\\"}");
}

static void
entries_are_numbered_and_chained(void **state)
{
	struct fixture *f = *state;
	struct store_entry e = { .actor = "lead",
		.way = "cli",
		.op = "person.add",
		.subject = "person/x",
		.target = "",
		.outcome = "refused",
		.text = "no" };
	struct store_chain chain;
	int64_t seq = 0, n = fixture_number(f, "SELECT count(*) FROM ledger");

	assert_ok(f, store_ledger_add(&f->store, &e, &seq, &f->err));
	assert_int_equal(seq, n + 1);
	assert_ok(f, store_ledger_get(&f->store, &f->arena, seq, &e, &f->err));
	assert_true(e.at > FIXTURE_NOW);
	assert_ok(f, store_ledger_verify(&f->store, &chain, &f->err));
	assert_int_equal(chain.entries, n + 1);
	assert_int_equal(chain.bad, 0);
	assert_string_equal(chain.head, e.digest);
	assert_code(f, GH_NOT_FOUND, store_ledger_get(&f->store, &f->arena, 999, &e, &f->err), "entry 999");
}

static void
an_empty_ledger_is_good(void **state)
{
	struct fixture *f = *state;
	struct store_chain chain;

	assert_ok(f, store_ledger_verify(&f->store, &chain, &f->err));
	assert_int_equal(chain.entries, 0);
	assert_int_equal(chain.bad, 0);
}

/* What somebody could do who writes the file by other means. */
static void
tampering_is_found(void **state)
{
	static const struct {
		const char *sql;
		int64_t bad;
	} forged[] = {
		{ "UPDATE ledger SET text = 'nothing happened' WHERE seq = 4", 4 },
		{ "UPDATE ledger SET canonical = replace(canonical, 'lead2', 'lead1') WHERE seq = 7", 7 },
		{ "UPDATE ledger SET actor = 'lead1', canonical = replace(canonical, 'lead2', 'lead1') WHERE "
		  "seq = 7",
		    7 },
		{ "UPDATE ledger SET digest = zeroblob(32) WHERE seq = 1", 1 },
		{ "DELETE FROM ledger WHERE seq = 3", 4 },
		{ "DELETE FROM ledger WHERE seq = 1", 2 },
		{ "UPDATE ledger SET seq = 100 WHERE seq = 5; UPDATE ledger SET seq = 5 WHERE seq = 6;"
		  "UPDATE ledger SET seq = 6 WHERE seq = 100",
		    5 },
	};
	struct fixture *f = *state;
	struct store_chain chain;
	size_t i;

	assert_int_equal(
	    fixture_number(f, "SELECT count(*) FROM ledger WHERE seq = 7 AND actor = 'lead2'"), 1);
	assert_ok(f,
	    fixture_exec(
		f, "DROP TRIGGER ledger_stays; DROP TRIGGER ledger_kept; DROP TRIGGER ledger_follows"));
	for (i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		assert_ok(f, fixture_exec(f, "SAVEPOINT before"));
		assert_ok(f, fixture_exec(f, forged[i].sql));
		assert_ok(f, store_ledger_verify(&f->store, &chain, &f->err));
		if (chain.bad != forged[i].bad)
			fail_msg("%s: bad is %" PRId64, forged[i].sql, chain.bad);
		assert_ok(f, fixture_exec(f, "ROLLBACK TO before; RELEASE before"));
	}
	assert_ok(f, store_ledger_verify(&f->store, &chain, &f->err));
	assert_int_equal(chain.bad, 0);
}

static void
filters_work_alone_and_together(void **state)
{
	struct fixture *f = *state;
	const struct {
		struct store_entry_filter filter;
		const char *count;
	} cases[] = {
		{ { .actor = "lead" }, "SELECT count(*) FROM ledger WHERE actor = 'lead'" },
		{ { .op = "request.add" }, "SELECT count(*) FROM ledger WHERE op = 'request.add'" },
		{ { .subject = "request/3" }, "SELECT count(*) FROM ledger WHERE subject = 'request/3'" },
		{ { .outcome = "ok" }, "SELECT count(*) FROM ledger" },
		{ { .outcome = "refused" }, "SELECT 0" },
		{ { .actor = "lead2", .op = "request.approve", .subject = "request/3", .outcome = "ok" },
		    "SELECT 1" },
		{ { 0 }, "SELECT count(*) FROM ledger" },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store_entries e;

		assert_ok(f, store_ledger_list(&f->store, &f->arena, &cases[i].filter, &e, &f->err));
		assert_int_equal(e.n, fixture_number(f, cases[i].count));
	}
}

static void
pages_follow_each_other(void **state)
{
	struct fixture *f = *state;
	struct store_entry_filter filter = { .limit = 4 };
	struct store_entries e;
	int64_t want = fixture_number(f, "SELECT count(*) FROM ledger");
	size_t i;

	do {
		assert_ok(f, store_ledger_list(&f->store, &f->arena, &filter, &e, &f->err));
		for (i = 0; i < e.n; i++)
			assert_int_equal(e.rows[i].seq, want--);
		filter.before = e.next;
	} while (e.next != 0);
	assert_int_equal(want, 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(the_canonical_form_is_exactly_this),
		T(entries_are_numbered_and_chained),
		cmocka_unit_test_setup_teardown(
		    an_empty_ledger_is_good, fixture_setup_empty, fixture_teardown),
		T(tampering_is_found),
		T(filters_work_alone_and_together),
		T(pages_follow_each_other),
	};

	return cmocka_run_group_tests_name("store/ledger", tests, NULL, NULL);
}
