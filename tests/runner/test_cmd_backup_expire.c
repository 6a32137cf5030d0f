#include "base/ban.h"
#include "tests/support/fixture_shelf.h"
#include "runner/expire.h"
#include "store/task_write.h"

#define NAME(n) "shop_production-20261120T02300" #n "Z-t" #n ".dump.zst"

/* Four, a day apart, of which the second oldest is proved. */
static void
four(struct fixture_runner *f)
{
	int64_t now = gh_clock_now();

	assert_int_equal(fixture_backup_file(f, NAME(1), "listed", now - 97 * GH_HOUR), 1);
	assert_int_equal(fixture_backup_file(f, NAME(2), "counted", now - 73 * GH_HOUR), 2);
	assert_int_equal(fixture_backup_file(f, NAME(3), "listed", now - 49 * GH_HOUR), 3);
	assert_int_equal(fixture_backup_file(f, NAME(4), "listed", now - 25 * GH_HOUR), 4);
	fixture_keep(f)->keep_last = 1;
}

static enum gh_code
expire(struct fixture_runner *f, const char *who, const char *target, bool dry)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, target);
	wire_put_bool(&out, dry);
	return fixture_cli(f, who, WIRE_BACKUP_EXPIRE, true, &fields);
}

static const struct wire_table *answered; /* what decisions has read */

/* "4 stays, 3 gone, ..." */
static const char *
decisions(struct fixture_runner *f)
{
	const struct wire_table *t = answered = fixture_table(f);
	GH_TEXT text = { 0 };
	size_t i;

	for (i = 0; i < t->n_rows; i++)
		gh_text_putf(&text, "%s%" PRId64 " %s", i == 0 ? "" : ", ",
		    fixture_cell(f, t, i, "backup")->number, fixture_cell(f, t, i, "decision")->text);
	return gh_strdup(&f->arena, gh_text_str(&text));
}

static bool
there(struct fixture_runner *f, const char *name)
{
	return access(fixture_shelf(f, name), F_OK) == 0;
}

static void
a_dry_run_removes_nothing_and_anybody_may_ask(void **state)
{
	struct fixture_runner *f = *state;
	int64_t entries;

	four(f);
	entries = fixture_entries(f);
	fixture_ok(f, expire(f, "viewer", "shop_production", true));
	assert_string_equal(decisions(f), "4 stays, 3 goes, 2 stays, 1 goes");
	assert_string_equal(fixture_cell(f, answered, 2, "why")->text, "the newest proved one");
	assert_true(there(f, NAME(1)) && there(f, NAME(3)));
	assert_string_equal(fixture_backup_get(f, 1).state, "kept");
	assert_string_equal(fixture_backup_get(f, 1).kept_for, "nothing keeps it");
	assert_int_equal(fixture_entries(f), entries);
}

static void
files_go_and_rows_are_expired(void **state)
{
	struct fixture_runner *f = *state;
	int64_t entries;

	four(f);
	entries = fixture_entries(f);
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 gone, 2 stays, 1 gone");
	assert_false(there(f, NAME(1)) || there(f, NAME(1) ".json"));
	assert_false(there(f, NAME(3)) || there(f, NAME(3) ".json"));
	assert_true(there(f, NAME(2)) && there(f, NAME(2) ".json") && there(f, NAME(4)));
	assert_string_equal(fixture_backup_get(f, 1).state, "expired");
	assert_string_equal(fixture_backup_get(f, 2).state, "kept");
	/* one for each, and one for the act */
	assert_int_equal(fixture_entries(f), entries + 3);
	fixture_entry(f, "lead", "backup.expire", "target/shop_production", "ok");
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 2 stays");
}

