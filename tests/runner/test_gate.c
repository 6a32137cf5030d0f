#include "base/ban.h"
#include "runner/gate.h"
#include "runner/plan_build.h"
#include "tests/support/fixture_plan.h"

#define REFUSED                                                                                              \
	"0003_status may not run on shop_production yet: production takes only what ran on development "     \
	"with the same SQL (promote = true), and on shop_development "

static void
sql(struct fixture_runner *f, const char *text)
{
	assert_int_equal(sqlite3_exec(f->runner->store->db, text, NULL, NULL, NULL), SQLITE_OK);
}

/* Production asks for promotion; development has these. */
static void
begin(struct fixture_runner *f, const char *const *there)
{
	fixture_shop(f);
	fixture_seen(f, "shop_development", there);
	sql(f, "UPDATE target SET policy = replace(policy, 'promote 0', 'promote 1')");
}

static enum gh_code
build(struct fixture_runner *f, bool down, struct plan_built *ret)
{
	const struct plan_goal goal = { .down = down, .to = down ? "" : "0003", .steps = down ? 1 : 0 };

	f->err = (struct gh_err){ 0 };
	return plan_build(f->runner->store, "shop_production", &goal, false, ret, &f->err);
}

static void
assert_refused(struct fixture_runner *f, const char *text)
{
	PLAN_BUILT b = { 0 };

	assert_int_equal(build(f, false, &b), GH_CONFLICT);
	assert_string_equal(f->err.msg, text);
}

static const char *const two[] = { "0001_customers", "0002_orders", NULL },
			 *const three[] = { "0001_customers", "0002_orders", "0003_status", NULL };

static void
takes_what_ran_before_with_the_same_sql(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	GH_TEXT notes = { 0 };

	begin(f, three);
	assert_int_equal(build(f, false, &b), GH_OK);
	assert_int_equal(gate_check(f->runner->store, &b.plan, &notes, &f->err), GH_OK);
	assert_int_equal(notes.len, 0);
}

static void
refuses_what_did_not(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	PLAN_BUILT down = { 0 };

	begin(f, two);
	assert_refused(f, REFUSED "it did not run");
	/* Taking back is no promotion, and neither is a target that does not ask for it. */
	assert_int_equal(build(f, true, &down), GH_OK);
	sql(f, "UPDATE target SET policy = replace(policy, 'promote 1', 'promote 0')");
	assert_int_equal(build(f, false, &b), GH_OK);
}

static void
says_what_stands_there(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, three);
	sql(f, "UPDATE standing SET standing = 'failed' WHERE key = '0003_status' AND target_id = 1");
	assert_refused(f, REFUSED "it failed");
	sql(f,
	    "UPDATE standing SET standing = 'applied', digest = '' WHERE key = '0003_status' AND target_id "
	    "= 1");
	assert_refused(f, REFUSED "it is applied, but with which SQL is not known");
	sql(f, "UPDATE standing SET standing = 'baseline' WHERE key = '0003_status' AND target_id = 1");
	assert_refused(f, REFUSED "it is part of the baseline, so it never ran");
	sql(f,
	    "UPDATE standing SET standing = 'missing', applied = 0 WHERE key = '0003_status' AND target_id "
	    "= 1");
	assert_refused(f, REFUSED "it is not applied");
}

static void
tells_other_comments_from_other_sql(void **state)
{
	struct fixture_runner *f = *state;
	PLAN_BUILT b = { 0 };
	GH_TEXT notes = { 0 };

	begin(f, three);
	sql(f,
	    "INSERT INTO side_seen SELECT project_id, key, side, 'other', checksum, tokens, 1 FROM side_seen "
	    "WHERE key = '0003_status' AND side = 'up'");
	sql(f,
	    "UPDATE standing SET digest = 'other', applied_at = 60000000 WHERE key = '0003_status' AND "
	    "target_id = 1");
	assert_int_equal(build(f, false, &b), GH_OK);
	assert_int_equal(gate_check(f->runner->store, &b.plan, &notes, &f->err), GH_OK);
	assert_string_equal(gh_text_str(&notes),
	    "0003_status ran on shop_development with other comments or white space, and the same SQL.\n");
	sql(f, "UPDATE side_seen SET tokens = 't' WHERE digest = 'other'");
	assert_refused(f, REFUSED "another SQL ran (1970-01-01 00:01:00 UTC)");
	/* Tokens that nobody knows are not the same as others that nobody knows. */
	sql(f, "UPDATE side_seen SET tokens = ''");
	assert_refused(f, REFUSED "another SQL ran (1970-01-01 00:01:00 UTC)");
}

static void
needs_an_environment_before(void **state)
{
	struct fixture_runner *f = *state;

	begin(f, three);
	sql(f, "UPDATE target SET ended_at = 5 WHERE id = 1");
	assert_refused(f,
	    "nothing can be promoted to shop_production: project shop has no target in an environment before "
	    "production; configure one, or set promote = false");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(takes_what_ran_before_with_the_same_sql),
		FIXTURE_TEST(refuses_what_did_not),
		FIXTURE_TEST(says_what_stands_there),
		FIXTURE_TEST(tells_other_comments_from_other_sql),
		FIXTURE_TEST(needs_an_environment_before),
	};

	return cmocka_run_group_tests_name("runner/gate", tests, NULL, NULL);
}
