#include "base/ban.h"
#include "tests/support/fixture_run.h"
#include "store/batch_write.h"
#include "store/failure_write.h"
#include "store/guard_write.h"
#include "store/hook_write.h"
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

/* The cell of a row under a name. */
static const struct wire_cell *
cell(const struct wire_table *t, size_t row, const char *column)
{
	size_t i;

	for (i = 0; i < t->n_columns; i++) {
		if (strcmp(t->columns[i], column) == 0)
			return &t->cells[row * t->n_columns + i];
	}
	fail_msg("no column %s", column);
	return NULL;
}

static void
tells_what_was_looked_at_and_why_it_failed(void **state)
{
	struct fixture_runner *f = *state;
	struct store *st = f->runner->store;
	int64_t request = 0, run = 0;
	const struct store_hook hook = { .when = "before",
		.command = "/bin/announce",
		.state = "failed",
		.exit_status = 3,
		.output = "no" };
	const struct store_evidence seen = {
		.at = 9, .kind = "query", .name = "verify/a.sql", .state = "ok", .text = "It holds."
	};
	const struct store_cause_new cause = { "Equal", "SELECT 1", "email\trows", "a@b\t2\n\\N\t3", "Merge.",
		true };
	const struct store_run_fact fact = { "index", "public.i", false, "It is invalid.", 0 };
	const struct store_action action = { "drop-index", "1/0", "Drops it." };
	const struct store_batch batch = { .at = 9,
		.started_at = 8,
		.state = "waiting",
		.cursor = "17",
		.batches = 2,
		.rows = 10,
		.passed = 12,
		.expected = -1,
		.size = 5,
		.batch_us = 900,
		.pause_ms = 100,
		.why = "lag" };
	const struct wire_table *t;

	fixture_run(f, &request, &run);
	assert_int_equal(store_run_start(st, run, 7, &f->err), GH_OK);
	assert_int_equal(store_hook_put(st, run, &hook, 8, &f->err), GH_OK);
	assert_int_equal(store_evidence_add(st, run, &seen, &f->err), GH_OK);
	assert_int_equal(store_cause_add(st, run, &cause, &f->err), GH_OK);
	assert_int_equal(store_run_fact_add(st, run, &fact, &f->err), GH_OK);
	assert_int_equal(store_action_add(st, run, &action, &f->err), GH_OK);
	assert_int_equal(store_batch_put(st, run, &batch, &f->err), GH_OK);
	fixture_ok(f, ask(f, run, 7, 0));
	t = fixture_table(f);
	assert_int_equal(cell(t, 0, "exit_status")->number, 3);
	assert_string_equal(cell(t, 0, "output")->text, "no");
	fixture_ok(f, ask(f, run, 8, 0));
	assert_string_equal(cell(fixture_table(f), 0, "name")->text, "verify/a.sql");
	fixture_ok(f, ask(f, run, 9, 0));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 2);
	assert_string_equal(cell(t, 0, "row")->text, "email: a@b, rows: 2");
	assert_string_equal(cell(t, 1, "row")->text, "email: NULL, rows: 3");
	assert_string_equal(cell(t, 0, "sql")->text, "SELECT 1");
	/* From the second row on. */
	fixture_ok(f, ask(f, run, 9, 1));
	assert_int_equal(fixture_table(f)->n_rows, 1);
	fixture_ok(f, ask(f, run, 10, 0));
	assert_string_equal(cell(fixture_table(f), 0, "object")->text, "public.i");
	fixture_ok(f, ask(f, run, 11, 0));
	assert_string_equal(cell(fixture_table(f), 0, "goal")->text, "1/0");
	fixture_ok(f, ask(f, run, 12, 0));
	t = fixture_table(f);
	assert_string_equal(cell(t, 0, "cursor")->text, "17");
	assert_int_equal(cell(t, 0, "expected")->kind, 'n');
}

static void
refuses_unknown_runs_and_parts(void **state)
{
	struct fixture_runner *f = *state;
	int64_t request = 0, run = 0;

	fixture_run(f, &request, &run);
	fixture_refused(f, GH_NOT_FOUND, "99", ask(f, 99, 0, 0));
	fixture_refused(f, GH_BAD_INPUT, "no part 13", ask(f, run, 13, 0));
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
		FIXTURE_TEST(tells_what_was_looked_at_and_why_it_failed),
		FIXTURE_TEST(refuses_unknown_runs_and_parts),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_run", tests, NULL, NULL);
}