/* A runner that died after the file was gone: the next expiry ends it. */
static void
what_was_begun_is_ended(void **state)
{
	struct fixture_runner *f = *state;

	four(f);
	assert_int_equal(unlink(fixture_shelf(f, NAME(1))), 0);
	assert_int_equal(unlink(fixture_shelf(f, NAME(3))), 0);
	assert_int_equal(unlink(fixture_shelf(f, NAME(3) ".json")), 0);
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 gone, 2 stays, 1 gone");
	assert_string_equal(fixture_backup_get(f, 3).state, "expired");
	assert_false(there(f, NAME(1) ".json"));
}

static enum gh_code
incident(struct fixture_runner *f, bool open, const char *text)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	if (open) {
		wire_put_text(&out, "orders are gone");
		wire_put_text(&out, "low");
		wire_put_text(&out, "");
	} else {
		wire_put_i64(&out, 1);
	}
	wire_put_text(&out, text);
	return fixture_cli(f, "lead", open ? WIRE_INCIDENT_OPEN : WIRE_INCIDENT_CLOSE, true, &fields);
}

static void
what_an_incident_names_stays_while_it_is_open(void **state)
{
	struct fixture_runner *f = *state;

	four(f);
	fixture_ok(f, incident(f, true, "They are in Backup #3; not in backup 12."));
	fixture_ok(f, expire(f, "viewer", "shop_production", true));
	assert_string_equal(decisions(f), "4 stays, 3 stays, 2 stays, 1 goes");
	assert_string_equal(fixture_cell(f, answered, 1, "why")->text, "named by incident 1");
	assert_string_equal(fixture_backup_get(f, 3).kept_for, "named by incident 1");
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 stays, 2 stays, 1 gone");
	assert_true(there(f, NAME(3)));
	fixture_ok(f, incident(f, false, "backup 3 was restored"));
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 gone, 2 stays");
}

