#include "base/ban.h"
#include "runner/shelf.h"
#include "store/shelf.h"
#include "store/task_write.h"
#include "store/write.h"
#include "tests/support/fixture_message.h"
#include "tests/support/fixture_shelf.h"

#define FIRST "shop_production-20261120T023000Z-t1.dump.zst"
#define OTHER "shop_production-20261121T023000Z-t2.dump.zst"

static struct shelf_found
look(struct fixture_runner *f)
{
	struct shelf_found found;
	bool could = false;
	STORE_TX tx = { 0 };

	assert_int_equal(store_begin(f->runner->store, &tx, &f->err), GH_OK);
	fixture_ok(f, shelf_look(f->runner, &f->arena, gh_clock_now(), &could, &found, &f->err));
	assert_int_equal(store_commit(&tx, &f->err), GH_OK);
	assert_true(could);
	return found;
}

/* "FILE: text" of all orphans, one line each. */
static const char *
orphans(struct fixture_runner *f)
{
	struct store_orphans list;
	GH_TEXT text = { 0 };
	size_t i;

	assert_int_equal(store_orphan_list(f->runner->store, &f->arena, &list, &f->err), GH_OK);
	for (i = 0; i < list.n; i++)
		gh_text_putf(&text, "%s: %s\n", list.rows[i].file, list.rows[i].text);
	return gh_strdup(&f->arena, gh_text_str(&text));
}

static size_t
proofs(struct fixture_runner *f, int64_t id)
{
	struct store_proofs list;

	assert_int_equal(store_proof_list(f->runner->store, &f->arena, id, &list, &f->err), GH_OK);
	return list.n;
}

static void
finds_nothing_where_all_is_well(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "counted", 5 * GH_HOUR), entries = fixture_entries(f);
	struct store_backup b;

	assert_int_equal(mkdir(fixture_shelf(f, "lost+found"), 0700), 0);
	assert_int_equal(look(f).orphans, 0);
	b = fixture_backup_get(f, id);
	assert_string_equal(b.state, "kept");
	assert_string_equal(b.broken, "");
	assert_string_equal(b.level, "counted");
	assert_int_equal(proofs(f, id), 0);
	assert_int_equal(fixture_entries(f), entries);
	assert_string_equal(b.kept_for, "the newest; the newest proved one; nothing says how many are kept");
}

static void
a_file_that_is_gone_is_missing_until_it_is_back(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "counted", 5 * GH_HOUR);

	assert_int_equal(rename(fixture_shelf(f, FIRST), fixture_shelf(f, "away")), 0);
	assert_int_equal(look(f).missing, 1);
	assert_string_equal(fixture_backup_get(f, id).state, "missing");
	assert_int_not_equal(fixture_backup_get(f, id).state_at, 0);
	fixture_entry(f, "runner", "backup.missing", "backup/1", "failed");
	assert_string_equal(
	    orphans(f), "away: nothing of ours\n" FIRST ".json: describes a backup that is not there\n");
	assert_int_equal(look(f).missing, 0); /* said once */

	assert_int_equal(rename(fixture_shelf(f, "away"), fixture_shelf(f, FIRST)), 0);
	assert_int_equal(look(f).back, 1);
	assert_string_equal(fixture_backup_get(f, id).state, "kept");
	assert_string_equal(fixture_backup_get(f, id).level, "counted");
	assert_string_equal(fixture_backup_get(f, id).broken, "");
	fixture_entry(f, "runner", "backup.back", "backup/1", "ok");
	assert_string_equal(orphans(f), "");
}

/* Each way in which another thing is in the place of the file. */
static void
what_is_in_its_place_is_broken(void **state)
{
	static const char *const texts[] = { "it has 99 bytes, not the 100 that were written",
		"a symbolic link is in its place", "a folder is in its place",
		"what is in its place is not a regular file" };
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "counted", 5 * GH_HOUR);
	const char *path = fixture_shelf(f, FIRST);
	size_t i;

	fixture_file(f, "elsewhere", 100);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(remove(path), 0);
		if (i == 0)
			fixture_file(f, FIRST, 99);
		else if (i == 1)
			assert_int_equal(symlink("elsewhere", path), 0);
		else if (i == 2)
			assert_int_equal(mkdir(path, 0700), 0);
		else
			assert_int_equal(mkfifo(path, 0600), 0);
		assert_int_equal(look(f).broken, 1);
		assert_string_equal(fixture_backup_get(f, id).broken, texts[i]);
		assert_string_equal(fixture_backup_get(f, id).level, "none");
		assert_string_equal(fixture_backup_get(f, id).state, "kept");
		fixture_entry(f, "runner", "backup.broken", "backup/1", "failed");
		assert_int_equal(look(f).broken, 0); /* said once */
		assert_int_equal(proofs(f, id), i + 1);
	}
	/* It is there again: what was proved before has to be proved again. */
	assert_int_equal(remove(path), 0);
	fixture_file(f, FIRST, 100);
	assert_int_equal(look(f).whole, 1);
	assert_string_equal(fixture_backup_get(f, id).broken, "");
	assert_string_equal(fixture_backup_get(f, id).level, "written");
	assert_int_equal(look(f).whole, 0);
}

