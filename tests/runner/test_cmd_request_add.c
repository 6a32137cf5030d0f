#include "base/ban.h"
#include "store/project_write.h"
#include "store/run_write.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_plan.h"

static void
put(struct gh_text *fields, const char *target, uint8_t direction, const char *goal, int64_t steps,
    const char *reason)
{
	struct wire_out out = { .text = fields };

	wire_put_text(&out, target);
	wire_put_u8(&out, direction);
	wire_put_text(&out, goal);
	wire_put_i64(&out, steps);
	wire_put_text(&out, reason);
}

static enum gh_code
add_as(struct fixture_runner *f, const char *who, const char *target, uint8_t direction, const char *goal,
    const char *reason)
{
	GH_TEXT fields = { 0 };

	put(&fields, target, direction, goal, direction == 2 && goal[0] == '\0' ? 1 : 0, reason);
	return fixture_act(f, who, WIRE_REQUEST_ADD, gh_printf(&f->arena, "target/%s", target), &fields);
}

static enum gh_code
add(struct fixture_runner *f, const char *target, uint8_t direction, const char *goal, const char *reason)
{
	return add_as(f, "viewer", target, direction, goal, reason);
}

static void
waits_for_approval_where_the_policy_asks(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_ok(f, add(f, "shop_production", 1, "0004", "the index is needed"));
	assert_int_equal(wire_i64(&f->fields), 1);
	assert_int_equal(wire_i64(&f->fields), 0);
	assert_string_equal(
	    fixture_value(f, "SELECT state || ' ' || goal FROM request WHERE id = ?1", 1), "waiting to 0004");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM plan_statement", 0), "2");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM run", 0), "0");
	fixture_entry(f, "viewer", "request.add", "request/1", "ok");
}

static void
is_queued_at_once_where_none_is_needed(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_ok(f, add(f, "shop_development", 1, "", "try it"));
	assert_int_equal(wire_i64(&f->fields), 1);
	assert_int_equal(wire_i64(&f->fields), 1);
	assert_string_equal(fixture_value(f, "SELECT state FROM run WHERE id = ?1", 1), "queued");
	assert_string_equal(
	    fixture_value(f, "SELECT count(*) FROM run_migration WHERE state = 'pending'", 0), "5");
	fixture_refused(
	    f, GH_CONFLICT, "run 1 waits to be started", add(f, "shop_development", 1, "", "again"));
}

static void
asks_for_a_way_back(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_ok(f, add(f, "shop_production", 2, "", "it was wrong"));
	assert_string_equal(fixture_value(f, "SELECT direction || ' ' || goal FROM request WHERE id = ?1", 1),
	    "down back 1, to 0001");
}

static void
refuses_what_makes_no_plan(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	fixture_refused(f, GH_NOT_FOUND, "nowhere", add(f, "nowhere", 1, "", "x"));
	fixture_refused(f, GH_CONFLICT, "nothing to do", add(f, "shop_production", 1, "0002", "x"));
	fixture_entry(f, "viewer", "request.add", "target/shop_production", "refused");
	fixture_refused(f, GH_NOT_FOUND, "0077", add(f, "shop_production", 1, "0077", "x"));
	fixture_refused(f, GH_BAD_INPUT, "direction", add(f, "shop_production", 9, "", "x"));
	fixture_refused(f, GH_BAD_INPUT, "which one migration", add(f, "shop_production", 4, "", "x"));
	fixture_refused(f, GH_BAD_INPUT, "RUN/NUMBER", add(f, "shop_production", 5, "", "x"));
	fixture_refused(f, GH_BAD_INPUT, "reason", add(f, "shop_production", 1, "", ""));
	fixture_refused(f, GH_BAD_INPUT, "reason", add(f, "shop_production", 1, "", " \n"));
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM request", 0), "0");
	assert_int_equal(store_target_problem(f->runner->store, fixture_target_id(f, "shop_production"),
			     false, "connection refused", fixture_later(), &f->err),
	    GH_OK);
	fixture_refused(f, GH_UNAVAILABLE, "connection refused", add(f, "shop_production", 1, "", "x"));
}

static void
is_deferred_until_folder_and_target_were_read(void **state)
{
	struct fixture_runner *f = *state;

	fixture_shop(f);
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "UPDATE target SET checked_at = 5", NULL, NULL, NULL), 0);
	(void)add(f, "shop_production", 1, "", "x");
	assert_true(f->deferred);
	fixture_shop(f);
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "UPDATE project SET read_at = 5", NULL, NULL, NULL), 0);
	(void)add(f, "shop_production", 1, "", "x");
	assert_true(f->deferred);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM request", 0), "0");
}

