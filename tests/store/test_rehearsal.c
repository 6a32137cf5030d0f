#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/loss_write.h"
#include "store/rehearsal_write.h"

static void
a_rehearsal_is_kept_with_all_that_it_showed(void **state)
{
	struct fixture *f = *state;
	const struct store_rehearsal_step step = { .migration = 1,
		.pass = 2,
		.statement = 0,
		.state = "ok",
		.took_us = 7,
		.rows = -1,
		.blocks = 3,
		.wal_bytes = 99,
		.locks = "public.a SHARE",
		.rewritten = "",
		.error = "",
		.line = 4,
		.kind = "CREATE INDEX" };
	const struct store_rehearsal_migration verdict = {
		.migration = 1, .verdict = "exact", .objects = "", .loses = true, .text = "well"
	};
	struct store_rehearsal_move move = { .from = "queued", .to = "running", .text = "", .now = 5 };
	struct store_rehearsal_migrations migrations;
	struct store_rehearsals open_list;
	struct store_rehearsal_steps steps;
	struct store_rehearsal h;
	int64_t id = 0;

	assert_ok(f, store_rehearsal_find(&f->store, &f->arena, FIXTURE_PLAN, &h, &f->err));
	assert_int_equal(h.id, 0);
	assert_code(
	    f, GH_CONFLICT, store_rehearsal_add(&f->store, "nothing", 0, 1, &id, &f->err), "no such plan");
	assert_ok(f, store_rehearsal_add(&f->store, FIXTURE_PLAN, FIXTURE_LEAD, 1, &id, &f->err));
	assert_ok(f, store_rehearsal_open_list(&f->store, &f->arena, &open_list, &f->err));
	assert_int_equal(open_list.n, 1);
	assert_ok(f, store_rehearsal_move(&f->store, id, &move, &f->err));
	assert_code(f, GH_CONFLICT, store_rehearsal_move(&f->store, id, &move, &f->err), "no longer queued");
	h = (struct store_rehearsal){
		.id = id, .place = "here", .text = "rows", .tables = 1, .rows = 2, .bytes = 3
	};
	assert_ok(f, store_rehearsal_place(&f->store, &h, &f->err));
	/* A journal that is read again says the same again. */
	assert_ok(f, store_rehearsal_step_put(&f->store, id, &step, &f->err));
	assert_ok(f, store_rehearsal_step_put(&f->store, id, &step, &f->err));
	assert_ok(f, store_rehearsal_migration_put(&f->store, id, &verdict, &f->err));
	move = (struct store_rehearsal_move){
		.from = "running", .to = "done", .text = "", .good = true, .now = 9
	};
	assert_ok(f, store_rehearsal_move(&f->store, id, &move, &f->err));
	assert_ok(f, store_rehearsal_find(&f->store, &f->arena, FIXTURE_PLAN, &h, &f->err));
	assert_string_equal(h.state, "done");
	assert_string_equal(h.text, "rows");
	assert_string_equal(h.person, "lead");
	assert_true(h.good);
	assert_int_equal(h.started_at, 5);
	assert_int_equal(h.ended_at, 9);
	assert_ok(f, store_rehearsal_step_list(&f->store, &f->arena, id, &steps, &f->err));
	assert_int_equal(steps.n, 1);
	assert_int_equal(steps.rows[0].rows, -1);
	assert_string_equal(steps.rows[0].kind, "CREATE INDEX");
	assert_ok(f, store_rehearsal_migration_list(&f->store, &f->arena, id, &migrations, &f->err));
	assert_true(migrations.rows[0].loses);
	assert_code(f, GH_NOT_FOUND, store_rehearsal_get(&f->store, &f->arena, 99, &h, &f->err), "99");
}

static void
losses_are_kept_until_they_are_counted_again(void **state)
{
	struct fixture *f = *state;
	const struct store_loss loss = { .object = "public.a.b", .there = 5, .since = -1, .text = "five" };
	struct store_counts open_list;
	struct store_losses list;
	struct store_count c;
	const char *xids;

	assert_ok(f, store_count_find(&f->store, &f->arena, FIXTURE_PLAN, &c, &f->err));
	assert_string_equal(c.state, "");
	assert_ok(f, store_count_put(&f->store, FIXTURE_PLAN, "queued", "", 0, &f->err));
	assert_ok(f, store_count_open_list(&f->store, &f->arena, &open_list, &f->err));
	assert_int_equal(open_list.n, 1);
	assert_ok(f, store_loss_add(&f->store, FIXTURE_PLAN, &loss, &f->err));
	assert_ok(f, store_loss_add(&f->store, FIXTURE_PLAN, &loss, &f->err));
	assert_ok(f, store_count_put(&f->store, FIXTURE_PLAN, "done", "", 7, &f->err));
	assert_ok(f, store_count_put(&f->store, FIXTURE_PLAN, "queued", "", 0, &f->err));
	assert_ok(f, store_count_find(&f->store, &f->arena, FIXTURE_PLAN, &c, &f->err));
	assert_int_equal(c.counted_at, 7);
	assert_ok(f, store_loss_list(&f->store, &f->arena, FIXTURE_PLAN, &list, &f->err));
	assert_int_equal(list.n, 2);
	assert_int_equal(list.rows[1].position, 1);
	assert_ok(f, store_loss_clear(&f->store, FIXTURE_PLAN, &f->err));
	assert_ok(f, store_loss_list(&f->store, &f->arena, FIXTURE_PLAN, &list, &f->err));
	assert_int_equal(list.n, 0);
	/* One a migration of the plan, and none is known. */
	assert_ok(f, store_count_xids(&f->store, &f->arena, FIXTURE_PLAN, &xids, &f->err));
	assert_int_equal(strspn(xids, ","), strlen(xids));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(a_rehearsal_is_kept_with_all_that_it_showed),
		T(losses_are_kept_until_they_are_counted_again),
	};

	return cmocka_run_group_tests_name("store/rehearsal", tests, NULL, NULL);
}
