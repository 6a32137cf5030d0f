#include "base/ban.h"
#include "store/project_write.h"
#include "tests/support/fixture_plan.h"

static enum gh_code
ask(struct fixture_runner *f, const char *project, const char *taken_as, const char *cursor, int64_t limit)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, project);
	wire_put_text(&out, taken_as);
	wire_put_text(&out, cursor);
	wire_put_i64(&out, limit);
	return fixture_cli(f, "viewer", WIRE_READ_FILES, false, &fields);
}

static void
folder(struct fixture_runner *f)
{
	const struct store_file_new refused = {
		.file = "x.sql", .taken_as = "refused", .reason = "no number", .key = "", .digest = ""
	};

	fixture_shop(f);
	assert_int_equal(store_folder_file(f->runner->store, 1, &refused, &f->err), GH_OK);
	assert_int_equal(
	    store_folder_note(f->runner->store, 1, "0006 to 0009 are not there", &f->err), GH_OK);
}

static void
says_what_each_file_is_taken_for(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	folder(f);
	fixture_ok(f, ask(f, "shop", "", "", 50));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 8);
	assert_string_equal(
	    fixture_cell(f, t, 0, "reason")->text, "numbered. An older migration runs whenever it appears.");
	assert_string_equal(fixture_cell(f, t, 1, "taken_as")->text, "note");
	assert_string_equal(fixture_cell(f, t, 2, "file")->text, "0001_customers.sql");
	assert_string_equal(fixture_cell(f, t, 2, "migration")->text, "0001_customers");
	assert_string_equal(fixture_cell(f, t, 7, "reason")->text, "no number");
	fixture_ok(f, ask(f, "shop", "refused", "", 50));
	assert_int_equal(fixture_table(f)->n_rows, 1);
}

static void
says_why_nothing_of_it_runs(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	folder(f);
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db,
		"UPDATE project SET convention = '', detected = '', detected_text = 'goose or dbmate',"
		" rule = '', problem = 'several fit', folder_problem = 'atlas.sum differs'",
		NULL, NULL, NULL),
	    SQLITE_OK);
	fixture_ok(f, ask(f, "shop", "", "", 50));
	t = fixture_table(f);
	assert_string_equal(fixture_cell(f, t, 0, "reason")->text, "no convention: goose or dbmate");
	assert_string_equal(fixture_cell(f, t, 1, "reason")->text, "several fit");
	assert_string_equal(fixture_cell(f, t, 2, "reason")->text, "nothing of it runs: atlas.sum differs");
}

static void
goes_on_at_the_cursor(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	folder(f);
	fixture_ok(f, ask(f, "shop", "", "", 2));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 4);
	assert_string_equal(t->next, "0002_orders.sql");
	fixture_ok(f, ask(f, "shop", "", t->next, 4));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 4);
	assert_string_equal(fixture_cell(f, t, 0, "file")->text, "0003_status.sql");
	assert_string_equal(t->next, "");
	fixture_refused(f, GH_NOT_FOUND, "nowhere", ask(f, "nowhere", "", "", 2));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, "shop");
	wire_put_text(&out, "");
	wire_put_text(&out, "");
	wire_put_i64(&out, 1);
	fixture_cuts_cli(f, "lead", WIRE_READ_FILES, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(says_what_each_file_is_taken_for),
		FIXTURE_TEST(says_why_nothing_of_it_runs),
		FIXTURE_TEST(goes_on_at_the_cursor),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_files", tests, NULL, NULL);
}
