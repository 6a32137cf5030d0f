#include "base/ban.h"
#include "runner/plan_restore.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_plan.h"

#define FILE_NAME "shop_production-20261120T023000Z-r7.dump.zst"
#define TAKEN     (INT64_C(1795141800) * 1000000)
#define WEEK_MS   (INT64_C(7) * 24 * 3600 * 1000)

static int64_t
backup(struct fixture_runner *f)
{
	struct store_backup_new b;
	const struct store_backup_table tables[] = {
		{ .name = "public.orders", .rows = 20, .bytes = 8192, .restored = -1 },
		{ .name = "public.\"A b\"", .rows = 10, .bytes = 8192, .restored = -1 },
	};
	int64_t id;
	size_t i;

	fixture_shop(f);
	b = fixture_backup(f, FILE_NAME, "counted", TAKEN);
	id = fixture_backup_add(f, &b);
	for (i = 0; i < 2; i++)
		assert_int_equal(store_backup_table_add(f->runner->store, id, &tables[i], &f->err), GH_OK);
	return id;
}

static void
change(struct fixture_runner *f, const char *sql)
{
	assert_int_equal(sqlite3_exec(f->runner->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static enum gh_code
build(struct fixture_runner *f, enum plan_act act, const char *to, struct plan_built *ret)
{
	const struct plan_goal goal = { .down = true, .act = act, .backup = 1, .to = to, .keep_ms = WEEK_MS };

	f->err = (struct gh_err){ 0 };
	return plan_build(f->runner->store, "shop_production", &goal, false, ret, &f->err);
}

/* Refused with that part of a sentence. */
static void
refused(struct fixture_runner *f, enum plan_act act, const char *to, const char *part)
{
	PLAN_BUILT b = { 0 };

	assert_int_not_equal(build(f, act, to, &b), GH_OK);
	if (strstr(f->err.msg, part) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", part, f->err.msg);
}

static void
says_what_becomes_of_which_database(void **state)
{
	struct fixture_runner *f = *state;
	const struct plan_restore *r;
	struct store_plan_restore row;
	PLAN_BUILT b = { 0 };

	assert_int_equal(backup(f), 1);
	fixture_ok(f, build(f, PLAN_RESTORE, "", &b));
	r = &b.plan.restore;
	assert_true(b.plan.down);
	assert_string_equal(b.plan.migrations[0].key, "restore:1");
	assert_string_equal(r->file, FILE_NAME);
	assert_string_equal(r->name, b.plan.database);
	assert_string_equal(
	    r->keep_name, gh_printf(&f->arena, "%s_before_%" PRId64, b.plan.database, b.plan.database_oid));
	assert_int_equal(r->keep_ms, WEEK_MS);
	assert_int_equal(r->n_tables, 2);
	assert_string_equal(r->snapshot, "700:700:");
	assert_non_null(strstr(b.goal, "backup 1 of "));
	assert_non_null(strstr(b.rows.migrations[0].description, r->keep_name));
	assert_non_null(strstr(b.rows.migrations[0].description, "It was restored and counted"));
	b.rows.now = 5;
	fixture_ok(f, store_plan_add(f->runner->store, &b.rows, &f->err));
	fixture_ok(f, store_plan_restore_get(f->runner->store, &f->arena, b.digest, &row, &f->err));
	assert_false(plan_restore_uncounted(b.goal));
	assert_int_equal(row.backup, 1);
	assert_int_equal(row.tables, 2);
	assert_int_equal(row.rows, 30);
	assert_string_equal(row.keep_name, r->keep_name);
	assert_string_equal(
	    fixture_value(f, "SELECT act || direction || migrations FROM plan", 0), "restoredown1");
}

static void
a_database_beside_it_has_a_name_of_its_own(void **state)
{
	struct fixture_runner *f = *state;
	char longest[80];
	PLAN_BUILT b = { 0 };
	PLAN_BUILT named = { 0 };

	(void)backup(f);
	fixture_ok(f, build(f, PLAN_SIDE, "", &b));
	assert_string_equal(b.plan.restore.name, gh_printf(&f->arena, "%s_backup_1", b.plan.database));
	assert_string_equal(b.plan.restore.keep_name, "");
	assert_string_equal(b.plan.after, "");
	fixture_ok(f, build(f, PLAN_SIDE, "look", &named));
	assert_string_equal(named.plan.restore.name, "look");
	assert_non_null(strstr(named.goal, "as look"));
	memset(longest, 'x', 64);
	longest[64] = '\0';
	refused(f, PLAN_SIDE, longest, "at most 63 bytes");
	refused(f, PLAN_SIDE, "two words", "no spaces");
	refused(f, PLAN_SIDE, "postgres", "the server's own");
	refused(f, PLAN_SIDE, b.plan.database, "needs another name");
}

/* Each state of a backup that nobody can restore, as a sentence that says which. */
static void
refuses_what_cannot_be_restored(void **state)
{
	static const char *const bad[][3] = {
		{ "state = 'expired', state_at = 5", "has expired", "state = 'kept'" },
		{ "going_by = 'lead2'", "is being removed, as lead2 has decided", "going_by = ''" },
		{ "state = 'missing'", "is missing", "state = 'kept'" },
		{ "broken = 'it lists no table'", "is broken: it lists no table", "broken = ''" },
		{ "file = '', kind = 'hook'", "has no file here", "file = '" FILE_NAME "', kind = 'hand'" },
		{ "kind = 'outside', source = 'nightly'", "is kept by nightly", "kind = 'hand'" },
		{ "digest = ''", "prove it first", "digest = printf('%064d', 7)" },
		{ "target_id = (SELECT id FROM target WHERE name = 'shop_development')",
		    "is of shop_development", "level = 'listed'" },
	};
	struct fixture_runner *f = *state;
	size_t i;

	(void)backup(f);
	change(f, "DROP TRIGGER backup_moves");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		change(f, gh_printf(&f->arena, "UPDATE backup SET %s", bad[i][0]));
		refused(f, PLAN_RESTORE, "", bad[i][1]);
		refused(f, PLAN_SIDE, "", bad[i][1]);
		change(f, gh_printf(&f->arena, "UPDATE backup SET %s", bad[i][2]));
	}
}

static void
says_that_nobody_has_looked_into_it(void **state)
{
	static const char *const levels[][2] = { { "written", "It is only written" },
		{ "checksummed", "only checksummed" }, { "listed", "never restored" },
		{ "restored", "were not counted" }, { "counted", "restored and counted" } };
	struct fixture_runner *f = *state;
	size_t i;

	(void)backup(f);
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		PLAN_BUILT b = { 0 };

		change(f, gh_printf(&f->arena, "UPDATE backup SET level = '%s'", levels[i][0]));
		fixture_ok(f, build(f, PLAN_RESTORE, "", &b));
		assert_non_null(strstr(b.rows.migrations[0].description, levels[i][1]));
	}
}

/* A target whose folder and tracking table cannot be read, and that is held, is what a restore is for. */
static void
does_not_need_more_than_the_target(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	GH_ARENA a = { 0 };
	struct plan again;

	(void)backup(f);
	change(f,
	    "UPDATE target SET tracking_known = 0, tracking_table = '', held = 'run 3 needs a person', "
	    "problem = 'odd'");
	change(f, "UPDATE project SET problem = 'gone', convention = '', detected = ''");
	fixture_ok(f, build(f, PLAN_RESTORE, "", &b));
	assert_string_equal(b.plan.convention, "");
	assert_int_equal(plan_read(b.bytes.data, b.bytes.len, &a, &again, &f->err), GH_OK);
	assert_string_equal(again.tracking, "");
	change(f, "UPDATE target SET reachable = 0, problem = 'no route'");
	refused(f, PLAN_RESTORE, "", "not available");
}

static void
a_snapshot_of_another_database_is_left_out(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0, id = 0;
	struct store_kept_database kept = { .kind = "side", .name = "x", .oid = 9, .kept_at = TAKEN + 5 };
	PLAN_BUILT beside = { 0 };
	PLAN_BUILT after = { 0 };

	(void)backup(f);
	(void)fixture_request(f, "shop_development", &run);
	kept.run_id = run;
	kept.target_id = fixture_target_id(f, "shop_production");
	fixture_ok(f, store_kept_database_add(f->runner->store, &kept, &id, &f->err));
	fixture_ok(f, build(f, PLAN_RESTORE, "", &beside));
	assert_string_equal(beside.plan.restore.snapshot, "700:700:");
	kept.kind = "before";
	fixture_ok(f, store_kept_database_add(f->runner->store, &kept, &id, &f->err));
	fixture_ok(f, build(f, PLAN_RESTORE, "", &after));
	assert_string_equal(after.plan.restore.snapshot, "");
}

static const char *
why_stale(struct fixture_runner *f, const char *digest)
{
	const char *why = "?";

	f->err = (struct gh_err){ 0 };
	fixture_ok(f, plan_recheck(f->runner->store, &f->arena, digest, &why, &f->err));
	return why;
}

static void
goes_stale_with_its_backup_and_its_database(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	PLAN_BUILT side = { 0 };

	(void)backup(f);
	fixture_ok(f, build(f, PLAN_RESTORE, "", &b));
	fixture_ok(f, build(f, PLAN_SIDE, "look", &side));
	b.rows.now = side.rows.now = 5;
	fixture_ok(f, store_plan_add(f->runner->store, &b.rows, &f->err));
	fixture_ok(f, store_plan_add(f->runner->store, &side.rows, &f->err));
	assert_null(why_stale(f, b.digest));
	assert_null(why_stale(f, side.digest));
	change(f, "UPDATE backup SET level = 'listed'");
	assert_null(why_stale(f, b.digest));
	change(f, "UPDATE backup SET broken = 'its digest is another'");
	assert_non_null(strstr(why_stale(f, b.digest), "its digest is another"));
	change(f, "UPDATE backup SET broken = ''; UPDATE target SET database_oid = database_oid + 1");
	assert_non_null(why_stale(f, b.digest));
	assert_non_null(why_stale(f, side.digest));
}

static void
is_found_by_number_or_file(void **state)
{
	struct fixture_runner *f = *state;
	struct plan_goal goal = { .act = PLAN_SIDE };
	struct store *st = f->runner->store;
	const char *whose;

	(void)backup(f);
	fixture_ok(f, plan_restore_find(st, &f->arena, "1 look", &goal, &whose, &f->err));
	assert_int_equal(goal.backup, 1);
	assert_string_equal(goal.to, "look");
	assert_string_equal(whose, "shop_production");
	fixture_ok(f, plan_restore_find(st, &f->arena, FILE_NAME, &goal, &whose, &f->err));
	assert_string_equal(goal.to, "");
	assert_int_equal(plan_restore_find(st, &f->arena, "9", &goal, &whose, NULL), GH_NOT_FOUND);
	assert_int_equal(plan_restore_find(st, &f->arena, "nothing.dump", &goal, &whose, NULL), GH_NOT_FOUND);
	assert_int_equal(plan_restore_find(st, &f->arena, "", &goal, &whose, NULL), GH_BAD_INPUT);
	goal.act = PLAN_RESTORE;
	assert_int_equal(plan_restore_find(st, &f->arena, "1 look", &goal, &whose, NULL), GH_BAD_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(says_what_becomes_of_which_database),
		FIXTURE_TEST(a_database_beside_it_has_a_name_of_its_own),
		FIXTURE_TEST(refuses_what_cannot_be_restored),
		FIXTURE_TEST(says_that_nobody_has_looked_into_it),
		FIXTURE_TEST(does_not_need_more_than_the_target),
		FIXTURE_TEST(a_snapshot_of_another_database_is_left_out),
		FIXTURE_TEST(goes_stale_with_its_backup_and_its_database),
		FIXTURE_TEST(is_found_by_number_or_file),
	};

	return cmocka_run_group_tests_name("runner/plan_restore", tests, NULL, NULL);
}
