#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/ledger_write.h"
#include "store/request_write.h"
#include "store/run_write.h"

struct move {
	const char *from, *to;
};

static bool
legal(const struct move *moves, size_t n, const char *from, const char *to)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(moves[i].from, from) == 0 && strcmp(moves[i].to, to) == 0)
			return true;
	return false;
}

/* Puts row 1 into a state, by a table of moves that allows just that, for a moment. */
static void
put(struct fixture *f, const char *table, const char *to)
{
	assert_ok(f,
	    fixture_exec(
		f, "BEGIN; CREATE TEMP TABLE kept AS SELECT * FROM main.state_move; DELETE FROM state_move"));
	assert_ok(f,
	    fixture_exec(f,
		gh_printf(&f->arena,
		    "INSERT INTO state_move SELECT '%s', state, '%s', '' FROM %s WHERE id = 1", table, to,
		    table)));
	assert_ok(
	    f, fixture_exec(f, gh_printf(&f->arena, "UPDATE %s SET state = '%s' WHERE id = 1", table, to)));
	assert_ok(f,
	    fixture_exec(f,
		"DELETE FROM state_move; INSERT INTO state_move SELECT * FROM kept; DROP TABLE kept; "
		"COMMIT"));
}

/* Each pair of states of one row: exactly the legal ones go through. */
static void
try_all(struct fixture *f, const char *table, const char *const *states, size_t n, const struct move *moves,
    size_t n_moves)
{
	size_t i;

	for (i = 0; i < n * n; i++) {
		const char *from = states[i / n], *to = states[i % n];
		enum gh_code code;

		if (from == to)
			continue;
		put(f, table, from);
		code = fixture_exec(
		    f, gh_printf(&f->arena, "UPDATE %s SET state = '%s' WHERE id = 1", table, to));
		if ((code == GH_OK) != legal(moves, n_moves, from, to))
			fail_msg("%s from %s to %s: %s", table, from, to,
			    code == GH_OK ? "went through" : f->err.msg);
		if (code == GH_OK)
			continue;
		assert_int_equal(code, GH_CONFLICT);
		assert_string_equal(f->err.msg, gh_printf(&f->arena, "illegal change of state: %s", table));
	}
}

#define N(a) (sizeof(a) / sizeof((a)[0]))

static void
requests_move_as_the_table_says(void **state)
{
	static const char *const states[] = { "waiting", "approved", "refused", "withdrawn", "expired",
		"stale", "started", "done" };
	static const struct move moves[] = { { "waiting", "approved" }, { "waiting", "refused" },
		{ "waiting", "withdrawn" }, { "waiting", "expired" }, { "waiting", "stale" },
		{ "approved", "started" }, { "approved", "withdrawn" }, { "approved", "expired" },
		{ "approved", "stale" }, { "started", "done" } };

	try_all(*state, "request", states, N(states), moves, N(moves));
}

static void
runs_move_as_the_table_says(void **state)
{
	static const char *const states[] = { "queued", "running", "succeeded", "failed-clean",
		"failed-partly", "unknown", "needs-person" };
	static const struct move moves[] = { { "queued", "running" }, { "queued", "failed-clean" },
		{ "running", "succeeded" }, { "running", "failed-clean" }, { "running", "failed-partly" },
		{ "running", "unknown" }, { "running", "needs-person" }, { "unknown", "succeeded" },
		{ "unknown", "failed-clean" }, { "unknown", "failed-partly" },
		{ "unknown", "needs-person" } };

	try_all(*state, "run", states, N(states), moves, N(moves));
}

static void
incidents_close_and_stay_closed(void **state)
{
	struct fixture *f = *state;
	int64_t id = 0;

	assert_ok(f, store_incident_close(&f->store, 1, FIXTURE_LEAD, FIXTURE_NOW, &f->err));
	assert_code(f, GH_CONFLICT, store_incident_close(&f->store, 1, FIXTURE_LEAD, FIXTURE_NOW, &f->err),
	    "closed already");
	assert_code(
	    f, GH_CONFLICT, fixture_exec(f, "UPDATE incident SET state = 'open'"), "illegal change of state");
	assert_code(f, GH_CONFLICT, store_note_add(&f->store, 1, FIXTURE_LEAD, "late", 1, &id, &f->err),
	    "the incident is closed");
}

