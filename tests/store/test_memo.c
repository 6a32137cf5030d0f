#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/memo.h"

static const char *
keep(struct store *st, const char *key, const char *value)
{
	char *kept = gh_strdup(store_memo_arena(st), value);

	store_memo_keep(st, key, kept);
	return kept;
}

static void
keeps_while_nothing_is_committed(void **state)
{
	struct fixture *f = *state;
	struct store reader = { 0 };
	STORE_TX tx = { 0 };
	const char *a;

	assert_ok(f, store_open(&reader, f->folder, &f->err));
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	assert_null(store_memo_find(&reader, "a"));
	a = keep(&reader, "a", "1");
	assert_ptr_equal(store_memo_find(&reader, "a"), a);
	assert_null(store_memo_find(&reader, "b"));
	store_tx_done(&tx);
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	store_tx_done(&tx);
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	keep(&reader, "a", "2");
	store_tx_done(&tx);
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	assert_string_equal(store_memo_find(&reader, "a"), "2");
	store_tx_done(&tx);
	store_close(&reader);
}

static void
forgets_with_each_commit_and_not_before_the_transaction_ends(void **state)
{
	struct fixture *f = *state;
	struct store reader = { 0 };
	STORE_TX tx = { 0 };

	assert_ok(f, store_open(&reader, f->folder, &f->err));
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	keep(&reader, "a", "1");
	store_tx_done(&tx);
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	keep(&reader, "a", "1");
	assert_ok(f, fixture_exec(f, "UPDATE project SET folder = '/elsewhere'"));
	assert_string_equal(store_memo_find(&reader, "a"), "1");
	store_tx_done(&tx);
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	assert_null(store_memo_find(&reader, "a"));
	store_tx_done(&tx);
	store_close(&reader);
}

/* What the matrix shows, and what it does not: the words of a run that goes on. */
static void
forgets_only_what_changed(void **state)
{
	static const struct {
		const char *sql;
		bool forgets;
	} rows[] = {
		{ "UPDATE run SET event_seq = event_seq + 1, journal_offset = journal_offset + 9", false },
		{ "INSERT INTO run_progress VALUES (4, 1, 0, 0, 'running', '', 0, 0, '', 1)", false },
		{ "UPDATE run_statement SET row_count = 5", false },
		{ "UPDATE run_migration SET text = 'x' WHERE run_id = 4", true },
		{ "UPDATE run SET state = 'unknown' WHERE id = 4", true },
		{ "DELETE FROM standing", true },
		{ "UPDATE target SET checked_at = 9", true },
		{ "UPDATE migration SET name = 'x'", true },
	};
	struct fixture *f = *state;
	struct store reader = { 0 };
	size_t i;

	assert_ok(f, store_open(&reader, f->folder, &f->err));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		STORE_TX tx = { 0 }, after = { 0 };

		assert_ok(f, store_begin(&reader, &tx, &f->err));
		keep(&reader, "a", "1");
		store_tx_done(&tx);
		assert_ok(f, fixture_exec(f, rows[i].sql));
		assert_ok(f, store_begin(&reader, &after, &f->err));
		if ((store_memo_find(&reader, "a") == NULL) != rows[i].forgets)
			fail_msg("%s", rows[i].sql);
	}
	store_close(&reader);
}

static void
does_not_grow_without_end(void **state)
{
	struct fixture *f = *state;
	struct store reader = { 0 };
	STORE_TX tx = { 0 };

	assert_ok(f, store_open(&reader, f->folder, &f->err));
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	keep(&reader, "a", "1");
	store_tx_done(&tx);
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	(void)gh_alloc(store_memo_arena(&reader), STORE_MEMO_BYTES + 1);
	keep(&reader, "b", "2");
	store_tx_done(&tx);
	assert_ok(f, store_begin(&reader, &tx, &f->err));
	assert_null(store_memo_find(&reader, "b"));
	store_tx_done(&tx);
	store_close(&reader);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup_folder, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(keeps_while_nothing_is_committed),
		T(forgets_with_each_commit_and_not_before_the_transaction_ends),
		T(forgets_only_what_changed),
		T(does_not_grow_without_end),
	};

	return cmocka_run_group_tests_name("store/memo", tests, NULL, NULL);
}
