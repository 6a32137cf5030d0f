#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/read.gen.h"
#include "store/run.h"
#include "store/secrets.gen.h"
#include "store/write.gen.h"

/* Every statement prepares against the newest schema, and is of the kind that its set is for. */
static void
check_set(sqlite3 *db, const struct store_set *set, bool readonly)
{
	size_t i;

	assert_true(set->n > 20);
	for (i = 0; i < set->n; i++) {
		sqlite3_stmt *q = NULL;
		const char *tail = NULL;

		if (sqlite3_prepare_v2(db, set->texts[i], -1, &q, &tail) != SQLITE_OK)
			fail_msg("%s: %s", set->names[i], sqlite3_errmsg(db));
		if (tail[strspn(tail, " \n\t")] != '\0')
			fail_msg("%s holds more than one statement", set->names[i]);
		if ((sqlite3_stmt_readonly(q) != 0) != readonly)
			fail_msg("%s is in the wrong set", set->names[i]);
		(void)sqlite3_finalize(q);
	}
}

static void
reads_prepare_and_only_read(void **state)
{
	struct fixture *f = *state;

	check_set(f->store.db, &store_set_read, true);
}

static void
writes_prepare_and_write(void **state)
{
	struct fixture *f = *state;

	check_set(f->store.db, &store_set_write, false);
}

static void
secrets_prepare(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < store_set_secrets.n; i++) {
		sqlite3_stmt *q = NULL;

		if (sqlite3_prepare_v2(f->secrets.db, store_set_secrets.texts[i], -1, &q, NULL) != SQLITE_OK)
			fail_msg("%s: %s", store_set_secrets.names[i], sqlite3_errmsg(f->secrets.db));
		(void)sqlite3_finalize(q);
	}
}

/* Long lists walk an index in their order: no table is scanned and nothing is sorted. */
static void
long_lists_walk_an_index(void **state)
{
	static const char *const lists[] = { "run_list", "run_list_target", "run_list_state",
		"run_list_target_state", "ledger_list", "ledger_list_actor", "ledger_list_op",
		"ledger_list_subject", "ledger_list_outcome", "migration_list", "migration_list_filter",
		"file_list", "file_list_as", "backup_list", "backup_list_target", "request_list",
		"request_list_state", "event_list", "incident_list", "incident_list_state", "touch_list",
		"run_queue", "run_open_list", "request_overdue" };
	struct fixture *f = *state;
	size_t i, k, found = 0;

	for (i = 0; i < store_set_read.n; i++) {
		GH_TEXT sql = { 0 };
		sqlite3_stmt *q = NULL;

		for (k = 0; k < sizeof(lists) / sizeof(lists[0]); k++)
			if (strcmp(lists[k], store_set_read.names[i]) == 0)
				break;
		if (k == sizeof(lists) / sizeof(lists[0]))
			continue;
		found++;
		gh_text_putf(&sql, "EXPLAIN QUERY PLAN %s", store_set_read.texts[i]);
		assert_int_equal(sqlite3_prepare_v2(f->store.db, gh_text_str(&sql), -1, &q, NULL), SQLITE_OK);
		while (sqlite3_step(q) == SQLITE_ROW) {
			const char *detail = (const char *)sqlite3_column_text(q, 3);

			if (strstr(detail, "SCAN") != NULL || strstr(detail, "MATERIALIZE") != NULL ||
			    (k < 18 && strstr(detail, "TEMP B-TREE") != NULL))
				fail_msg("%s: %s", lists[k], detail);
		}
		(void)sqlite3_finalize(q);
	}
	assert_int_equal(found, sizeof(lists) / sizeof(lists[0]));
}

/* How long it takes when nobody else is in its way. */
static int64_t
shortest(struct fixture *f, const struct store_run_filter *filter, size_t *ret_n)
{
	int64_t best = INT64_MAX, took;
	int i;

	for (i = 0; i < 10; i++) {
		GH_ARENA a = { 0 };
		struct store_runs runs;

		took = gh_clock_mono();
		assert_ok(f, store_run_list(&f->store, &a, filter, &runs, &f->err));
		took = gh_clock_mono() - took;
		best = took < best ? took : best;
		*ret_n = runs.n;
	}
	return best;
}

/* The first page, a middle page and a filtered page of very many runs cost about the same as of few. */
static void
a_hundred_thousand_runs_stay_fast(void **state)
{
	struct fixture *f = *state;
	struct store_run_filter filters[] = { { .limit = 50 }, { .limit = 50, .before = 50000 },
		{ .limit = 50, .target_id = FIXTURE_STAGING, .state = "failed-clean" },
		{ .limit = 50, .state = "queued" } };
	size_t i;

	assert_ok(f,
	    fixture_exec(f,
		"BEGIN; DROP TRIGGER run_begins; DROP TRIGGER run_approved; DROP TRIGGER request_begins;"
		"CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n "
		"WHERE i < 100010)"
		" SELECT i FROM n;"
		"INSERT INTO request SELECT i, 1, plan_digest, 'up', 'all', 'many', 1, 'done', '', 1, 2, 1, "
		"NULL, NULL"
		" FROM n, (SELECT plan_digest FROM request WHERE id = 1);"
		"INSERT INTO run (id, request_id, target_id, plan_digest, direction, state, queued_at)"
		" SELECT id, id, 1, plan_digest, 'up', 'succeeded', 1 FROM request WHERE id >= 10; COMMIT"));
	for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		size_t n = 0;

		assert_true(shortest(f, &filters[i], &n) < GH_SECOND / 10);
		assert_int_equal(n, i < 2 ? 50 : i == 2 ? 1 : 0);
	}
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(reads_prepare_and_only_read),
		T(writes_prepare_and_write),
		T(secrets_prepare),
		T(long_lists_walk_an_index),
		T(a_hundred_thousand_runs_stay_fast),
	};

	return cmocka_run_group_tests_name("store/sql", tests, NULL, NULL);
}
