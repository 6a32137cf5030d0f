#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/migration.h"
#include "store/person_write.h"
#include "store/project_write.h"
#include "store/run_write.h"
#include "store/request_write.h"
#include "store/secrets.h"

static void
nothing_stays_of_a_transaction_that_was_not_committed(void **state)
{
	struct fixture *f = *state;
	int64_t id = 0;

	{
		STORE_TX tx = { 0 };

		assert_ok(f, store_begin(&f->store, &tx, &f->err));
		assert_ok(f, store_person_add(&f->store, "lost", STORE_VIEWER, 1, &id, &f->err));
	}
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM person WHERE name = 'lost'"), 0);
	{
		STORE_TX outer = { 0 };

		assert_ok(f, store_begin(&f->store, &outer, &f->err));
		assert_ok(f, store_person_add(&f->store, "kept", STORE_VIEWER, 1, &id, &f->err));
		{
			STORE_TX inner = { 0 };

			assert_ok(f, store_begin(&f->store, &inner, &f->err));
			assert_ok(f, store_person_add(&f->store, "lost", STORE_VIEWER, 1, &id, &f->err));
		}
		assert_ok(f, store_commit(&outer, &f->err));
	}
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM person WHERE name = 'lost'"), 0);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM person WHERE name = 'kept'"), 1);
}

static void
people_get_roles_and_names_are_taken_once(void **state)
{
	struct fixture *f = *state;
	struct store_person p;
	int64_t id = 0;

	assert_code(f, GH_CONFLICT, store_person_add(&f->store, "lead", STORE_VIEWER, 1, &id, &f->err),
	    "there is a person \"lead\" already");
	assert_ok(f, store_person_roles(&f->store, FIXTURE_LEAD, STORE_AUDITOR | STORE_ADMIN, &f->err));
	assert_ok(f, store_person_get(&f->store, &f->arena, FIXTURE_LEAD, &p, &f->err));
	assert_int_equal(p.roles, STORE_AUDITOR | STORE_ADMIN);
	assert_code(f, GH_NOT_FOUND, store_person_get(&f->store, &f->arena, 99, &p, &f->err), "person 99");
}

static void
sessions_are_touched_and_ended(void **state)
{
	struct fixture *f = *state;
	struct store_session *s = NULL;
	int64_t now = gh_clock_now() + GH_MINUTE;

	assert_ok(f, store_session_touch(&f->store, 2, now, &f->err));
	assert_ok(f, store_session_get(&f->store, &f->arena, 2, now, &s, &f->err));
	assert_true(s->seen_at == now);
	assert_code(
	    f, GH_CONFLICT, store_session_end(&f->store, 2, FIXTURE_VIEWER, now, &f->err), "ended already");
	assert_ok(f, store_session_end(&f->store, 2, FIXTURE_LEAD, now, &f->err));
	assert_ok(f, store_session_get(&f->store, &f->arena, 2, now, &s, &f->err));
	assert_null(s);
	assert_code(f, GH_CONFLICT, store_session_touch(&f->store, 2, now, &f->err), "has ended");
	assert_ok(f, store_session_end_others(&f->store, FIXTURE_ADMIN, 0, now, &f->err));
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM session WHERE ended_at IS NULL"), 3);
}

static void
an_answer_is_kept_by_its_key(void **state)
{
	struct fixture *f = *state;
	const struct store_answer given = { "lead", "request.add", 0, "a\0b", 3, 5 };
	struct store_answer *found = NULL;

	assert_ok(f, store_answer_find(&f->store, &f->arena, "k1", &found, &f->err));
	assert_null(found);
	assert_ok(f, store_answer_add(&f->store, "k1", &given, &f->err));
	assert_ok(f, store_answer_find(&f->store, &f->arena, "k1", &found, &f->err));
	assert_string_equal(found->op, "request.add");
	assert_int_equal(found->reply_len, 3);
	assert_memory_equal(found->reply, "a\0b", 3);
	assert_code(f, GH_CONFLICT, store_answer_add(&f->store, "k1", &given, &f->err), "there already");
	assert_ok(f, store_answer_prune(&f->store, 6, &f->err));
	assert_ok(f, store_answer_find(&f->store, &f->arena, "k1", &found, &f->err));
	assert_null(found);
}