/* The backup is none the worse; it is said once, and when it is over. */
static void
what_lies_beside_it_is_looked_at(void **state)
{
	static const char *const texts[] = { "the file beside it, which says what is in it, is not there",
		"a symbolic link is in the place of the file beside it",
		"what is in the place of the file beside it is not a regular file",
		"the file beside it is empty",
		"the file beside it has 8 bytes, not the 7 that were written" };
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "counted", 5 * GH_HOUR), entries;
	const char *path = fixture_shelf(f, FIRST ".json");
	struct shelf_found found;
	size_t i;

	assert_int_equal(look(f).sidecars, 0);
	fixture_file(f, "elsewhere", 7);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(remove(path), 0);
		if (i == 1)
			assert_int_equal(symlink("elsewhere", path), 0);
		else if (i == 2)
			assert_int_equal(mkdir(path, 0700), 0);
		else if (i > 2)
			fixture_file(f, FIRST ".json", i == 3 ? 0 : 8);
		found = look(f);
		assert_int_equal(found.sidecars, 1);
		assert_int_equal(found.broken + found.missing, 0);
		assert_string_equal(fixture_backup_get(f, id).sidecar_wrong, texts[i]);
		assert_string_equal(fixture_backup_get(f, id).broken, "");
		assert_string_equal(fixture_backup_get(f, id).level, "counted");
		fixture_entry(f, "runner", "backup.sidecar", "backup/1", "failed");
		entries = fixture_entries(f);
		assert_int_equal(look(f).sidecars, 0);
		assert_int_equal(fixture_entries(f), entries);
		if (i == 0)
			fixture_file(f, FIRST ".json", 7);
	}
	fixture_file(f, FIRST ".json", 7);
	assert_int_equal(look(f).sidecars_back, 1);
	assert_string_equal(fixture_backup_get(f, id).sidecar_wrong, "");
	fixture_entry(f, "runner", "backup.sidecar-back", "backup/1", "ok");
	assert_int_equal(look(f).sidecars_back, 0);
}

/* A look reads nothing: what was read is not taken back because of a size. */
static void
the_right_size_says_nothing_about_what_it_says(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "counted", 5 * GH_HOUR);

	fixture_ok(f, store_backup_sidecar(f->runner->store, id, "it is another's", true, &f->err));
	assert_int_equal(look(f).sidecars_back, 0);
	assert_string_equal(fixture_backup_get(f, id).sidecar_wrong, "it is another's");
	/* The same file is moved away and back again. */
	assert_int_equal(remove(fixture_shelf(f, FIRST ".json")), 0);
	assert_int_equal(look(f).sidecars, 0);
	assert_string_equal(fixture_backup_get(f, id).sidecar_wrong, "it is another's");
	fixture_file(f, FIRST ".json", 7);
	assert_int_equal(look(f).sidecars_back, 0);
	assert_string_equal(fixture_backup_get(f, id).sidecar_wrong, "it is another's");
	assert_true(fixture_backup_get(f, id).sidecar_read);
	/* Who reads it again may take it away; from then on a look says what it sees. */
	fixture_ok(f, store_backup_sidecar(f->runner->store, id, "", true, &f->err));
	assert_int_equal(remove(fixture_shelf(f, FIRST ".json")), 0);
	assert_int_equal(look(f).sidecars, 1);
	fixture_file(f, FIRST ".json", 7);
	assert_int_equal(look(f).sidecars_back, 1);
	/* Of one without its backup nothing is said. */
	assert_int_equal(remove(fixture_shelf(f, FIRST)), 0);
	assert_int_equal(remove(fixture_shelf(f, FIRST ".json")), 0);
	assert_int_equal(look(f).sidecars, 0);
	assert_string_equal(fixture_backup_get(f, id).sidecar_wrong, "");
}