static void
refuses_while_a_run_is_under_way(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = 0;

	fixture_shop(f);
	(void)fixture_request(f, "shop_development", &run);
	assert_int_equal(store_run_start(f->runner->store, run, 1, &f->err), GH_OK);
	fixture_refused(f, GH_CONFLICT, "run 1 is under way", add(f, "shop_development", 1, "", "x"));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };

	fixture_shop(f);
	put(&fields, "shop_production", 1, "", 0, "x");
	fixture_cuts(f, "viewer", WIRE_REQUEST_ADD, "target/shop_production", &fields);
}

/* Asked for by its number, without naming the target; what it would lose is to be counted. */
static void
asks_for_a_restore(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backup_new b;

	fixture_shop(f);
	b = fixture_backup(f, "shop.dump.zst", "listed", 5);
	assert_int_equal(fixture_backup_add(f, &b), 1);
	fixture_ok(f, add(f, "", 6, "1", "the migration was wrong"));
	assert_string_equal(
	    fixture_value(f,
		"SELECT t.name || ' ' || r.direction || ' ' || r.state || ' ' || p.act FROM request r "
		"JOIN target t ON t.id = r.target_id JOIN plan p ON p.digest = r.plan_digest WHERE r.id = ?1",
		1),
	    "shop_production down waiting restore");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM plan_count", 0), "1");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM rehearsal", 0), "0");
	fixture_entry(f, "viewer", "request.add", "request/1", "ok");
	fixture_ok(f, add(f, "shop_production", 7, "shop.dump.zst look", "what was there?"));
	assert_string_equal(
	    fixture_value(f, "SELECT name FROM plan_restore WHERE keep_name = ''", 0), "look");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM plan_count", 0), "1");
	fixture_refused(f, GH_CONFLICT, "is of shop_production", add(f, "shop_development", 6, "1", "no"));
	fixture_refused(f, GH_NOT_FOUND, "", add(f, "", 6, "77", "no"));
	b.file = "sealed.dump.zst";
	b.encrypted_to = "AAAA";
	assert_int_equal(fixture_backup_add(f, &b), 2);
	fixture_refused(f, GH_CONFLICT, "its key is not here", add(f, "", 6, "2", "no"));
	fixture_refused(f, GH_BAD_INPUT, "which backup", add(f, "", 6, "", "no"));
	fixture_refused(f, GH_BAD_INPUT, "the direction", add(f, "shop_production", 8, "1", "no"));
}

/* Where somebody has to approve anybody may ask; where nobody has to, one who could approve must ask. */
static void
restores_without_approval_only_for_a_lead(void **state)
{
	static const char *const goals[] = { "1", "1 look" };
	struct fixture_runner *f = *state;
	size_t i;

	fixture_shop(f);
	(void)fixture_backup_of(f, "shop_development", "listed");
	fixture_sql(f, "UPDATE backup SET digest = printf('%064d', 7)");
	for (i = 0; i < 2; i++) {
		fixture_refused(f, GH_FORBIDDEN, "needs a role that you do not have: lead",
		    add_as(f, "viewer", "shop_development", (uint8_t)(6 + i), goals[i], "back"));
		fixture_refused(f, GH_FORBIDDEN, "needs a role that you do not have: lead",
		    add_as(f, "auditor", "shop_development", (uint8_t)(6 + i), goals[i], "back"));
	}
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM run WHERE id > ?1", 0), "0");
	fixture_ok(f, add_as(f, "lead", "shop_development", 6, "1", "back"));
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM run WHERE id > ?1", 0), "1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(waits_for_approval_where_the_policy_asks),
		FIXTURE_TEST(is_queued_at_once_where_none_is_needed),
		FIXTURE_TEST(asks_for_a_way_back),
		FIXTURE_TEST(asks_for_a_restore),
		FIXTURE_TEST(restores_without_approval_only_for_a_lead),
		FIXTURE_TEST(refuses_what_makes_no_plan),
		FIXTURE_TEST(is_deferred_until_folder_and_target_were_read),
		FIXTURE_TEST(refuses_while_a_run_is_under_way),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_request_add", tests, NULL, NULL);
}
