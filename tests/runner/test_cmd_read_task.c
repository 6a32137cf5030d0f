#include "base/ban.h"
#include "store/task_write.h"
#include "tests/support/fixture_backup.h"

static enum gh_code
ask(struct fixture_runner *f, int64_t id)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	return fixture_cli(f, "viewer", WIRE_READ_TASK, false, &fields);
}

static int64_t
add(struct fixture_runner *f, const char *kind, int64_t backup)
{
	const struct store_task_new row = { .kind = kind,
		.target_id = fixture_target_id(f, "shop_production"),
		.backup_id = backup,
		.person_id = fixture_person(f, "lead")->id,
		.reason = "why not",
		.level = backup == 0 ? "" : "counted",
		.source = "",
		.now = 5 };
	int64_t id = 0;

	fixture_ok(f, store_task_add(f->runner->store, &row, &id, &f->err));
	return id;
}

static void
gives_one_or_all_that_are_open(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	fixture_shop(f);
	fixture_ok(f, ask(f, 0));
	assert_int_equal(fixture_table(f)->n_rows, 0);
	(void)add(f, "take", 0);
	(void)add(f, "prove", fixture_backup_of(f, "shop_production", "written"));
	fixture_sql(f,
	    "UPDATE task SET state = 'running', started_at = 6, activity = 'dump', note = 'table a', done = "
	    "3, total = 9, "
	    "unit = 'bytes' WHERE id = 1");
	fixture_ok(f, ask(f, 0));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 2);
	assert_string_equal(fixture_cell(f, t, 0, "state")->text, "running");
	assert_string_equal(fixture_cell(f, t, 0, "person")->text, "lead");
	assert_string_equal(fixture_cell(f, t, 0, "note")->text, "table a");
	assert_int_equal(fixture_cell(f, t, 0, "done")->number, 3);
	assert_string_equal(fixture_cell(f, t, 1, "level")->text, "counted");
	assert_int_equal(fixture_cell(f, t, 1, "backup")->number, 1);
	assert_string_equal(fixture_cell(f, t, 0, "cancelled")->text, "");
	fixture_sql(f, "UPDATE task SET cancelled = 'lead: enough' WHERE id = 1");
	fixture_ok(f, ask(f, 0));
	assert_string_equal(fixture_cell(f, fixture_table(f), 0, "cancelled")->text, "lead: enough");
	fixture_sql(f, "UPDATE task SET state = 'failed', ended_at = 1000006, text = 'no room' WHERE id = 1");
	fixture_ok(f, ask(f, 0));
	assert_int_equal(fixture_table(f)->n_rows, 1);
	fixture_ok(f, ask(f, 1));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(fixture_cell(f, t, 0, "text")->text, "no room");
	assert_int_equal(fixture_cell(f, t, 0, "took")->number, 1000000);
	fixture_refused(f, GH_NOT_FOUND, "task 99", ask(f, 99));
}

static void
every_cut_is_refused(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 1);
	fixture_cuts_cli(f, "lead", WIRE_READ_TASK, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(gives_one_or_all_that_are_open),
		FIXTURE_TEST(every_cut_is_refused),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_task", tests, NULL, NULL);
}