/* What a proof has found is not taken away by a look. */
static void
the_right_size_says_nothing_about_what_is_in_it(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "written", 5 * GH_HOUR);
	const struct store_proof p = { .backup_id = id,
		.level = "checksummed",
		.state = "failed",
		.started_at = 1,
		.ended_at = 2,
		.place = "",
		.text = "another digest" };

	assert_int_equal(store_proof_add(f->runner->store, &p, &f->err), GH_OK);
	assert_int_equal(look(f).whole, 0);
	assert_string_equal(fixture_backup_get(f, id).broken, "another digest");
}

static void
a_folder_is_as_large_as_what_is_in_it(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b =
	    fixture_backup(f, "shop_production-20261120T023000Z-t1.dir", "listed", 5 * GH_HOUR);
	int64_t id;

	b.format = "directory";
	b.size = 30;
	id = fixture_backup_add(f, &b);
	assert_int_equal(mkdir(fixture_shelf(f, b.file), 0700), 0);
	fixture_file(f, gh_printf(&f->arena, "%s/toc.dat", b.file), 10);
	fixture_file(f, gh_printf(&f->arena, "%s/1.dat.zst", b.file), 20);
	assert_int_equal(look(f).broken, 0);
	assert_int_equal(unlink(fixture_shelf(f, gh_printf(&f->arena, "%s/toc.dat", b.file))), 0);
	assert_int_equal(look(f).broken, 1);
	assert_string_equal(
	    fixture_backup_get(f, id).broken, "it has 20 bytes, not the 30 that were written");
}

static void
strays_are_listed_and_left_alone(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "listed", 5 * GH_HOUR), task = 0;
	const struct store_task_new take = {
		.kind = "take", .target_id = fixture_backup_get(f, id).target_id, .now = 5
	};
	struct store_orphans list;
	int64_t since;

	fixture_file(f, OTHER, 5);
	fixture_file(f, OTHER ".json", 5);
	fixture_file(f, "." OTHER ".part", 5);
	fixture_file(f, "shop_moon-20261121T023000Z-r2.dump.zst.json", 5);
	fixture_file(f, "notes.txt", 5);
	assert_int_equal(look(f).orphans, 4);
	assert_string_equal(orphans(f),
	    "." OTHER ".part: unfinished: the job that wrote it is gone\n"
	    "notes.txt: nothing of ours\n"
	    "shop_moon-20261121T023000Z-r2.dump.zst.json: describes a backup that is not there\n" OTHER
	    ": a backup that the inventory does not know\n");
	assert_int_equal(access(fixture_shelf(f, "." OTHER ".part"), F_OK), 0);
	assert_int_equal(store_orphan_list(f->runner->store, &f->arena, &list, &f->err), GH_OK);
	since = list.rows[1].seen_at;

	/* While one of the target is taken they may be its own. */
	assert_int_equal(store_task_add(f->runner->store, &take, &task, &f->err), GH_OK);
	assert_int_equal(look(f).orphans, 2);
	assert_int_equal(store_orphan_list(f->runner->store, &f->arena, &list, &f->err), GH_OK);
	assert_string_equal(list.rows[0].file, "notes.txt");
	assert_int_equal(list.rows[0].seen_at, since);

	/* The file of what is expired is no backup any more. */
	assert_int_equal(store_backup_move(f->runner->store, id, "expired", 9, &f->err), GH_OK);
	assert_int_equal(unlink(fixture_shelf(f, "notes.txt")), 0);
	(void)look(f);
	assert_null(strstr(orphans(f), "notes.txt"));
}

static void
the_file_of_an_expired_one_is_a_stray(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "listed", 5 * GH_HOUR);

	assert_int_equal(store_backup_move(f->runner->store, id, "expired", 9, &f->err), GH_OK);
	(void)look(f);
	assert_string_equal(orphans(f), FIRST ": the file of backup 1, which is expired\n");
}

static void
a_folder_that_cannot_be_read_changes_nothing(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id = fixture_backup_file(f, FIRST, "listed", 5 * GH_HOUR);
	const char *folder = f->runner->config->backups;
	struct shelf_found found;
	struct store_shelf s;
	bool could = true;

	f->runner->config->backups = fixture_shelf(f, "nowhere");
	fixture_ok(f, shelf_look(f->runner, &f->arena, 77, &could, &found, &f->err));
	f->runner->config->backups = folder;
	assert_false(could);
	assert_string_equal(fixture_backup_get(f, id).state, "kept");
	assert_int_equal(store_shelf_get(f->runner->store, &f->arena, &s, &f->err), GH_OK);
	assert_int_equal(s.looked_at, 77);
	assert_non_null(strstr(s.problem, "cannot read the backup folder"));
	assert_int_equal(s.full_at, -1);
}

