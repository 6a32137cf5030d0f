#include "base/ban.h"
#include "runner/control.h"
#include "store/task_write.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_plan.h"

/* What the command writes; how a job ends is in test_task_cancel.c. */

static enum gh_code
act(struct fixture_runner *f, const char *who, int64_t task, const char *reason)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, task);
	wire_put_text(&out, reason);
	return fixture_act(f, who, WIRE_BACKUP_CANCEL, gh_printf(&f->arena, "task/%" PRId64, task), &fields);
}

static int64_t
task(struct fixture_runner *f, const char *kind, const char *state)
{
	fixture_sql(f,
	    gh_printf(&f->arena,
		"INSERT INTO task (kind, target_id, level, state, queued_at) SELECT '%s', id, '', '%s', 5 "
		"FROM "
		"target WHERE name = 'shop_production'",
		kind, state));
	return sqlite3_last_insert_rowid(f->runner->store->db);
}

static const char *
row(struct fixture_runner *f, int64_t id)
{
	return gh_strdup(&f->arena,
	    fixture_value(f,
		"SELECT state || '|' || text || '|' || cancelled || '|' || (ended_at IS NOT NULL) FROM task "
		"WHERE "
		"id = ?1",
		id));
}

static void
what_waits_ends_at_once(void **state)
{
	struct fixture_runner *f = *state;
	static const char *const kinds[] = { "take", "prove", "outside" };
	size_t i;

	fixture_shop(f);
	for (i = 0; i < 3; i++) {
		int64_t id = task(f, kinds[i], "queued");

		fixture_ok(f, act(f, i == 0 ? "admin" : "lead", id, "not today"));
		assert_string_equal(wire_text(&f->fields, &f->arena), "failed");
		assert_string_equal(row(f, id),
		    i == 0 ? "failed|cancelled by admin: not today||1"
			   : "failed|cancelled by lead: not today||1");
	}
	fixture_entry(f, "lead", "backup.cancel", "task/3", "ok");
	assert_string_equal(
	    fixture_value(f,
		"SELECT group_concat(op || ' ' || actor || ' ' || target || ' ' || text, '; ') FROM "
		"ledger WHERE subject = 'task/1'",
		0),
	    "task.failed runner shop_production take: cancelled by admin: not today; "
	    "backup.cancel admin shop_production take: not today");
}

static void
of_what_runs_it_is_kept_who_wants_it_ended(void **state)
{
	struct fixture_runner *f = *state;
	int64_t id;

	fixture_shop(f);
	id = task(f, "prove", "running");
	fixture_ok(f, act(f, "lead", id, "the disk is needed"));
	assert_string_equal(wire_text(&f->fields, &f->arena), "running");
	assert_string_equal(row(f, id), "running||lead: the disk is needed|0");
	/* Once more is no mistake, and changes nothing. */
	fixture_ok(f, act(f, "admin", id, "me too"));
	assert_string_equal(wire_text(&f->fields, &f->arena), "running");
	assert_string_equal(row(f, id), "running||lead: the disk is needed|0");
	assert_string_equal(
	    fixture_value(f, "SELECT text FROM ledger WHERE actor = 'admin' ORDER BY seq DESC LIMIT 1", 0),
	    "prove: me too (it is being cancelled already, by lead: the disk is needed)");
}

static void
not_what_has_ended_nor_by_anybody_nor_without_a_reason(void **state)
{
	struct fixture_runner *f = *state;
	const char *most = NULL;
	GH_TEXT text = { 0 };
	int64_t done, failed, open_one;
	int i;

	fixture_shop(f);
	done = task(f, "take", "done");
	failed = task(f, "take", "failed");
	open_one = task(f, "take", "queued");
	fixture_refused(f, GH_CONFLICT, "task 1 is done already: there is nothing to cancel",
	    act(f, "lead", done, "why"));
	fixture_refused(
	    f, GH_CONFLICT, "task 2 has failed already: there is nothing", act(f, "lead", failed, "why"));
	fixture_refused(f, GH_NOT_FOUND, "task 99 does not exist", act(f, "lead", 99, "why"));
	fixture_refused(f, GH_BAD_INPUT, "reason", act(f, "lead", open_one, ""));
	fixture_refused(f, GH_BAD_INPUT, "reason is missing: say why", act(f, "lead", open_one, " \n\t"));
	fixture_refused(f, GH_FORBIDDEN, "backup.cancel", act(f, "viewer", open_one, "why"));
	for (i = 0; i < CONTROL_REASON_MAX; i++)
		gh_text_put(&text, "\xf0\x9f\x94\x92");
	most = gh_strdup(&f->arena, gh_text_str(&text));
	gh_text_put(&text, "x");
	fixture_refused(f, GH_BAD_INPUT, "reason", act(f, "lead", open_one, gh_text_str(&text)));
	assert_string_equal(row(f, open_one), "queued|||0");
	fixture_ok(f, act(f, "lead", open_one, most));
	assert_string_equal(row(f, open_one), gh_printf(&f->arena, "failed|cancelled by lead: %s||1", most));
}

static void
every_cut_is_refused(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 1);
	wire_put_text(&out, "why not");
	fixture_cuts(f, "lead", WIRE_BACKUP_CANCEL, "task/1", &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(what_waits_ends_at_once),
		FIXTURE_TEST(of_what_runs_it_is_kept_who_wants_it_ended),
		FIXTURE_TEST(not_what_has_ended_nor_by_anybody_nor_without_a_reason),
		FIXTURE_TEST(every_cut_is_refused),
	};

	return cmocka_run_group_tests_name("runner/cmd_backup_cancel", tests, NULL, NULL);
}