static void
targets_leave_the_configuration_and_come_back(void **state)
{
	struct fixture *f = *state;
	const struct store_project_conf project = { "shop", "/elsewhere", "numbered", "" };
	struct store_target_conf target = { .name = "shop_production",
		.project = "shop",
		.environment = "production",
		.position = 2,
		.approvals = 2 };
	struct store_target t;
	struct store_targets all;
	struct store_project p;

	assert_ok(
	    f, store_conf_sync(&f->store, &(struct store_conf){ 1, 1, &project, &target }, 77, &f->err));
	assert_ok(f, store_target_list(&f->store, &f->arena, 0, &all, &f->err));
	assert_int_equal(all.n, 1);
	assert_int_equal(all.rows[0].id, FIXTURE_PRODUCTION);
	assert_int_equal(all.rows[0].approvals, 2);
	assert_code(f, GH_NOT_FOUND, store_target_get(&f->store, &f->arena, "shop_staging", &t, &f->err),
	    "no target");
	assert_ok(f, store_target_get_id(&f->store, &f->arena, FIXTURE_STAGING, &t, &f->err));
	/* another folder: what was read before tells nothing about it */
	assert_ok(f, store_project_get(&f->store, &f->arena, "shop", &p, &f->err));
	assert_string_equal(p.signature, "");
	target.name = "shop_staging";
	assert_ok(
	    f, store_conf_sync(&f->store, &(struct store_conf){ 1, 1, &project, &target }, 78, &f->err));
	assert_ok(f, store_target_get(&f->store, &f->arena, "shop_staging", &t, &f->err));
	assert_int_equal(fixture_number(f, "SELECT ended_at FROM target WHERE id = 1"), 77);
	assert_int_equal(fixture_number(f, "SELECT ended_at FROM target WHERE id = 3"), 78);
	target.project = "nowhere";
	assert_code(f, GH_INTERNAL,
	    store_conf_sync(&f->store, &(struct store_conf){ 1, 1, &project, &target }, 79, &f->err),
	    "project_id");
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM target WHERE ended_at = 79"), 0);
}

static void
a_target_is_seen_lost_and_held(void **state)
{
	struct fixture *f = *state;
	struct store_target t;
	struct store_runs queue;

	assert_ok(
	    f, store_target_problem(&f->store, FIXTURE_PRODUCTION, false, "connection refused", 9, &f->err));
	assert_ok(f, store_target_hold(&f->store, FIXTURE_PRODUCTION, "run 3 is unknown", &f->err));
	assert_ok(f,
	    store_target_tracking(&f->store, FIXTURE_PRODUCTION,
		&(struct store_tracking_new){ .table = "public.x",
		    .text = "no such columns",
		    .newest = "0001_create_customers",
		    .blocked = "version 3 is dirty",
		    .signature = "s9" },
		&f->err));
	assert_ok(f, store_target_get(&f->store, &f->arena, "shop_production", &t, &f->err));
	assert_false(t.reachable);
	assert_string_equal(t.problem, "connection refused");
	assert_string_equal(t.held, "run 3 is unknown");
	assert_false(t.tracking_known);
	assert_string_equal(t.newest_key, "0001_create_customers");
	/* by the folder's order, whatever the table has last */
	assert_string_equal(t.newest_version, "0003");
	assert_string_equal(t.blocked, "version 3 is dirty");
	assert_string_equal(t.signature, "s9");
	assert_ok(f,
	    fixture_exec(f,
		"UPDATE target SET approvals = 0 WHERE id = 3;"
		"UPDATE request SET state = 'approved' WHERE id = 5"));
	assert_ok(f, store_run_add(&f->store, 5, 1, &(int64_t){ 0 }, &f->err));
	assert_ok(f, store_run_queue(&f->store, &f->arena, 5, &queue, &f->err));
	assert_int_equal(queue.n, 0);
	assert_ok(f, store_target_hold(&f->store, FIXTURE_PRODUCTION, "", &f->err));
	assert_ok(f, store_run_queue(&f->store, &f->arena, 5, &queue, &f->err));
	assert_int_equal(queue.n, 1);
	assert_code(f, GH_CONFLICT, store_target_hold(&f->store, 99, "", &f->err), "does not exist");
}

static void
a_run_follows_its_journal_forwards(void **state)
{
	struct fixture *f = *state;
	unsigned char sum[GH_SHA256_LEN] = { 7 };
	struct store_run_detail d;
	struct store_run run;

	assert_ok(f, store_run_pid(&f->store, 4, 123, &f->err));
	assert_ok(f, store_run_backend(&f->store, 4, 456, "2026-11-21 10:00:00+00", &f->err));
	assert_ok(f, store_run_intent(&f->store, 4, 0, -1, "771", &f->err));
	assert_ok(f, store_run_journal(&f->store, 4, 100, sum, &f->err));
	assert_code(f, GH_CONFLICT, store_run_journal(&f->store, 4, 99, sum, &f->err), "forwards only");
	assert_ok(f, store_run_detail(&f->store, &f->arena, 4, &d, &f->err));
	assert_int_equal(d.pid, 123);
	assert_int_equal(d.backend_pid, 456);
	assert_int_equal(d.intent_statement, -1);
	assert_string_equal(d.intent_xid, "771");
	assert_int_equal(d.journal_offset, 100);
	assert_int_equal(d.journal_sum[0], 7);
	assert_ok(f, store_run_move(&f->store, 4, "running", "failed-partly", "one is in", 99, &f->err));
	assert_ok(f, store_run_get(&f->store, &f->arena, 4, &run, &f->err));
	assert_int_equal(run.ended_at, 99);
	assert_string_equal(run.outcome, "one is in");
	assert_code(f, GH_CONFLICT, store_run_move(&f->store, 4, "running", "succeeded", "", 1, &f->err),
	    "run 4 is no longer running");
	assert_code(f, GH_CONFLICT, store_run_migration_put(&f->store, 4, 9, "ok", "", 1, &f->err),
	    "no such migration");
	assert_code(f, GH_CONFLICT, store_event_add(&f->store, 99, "log", "x", 1, &f->err), "does not exist");
}

