#include "base/ban.h"
#include "tests/support/fixture_shelf.h"
#include "runner/expire.h"
#include "store/backup_write.h"
#include "store/write.h"

#define NAME(n)   "shop_production-20261120T02300" #n "Z-t" #n ".dump.zst"
#define FOLDER    "shop_production-20261119T023005Z-t5.dir"
#define TAKEN_UP  "ended by the runner after it was started again"
#define GOING     "SELECT count(*) FROM backup WHERE going_by <> '' AND state <> 'expired' AND id > ?1"
#define ENTRY(id) "SELECT text FROM ledger WHERE subject = 'backup/" #id "' AND seq > ?1"

/* Four, a day apart, of which the second oldest is proved: 1 and 3 go. */
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

static bool
there(struct fixture_runner *f, const char *name)
{
	return access(fixture_shelf(f, name), F_OK) == 0;
}

static void
lose(struct fixture_runner *f, const char *name)
{
	assert_int_equal(unlink(fixture_shelf(f, name)), 0);
}

static void
decide(struct fixture_runner *f, const struct expire_by *by, struct expire_list *ret, int64_t *ret_n)
{
	STORE_TX tx = { 0 };

	fixture_ok(f, store_begin(f->runner->store, &tx, &f->err));
	fixture_ok(
	    f, expire_decide(f->runner, &f->arena, &f->runner->config->targets[1], by->now, ret, &f->err));
	fixture_ok(f, expire_begin(f->runner, ret, by, ret_n, &f->err));
	fixture_ok(f, store_commit(&tx, &f->err));
}

/* As if the runner had died after the decision: what goes, and in whose name. */
static void
decided_by(struct fixture_runner *f, const char *who, int64_t many)
{
	const struct expire_by by = { .actor = who, .way = "web", .session = 7, .now = gh_clock_now() };
	struct expire_list list;
	int64_t n = 0;

	decide(f, &by, &list, &n);
	assert_int_equal(n, many);
	assert_string_equal(fixture_value(f, GOING, 0), gh_printf(&f->arena, "%" PRId64, many));
}

static int64_t
ended(struct fixture_runner *f, struct expire_list *list, const struct expire_by *by)
{
	int64_t gone = 0;
	STORE_TX tx = { 0 };

	fixture_ok(f, store_begin(f->runner->store, &tx, &f->err));
	fixture_ok(f, expire_end(f->runner, &f->arena, 0, list, by, &gone, &f->err));
	fixture_ok(f, store_commit(&tx, &f->err));
	return gone;
}

/* What the next runner does before anything else. */
static int64_t
taken_up(struct fixture_runner *f)
{
	return ended(f, NULL, NULL);
}

/* A lead decides anew, after somebody else has. */
static int64_t
decided_again(struct fixture_runner *f)
{
	const struct expire_by by = { .actor = "lead", .way = "web", .session = 9, .now = gh_clock_now() };
	struct expire_list list;
	int64_t n = 0;

	decide(f, &by, &list, &n);
	return ended(f, &list, &by);
}

/* Killed between a file and its sidecar, and behind both. */
static void
what_was_begun_is_ended_in_that_name(void **state)
{
	struct fixture_runner *f = *state;
	int64_t entries;

	four(f);
	entries = fixture_entries(f);
	decided_by(f, "lead2", 2);
	assert_int_equal(fixture_entries(f), entries);
	lose(f, NAME(1));
	lose(f, NAME(3));
	lose(f, NAME(3) ".json");
	/* By then the numbers say otherwise: what was begun is ended all the same. */
	fixture_keep(f)->keep_last = 4;
	assert_int_equal(taken_up(f), 2);
	assert_false(there(f, NAME(1) ".json"));
	assert_string_equal(fixture_backup_get(f, 1).state, "expired");
	assert_string_equal(fixture_backup_get(f, 3).state, "expired");
	assert_string_equal(fixture_backup_get(f, 2).state, "kept");
	assert_int_equal(fixture_entries(f), entries + 2);
	fixture_entry(f, "lead2", "backup.expired", "backup/3", "ok");
	assert_non_null(strstr(fixture_value(f, ENTRY(3), 0), TAKEN_UP));
	assert_int_equal(taken_up(f), 0);
}

/* The numbers were raised because of it. */
static void
what_was_not_begun_is_decided_anew(void **state)
{
	struct fixture_runner *f = *state;
	int64_t entries;

	four(f);
	entries = fixture_entries(f);
	decided_by(f, "lead2", 2);
	fixture_keep(f)->keep_last = 4;
	assert_int_equal(taken_up(f), 0);
	assert_true(there(f, NAME(1)) && there(f, NAME(1) ".json") && there(f, NAME(3)));
	assert_string_equal(fixture_value(f, GOING, 0), "0");
	assert_string_equal(fixture_backup_get(f, 1).state, "kept");
	assert_int_equal(fixture_entries(f), entries);
	fixture_keep(f)->keep_last = 1;
	assert_int_equal(decided_again(f), 2);
	fixture_entry(f, "lead", "backup.expired", "backup/3", "ok");
}

static void
what_somebody_has_come_to_need_stays(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	four(f);
	decided_by(f, "lead2", 2);
	wire_put_text(&out, "orders are gone");
	wire_put_text(&out, "low");
	wire_put_text(&out, "");
	wire_put_text(&out, "They are in backup 3.");
	fixture_ok(f, fixture_cli(f, "lead", WIRE_INCIDENT_OPEN, true, &fields));
	assert_int_equal(taken_up(f), 0);
	assert_true(there(f, NAME(3)));
	assert_int_equal(decided_again(f), 1);
	assert_true(there(f, NAME(3)));
	assert_string_equal(fixture_backup_get(f, 3).state, "kept");
	assert_string_equal(fixture_backup_get(f, 1).state, "expired");
}

