#include "base/ban.h"
#include "tests/support/fixture_backup.h"

static enum gh_code
act(struct fixture_runner *f, const char *who, const char *target, const char *reason)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, target);
	wire_put_text(&out, reason);
	return fixture_act(f, who, WIRE_BACKUP_TAKE, gh_printf(&f->arena, "target/%s", target), &fields);
}

static void
a_lead_or_an_admin_has_one_taken(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_ok(f, act(f, "lead", "shop_production", "before the sale"));
	assert_int_equal(wire_i64(&f->fields), 1);
	assert_string_equal(
	    fixture_value(f,
		"SELECT k.kind || ' ' || k.state || ' ' || p.name || ' ' || k.reason FROM task k JOIN "
		"person p ON p.id = k.person_id",
		0),
	    "take queued lead before the sale");
	fixture_entry(f, "lead", "backup.take", "target/shop_production", "ok");
	assert_string_equal(fixture_value(f, "SELECT text FROM ledger ORDER BY seq DESC LIMIT 1", 0),
	    "task 1: before the sale");
	fixture_ok(f, act(f, "admin", "shop_development", ""));
	fixture_refused(f, GH_FORBIDDEN, "backup.take", act(f, "viewer", "shop_production", ""));
	fixture_refused(f, GH_FORBIDDEN, "backup.take", act(f, "auditor", "shop_production", ""));
}

static void
not_twice_and_not_of_what_is_not_there(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_ok(f, act(f, "lead", "shop_production", ""));
	fixture_refused(f, GH_CONFLICT, "task 1 takes a backup of shop_production already",
	    act(f, "lead2", "shop_production", ""));
	fixture_refused(f, GH_NOT_FOUND, "shop_moon", act(f, "lead", "shop_moon", ""));
	f->runner->config->n_targets = 0;
	fixture_refused(
	    f, GH_CONFLICT, "no longer in the configuration", act(f, "lead", "shop_development", ""));
	f->runner->config->n_targets = 2;
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM task", 0), "1");
}

static void
every_cut_is_refused(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_text(&out, "shop_production");
	wire_put_text(&out, "why not");
	fixture_cuts(f, "lead", WIRE_BACKUP_TAKE, "target/shop_production", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_lead_or_an_admin_has_one_taken),
		FIXTURE_TEST(not_twice_and_not_of_what_is_not_there),
		FIXTURE_TEST(every_cut_is_refused),
	};

	return cmocka_run_group_tests_name("runner/cmd_backup_take", tests, NULL, NULL);
}
