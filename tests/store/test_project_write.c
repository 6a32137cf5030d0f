#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/project_write.h"

/* What the configuration asks of the backups of a target. */

static int64_t
prove_by(struct fixture *f)
{
	struct store_target t;

	assert_ok(f, store_target_get_id(&f->store, &f->arena, FIXTURE_PRODUCTION, &t, &f->err));
	return t.prove_by;
}

static void
sql(struct fixture *f, const char *text)
{
	assert_int_equal(sqlite3_exec(f->store.db, text, NULL, NULL, NULL), SQLITE_OK);
}

/* What was taken since the newest that was counted has to be counted in time, the first of them first. */
static void
knows_by_when_a_backup_is_to_be_counted(void **state)
{
	struct fixture *f = *state;
	const struct store_project_conf project = { "shop", "/srv/shop/migrations", "numbered", "" };
	struct store_target_conf target = { .name = "shop_production",
		.project = "shop",
		.environment = "production",
		.backup_schedule = "0 2 * * * UTC",
		.prove_every_ms = 9 };
	const struct store_conf conf = { 1, 1, &project, &target };
	struct store_target t;

	sql(f,
	    "DROP TRIGGER backup_kept; DELETE FROM backup; INSERT INTO backup (id, target_id, kind, file, "
	    "format, digest, "
	    "size, started_at, ended_at, server_version, client_version, table_count, row_count, schema_key, "
	    "level) "
	    "SELECT value, 3, 'hand', 'f' || value, 'custom', '', 1, 0, value * 1000000, '', '', 1, 1, '', "
	    "'listed' "
	    "FROM json_each('[10, 20, 30, 40]')");
	assert_ok(f, store_conf_sync(&f->store, &conf, 5, &f->err));
	assert_int_equal(prove_by(f), 0); /* never */
	target.prove_within_ms = 1000;
	assert_ok(f, store_conf_sync(&f->store, &conf, 15000000, &f->err));
	/* What was taken before that was asked has its time from then on. */
	assert_int_equal(prove_by(f), 16000000);
	assert_ok(f, store_conf_sync(&f->store, &conf, 99000000, &f->err));
	assert_int_equal(prove_by(f), 16000000);
	sql(f, "UPDATE backup SET level = 'counted' WHERE id = 20");
	assert_int_equal(prove_by(f), 31000000);
	sql(f, "UPDATE backup SET level = 'restored', broken = 'it is' WHERE id = 20");
	assert_int_equal(prove_by(f), 16000000);
	sql(f, "UPDATE backup SET state = 'expired' WHERE id IN (10, 20)");
	assert_int_equal(prove_by(f), 31000000);
	sql(f, "UPDATE backup SET level = 'counted' WHERE id = 40");
	assert_int_equal(prove_by(f), 0);
	assert_ok(f, store_target_overdue(&f->store, FIXTURE_PRODUCTION, 77, &f->err));
	assert_ok(f, store_target_get(&f->store, &f->arena, "shop_production", &t, &f->err));
	assert_int_equal(t.overdue_at, 77);
	assert_int_equal(t.prove_within_ms, 1000);
	assert_int_equal(t.prove_every_ms, 9);
	assert_string_equal(t.backup_schedule, "0 2 * * * UTC");
	assert_ok(f, store_target_overdue(&f->store, FIXTURE_PRODUCTION, 0, &f->err));
	assert_int_equal(
	    fixture_number(f, "SELECT count(*) FROM target WHERE id = 3 AND overdue_at IS NULL"), 1);
}

/* What is far enough is what the configuration says, and a new word gives what is there its time again. */
static void
a_backup_has_to_get_as_far_as_it_is_asked(void **state)
{
	struct fixture *f = *state;
	const struct store_project_conf project = { "shop", "/srv/shop/migrations", "numbered", "" };
	struct store_target_conf target = { .name = "shop_production",
		.project = "shop",
		.environment = "production",
		.prove_within_ms = 1000 };
	const struct store_conf conf = { 1, 1, &project, &target };
	static const struct {
		const char *wanted, *level;
		int64_t by;
	} rows[] = {
		{ "listed", "none", 16000000 },
		{ "listed", "checksummed", 16000000 },
		{ "listed", "listed", 0 },
		{ "listed", "counted", 0 },
		{ "restored", "listed", 16000000 },
		{ "restored", "restored", 0 },
		{ "counted", "restored", 16000000 },
		{ NULL, "restored", 16000000 },
		{ NULL, "counted", 0 },
	};
	struct store_target t;
	size_t i;

	sql(f,
	    "DROP TRIGGER backup_kept; DELETE FROM backup; INSERT INTO backup (id, target_id, kind, file, "
	    "format, digest, size, started_at, ended_at, server_version, client_version, table_count, "
	    "row_count, schema_key, level) VALUES (10, 3, 'hand', 'f', 'custom', '', 1, 0, 10000000, '', '', "
	    "1, 1, '', 'written')");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		target.prove_level = rows[i].wanted;
		assert_ok(f, store_conf_sync(&f->store, &conf, 15000000, &f->err));
		sql(f, "UPDATE target SET prove_from = 15000000 WHERE id = 3");
		sql(f, gh_printf(&f->arena, "UPDATE backup SET level = '%s'", rows[i].level));
		assert_int_equal(prove_by(f), rows[i].by);
		assert_ok(f, store_target_get(&f->store, &f->arena, "shop_production", &t, &f->err));
		assert_string_equal(t.prove_level, rows[i].wanted == NULL ? "counted" : rows[i].wanted);
		assert_int_equal(t.reached_backup, rows[i].by == 0 ? 10 : 0);
		assert_int_equal(t.reached_backup_at, rows[i].by == 0 ? 10000000 : 0);
	}
	sql(f, "UPDATE backup SET broken = 'it is'");
	assert_int_equal(prove_by(f), 16000000);
	assert_ok(f, store_conf_sync(&f->store, &conf, 25000000, &f->err));
	assert_int_equal(prove_by(f), 16000000);
	target.prove_level = "restored";
	assert_ok(f, store_conf_sync(&f->store, &conf, 25000000, &f->err));
	assert_int_equal(prove_by(f), 26000000);
	target.prove_level = "written";
	assert_code(f, GH_INTERNAL, store_conf_sync(&f->store, &conf, 25000000, &f->err), "prove_level");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(knows_by_when_a_backup_is_to_be_counted),
		T(a_backup_has_to_get_as_far_as_it_is_asked),
	};

	return cmocka_run_group_tests_name("store/project_write", tests, NULL, NULL);
}
