#include "base/ban.h"
#include "runner/plan_build.h"
#include "runner/stale.h"
#include "store/loss_write.h"
#include "store/project_write.h"
#include "tests/support/fixture_backup.h"

static void
put(struct gh_text *fields, int64_t id, const char *digest, const char *comment, const char *word)
{
	struct wire_out out = { .text = fields };
	GH_SECRET password = { 0 };

	assert_true(gh_secret_set(&password, word, strlen(word)));
	wire_put_i64(&out, id);
	wire_put_text(&out, digest);
	wire_put_text(&out, comment);
	wire_put_secret(&out, &password);
}

static enum gh_code
approve_as(struct fixture_runner *f, const char *who, int64_t id, const char *digest, const char *word)
{
	GH_TEXT fields = { 0 };

	put(&fields, id, digest, "read it", word);
	return fixture_act(
	    f, who, WIRE_REQUEST_APPROVE, gh_printf(&f->arena, "request/%" PRId64, id), &fields);
}

static const char *
digest_of(struct fixture_runner *f, int64_t id)
{
	return fixture_value(f, "SELECT plan_digest FROM request WHERE id = ?1", id);
}

static enum gh_code
approve(struct fixture_runner *f, const char *who, int64_t id)
{
	return approve_as(f, who, id, digest_of(f, id), FIXTURE_PASSWORD);
}

static const char *
state_of(struct fixture_runner *f, int64_t id)
{
	return fixture_value(f, "SELECT state || ' ' || state_text FROM request WHERE id = ?1", id);
}

static void
queues_a_run_when_nobody_else_is_needed(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	fixture_ok(f, approve(f, "lead", id));
	assert_int_equal(wire_i64(&f->fields), 1);
	assert_string_equal(state_of(f, id), "approved ");
	assert_string_equal(fixture_value(f, "SELECT state FROM run WHERE id = ?1", 1), "queued");
	fixture_entry(f, "lead", "request.approve", "request/1", "ok");
	fixture_refused(f, GH_CONFLICT, "is approved", approve(f, "lead2", id));
}

static void
waits_for_a_second_lead(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "UPDATE target SET approvals = 2", NULL, NULL, NULL), 0);
	id = fixture_request(f, "shop_production", &run);
	fixture_ok(f, approve(f, "lead", id));
	assert_int_equal(wire_i64(&f->fields), 0);
	assert_string_equal(state_of(f, id), "waiting ");
	fixture_refused(f, GH_CONFLICT, "you have decided", approve(f, "lead", id));
	fixture_ok(f, approve(f, "lead2", id));
	assert_int_equal(wire_i64(&f->fields), 1);
}

static void
is_for_leads_with_their_password(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	fixture_refused(f, GH_FORBIDDEN, "lead", approve(f, "viewer", id));
	fixture_refused(f, GH_FORBIDDEN, "lead", approve(f, "admin", id));
	fixture_refused(f, GH_UNAUTHENTICATED, "password",
	    approve_as(f, "lead", id, digest_of(f, id), "another password"));
	fixture_entry(f, "lead", "request.approve", "request/1", "refused");
	assert_string_equal(state_of(f, id), "waiting ");
}

static void
nobody_approves_a_request_of_their_own(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request_by(f, "shop_production", "lead", fixture_later(), &run);
	fixture_refused(f, GH_FORBIDDEN, "own", approve(f, "lead", id));
	fixture_ok(f, approve(f, "lead2", id));
}

static void
refuses_another_plan_an_unknown_id_and_what_is_over(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	fixture_refused(
	    f, GH_CONFLICT, "is not the plan", approve_as(f, "lead", id, "0123", FIXTURE_PASSWORD));
	fixture_refused(f, GH_NOT_FOUND, "77", approve_as(f, "lead", 77, "0123", FIXTURE_PASSWORD));
	id = fixture_request_by(f, "shop_production", "viewer", 5, &run);
	fixture_refused(f, GH_CONFLICT, "expired", approve(f, "lead", id));
	assert_int_equal(stale_expire(f->runner, gh_clock_now(), &f->err), GH_OK);
	assert_string_equal(state_of(f, id), "expired it was not approved in 24 hours");
	fixture_entry(f, "runner", "request.expired", "request/2", "ok");
	fixture_refused(f, GH_CONFLICT, "is expired", approve(f, "lead", id));
}

static void
makes_a_stale_request_stale_for_good(void **state)
{
	struct fixture_migration m[FIXTURE_MIGRATIONS];
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	memcpy(m, fixture_migrations, sizeof(m));
	m[4].up = "SELECT 1";
	fixture_folder(f, m, FIXTURE_MIGRATIONS);
	fixture_refused(f, GH_CONFLICT, "0005_total changed since", approve(f, "lead", id));
	assert_string_equal(state_of(f, id), "stale the up SQL of 0005_total changed since");
	fixture_entry(f, "lead", "request.approve", "request/1", "refused");
	fixture_folder(f, fixture_migrations, FIXTURE_MIGRATIONS);
	fixture_refused(f, GH_CONFLICT, "is stale", approve(f, "lead", id));
}