/* One message for each target, whatever it has lost; what is known already is not told again. */
static void
tells_what_is_lost(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b =
	    fixture_backup(f, "shop_development-20261120T023000Z-t9.dump.zst", "listed", 9);

	fixture_notify(f);
	f->runner->config->public_url = "https://gatehouse.example.com";
	(void)fixture_backup_file(f, FIRST, "listed", 5 * GH_HOUR);
	(void)fixture_backup_file(f, OTHER, "listed", 6 * GH_HOUR);
	b.target_id = fixture_target_id(f, "shop_development");
	(void)fixture_backup_add(f, &b);
	(void)look(f);
	assert_string_equal(fixture_value(f, "SELECT group_concat(subject, '|') FROM message", 0),
	    "A backup of shop_development is missing");
	fixture_sql(f, "DELETE FROM delivery; DELETE FROM message_fact; DELETE FROM message");
	assert_int_equal(unlink(fixture_shelf(f, FIRST)), 0);
	fixture_file(f, OTHER, 5);
	(void)look(f);
	(void)look(f);
	assert_string_equal(fixture_value(f, "SELECT group_concat(subject, '|') FROM message", 0),
	    "2 backups of shop_production are missing or broken");
	assert_string_equal(fixture_value(f, "SELECT body FROM message", 0),
	    OTHER ": it has 5 bytes, not the 100 that were written.\n" FIRST
		  ": the file is not there any more.");
	assert_string_equal(fixture_value(f, "SELECT value FROM message_fact WHERE name = 'link'", 0),
	    "https://gatehouse.example.com/backups");
}

/* One of 100 bytes a day: without retention the disk is full one day, with it never. */
static void
says_when_it_is_full(void **state)
{
	struct fixture_runner *f = *state;
	int64_t now = gh_clock_now();
	struct shelf_files files = { .total = 10000, .free_size = 1000 };
	struct store_shelf s;

	fixture_ok(f, shelf_forecast(f->runner, &f->arena, &files, now, &f->err));
	assert_int_equal(store_shelf_get(f->runner->store, &f->arena, &s, &f->err), GH_OK);
	assert_int_equal(s.full_at, -1);
	(void)fixture_backup_file(f, FIRST, "listed", now - 25 * GH_HOUR);
	(void)fixture_backup_file(f, OTHER, "listed", now - GH_HOUR);
	fixture_ok(f, shelf_forecast(f->runner, &f->arena, &files, now, &f->err));
	assert_int_equal(store_shelf_get(f->runner->store, &f->arena, &s, &f->err), GH_OK);
	assert_int_equal(s.a_day, 100);
	assert_int_equal(s.free_size, 1000);
	assert_in_range(s.full_at, now + 239 * GH_HOUR, now + 241 * GH_HOUR);
	fixture_keep(f)->keep_last = 5;
	fixture_ok(f, shelf_forecast(f->runner, &f->arena, &files, now, &f->err));
	assert_int_equal(store_shelf_get(f->runner->store, &f->arena, &s, &f->err), GH_OK);
	assert_int_equal(s.full_at, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SHELF_TEST(finds_nothing_where_all_is_well),
		SHELF_TEST(a_file_that_is_gone_is_missing_until_it_is_back),
		SHELF_TEST(what_lies_beside_it_is_looked_at),
		SHELF_TEST(the_right_size_says_nothing_about_what_it_says),
		SHELF_TEST(what_is_in_its_place_is_broken),
		SHELF_TEST(the_right_size_says_nothing_about_what_is_in_it),
		SHELF_TEST(a_folder_is_as_large_as_what_is_in_it),
		SHELF_TEST(strays_are_listed_and_left_alone),
		SHELF_TEST(the_file_of_an_expired_one_is_a_stray),
		SHELF_TEST(a_folder_that_cannot_be_read_changes_nothing),
		SHELF_TEST(tells_what_is_lost),
		SHELF_TEST(says_when_it_is_full),
	};

	return cmocka_run_group_tests_name("runner/shelf", tests, NULL, NULL);
}
