#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/project.h"
#include "store/task_write.h"

static int64_t
add(struct fixture *f, const char *kind, int64_t backup, int64_t person)
{
	struct store_task_new row = { .kind = kind,
		.backup_id = backup,
		.person_id = person,
		.reason = "why not",
		.level = "",
		.source = "",
		.now = 5 };
	struct store_target t;
	int64_t id = 0;

	assert_ok(f, store_target_get(&f->store, &f->arena, "shop_production", &t, &f->err));
	row.target_id = t.id;
	assert_ok(f, store_task_add(&f->store, &row, &id, &f->err));
	return id;
}

static enum gh_code
move(struct fixture *f, int64_t id, const char *from, const char *to, int64_t now)
{
	const struct store_task_move m = { .from = from, .to = to, .text = to, .now = now };

	f->err = (struct gh_err){ 0 };
	return store_task_move(&f->store, id, &m, &f->err);
}

static void
a_task_goes_one_way(void **state)
{
	struct fixture *f = *state;
	struct store_task t;
	struct store_tasks open_list;
	int64_t id = add(f, "take", 0, FIXTURE_LEAD), other = add(f, "prove", 3, 0);

	assert_code(f, GH_CONFLICT, move(f, id, "running", "done", 6), "no longer running");
	assert_code(f, GH_CONFLICT, move(f, id, "queued", "done", 6), "illegal change of state");
	assert_ok(f, move(f, id, "queued", "running", 6));
	assert_code(f, GH_CONFLICT, move(f, id, "queued", "running", 6), "no longer queued");
	assert_ok(f,
	    store_task_progress(&f->store,
		&(struct store_task){ .id = id,
		    .activity = "dump",
		    .note = "a",
		    .done = 1,
		    .total = 2,
		    .unit = "b",
		    .since = 3 },
		&f->err));
	assert_ok(f, store_task_backup(&f->store, id, 9, &f->err));
	assert_ok(f, store_task_open_list(&f->store, &f->arena, &open_list, &f->err));
	assert_int_equal(open_list.n, 2);
	assert_ok(f, move(f, id, "running", "failed", 8));
	assert_ok(f, store_task_get(&f->store, &f->arena, id, &t, &f->err));
	assert_string_equal(t.state, "failed");
	assert_string_equal(t.text, "failed");
	assert_string_equal(t.person, "lead");
	assert_string_equal(t.note, "a");
	assert_int_equal(t.backup_id, 9);
	assert_int_equal(t.queued_at, 5);
	assert_int_equal(t.started_at, 6);
	assert_int_equal(t.ended_at, 8);
	assert_int_equal(t.done + 10 * t.total + 100 * t.since, 321);
	/* One that cannot be begun at all. */
	assert_ok(f, move(f, other, "queued", "failed", 9));
	assert_ok(f, store_task_open_list(&f->store, &f->arena, &open_list, &f->err));
	assert_int_equal(open_list.n, 0);
	assert_code(f, GH_NOT_FOUND, store_task_get(&f->store, &f->arena, 99, &t, &f->err), "99");
}

static void
its_journal_is_read_forwards(void **state)
{
	struct fixture *f = *state;
	unsigned char sum[GH_SHA256_LEN];
	struct store_task_detail d;
	int64_t id = add(f, "take", 0, FIXTURE_LEAD);

	memset(sum, 7, sizeof(sum));
	assert_ok(f, store_task_detail(&f->store, id, &d, &f->err));
	assert_int_equal(d.person_id, FIXTURE_LEAD);
	assert_int_equal(d.journal_offset + d.pid, 0);
	assert_ok(f, store_task_pid(&f->store, id, 77, &f->err));
	assert_ok(f, store_task_journal(&f->store, id, 500, sum, &f->err));
	assert_code(f, GH_CONFLICT, store_task_journal(&f->store, id, 499, sum, &f->err), "forwards only");
	assert_ok(f, store_task_detail(&f->store, id, &d, &f->err));
	assert_int_equal(d.pid, 77);
	assert_int_equal(d.journal_offset, 500);
	assert_memory_equal(d.journal_sum, sum, sizeof(sum));
	assert_code(f, GH_NOT_FOUND, store_task_detail(&f->store, 99, &d, &f->err), "99");
}

