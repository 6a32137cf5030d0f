#include "base/ban.h"
#include "tests/support/fixture_runner.h"
#include "store/project_write.h"

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

/* 0001 applied on development, 0002 on neither. */
static void
migrations(struct fixture_runner *f)
{
	const struct store_file_new files[] = {
		{ "0001_a.sql", "up", "", "d1", "1", "0001", "a", "The first", "", "" },
		{ "0002_b.sql", "up", "", "d2", "2", "0002", "b", "", "", "" },
	};
	struct store *st = f->runner->store;
	struct store_project project;
	struct store_target target;
	size_t i;

	assert_int_equal(store_project_get(st, &f->arena, "shop", &project, &f->err), GH_OK);
	assert_int_equal(store_target_get(st, &f->arena, "shop_development", &target, &f->err), GH_OK);
	assert_int_equal(store_folder_start(st, project.id, &f->err), GH_OK);
	for (i = 0; i < 2; i++)
		assert_int_equal(store_folder_file(st, project.id, &files[i], &f->err), GH_OK);
	assert_int_equal(store_folder_end(st, project.id, "sig", 5, &f->err), GH_OK);
	assert_int_equal(
	    store_target_tracking(st, target.id, "public.schema_migrations", true, "", &f->err), GH_OK);
	assert_int_equal(store_tracked_add(st, target.id, "1", 77, &f->err), GH_OK);
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
	assert_string_equal(fixture_cell(f, t, 0, "state")->text, "pending");
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
