#include "base/ban.h"
#include "tests/support/fixture_plan.h"

static enum gh_code
ask(struct fixture_runner *f, const char *who, const char *target, const char *cursor, int64_t limit)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, target);
	wire_put_text(&out, cursor);
	wire_put_i64(&out, limit);
	return fixture_cli(f, who, WIRE_READ_MIGRATIONS, false, &fields);
}

/* 0001 applied on development, 0002 and 0003 on neither; 0003 for a reason. */
static void
migrations(struct fixture_runner *f)
{
	static const struct fixture_migration m[] = { { "0001_a", "SELECT 1", NULL, "", false },
		{ "0002_b", "SELECT 2", NULL, "", false } };
	static const char *const one[] = { "0001_a", NULL };

	fixture_folder(f, m, 2);
	fixture_seen(f, "shop_development", one);
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "UPDATE standing SET applied_at = 77, by = 'dbmate' WHERE applied = 1;"
			     "UPDATE standing SET standing = 'out-of-order', decision = 'never',"
			     " text = 'older than 0001_a: passed over' WHERE key = '0002_b'",
			     NULL, NULL, NULL),
	    SQLITE_OK);
}

static void
says_what_each_is_on_the_target(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	migrations(f);
	fixture_ok(f, ask(f, "viewer", "shop_development", "", 50));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 2);
	assert_string_equal(fixture_cell(f, t, 0, "version")->text, "0002");
	assert_string_equal(fixture_cell(f, t, 0, "state")->text, "out-of-order");
	assert_string_equal(fixture_cell(f, t, 0, "decision")->text, "never");
	assert_string_equal(fixture_cell(f, t, 0, "reason")->text, "older than 0001_a: passed over");
	assert_string_equal(fixture_cell(f, t, 1, "by")->text, "dbmate");
	assert_string_equal(fixture_cell(f, t, 1, "key")->text, "0001_a");
	assert_string_equal(fixture_cell(f, t, 1, "state")->text, "applied");
	assert_int_equal(fixture_cell(f, t, 1, "applied_at")->number, 77);
	assert_string_equal(t->next, "");
}

static void
goes_on_at_the_cursor(void **state)
{
	struct fixture_runner *f = *state;
	const struct wire_table *t;

	migrations(f);
	fixture_ok(f, ask(f, "viewer", "shop_production", "", 1));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_not_equal(t->next, "");
	fixture_ok(f, ask(f, "viewer", "shop_production", t->next, 1));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(fixture_cell(f, t, 0, "version")->text, "0001");
	assert_string_equal(t->next, "");
}

static void
refuses_bad_cursors_and_targets(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_BAD_INPUT, "cursor", ask(f, "viewer", "shop_production", "x", 1));
	fixture_refused(f, GH_BAD_INPUT, "cursor", ask(f, "viewer", "shop_production", "5:", 1));
	fixture_refused(f, GH_BAD_INPUT, "cursor", ask(f, "viewer", "shop_production", "-5:a", 1));
	fixture_refused(f, GH_NOT_FOUND, "", ask(f, "viewer", "", "", 1));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, "shop_production");
	wire_put_text(&out, "");
	wire_put_i64(&out, 1);
	fixture_cuts_cli(f, "lead", WIRE_READ_MIGRATIONS, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(says_what_each_is_on_the_target),
		FIXTURE_TEST(goes_on_at_the_cursor),
		FIXTURE_TEST(refuses_bad_cursors_and_targets),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_migrations", tests, NULL, NULL);
}
