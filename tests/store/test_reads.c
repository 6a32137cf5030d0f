#include "base/ban.h"
#include "tests/support/fixture.h"

#include "store/incident.h"
#include "store/ledger.h"
#include "store/migration.h"
#include "store/person.h"
#include "store/project.h"
#include "store/request.h"
#include "store/run.h"
#include "wire/csrf.h"
#include "store/backup.h"

/* The reads, each seen on the demo rows. */

static void
people_have_their_roles(void **state)
{
	struct fixture *f = *state;
	struct store_people people;
	struct store_person *p = NULL;
	unsigned roles = 0;
	bool any = false;

	assert_ok(f, store_person_list(&f->store, &f->arena, &people, &f->err));
	assert_int_equal(people.n, 5);
	assert_string_equal(people.rows[0].name, "admin");
	assert_string_equal(store_roles_text(people.rows[2].roles, &f->arena), "lead");
	assert_ok(f, store_person_find(&f->store, &f->arena, "nobody", &p, &f->err));
	assert_null(p);
	assert_ok(f, store_person_any(&f->store, &any, &f->err));
	assert_true(any);
	assert_ok(f, store_roles_parse("admin,viewer", &roles, &f->err));
	assert_string_equal(store_roles_text(roles, &f->arena), "viewer,admin");
	assert_code(
	    f, GH_BAD_INPUT, store_roles_parse("viewer,boss", &roles, &f->err), "\"boss\" is no role");
	assert_code(f, GH_BAD_INPUT, store_roles_parse("", &roles, &f->err), "at least one role");
	assert_code(f, GH_BAD_INPUT, store_roles_parse("viewer,", &roles, &f->err), "at least one role");
}

static void
a_session_is_found_by_its_verifier_while_it_lives(void **state)
{
	struct fixture *f = *state;
	unsigned char token[GH_TOKEN_LEN], verifier[GH_SHA256_LEN];
	struct store_session *s = NULL;
	struct store_sessions all;

	fixture_token(FIXTURE_LEAD, token);
	wire_token_verifier(token, verifier);
	assert_ok(f, store_session_find(&f->store, &f->arena, verifier, gh_clock_now(), &s, &f->err));
	assert_non_null(s);
	assert_string_equal(s->person.name, "lead");
	assert_int_equal(s->person.roles, STORE_LEAD);
	assert_ok(f, store_session_get(&f->store, &f->arena, s->id, gh_clock_now(), &s, &f->err));
	assert_non_null(s);
	assert_ok(f, store_session_list(&f->store, &f->arena, FIXTURE_LEAD, gh_clock_now(), &all, &f->err));
	assert_int_equal(all.n, 1);
	/* idle for too long */
	assert_ok(f,
	    store_session_find(&f->store, &f->arena, verifier, gh_clock_now() + 31 * GH_MINUTE, &s, &f->err));
	assert_null(s);
	/* over, though in use */
	assert_ok(f, fixture_exec(f, "UPDATE session SET expires_at = 1"));
	assert_ok(f, store_session_find(&f->store, &f->arena, verifier, gh_clock_now(), &s, &f->err));
	assert_null(s);
	/* unknown */
	verifier[0] ^= 1;
	assert_ok(f, store_session_find(&f->store, &f->arena, verifier, 1, &s, &f->err));
	assert_null(s);
}

static void
targets_say_what_is_applied_pending_and_missing(void **state)
{
	struct fixture *f = *state;
	struct store_targets all;
	struct store_project project;

	assert_ok(f, store_target_list(&f->store, &f->arena, 0, &all, &f->err));
	assert_int_equal(all.n, 3);
	assert_string_equal(all.rows[0].name, "shop_development");
	assert_int_equal(all.rows[0].pending, 0);
	assert_string_equal(all.rows[1].newest_version, "0004");
	assert_int_equal(all.rows[1].pending, 2);
	assert_int_equal(all.rows[1].active_run, 4);
	assert_string_equal(all.rows[2].newest_key, "0003_orders_status");
	assert_int_equal(all.rows[2].pending, 3);
	assert_int_equal(all.rows[2].missing, 1);
	assert_int_equal(all.rows[2].last_backup, 2);
	assert_string_equal(all.rows[2].last_run_state, "succeeded");
	assert_ok(f, store_target_list(&f->store, &f->arena, 99, &all, &f->err));
	assert_int_equal(all.n, 0);
	assert_ok(f, store_project_get(&f->store, &f->arena, "shop", &project, &f->err));
	assert_int_equal(project.migrations, 6);
	assert_int_equal(project.refused, 1);
	assert_code(f, GH_NOT_FOUND, store_project_get(&f->store, &f->arena, "x", &project, &f->err),
	    "no project \"x\"");
}

static const char *
cell(struct fixture *f, const char *version, size_t target)
{
	struct store_migration m;
	struct store_cells cells;

	assert_ok(f, store_migration_get(&f->store, &f->arena, "shop", version, &m, &f->err));
	assert_ok(f,
	    store_cell_list(
		&f->store, &f->arena, &(struct store_migrations){ 1, &m, false }, &cells, &f->err));
	assert_int_equal(cells.n, 3);
	return cells.rows[target].state;
}

