#include "base/ban.h"
#include "store/project_write.h"
#include "tests/support/fixture_plan.h"

static enum gh_code
refresh(struct fixture_runner *f, const char *project)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, project);
	return fixture_act(f, "viewer", WIRE_PROJECT_REFRESH, "project", &fields);
}

static void
answers_when_all_was_read_after_it_came(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_ok(f, refresh(f, "shop"));
	fixture_ok(f, refresh(f, ""));
	fixture_entry(f, "viewer", "project.refresh", "project", "ok");
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "UPDATE target SET checked_at = 5", NULL, NULL, NULL), 0);
	(void)refresh(f, "shop");
	assert_true(f->deferred);
}

static void
counts_a_target_that_is_down_as_read(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	assert_int_equal(store_target_problem(f->runner->store, fixture_target_id(f, "shop_production"),
			     false, "down", fixture_later(), &f->err),
	    GH_OK);
	fixture_ok(f, refresh(f, "shop"));
}

static void
knows_no_other_project(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_NOT_FOUND, "nothing", refresh(f, "nothing"));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	fixture_shop(f);
	wire_put_text(&out, "shop");
	fixture_cuts(f, "viewer", WIRE_PROJECT_REFRESH, "project", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(answers_when_all_was_read_after_it_came),
		FIXTURE_TEST(counts_a_target_that_is_down_as_read),
		FIXTURE_TEST(knows_no_other_project),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_project_refresh", tests, NULL, NULL);
}
