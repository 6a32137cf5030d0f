#include "base/ban.h"
#include "tests/support/fixture_shelf.h"

#define FILE_1 "shop_production-20261120T023001Z-t1.dump.zst"
#define FILE_2 "shop_production-20261120T023002Z-t2.dump.zst"
#define FILE_3 "shop_production-20261120T023003Z-t3.dump.zst"

static enum gh_code
look(struct fixture_runner *f, const char *who)
{
	return fixture_cli(f, who, WIRE_BACKUP_LOOK, true, NULL);
}

static void
lists_what_is_missing_broken_or_unknown(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	(void)fixture_backup_file(f, FILE_1, "listed", 5 * GH_HOUR);
	(void)fixture_backup_file(f, FILE_2, "listed", 6 * GH_HOUR);
	(void)fixture_backup_file(f, FILE_3, "listed", 7 * GH_HOUR);
	assert_int_equal(unlink(fixture_shelf(f, FILE_1)), 0);
	fixture_file(f, FILE_2, 7);
	fixture_file(f, "notes.txt", 5);
	fixture_ok(f, look(f, "viewer"));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 4);
	assert_string_equal(fixture_cell(f, t, 0, "state")->text, "broken");
	assert_string_equal(fixture_cell(f, t, 0, "file")->text, FILE_2);
	assert_string_equal(fixture_cell(f, t, 1, "state")->text, "missing");
	assert_string_equal(fixture_cell(f, t, 1, "file")->text, FILE_1);
	assert_string_equal(fixture_cell(f, t, 2, "state")->text, "orphan");
	assert_string_equal(fixture_cell(f, t, 2, "file")->text, "notes.txt");
	assert_string_equal(fixture_cell(f, t, 3, "file")->text, FILE_1 ".json");
	fixture_entry(f, "viewer", "backup.look", "backups", "ok");
}

/* A state of its own: its backup is neither missing nor broken. */
static void
lists_what_is_wrong_beside_one(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	(void)fixture_backup_file(f, FILE_1, "listed", 5 * GH_HOUR);
	(void)fixture_backup_file(f, FILE_2, "listed", 6 * GH_HOUR);
	assert_int_equal(unlink(fixture_shelf(f, FILE_1 ".json")), 0);
	assert_int_equal(unlink(fixture_shelf(f, FILE_2 ".json")), 0);
	fixture_file(f, FILE_2, 7);
	fixture_ok(f, look(f, "lead"));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 2);
	assert_string_equal(fixture_cell(f, t, 0, "state")->text, "broken");
	assert_string_equal(fixture_cell(f, t, 0, "text")->text,
	    "it has 7 bytes, not the 100 that were written; the file beside it, which says what is in it, is "
	    "not there");
	assert_string_equal(fixture_cell(f, t, 1, "state")->text, "sidecar");
	assert_string_equal(fixture_cell(f, t, 1, "file")->text, FILE_1);
	assert_string_equal(fixture_cell(f, t, 1, "text")->text,
	    "the file beside it, which says what is in it, is not there");
}

static const char *
tasks(struct fixture_runner *f)
{
	return fixture_value(f, "SELECT count(*) FROM task WHERE kind = 'outside' AND id > ?1", 0);
}

/* Who has no more than a name here neither starts programs nor fills the ledger. */
static void
others_wait_between_two_looks(void **state)
{
	static const struct wire_outside_source source = { .name = "nightly", .kind = "command" };
	struct fixture_runner *f = *state;
	struct config_outside outside = { .target = &f->runner->config->targets[1], .source = source };
	const struct wire_table *t;
	int64_t entries;

	f->runner->config->outside = &outside;
	f->runner->config->n_outside = 1;
	fixture_file(f, "notes.txt", 5);
	fixture_ok(f, look(f, "viewer"));
	assert_int_equal(fixture_table(f)->n_rows, 1);
	entries = fixture_entries(f);
	/* Known, though there is more by now. */
	fixture_file(f, "more.txt", 5);
	fixture_ok(f, look(f, "viewer"));
	assert_int_equal(fixture_table(f)->n_rows, 1);
	assert_int_equal(fixture_entries(f), entries);
	assert_string_equal(tasks(f), "0");
	fixture_ok(f, look(f, "lead"));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 2);
	assert_int_equal(fixture_entries(f), entries + 1);
	assert_string_equal(tasks(f), "1");
	fixture_sql(f, "UPDATE shelf SET looked_at = looked_at - 60000000");
	assert_int_equal(unlink(fixture_shelf(f, "more.txt")), 0);
	fixture_ok(f, look(f, "auditor"));
	assert_int_equal(fixture_table(f)->n_rows, 1);
	assert_string_equal(tasks(f), "1");
	/* A clock that was set back is no reason to wait. */
	fixture_sql(f, "UPDATE shelf SET looked_at = looked_at + 60000000");
	assert_int_equal(unlink(fixture_shelf(f, "notes.txt")), 0);
	fixture_ok(f, look(f, "viewer"));
	assert_int_equal(fixture_table(f)->n_rows, 0);
	f->runner->config->n_outside = 0;
}

static void
says_that_the_folder_cannot_be_read(void **state)
{
	struct fixture_runner *f = *state;
	const char *folder = f->runner->config->backups;

	f->runner->config->backups = fixture_shelf(f, "nowhere");
	fixture_refused(f, GH_UNAVAILABLE, "cannot read the backup folder", look(f, "viewer"));
	/* Also when it is known from the look before. */
	fixture_refused(f, GH_UNAVAILABLE, "cannot read the backup folder", look(f, "viewer"));
	f->runner->config->backups = folder;
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	fixture_cuts(f, "lead", WIRE_BACKUP_LOOK, "backups", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SHELF_TEST(lists_what_is_missing_broken_or_unknown),
		SHELF_TEST(lists_what_is_wrong_beside_one),
		SHELF_TEST(others_wait_between_two_looks),
		SHELF_TEST(says_that_the_folder_cannot_be_read),
		SHELF_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_backup_look", tests, NULL, NULL);
}