static int64_t
waiting(struct fixture *f)
{
	return fixture_number(f, "SELECT id FROM request WHERE state = 'waiting'");
}

static enum gh_code
approve(struct fixture *f, int64_t person, const char *digest, const char *decision)
{
	int64_t id = 0;

	return store_approval_add(&f->store,
	    &(struct store_approval_new){
		waiting(f), person, FIXTURE_NOW, FIXTURE_NOW + GH_HOUR, digest, decision, "" },
	    &id, &f->err);
}

static void
nobody_approves_their_own(void **state)
{
	struct fixture *f = *state;

	assert_code(f, GH_CONFLICT, approve(f, FIXTURE_VIEWER, FIXTURE_PLAN, "yes"),
	    "nobody approves a request of their own");
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM approval WHERE request_id = 5"), 0);
}

static void
an_approval_is_for_the_plan_and_once(void **state)
{
	struct fixture *f = *state;

	assert_code(f, GH_CONFLICT, approve(f, FIXTURE_LEAD, fixture_digest(f, "plan 1"), "yes"),
	    "an approval is for the plan of its request");
	assert_ok(f, approve(f, FIXTURE_LEAD, FIXTURE_PLAN, "yes"));
	assert_code(
	    f, GH_CONFLICT, approve(f, FIXTURE_LEAD, FIXTURE_PLAN, "no"), "decided on this request already");
	assert_ok(f, store_request_move(&f->store, 5, "waiting", "approved", "", FIXTURE_NOW, &f->err));
	assert_code(f, GH_CONFLICT,
	    fixture_exec(f,
		"INSERT INTO approval VALUES (NULL, 5, 3, (SELECT plan_digest FROM request WHERE id = 5), "
		"'yes', '', 1, 2)"),
	    "no longer waits");
}

static void
approved_needs_the_approvals_that_the_target_asks_for(void **state)
{
	struct fixture *f = *state;

	assert_ok(f, fixture_exec(f, "UPDATE target SET approvals = 2 WHERE id = 3"));
	assert_ok(f, approve(f, FIXTURE_LEAD, FIXTURE_PLAN, "yes"));
	assert_code(f, GH_CONFLICT, store_request_move(&f->store, 5, "waiting", "approved", "", 1, &f->err),
	    "needs more approvals");
	assert_ok(f, approve(f, FIXTURE_LEAD2, FIXTURE_PLAN, "yes"));
	assert_ok(f, store_request_move(&f->store, 5, "waiting", "approved", "", 1, &f->err));
	assert_code(f, GH_CONFLICT, store_request_move(&f->store, 5, "waiting", "refused", "", 1, &f->err),
	    "request 5 is no longer waiting");
}

static void
only_an_approved_request_runs_and_once(void **state)
{
	struct fixture *f = *state;
	int64_t id = 0;

	assert_code(
	    f, GH_CONFLICT, store_run_add(&f->store, 5, 1, &id, &f->err), "only an approved request runs");
	assert_ok(f, approve(f, FIXTURE_LEAD, FIXTURE_PLAN, "yes"));
	assert_ok(f, store_request_move(&f->store, 5, "waiting", "approved", "", 1, &f->err));
	assert_ok(f, store_run_add(&f->store, 5, 1, &id, &f->err));
	assert_int_equal(
	    fixture_number(f, "SELECT count(*) FROM run_migration WHERE run_id = 5 AND state = 'pending'"),
	    3);
	assert_code(f, GH_CONFLICT, store_run_add(&f->store, 5, 1, &id, &f->err), "there already");
	assert_code(f, GH_CONFLICT,
	    fixture_exec(f, "UPDATE run SET plan_digest = (SELECT min(digest) FROM plan)"),
	    "what a run runs is not changed");
}