static void
the_matrix_tells_each_state(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(cell(f, "0001", 0), "applied");
	assert_string_equal(cell(f, "0005", 0), "applied");
	assert_string_equal(cell(f, "0005", 1), "running");
	assert_string_equal(cell(f, "0005", 2), "pending");
	assert_string_equal(cell(f, "0000", 2), "missing");
	assert_string_equal(cell(f, "0000", 0), "absent");
	/* a table that is not understood tells nothing: neither applied nor pending */
	assert_ok(f,
	    fixture_exec(f,
		"CREATE TEMP TABLE was AS SELECT * FROM standing WHERE target_id = 3;"
		"DELETE FROM standing WHERE target_id = 3;"
		"UPDATE target SET tracking_known = 0, checked_at = 1 WHERE id = 3"));
	assert_string_equal(cell(f, "0005", 2), "untracked");
	assert_ok(f,
	    fixture_exec(f,
		"INSERT INTO standing SELECT * FROM was; UPDATE target SET tracking_known = 1 WHERE id = 3"));
	/* the running run over, the failed one shows; what failed was rolled back with its transaction */
	assert_ok(f,
	    fixture_exec(f,
		"UPDATE run SET state = 'failed-clean', error_migration = 0 WHERE id = 4;"
		"UPDATE run_migration SET state = 'rolled-back' WHERE run_id = 4 AND position < 2"));
	assert_string_equal(cell(f, "0005", 1), "failed");
	assert_string_equal(cell(f, "0006", 1), "rolled-back");
}

static void
migrations_come_newest_first_page_by_page(void **state)
{
	struct fixture *f = *state;
	struct store_place place = { 0 };
	struct store_migrations page;
	const char *want[] = { "0006", "0005", "0004", "0003", "0002", "0001", "0000" };
	size_t seen = 0, i;

	do {
		assert_ok(f, store_migration_list(&f->store, &f->arena, 1, place, 3, &page, &f->err));
		for (i = 0; i < page.n; i++)
			assert_string_equal(page.rows[i].version, want[seen++]);
		place = (struct store_place){ page.rows[page.n - 1].number, page.rows[page.n - 1].key };
	} while (page.more);
	assert_int_equal(seen, 7);
	assert_ok(f, store_migration_todo(&f->store, &f->arena, FIXTURE_PRODUCTION, &page, &f->err));
	assert_int_equal(page.n, 3);
	assert_string_equal(page.rows[0].version, "0004");
	assert_string_equal(page.rows[0].decision, "runs");
	assert_false(page.rows[0].transactional);
	assert_false(page.rows[1].has_down);
	assert_ok(f, store_migration_applied(&f->store, &f->arena, FIXTURE_PRODUCTION, 2, &page, &f->err));
	assert_int_equal(page.n, 2);
	assert_string_equal(page.rows[0].version, "0003");
}

static void
a_migration_has_its_sides_and_bytes(void **state)
{
	struct fixture *f = *state;
	struct store_migration m;
	struct store_side *side = NULL;
	struct store_statements statements;
	struct store_touches touches;
	GH_TEXT sql = { 0 };
	GH_TEXT little = { .limit = 10 };

	assert_ok(f, store_migration_get(&f->store, &f->arena, "shop", "0005", &m, &f->err));
	assert_ok(f, store_side_find(&f->store, &f->arena, m.id, "down", &side, &f->err));
	assert_null(side);
	assert_ok(f, store_side_find(&f->store, &f->arena, m.id, "up", &side, &f->err));
	assert_ok(f, store_content_read(&f->store, side->digest, &sql, &f->err));
	assert_string_equal(
	    gh_text_str(&sql), "CREATE TABLE photos (id bigint PRIMARY KEY, url text NOT NULL)");
	assert_int_equal(side->bytes, sql.len);
	assert_code(
	    f, GH_BAD_INPUT, store_content_read(&f->store, side->digest, &little, &f->err), "too many");
	assert_code(f, GH_NOT_FOUND, store_content_read(&f->store, "x", &sql, &f->err), "no SQL");
	assert_ok(f, store_statement_list(&f->store, &f->arena, m.id, "up", &statements, &f->err));
	assert_int_equal(statements.n, 1);
	assert_string_equal(statements.rows[0].object, "public.photos");
	assert_ok(f, store_touch_list(&f->store, &f->arena, m.project_id, m.key, 10, &touches, &f->err));
	assert_int_equal(touches.n, 3);
	assert_int_equal(touches.rows[0].run, 4);
	assert_string_equal(touches.rows[1].run_state, "failed-clean");
}

