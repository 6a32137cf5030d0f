#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/backup.h"
#include "store/outside.h"
#include "store/outside_write.h"

#define TARGET FIXTURE_PRODUCTION

static struct store_outside_new
listed(const char *label, int64_t seen_at)
{
	return (struct store_outside_new){ .target_id = TARGET,
		.source = "nightly",
		.label = label,
		.started_at = 100,
		.ended_at = 200,
		.size = 4096,
		.database_bytes = 8192,
		.server_version = "15",
		.client_version = "2.45",
		.level = "written",
		.broken = "",
		.seen_at = seen_at };
}

static void
put(struct fixture *f, const char *label, int64_t seen_at)
{
	const struct store_outside_new b = listed(label, seen_at);

	assert_ok(f, store_outside_put(&f->store, &b, &f->err));
}

static struct store_backup
find(struct fixture *f, const char *label)
{
	struct store_backups list;
	size_t i;

	assert_ok(f, store_backup_list(&f->store, &f->arena, TARGET, 0, 100, &list, &f->err));
	for (i = 0; i < list.n; i++) {
		if (strcmp(list.rows[i].label, label) == 0)
			return list.rows[i];
	}
	fail_msg("there is no %s", label);
	return (struct store_backup){ 0 };
}

static void
a_backup_has_one_row_that_is_kept_up_to_date(void **state)
{
	struct fixture *f = *state;
	struct store_outside_new b = listed("F1", 1000);
	struct store_backup got;
	int64_t id;

	put(f, "F1", 1000);
	got = find(f, "F1");
	id = got.id;
	assert_string_equal(got.kind, "outside");
	assert_string_equal(got.file, "");
	assert_string_equal(got.source, "nightly");
	assert_string_equal(got.level, "written");
	assert_int_equal(got.database_bytes, 8192);
	assert_int_equal(got.row_count, -1);
	assert_int_equal(got.keep_until, 0);
	assert_int_equal(got.seen_at, 1000);
	b.broken = "a page has a wrong checksum";
	b.keep_until = 5000;
	b.seen_at = 2000;
	assert_ok(f, store_outside_put(&f->store, &b, &f->err));
	got = find(f, "F1");
	assert_int_equal(got.id, id);
	assert_string_equal(got.broken, "a page has a wrong checksum");
	assert_int_equal(got.keep_until, 5000);
	assert_int_equal(got.seen_at, 2000);
	/* What an earlier look saw comes too late. */
	put(f, "F1", 1500);
	assert_string_equal(find(f, "F1").broken, "a page has a wrong checksum");
}

static void
what_is_no_longer_listed_is_expired_and_may_come_back(void **state)
{
	struct fixture *f = *state;
	struct store_outside_sources sources;
	struct store_outside_new other = listed("F1", 1000);

	other.source = "dumps";
	assert_ok(f, store_outside_put(&f->store, &other, &f->err));
	put(f, "F1", 1000);
	put(f, "F2", 1000);
	put(f, "F2", 2000);
	assert_ok(f, store_outside_gone(&f->store, TARGET, "nightly", 2000, &f->err));
	assert_string_equal(find(f, "F2").state, "kept");
	assert_int_equal(fixture_number(f,
			     "SELECT count(*) FROM backup WHERE kind = 'outside' AND state = 'expired' AND "
			     "label = 'F1' AND source = 'nightly' AND state_at = 2000"),
	    1);
	assert_int_equal(
	    fixture_number(f, "SELECT count(*) FROM backup WHERE kind = 'outside' AND state = 'kept'"), 2);
	assert_ok(f, store_outside_list(&f->store, &f->arena, &sources, &f->err));
	assert_int_equal(sources.n, 2);
	assert_string_equal(sources.rows[0].source, "dumps");
	assert_int_equal(sources.rows[1].n, 1);
	assert_int_equal(sources.rows[1].seen_at, 2000);
	put(f, "F1", 3000);
	assert_int_equal(fixture_number(f,
			     "SELECT count(*) FROM backup WHERE kind = 'outside' AND state = 'kept' AND "
			     "label = 'F1' AND source = 'nightly' AND state_at = 3000"),
	    1);
}

static void
what_of_ours_is_expired_stays_so(void **state)
{
	struct fixture *f = *state;

	assert_ok(f, fixture_exec(f, "UPDATE backup SET state = 'expired' WHERE id = 1"));
	assert_int_equal(fixture_exec(f, "UPDATE backup SET state = 'kept' WHERE id = 1"), GH_CONFLICT);
}

static void
the_newest_look_is_told(void **state)
{
	struct fixture *f = *state;
	struct store_outside_looks l;

	assert_ok(f, store_outside_looked(&f->store, TARGET, "nightly", &l, &f->err));
	assert_int_equal(l.queued_at, 0);
	assert_false(l.open);
	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO task (kind, target_id, source, state, queued_at, ended_at) VALUES"
		" ('outside', 3, 'nightly', 'done', 5, 6), ('outside', 3, 'nightly', 'running', 7, NULL),"
		" ('outside', 3, 'dumps', 'done', 8, 9), ('outside', 2, 'nightly', 'done', 10, 11)"));
	assert_ok(f, store_outside_looked(&f->store, TARGET, "nightly", &l, &f->err));
	assert_int_equal(l.queued_at, 7);
	assert_int_equal(l.ended_at, 6);
	assert_true(l.open);
	assert_ok(f, store_outside_looked(&f->store, TARGET, "dumps", &l, &f->err));
	assert_int_equal(l.ended_at, 9);
	assert_false(l.open);
}

static void
old_looks_by_the_clock_go(void **state)
{
	struct fixture *f = *state;
	struct store_task t = { .target_id = TARGET, .source = "nightly" };
	const char *before;

	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO task (id, kind, target_id, source, state, queued_at, person_id) VALUES"
		" (1001, 'outside', 3, 'nightly', 'done', 5, NULL), (1002, 'outside', 3, 'nightly', "
		"'failed', 5, 1),"
		" (1003, 'outside', 3, 'nightly', 'failed', 5, NULL), (1004, 'outside', 3, 'dumps', 'done', "
		"5, NULL),"
		" (1005, 'outside', 3, 'nightly', 'done', 5, NULL), (1006, 'outside', 3, 'nightly', "
		"'queued', 5, NULL)"));
	t.id = 1005;
	assert_ok(f, store_outside_before(&f->store, &f->arena, &t, &before, &f->err));
	assert_string_equal(before, "failed");
	t.id = 1001;
	assert_ok(f, store_outside_before(&f->store, &f->arena, &t, &before, &f->err));
	assert_string_equal(before, "");
	assert_ok(f, store_outside_prune(&f->store, TARGET, "nightly", 10, &f->err));
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM task WHERE id > 1000"), 6);
	assert_ok(f, store_outside_prune(&f->store, TARGET, "nightly", 2, &f->err));
	/* The two newest, the other source's, and what a person asked for. */
	assert_int_equal(
	    fixture_number(f, "SELECT count(*) FROM task WHERE id IN (1002, 1004, 1005, 1006)"), 4);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM task WHERE id > 1000"), 4);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(a_backup_has_one_row_that_is_kept_up_to_date),
		T(what_is_no_longer_listed_is_expired_and_may_come_back),
		T(what_of_ours_is_expired_stays_so),
		T(the_newest_look_is_told),
		T(old_looks_by_the_clock_go),
	};

	return cmocka_run_group_tests_name("store/outside", tests, NULL, NULL);
}