static void
one_run_a_target(void **state)
{
	struct fixture *f = *state;
	struct store_runs queue;
	int64_t id = 0;

	assert_ok(f,
	    fixture_exec(f,
		"DROP TRIGGER run_approved; INSERT INTO request SELECT 9, target_id, plan_digest, direction,"
		" goal, reason, person_id, 'waiting', '', 1, 2, 1, NULL, NULL FROM request WHERE id = 4"));
	assert_ok(f, store_run_add(&f->store, 9, 1, &id, &f->err));
	assert_ok(f, store_run_queue(&f->store, &f->arena, 10, &queue, &f->err));
	assert_int_equal(queue.n, 0);
	assert_code(f, GH_CONFLICT, store_run_start(&f->store, id, 1, &f->err), "there already");
	assert_ok(f, store_run_move(&f->store, 4, "running", "unknown", "", 1, &f->err));
	assert_code(f, GH_CONFLICT, store_run_start(&f->store, id, 1, &f->err), "there already");
	assert_ok(f, store_run_move(&f->store, 4, "unknown", "failed-clean", "nothing", 1, &f->err));
	assert_ok(f, store_run_queue(&f->store, &f->arena, 10, &queue, &f->err));
	assert_int_equal(queue.n, 1);
	assert_ok(f, store_run_start(&f->store, id, 1, &f->err));
}

static void
what_is_recorded_stays(void **state)
{
	static const struct {
		const char *sql, *says;
	} forbidden[] = {
		{ "UPDATE ledger SET text = 'x'", "the ledger is append-only" },
		{ "DELETE FROM ledger", "the ledger is append-only" },
		{ "INSERT INTO ledger SELECT seq + 100, at, mono, actor, way, session, op, subject, target, "
		  "outcome, text,"
		  " canonical, digest FROM ledger WHERE seq = 1",
		    "the ledger has no gaps" },
		{ "UPDATE note SET text = 'x'", "notes are not changed" },
		{ "DELETE FROM note", "notes are not deleted" },
		{ "UPDATE approval SET decision = 'no'", "approvals are not changed" },
		{ "DELETE FROM approval", "approvals are not deleted" },
		{ "UPDATE plan SET bytes = x'00'", "plans are not changed" },
		{ "DELETE FROM plan", "plans are not deleted" },
		{ "UPDATE content SET bytes = x'00'", "stored SQL is not changed" },
		{ "UPDATE request SET person_id = 2", "what was requested is not changed" },
		{ "DELETE FROM request", "requests are not deleted" },
		{ "DELETE FROM run", "runs are not deleted" },
		{ "DELETE FROM incident", "incidents are not deleted" },
		{ "INSERT INTO request SELECT NULL, target_id, plan_digest, direction, goal, reason, "
		  "person_id, 'approved', '',"
		  " 1, 2, 1, NULL, NULL FROM request WHERE id = 5",
		    "a request begins waiting" },
		{ "UPDATE request SET needed = 0", "what was requested is not changed" },
		{ "INSERT INTO request SELECT NULL, target_id, plan_digest, 'down', goal, reason, "
		  "person_id, 'waiting', '', 1, 2, 1, 1, 0 FROM request WHERE id = 5",
		    "only within the revert window of a run fewer approvals are enough" },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < N(forbidden); i++)
		assert_code(f, GH_CONFLICT, fixture_exec(f, forbidden[i].sql), forbidden[i].says);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(requests_move_as_the_table_says),
		T(runs_move_as_the_table_says),
		T(incidents_close_and_stay_closed),
		T(nobody_approves_their_own),
		T(an_approval_is_for_the_plan_and_once),
		T(approved_needs_the_approvals_that_the_target_asks_for),
		T(only_an_approved_request_runs_and_once),
		T(one_run_a_target),
		T(what_is_recorded_stays),
	};

	return cmocka_run_group_tests_name("store/states", tests, NULL, NULL);
}