static void
runs_filter_and_page(void **state)
{
	struct fixture *f = *state;
	struct store_run_filter filter = { .limit = 3 };
	struct store_runs runs;
	struct store_run run;

	assert_ok(f, store_run_list(&f->store, &f->arena, &filter, &runs, &f->err));
	assert_int_equal(runs.n, 3);
	assert_int_equal(runs.rows[0].id, 4);
	assert_int_equal(runs.next, 2);
	filter.before = runs.next;
	assert_ok(f, store_run_list(&f->store, &f->arena, &filter, &runs, &f->err));
	assert_int_equal(runs.n, 1);
	assert_int_equal(runs.next, 0);
	filter = (struct store_run_filter){ .target_id = FIXTURE_STAGING, .state = "failed-clean" };
	assert_ok(f, store_run_list(&f->store, &f->arena, &filter, &runs, &f->err));
	assert_int_equal(runs.n, 1);
	assert_string_equal(runs.rows[0].person, "viewer");
	filter = (struct store_run_filter){ .state = "succeeded" };
	assert_ok(f, store_run_list(&f->store, &f->arena, &filter, &runs, &f->err));
	assert_int_equal(runs.n, 2);
	assert_code(
	    f, GH_NOT_FOUND, store_run_get(&f->store, &f->arena, 99, &run, &f->err), "run 99 does not exist");
}

static void
a_run_has_its_parts(void **state)
{
	struct fixture *f = *state;
	struct store_run_detail d;
	struct store_phases phases;
	struct store_run_migrations migrations;
	struct store_run_statements statements;
	struct store_events events;
	struct store_run run;

	assert_ok(f, store_run_get(&f->store, &f->arena, 2, &run, &f->err));
	assert_ok(f, store_run_detail(&f->store, &f->arena, 2, &d, &f->err));
	assert_string_equal(d.sqlstate, "42P07");
	assert_int_equal(d.incident, 1);
	assert_int_equal(d.backup, 1);
	assert_int_equal(d.intent_migration, -2);
	assert_ok(f, store_phase_list(&f->store, &f->arena, 2, &phases, &f->err));
	assert_int_equal(phases.n, 7);
	assert_string_equal(phases.rows[6].state, "failed");
	assert_int_equal(phases.rows[6].ended_at - phases.rows[6].started_at, GH_SECOND);
	assert_ok(f, store_run_migration_list(&f->store, &f->arena, 2, &migrations, &f->err));
	assert_int_equal(migrations.n, 2);
	assert_string_equal(migrations.rows[1].state, "pending");
	assert_ok(f, store_run_statement_list(&f->store, &f->arena, 2, &statements, &f->err));
	assert_int_equal(statements.n, 1);
	assert_ok(f, store_event_list(&f->store, &f->arena, 2, 5, 100, &events, &f->err));
	assert_int_equal(events.n, 3);
	assert_int_equal(events.rows[0].seq, 6);
	assert_true(run.event_seq >= 7);
}

static void
requests_backups_incidents_and_ledger_are_there(void **state)
{
	struct fixture *f = *state;
	struct store_requests requests;
	struct store_approvals approvals;
	struct store_backups backups;
	struct store_incidents incidents;
	struct store_notes notes;
	struct store_entries entries;

	assert_ok(f, store_request_list(&f->store, &f->arena, "waiting", 0, 10, &requests, &f->err));
	assert_int_equal(requests.n, 1);
	assert_int_equal(requests.rows[0].needed, 1);
	assert_int_equal(requests.rows[0].given, 0);
	assert_string_equal(requests.rows[0].plan_digest, FIXTURE_PLAN);
	assert_ok(f,
	    store_request_overdue(&f->store, &f->arena, gh_clock_now() + 25 * GH_HOUR, &requests, &f->err));
	assert_int_equal(requests.n, 1);
	assert_ok(f, store_approval_list(&f->store, &f->arena, 3, &approvals, &f->err));
	assert_string_equal(approvals.rows[0].person, "lead2");
	assert_ok(f, store_backup_list(&f->store, &f->arena, 0, 0, 1, &backups, &f->err));
	assert_int_equal(backups.rows[0].id, 2);
	assert_int_equal(backups.next, 2);
	assert_ok(f, store_incident_list(&f->store, &f->arena, "open", 0, 10, &incidents, &f->err));
	assert_int_equal(incidents.n, 1);
	assert_int_equal(incidents.rows[0].notes, 2);
	assert_ok(f, store_note_list(&f->store, &f->arena, 1, &notes, &f->err));
	assert_string_equal(notes.rows[0].person, "");
	assert_string_equal(notes.rows[1].person, "lead");
	assert_ok(f,
	    store_ledger_list(&f->store, &f->arena,
		&(struct store_entry_filter){ .actor = "lead", .op = "request.approve" }, &entries, &f->err));
	assert_int_equal(entries.n, 2);
	assert_string_equal(entries.rows[1].subject, "request/2");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(people_have_their_roles),
		T(a_session_is_found_by_its_verifier_while_it_lives),
		T(targets_say_what_is_applied_pending_and_missing),
		T(the_matrix_tells_each_state),
		T(migrations_come_newest_first_page_by_page),
		T(a_migration_has_its_sides_and_bytes),
		T(runs_filter_and_page),
		T(a_run_has_its_parts),
		T(requests_backups_incidents_and_ledger_are_there),
	};

	return cmocka_run_group_tests_name("store/reads", tests, NULL, NULL);
}