static void
statements_move_with_their_migration(void **state)
{
	struct fixture *f = *state;

	assert_ok(f, store_run_statement_move(&f->store, 4, 0, "ok", false, 50, &f->err));
	assert_int_equal(
	    fixture_number(f, "SELECT ended_at FROM run_statement WHERE run_id = 4 AND state = 'ok'"), 50);
	assert_ok(f, store_run_statement_move(&f->store, 4, 0, "rolled-back", false, 60, &f->err));
	assert_int_equal(
	    fixture_number(f, "SELECT count(*) FROM run_statement WHERE run_id = 4 AND state = 'ok'"), 1);
	assert_ok(f, store_run_statement_move(&f->store, 4, 0, "rolled-back", true, 60, &f->err));
	assert_int_equal(
	    fixture_number(f, "SELECT count(*) FROM run_statement WHERE run_id = 4 AND state = 'ok'"), 0);
}

static void
the_same_plan_is_stored_once(void **state)
{
	struct fixture *f = *state;
	const struct store_plan_statement_new s = {
		.line = 1, .group = 3, .kind = "SELECT", .effect = "one-way", .sql = "SELECT 1", .sql_len = 8
	};
	const struct store_plan_migration_new m = { .key = "k",
		.version = "1",
		.name = "n",
		.description = "",
		.author = "",
		.digest = "d",
		.transactional = true,
		.has_verify = true,
		.n_statements = 1,
		.statements = &s };
	const struct store_plan_new p = { fixture_digest(f, "new"), "down", "run", 1, 5, "bytes", 5, 1, &m,
		NULL };
	struct store_plan_statements statements;
	struct store_plan plan;
	GH_TEXT bytes = { 0 };

	assert_ok(f, store_plan_add(&f->store, &p, &f->err));
	assert_ok(f, store_plan_add(&f->store, &p, &f->err));
	assert_ok(f, store_plan_get(&f->store, &f->arena, p.digest, &plan, &f->err));
	assert_string_equal(plan.direction, "down");
	assert_int_equal(plan.bytes, 5);
	assert_ok(f, store_plan_read(&f->store, p.digest, &bytes, &f->err));
	assert_string_equal(gh_text_str(&bytes), "bytes");
	assert_ok(f, store_plan_statement_list(&f->store, &f->arena, p.digest, 0, &statements, &f->err));
	assert_int_equal(statements.n, 1);
	assert_string_equal(statements.rows[0].sql, "SELECT 1");
	assert_int_equal(statements.rows[0].group, 3);
	assert_string_equal(statements.rows[0].effect, "one-way");
	assert_false(statements.rows[0].alone);
	assert_code(f, GH_NOT_FOUND, store_plan_get(&f->store, &f->arena, "none", &plan, &f->err), "no plan");
}

static void
secrets_are_kept_and_forgotten(void **state)
{
	struct fixture *f = *state;
	unsigned char digest[GH_SHA256_LEN] = { 1 };
	char hash[GH_PWHASH_LEN];
	bool found = true;
	int64_t session = -1;

	assert_ok(f, store_password_get(&f->secrets, 99, hash, &found, &f->err));
	assert_false(found);
	assert_ok(f, store_password_set(&f->secrets, 99, "first", 1, &f->err));
	assert_ok(f, store_password_set(&f->secrets, 99, "second", 2, &f->err));
	assert_ok(f, store_password_get(&f->secrets, 99, hash, &found, &f->err));
	assert_true(found);
	assert_string_equal(hash, "second");
	assert_ok(f, store_token_find(&f->secrets, digest, &session, &f->err));
	assert_int_equal(session, 0);
	assert_ok(f, store_token_add(&f->secrets, 77, digest, &f->err));
	assert_ok(f, store_token_find(&f->secrets, digest, &session, &f->err));
	assert_int_equal(session, 77);
	assert_ok(f, store_token_delete(&f->secrets, 77, &f->err));
	assert_ok(f, store_token_find(&f->secrets, digest, &session, &f->err));
	assert_int_equal(session, 0);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(nothing_stays_of_a_transaction_that_was_not_committed),
		T(people_get_roles_and_names_are_taken_once),
		T(sessions_are_touched_and_ended),
		T(an_answer_is_kept_by_its_key),
		T(targets_leave_the_configuration_and_come_back),
		T(a_target_is_seen_lost_and_held),
		T(a_run_follows_its_journal_forwards),
		T(statements_move_with_their_migration),
		T(the_same_plan_is_stored_once),
		T(secrets_are_kept_and_forgotten),
	};

	return cmocka_run_group_tests_name("store/writes", tests, NULL, NULL);
}
