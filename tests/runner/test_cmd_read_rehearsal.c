#include "base/ban.h"
#include "store/loss_write.h"
#include "store/rehearsal_write.h"
#include "tests/support/fixture_plan.h"

static enum gh_code
ask(struct fixture_runner *f, int64_t request, uint8_t part, int64_t after)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, request);
	wire_put_u8(&out, part);
	wire_put_i64(&out, after);
	return fixture_cli(f, "viewer", WIRE_READ_REHEARSAL, false, &fields);
}

static struct wire_table
table(struct fixture_runner *f)
{
	struct wire_table t;

	assert_int_equal(wire_table_read(&f->fields, &f->arena, &t, &f->err), GH_OK);
	return t;
}

static void
gives_each_part(void **state)
{
	const struct store_rehearsal_step step = { .pass = 2,
		.state = "ok",
		.rows = -1,
		.blocks = -1,
		.wal_bytes = 9,
		.locks = "public.a SHARE",
		.rewritten = "",
		.error = "",
		.kind = "CREATE INDEX" };
	const struct store_rehearsal_migration verdict = {
		.verdict = "exact", .objects = "", .loses = true, .text = "well"
	};
	const struct store_loss loss = {
		.object = "public.a", .there = 5, .since = -1, .text = "public.a: 5 rows"
	};
	struct fixture_runner *f = *state;
	struct store *st = f->runner->store;
	const char *digest;
	struct wire_table t;
	int64_t run, id = 0;

	fixture_shop(f);
	(void)fixture_request(f, "shop_production", &run);
	fixture_ok(f, ask(f, 1, 0, 0));
	assert_int_equal(table(f).n_rows, 0);
	digest = fixture_value(f, "SELECT plan_digest FROM request WHERE id = ?1", 1);
	assert_int_equal(store_rehearsal_add(st, digest, 0, 1, &id, &f->err), GH_OK);
	assert_int_equal(store_rehearsal_step_put(st, id, &step, &f->err), GH_OK);
	assert_int_equal(store_rehearsal_migration_put(st, id, &verdict, &f->err), GH_OK);
	assert_int_equal(store_count_put(st, digest, "done", "", 5, &f->err), GH_OK);
	assert_int_equal(store_loss_add(st, digest, &loss, &f->err), GH_OK);
	fixture_ok(f, ask(f, 1, 0, 0));
	t = table(f);
	assert_string_equal(t.cells[4].text, "queued");
	fixture_ok(f, ask(f, 1, 1, 0));
	t = table(f);
	assert_string_equal(t.cells[1].text, "exact");
	assert_string_equal(t.cells[2].text, "yes");
	fixture_ok(f, ask(f, 1, 2, 0));
	t = table(f);
	assert_string_equal(t.cells[1].text, "down");
	assert_string_equal(t.cells[9].text, "public.a SHARE");
	fixture_ok(f, ask(f, 1, 2, 1));
	assert_int_equal(table(f).n_rows, 0);
	fixture_ok(f, ask(f, 1, 3, 0));
	t = table(f);
	assert_string_equal(t.cells[5].text, "public.a: 5 rows");
}

static void
refuses_what_makes_no_sense(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	fixture_shop(f);
	(void)fixture_request(f, "shop_production", &run);
	fixture_refused(f, GH_BAD_INPUT, "no part 9", ask(f, 1, 9, 0));
	fixture_refused(f, GH_BAD_INPUT, "nothing comes after", ask(f, 1, 0, -1));
	fixture_refused(f, GH_NOT_FOUND, "99", ask(f, 99, 0, 0));
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_runner_setup, fixture_runner_teardown)
	const struct CMUnitTest tests[] = {
		T(gives_each_part),
		T(refuses_what_makes_no_sense),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_rehearsal", tests, NULL, NULL);
}