/* The program was upgraded while it waited. */
static void
makes_one_of_an_older_version_stale(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "DROP TRIGGER plan_stays; UPDATE plan SET bytes = CAST(replace(CAST(bytes AS "
			     "TEXT), 'gatehouse-plan "
			     "4', 'gatehouse-plan 3') AS BLOB)",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	fixture_refused(f, GH_CONFLICT, "made by an older version of Gatehouse", approve(f, "lead", id));
	assert_string_equal(state_of(f, id),
	    "stale its plan was made by an older version of Gatehouse, which this one does not read: ask for "
	    "it "
	    "again");
	fixture_entry(f, "lead", "request.approve", "request/1", "refused");
}

static void
is_found_stale_by_itself_queued_run_included(void **state)
{
	static const char *const one[] = { "0001_customers", NULL };
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_development", &run);
	assert_int_equal(stale_check(f->runner, fixture_target_id(f, "shop_development"), &f->err), GH_OK);
	assert_string_equal(state_of(f, id), "approved ");
	fixture_seen(f, "shop_development", one);
	assert_int_equal(stale_check(f->runner, fixture_target_id(f, "shop_development"), &f->err), GH_OK);
	assert_string_equal(state_of(f, id), "stale 0001_customers is no longer pending");
	assert_string_equal(fixture_value(f, "SELECT state FROM run WHERE id = ?1", run), "failed-clean");
	fixture_entry(f, "runner", "request.stale", "request/1", "ok");
}

/* One that waits for a lead, to make a backup the database again. */
static int64_t
restore_asked(struct fixture_runner *f)
{
	struct store *st = f->runner->store;
	struct plan_goal goal = { .down = true, .act = PLAN_RESTORE, .to = "", .keep_ms = 1000 };
	struct store_request_new row = { .person_id = fixture_person(f, "viewer")->id,
		.now = gh_clock_now(),
		.expires_at = fixture_later(),
		.reason = "because",
		.state = "waiting",
		.needed = 1 };
	PLAN_BUILT b = { 0 };
	int64_t id = 0;

	goal.backup = fixture_backup_of(f, "shop_production", "counted");
	fixture_ok(f, plan_build(st, "shop_production", &goal, false, &b, &f->err));
	b.rows.now = row.now;
	fixture_ok(f, store_plan_add(st, &b.rows, &f->err));
	row.target_id = b.target.id;
	row.plan_digest = b.digest;
	row.direction = b.rows.direction;
	row.goal = b.goal;
	fixture_ok(f, store_request_add(st, &row, &id, &f->err));
	return id;
}

static void
count_is(struct fixture_runner *f, int64_t id, const char *is, const char *text)
{
	f->err = (struct gh_err){ 0 };
	fixture_ok(f, store_count_put(f->runner->store, digest_of(f, id), is, text, 0, &f->err));
}

static void
what_a_restore_would_lose_is_counted_first(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	fixture_shop(f);
	id = restore_asked(f);
	fixture_refused(f, GH_CONFLICT, "was not counted", approve(f, "lead", id));
	count_is(f, id, "queued", "");
	fixture_refused(f, GH_CONFLICT, "is being counted", approve(f, "lead", id));
	count_is(f, id, "running", "");
	fixture_refused(f, GH_CONFLICT, "is being counted", approve(f, "lead", id));
	assert_string_equal(state_of(f, id), "waiting ");
	count_is(f, id, "done", "");
	fixture_ok(f, approve(f, "lead", id));
	assert_string_equal(
	    fixture_value(f, "SELECT instr(text, 'not counted') FROM ledger ORDER BY seq DESC", 0), "0");
}

static void
what_cannot_be_counted_is_said_in_the_ledger(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	fixture_shop(f);
	id = restore_asked(f);
	count_is(f, id, "failed", "no route to it");
	fixture_ok(f, approve(f, "lead", id));
	assert_non_null(strstr(fixture_value(f, "SELECT text FROM ledger ORDER BY seq DESC", 0),
	    "not counted what would be lost: no route to it: read it"));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	put(&fields, id, digest_of(f, id), "", FIXTURE_PASSWORD);
	fixture_cuts(f, "lead", WIRE_REQUEST_APPROVE, "request/1", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(queues_a_run_when_nobody_else_is_needed),
		FIXTURE_TEST(waits_for_a_second_lead),
		FIXTURE_TEST(is_for_leads_with_their_password),
		FIXTURE_TEST(nobody_approves_a_request_of_their_own),
		FIXTURE_TEST(refuses_another_plan_an_unknown_id_and_what_is_over),
		FIXTURE_TEST(makes_a_stale_request_stale_for_good),
		FIXTURE_TEST(makes_one_of_an_older_version_stale),
		FIXTURE_TEST(is_found_stale_by_itself_queued_run_included),
		FIXTURE_TEST(what_a_restore_would_lose_is_counted_first),
		FIXTURE_TEST(what_cannot_be_counted_is_said_in_the_ledger),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_request_approve", tests, NULL, NULL);
}
