#include "base/ban.h"
#include "tests/support/fixture_run.h"
#include "store/guard_write.h"
#include "store/run_write.h"

static enum gh_code
ask(struct fixture_runner *f, int64_t id, uint8_t part, int64_t after)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	wire_put_u8(&out, part);
	wire_put_i64(&out, after);
	return fixture_cli(f, "viewer", WIRE_READ_RUN, false, &fields);
}

static void
answers_each_part(void **state)
{
	static const char *const first[] = { "run", "phase", "version", "migration", "seq", "activity",
		"episode" };
	static const size_t rows[] = { 1, 1, 1, 1, 0, 1, 2 };
	struct fixture_runner *f = *state;
	int64_t request = 0, run = 0;
	struct store_run_statement_new statement = {
		.row_count = -1, .at = 8, .state = "started", .tag = ""
	};
	const struct store_progress progress = { .at = 9,
		.activity = "waiting",
		.text = "waiting for pid 4711",
		.done = 1,
		.total = 4,
		.unit = "blocks",
		.since = 8 };
	const struct store_episode_session sessions[] = { { .blocker = true,
							      .pid = 1,
							      .user = "a",
							      .application = "b",
							      .state = "idle",
							      .query = "c",
							      .waited_ms = 5 },
		{ .pid = 2, .user = "a", .application = "b", .state = "", .query = "", .waited_ms = -1 } };
	const struct store_episode episode = { .number = 1,
		.started_at = 8,
		.relation = "public.a",
		.mode = "SHARE",
		.ending = "",
		.n = 2,
		.sessions = sessions };
	const struct wire_table *t;
	uint8_t part;

	fixture_run(f, &request, &run);
	statement.run_id = run;
	assert_int_equal(store_run_start(f->runner->store, run, 7, &f->err), GH_OK);
	assert_int_equal(store_phase_put(f->runner->store, run, "connect", "ok", "fine", 8, &f->err), GH_OK);
	assert_int_equal(store_run_migration_put(f->runner->store, run, 0, "started", "", 8, &f->err), GH_OK);
	assert_int_equal(store_run_statement_put(f->runner->store, &statement, &f->err), GH_OK);
	assert_int_equal(store_progress_put(f->runner->store, run, &progress, &f->err), GH_OK);
	assert_int_equal(store_episode_put(f->runner->store, run, &episode, &f->err), GH_OK);
	for (part = 0; part < 7; part++) {
		fixture_ok(f, ask(f, run, part, 0));
		t = fixture_table(f);
		assert_string_equal(t->columns[0], first[part]);
		if (part != 4)
			assert_int_equal(t->n_rows, rows[part]);
	}
	fixture_ok(f, ask(f, run, 0, 0));
	t = fixture_table(f);
	assert_string_equal(fixture_cell(f, t, 0, "state")->text, "running");
	assert_string_equal(fixture_cell(f, t, 0, "sentence")->text, "");
	fixture_ok(f, ask(f, run, 5, 0));
	t = fixture_table(f);
	assert_string_equal(fixture_cell(f, t, 0, "text")->text, "waiting for pid 4711");
	assert_int_equal(fixture_cell(f, t, 0, "percent")->number, 25);
	fixture_ok(f, ask(f, run, 6, 1));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_int_equal(fixture_cell(f, t, 0, "pid")->number, 2);
	fixture_ok(f, ask(f, run, 2, 1));
	assert_int_equal(fixture_table(f)->n_rows, 0);
}

static void
refuses_unknown_runs_and_parts(void **state)
{
	struct fixture_runner *f = *state;
	int64_t request = 0, run = 0;

	fixture_run(f, &request, &run);
	fixture_refused(f, GH_NOT_FOUND, "99", ask(f, 99, 0, 0));
	fixture_refused(f, GH_BAD_INPUT, "no part 7", ask(f, run, 7, 0));
	fixture_refused(f, GH_BAD_INPUT, "nothing comes after", ask(f, run, 4, -1));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 1);
	wire_put_u8(&out, 0);
	wire_put_i64(&out, 0);
	fixture_cuts_cli(f, "viewer", WIRE_READ_RUN, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(answers_each_part),
		FIXTURE_TEST(refuses_unknown_runs_and_parts),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_run", tests, NULL, NULL);
}