static void
what_a_task_works_on_stays(void **state)
{
	struct fixture_runner *f = *state;
	struct store_task_new prove = { .kind = "prove", .backup_id = 3, .level = "counted", .now = 5 };
	int64_t task = 0;

	four(f);
	prove.target_id = fixture_backup_get(f, 3).target_id;
	assert_int_equal(store_task_add(f->runner->store, &prove, &task, &f->err), GH_OK);
	fixture_ok(f, expire(f, "admin", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 stays, 2 stays, 1 gone");
	assert_string_equal(fixture_cell(f, answered, 1, "why")->text, "named by task 1");
	assert_true(there(f, NAME(3)));
}

/* What is in the place of a file that is to go may be anything. */
static void
removes_a_link_and_not_what_it_leads_to(void **state)
{
	struct fixture_runner *f = *state;

	four(f);
	fixture_file(f, "precious", 100);
	assert_int_equal(unlink(fixture_shelf(f, NAME(1))), 0);
	assert_int_equal(symlink("precious", fixture_shelf(f, NAME(1))), 0);
	assert_int_equal(unlink(fixture_shelf(f, NAME(3))), 0);
	assert_int_equal(mkdir(fixture_shelf(f, NAME(3)), 0700), 0);
	fixture_file(f, NAME(3) "/precious", 5);
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 failed, 2 stays, 1 gone");
	assert_non_null(strstr(fixture_cell(f, answered, 1, "why")->text, "remove it by hand"));
	assert_true(there(f, "precious") && there(f, NAME(3) "/precious"));
	assert_false(there(f, NAME(1)));
	assert_string_equal(fixture_backup_get(f, 3).state, "kept");
}

static void
a_folder_of_ours_goes_with_what_is_in_it(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b =
	    fixture_backup(f, "shop_production-20261120T023009Z-t9.dir", "listed", 5 * GH_HOUR);
	int64_t id;

	b.format = "directory";
	four(f);
	id = fixture_backup_add(f, &b);
	assert_int_equal(mkdir(fixture_shelf(f, b.file), 0700), 0);
	fixture_file(f, gh_printf(&f->arena, "%s/toc.dat", b.file), 100);
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(fixture_backup_get(f, id).state, "expired");
	assert_false(there(f, b.file));
}

/* The row comes from a journal, which is no reason to remove what is elsewhere. */
static void
a_name_that_leads_out_of_the_folder_is_refused(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b = fixture_backup(f, "../gatehouse-precious", "listed", 5 * GH_HOUR);
	int64_t id;

	four(f);
	id = fixture_backup_add(f, &b);
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 gone, 2 stays, 1 gone, 5 failed");
	assert_string_not_equal(fixture_backup_get(f, id).state, "expired");
}

static void
refuses_who_may_not_and_what_is_not_asked_for(void **state)
{
	struct fixture_runner *f = *state;
	const char *folder = f->runner->config->backups;

	four(f);
	fixture_refused(f, GH_FORBIDDEN, "removing backups", expire(f, "viewer", "shop_production", false));
	fixture_refused(f, GH_NOT_FOUND, "shop_moon", expire(f, "lead", "shop_moon", false));
	f->runner->config->backups = fixture_shelf(f, "nowhere");
	fixture_refused(
	    f, GH_UNAVAILABLE, "nothing was removed", expire(f, "lead", "shop_production", false));
	f->runner->config->backups = folder;
	fixture_keep(f)->keep_last = 0;
	fixture_refused(f, GH_CONFLICT, "set keep_last", expire(f, "lead", "shop_production", false));
	fixture_ok(f, expire(f, "lead", "shop_production", true));
	assert_string_equal(decisions(f), "4 stays, 3 stays, 2 stays, 1 stays");
	assert_true(there(f, NAME(1)));
}

/* Where no backup is at all nothing was removed: the file system is likely not mounted. */
static void
a_folder_that_is_not_mounted_expires_nothing(void **state)
{
	struct fixture_runner *f = *state;
	const char *folder = f->runner->config->backups;

	four(f);
	assert_int_equal(mkdir(fixture_shelf(f, "empty"), 0700), 0);
	f->runner->config->backups = fixture_shelf(f, "empty");
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 stays, 2 stays, 1 stays");
	assert_string_equal(fixture_backup_get(f, 1).state, "missing");
	f->runner->config->backups = folder;
	fixture_ok(f, expire(f, "lead", "shop_production", false));
	assert_string_equal(decisions(f), "4 stays, 3 gone, 2 stays, 1 gone");
}

/* Days are those of the schedule's zone. */
static void
days_are_those_of_the_schedule(void **state)
{
	const char *schedules[] = { "30 2 * * * Pacific/Auckland" };
	struct fixture_runner *f = *state;
	struct expire_list list;

	four(f);
	fixture_keep(f)->schedules = schedules;
	fixture_keep(f)->n_schedules = 1;
	fixture_ok(f, expire_decide(f->runner, &f->arena, &f->runner->config->targets[1], 5, &list, &f->err));
	assert_string_equal(list.keep.zone, "Pacific/Auckland");
	assert_int_equal(list.keep.pace_us, 24 * GH_HOUR);
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, "shop_production");
	wire_put_bool(&out, true);
	fixture_cuts(f, "lead", WIRE_BACKUP_EXPIRE, "target/shop_production", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SHELF_TEST(a_dry_run_removes_nothing_and_anybody_may_ask),
		SHELF_TEST(files_go_and_rows_are_expired),
		SHELF_TEST(what_was_begun_is_ended),
		SHELF_TEST(what_an_incident_names_stays_while_it_is_open),
		SHELF_TEST(what_a_task_works_on_stays),
		SHELF_TEST(removes_a_link_and_not_what_it_leads_to),
		SHELF_TEST(a_folder_of_ours_goes_with_what_is_in_it),
		SHELF_TEST(a_name_that_leads_out_of_the_folder_is_refused),
		SHELF_TEST(refuses_who_may_not_and_what_is_not_asked_for),
		SHELF_TEST(a_folder_that_is_not_mounted_expires_nothing),
		SHELF_TEST(days_are_those_of_the_schedule),
		SHELF_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_backup_expire", tests, NULL, NULL);
}