/* Who decides later ends what was begun earlier, in the name of who did, and not in a session of one's own.
 */
static void
each_goes_in_the_name_of_who_decided(void **state)
{
	const struct expire_by by = { .actor = "lead", .way = "web", .session = 9, .now = gh_clock_now() };
	struct fixture_runner *f = *state;
	struct expire_list list;
	int64_t n = 0;

	four(f);
	decided_by(f, "lead2", 2);
	lose(f, NAME(3));
	fixture_keep(f)->keep_last = 4;
	decide(f, &by, &list, &n);
	assert_int_equal(n, 0);
	assert_int_equal(ended(f, &list, &by), 1);
	assert_string_equal(fixture_backup_get(f, 1).state, "kept");
	fixture_entry(f, "lead2", "backup.expired", "backup/3", "ok");
	assert_string_equal(
	    fixture_value(f, "SELECT coalesce(max(session), 0) FROM ledger WHERE seq > ?1", 0), "0");
	fixture_keep(f)->keep_last = 1;
	assert_int_equal(decided_again(f), 1);
	assert_string_equal(
	    fixture_value(f, "SELECT coalesce(max(session), 0) FROM ledger WHERE seq > ?1", 0), "9");
}

/* An empty folder is what is left when the file system is not mounted. */
static void
what_is_not_mounted_is_not_expired(void **state)
{
	struct fixture_runner *f = *state;
	const char *folder = f->runner->config->backups;

	four(f);
	decided_by(f, "lead2", 2);
	lose(f, NAME(3));
	assert_int_equal(mkdir(fixture_shelf(f, "empty"), 0700), 0);
	f->runner->config->backups = fixture_shelf(f, "empty");
	assert_int_equal(taken_up(f), 0);
	assert_string_equal(fixture_backup_get(f, 1).state, "kept");
	assert_string_equal(fixture_value(f, GOING, 0), "2");
	f->runner->config->backups = folder;
	assert_int_equal(taken_up(f), 1);
	assert_string_equal(fixture_backup_get(f, 1).state, "kept");
	assert_string_equal(fixture_backup_get(f, 3).state, "expired");
	assert_true(there(f, NAME(1)));
	assert_false(there(f, NAME(3) ".json"));
}

/* A folder without its table of contents is no backup any more. */
static void
a_folder_is_ended_when_its_contents_are_gone(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b = fixture_backup(f, FOLDER, "listed", 5 * GH_HOUR);
	int64_t id;

	b.format = "directory";
	four(f);
	id = fixture_backup_add(f, &b);
	assert_int_equal(mkdir(fixture_shelf(f, FOLDER), 0700), 0);
	fixture_file(f, FOLDER "/toc.dat", 10);
	fixture_file(f, FOLDER "/3001.dat.gz", 10);
	decided_by(f, "lead2", 3);
	assert_int_equal(taken_up(f), 0);
	assert_true(there(f, FOLDER "/toc.dat"));
	decided_by(f, "lead2", 3);
	lose(f, FOLDER "/toc.dat");
	assert_int_equal(taken_up(f), 1);
	assert_false(there(f, FOLDER));
	assert_string_equal(fixture_backup_get(f, id).state, "expired");
}

/* What cannot be removed stays, and is not tried again and again. */
static void
what_cannot_be_done_is_taken_back(void **state)
{
	struct fixture_runner *f = *state;
	int64_t entries;

	four(f);
	decided_by(f, "lead2", 2);
	lose(f, NAME(1));
	lose(f, NAME(3));
	lose(f, NAME(3) ".json");
	assert_int_equal(mkdir(fixture_shelf(f, NAME(3) ".json"), 0700), 0);
	assert_int_equal(taken_up(f), 1);
	assert_string_equal(fixture_backup_get(f, 1).state, "expired");
	assert_string_equal(fixture_backup_get(f, 3).state, "kept");
	fixture_entry(f, "lead2", "backup.expired", "backup/3", "failed");
	entries = fixture_entries(f);
	assert_int_equal(taken_up(f), 0);
	assert_int_equal(fixture_entries(f), entries);
}

static void
nobody_begins_to_need_what_goes(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	four(f);
	decided_by(f, "lead2", 2);
	wire_put_i64(&out, 3);
	wire_put_text(&out, "");
	wire_put_text(&out, "");
	fixture_refused(f, GH_CONFLICT, "is being removed, as lead2 has decided",
	    fixture_cli(f, "lead", WIRE_BACKUP_PROVE, true, &fields));
	assert_int_equal(taken_up(f), 0);
	fixture_ok(f, fixture_cli(f, "lead", WIRE_BACKUP_PROVE, true, &fields));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SHELF_TEST(what_was_begun_is_ended_in_that_name),
		SHELF_TEST(what_was_not_begun_is_decided_anew),
		SHELF_TEST(what_somebody_has_come_to_need_stays),
		SHELF_TEST(each_goes_in_the_name_of_who_decided),
		SHELF_TEST(what_is_not_mounted_is_not_expired),
		SHELF_TEST(a_folder_is_ended_when_its_contents_are_gone),
		SHELF_TEST(what_cannot_be_done_is_taken_back),
		SHELF_TEST(nobody_begins_to_need_what_goes),
	};

	return cmocka_run_group_tests_name("runner/expire_do", tests, NULL, NULL);
}