static void
the_last_of_a_kind_is_found(void **state)
{
	struct fixture *f = *state;
	struct store_task_last want = { .kind = "prove" };
	struct store_task t;
	int64_t clock, hand;

	assert_ok(f, store_task_last(&f->store, &f->arena, &want, &t, &f->err));
	assert_int_equal(t.id, 0);
	clock = add(f, "prove", 3, 0);
	hand = add(f, "prove", 4, FIXTURE_LEAD);
	(void)add(f, "take", 0, 0);
	assert_ok(f, store_task_last(&f->store, &f->arena, &want, &t, &f->err));
	assert_int_equal(t.id, hand);
	want.clock = true;
	assert_ok(f, store_task_last(&f->store, &f->arena, &want, &t, &f->err));
	assert_int_equal(t.id, clock);
	want.level = "counted";
	assert_ok(f, store_task_last(&f->store, &f->arena, &want, &t, &f->err));
	assert_int_equal(t.id, 0);
	want.level = "";
	assert_ok(f, store_task_last(&f->store, &f->arena, &want, &t, &f->err));
	assert_int_equal(t.id, clock);
	want.backup = 4;
	assert_ok(f, store_task_last(&f->store, &f->arena, &want, &t, &f->err));
	assert_int_equal(t.id, 0);
	want = (struct store_task_last){ .kind = "prove", .target = 99 };
	assert_ok(f, store_task_last(&f->store, &f->arena, &want, &t, &f->err));
	assert_int_equal(t.id, 0);
}

static void
what_runs_can_be_wanted_ended(void **state)
{
	struct fixture *f = *state;
	struct store_task t;
	int64_t id = add(f, "take", 0, FIXTURE_LEAD);

	assert_code(
	    f, GH_CONFLICT, store_task_cancel(&f->store, id, "lead: enough", &f->err), "is not running");
	assert_ok(f, move(f, id, "queued", "running", 6));
	assert_ok(f, store_task_get(&f->store, &f->arena, id, &t, &f->err));
	assert_string_equal(t.cancelled, "");
	assert_ok(f, store_task_cancel(&f->store, id, "lead: enough", &f->err));
	assert_ok(f, store_task_get(&f->store, &f->arena, id, &t, &f->err));
	assert_string_equal(t.cancelled, "lead: enough");
	assert_string_equal(t.state, "running");
	assert_ok(f, move(f, id, "running", "failed", 7));
	f->err = (struct gh_err){ 0 };
	assert_code(f, GH_CONFLICT, store_task_cancel(&f->store, id, "admin: no", &f->err), "is not running");
}

static void
tasks_are_listed_a_page_at_a_time(void **state)
{
	struct fixture *f = *state;
	struct store_task_filter want = { .limit = 2 };
	struct store_tasks list;
	int64_t first = add(f, "prove", 3, 0);

	(void)add(f, "prove", 4, 0);
	(void)add(f, "prove", 3, 0);
	assert_ok(f, store_task_list(&f->store, &f->arena, &want, &list, &f->err));
	assert_int_equal(list.n, 2);
	want.before = list.next;
	assert_ok(f, store_task_list(&f->store, &f->arena, &want, &list, &f->err));
	assert_int_equal(list.n, 1);
	assert_int_equal(list.rows[0].id, first);
	assert_int_equal(list.next, 0);
	want = (struct store_task_filter){ .backup = 3 };
	assert_ok(f, store_task_list(&f->store, &f->arena, &want, &list, &f->err));
	assert_int_equal(list.n, 2);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(a_task_goes_one_way),
		T(its_journal_is_read_forwards),
		T(the_last_of_a_kind_is_found),
		T(what_runs_can_be_wanted_ended),
		T(tasks_are_listed_a_page_at_a_time),
	};

	return cmocka_run_group_tests_name("store/task", tests, NULL, NULL);
}
