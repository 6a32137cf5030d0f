#include "base/ban.h"
#include "tests/support/fixture_backup.h"

static enum gh_code
act(struct fixture_runner *f, const char *who, int64_t backup, const char *level, const char *reason)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, backup);
	wire_put_text(&out, level);
	wire_put_text(&out, reason);
	return fixture_act(
	    f, who, WIRE_BACKUP_PROVE, gh_printf(&f->arena, "backup/%" PRId64, backup), &fields);
}

static void
a_lead_or_an_admin_has_it_proved(void **state)
{
	struct fixture_runner *f = *state;
	int64_t one, two;

	fixture_shop(f);
	one = fixture_backup_of(f, "shop_production", "written");
	two = fixture_backup_of(f, "shop_production", "listed");
	fixture_ok(f, act(f, "lead", one, "", "for the audit"));
	assert_int_equal(wire_i64(&f->fields), 1);
	assert_string_equal(
	    fixture_value(f, "SELECT kind || level || backup_id FROM task", 0), "provecounted1");
	fixture_entry(f, "lead", "backup.prove", "backup/1", "ok");
	assert_string_equal(
	    fixture_value(f, "SELECT target || ' ' || text FROM ledger ORDER BY seq DESC LIMIT 1", 0),
	    "shop_production task 1, counted: for the audit");
	fixture_ok(f, act(f, "admin", two, "checksummed", ""));
	assert_string_equal(fixture_value(f, "SELECT level FROM task WHERE id = 2", 0), "checksummed");
	fixture_refused(f, GH_FORBIDDEN, "backup.prove", act(f, "viewer", one, "", ""));
	fixture_refused(f, GH_CONFLICT, "task 1 proves backup 1 already", act(f, "lead", one, "listed", ""));
}

static void
not_what_nobody_can_open(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	fixture_shop(f);
	id = fixture_backup_of(f, "shop_production", "written");
	fixture_refused(f, GH_NOT_FOUND, "99", act(f, "lead", 99, "", ""));
	fixture_refused(f, GH_BAD_INPUT, "the level must be", act(f, "lead", id, "written", ""));
	fixture_refused(f, GH_BAD_INPUT, "the level must be", act(f, "lead", id, "none", ""));
	fixture_sql(f, "UPDATE backup SET format = '', source = 'barman'");
	fixture_refused(f, GH_CONFLICT, "made by barman", act(f, "lead", id, "", ""));
	fixture_sql(f, "UPDATE backup SET format = 'custom', state = 'missing'");
	fixture_refused(f, GH_CONFLICT, "is missing", act(f, "lead", id, "", ""));
	fixture_sql(f, "UPDATE backup SET state = 'kept', kind = 'outside', file = ''");
	fixture_refused(f, GH_CONFLICT, "kept by barman", act(f, "lead", id, "", ""));
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM task", 0), "0");
}

static void
every_cut_is_refused(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 1);
	wire_put_text(&out, "listed");
	wire_put_text(&out, "why not");
	fixture_cuts(f, "lead", WIRE_BACKUP_PROVE, "backup/1", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_lead_or_an_admin_has_it_proved),
		FIXTURE_TEST(not_what_nobody_can_open),
		FIXTURE_TEST(every_cut_is_refused),
	};

	return cmocka_run_group_tests_name("runner/cmd_backup_prove", tests, NULL, NULL);
}
