#include "base/ban.h"
#include "runner/task_job.h"
#include "base/clock.h"
#include "runner/work_state.h"
#include "tests/support/fixture_backup.h"

/* What time alone queues; nothing is started here. */

#define NOW (INT64_C(1800000000) * GH_SECOND) /* 2027-01-15 08:00 UTC */
#define DAY (24 * GH_HOUR)
#define TASK                                                                                                 \
	"SELECT coalesce(group_concat(kind || coalesce(backup_id, '') || ' ' || state, ', '), '') FROM task"

static struct config_target *prod;

static void
begin(struct fixture_runner *f)
{
	fixture_shop(f);
	f->runner->work = calloc(1, sizeof(*f->runner->work));
	assert_non_null(f->runner->work);
	f->runner->work->tasks = calloc(1, sizeof(*f->runner->work->tasks));
	assert_non_null(f->runner->work->tasks);
	task_config(f->runner, NOW);
	prod = &f->runner->config->targets[1];
	assert_string_equal(prod->name, "shop_production");
}

static void
end(struct fixture_runner *f)
{

	prod->backup.n_schedules = 0;
	prod->backup.prove_within_ms = prod->backup.prove_every_ms = 0;
	task_stop(f->runner);
	free(f->runner->work);
	f->runner->work = NULL;
}

static void
a_turn_is_due_once(void **state)
{
	(void)state;
	assert_false(task_clock_due("30 2 * * * UTC", NOW, NOW));
	assert_false(task_clock_due("30 2 * * * UTC", NOW, NOW + 18 * GH_HOUR));
	assert_true(task_clock_due("30 2 * * * UTC", NOW, NOW + 18 * GH_HOUR + 30 * GH_MINUTE));
	assert_true(task_clock_due("30 2 * * * UTC", NOW, NOW + 9 * DAY));
	assert_false(task_clock_due("30 2 * * * UTC", NOW + 9 * DAY, NOW + 9 * DAY + GH_HOUR));
	/* An hour earlier by the clock of the zone. */
	assert_true(task_clock_due("30 2 * * * Europe/Berlin", NOW, NOW + 17 * GH_HOUR + 30 * GH_MINUTE));
	assert_false(task_clock_due("no schedule", 0, NOW));
	assert_false(task_clock_due("0 0 30 2 *", NOW, NOW + 100 * DAY));
}

/* Who takes an encrypted one cannot open it: that is a proof's, as far as a run's own backup would be proved.
 */
static void
an_encrypted_one_is_proved_by_a_task_of_its_own(void **state)
{
	struct fixture_runner *f = *state;
	const char *schedules[] = { "30 2 * * * UTC" };

	begin(f);
	prod->backup.schedules = schedules;
	prod->backup.n_schedules = 1;
	prod->backup.key_file = "/etc/key";
	(void)fixture_backup_of(f, "shop_production", "checksummed");
	task_clock(f->runner, NOW + GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "");
	fixture_sql(f, "UPDATE backup SET encrypted_to = 'K'");
	prod->policy.backup_level = POLICY_CHECKSUMMED;
	task_clock(f->runner, NOW + GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "");
	prod->policy.backup_level = POLICY_LISTED;
	task_clock(f->runner, NOW + GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "prove1 queued");
	assert_string_equal(fixture_value(f, "SELECT level FROM task", 0), "listed");
	prod->backup.key_file = NULL;
	end(f);
}

static void
one_without_its_catalog_gets_no_further(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	prod->backup.prove_within_ms = 3600000;
	prod->backup.prove_level = POLICY_COUNTED;
	(void)fixture_backup_of(f, "shop_production", "restored");
	task_clock(f->runner, NOW + GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "");
	fixture_sql(f, "UPDATE backup SET fingerprint = 'known'");
	task_clock(f->runner, NOW + GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "prove1 queued");
	end(f);
}

static void
a_backup_is_taken_by_its_schedule(void **state)
{
	struct fixture_runner *f = *state;
	const char *schedules[] = { "0 12 * * sun UTC", "30 2 * * * UTC" };

	begin(f);
	prod->backup.schedules = schedules;
	prod->backup.n_schedules = 2;
	task_clock(f->runner, NOW + GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "");
	task_clock(f->runner, NOW + 19 * GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "take queued");
	assert_string_equal(fixture_value(f, "SELECT reason || coalesce(person_id, '-') FROM task", 0),
	    "by the schedule 30 2 * * * UTC-");
	fixture_entry(f, "runner", "backup.take", "target/shop_production", "ok");
	/* Not while one is open, and not twice for one turn. */
	task_clock(f->runner, NOW + 2 * DAY);
	assert_string_equal(fixture_value(f, TASK, 0), "take queued");
	fixture_sql(f, "UPDATE task SET state = 'failed'");
	task_clock(f->runner, NOW + 20 * GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "take failed");
	/* A week without a runner is one backup. */
	task_clock(f->runner, NOW + 8 * DAY);
	assert_string_equal(fixture_value(f, TASK, 0), "take failed, take queued");
	fixture_sql(f, "UPDATE task SET state = 'failed' WHERE state = 'queued'");
	task_clock(f->runner, NOW + 8 * DAY + GH_HOUR);
	assert_string_equal(fixture_value(f, TASK, 0), "take failed, take failed");
	end(f);
}

static void
each_new_backup_is_proved(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	prod->backup.prove_within_ms = DAY / 1000;
	task_clock(f->runner, NOW);
	assert_string_equal(fixture_value(f, TASK, 0), "");
	(void)fixture_backup_of(f, "shop_production", "listed");
	(void)fixture_backup_of(f, "shop_development", "listed");
	task_clock(f->runner, NOW);
	task_clock(f->runner, NOW);
	assert_string_equal(fixture_value(f, TASK, 0), "prove1 queued");
	fixture_entry(f, "runner", "backup.prove", "backup/1", "ok");
	/* The scratch server was down: again, but not at once. */
	fixture_sql(f, gh_printf(&f->arena, "UPDATE task SET state = 'failed', ended_at = %" PRId64, NOW));
	task_clock(f->runner, NOW + TASK_AGAIN_US - 1);
	assert_string_equal(fixture_value(f, TASK, 0), "prove1 failed");
	task_clock(f->runner, NOW + TASK_AGAIN_US);
	assert_string_equal(fixture_value(f, TASK, 0), "prove1 failed, prove1 queued");
	fixture_sql(f, "UPDATE task SET state = 'failed', ended_at = 1 WHERE state = 'queued'");
	fixture_sql(f, "UPDATE backup SET level = 'counted', proved_at = 1 WHERE id = 1");
	task_clock(f->runner, NOW + DAY);
	assert_string_equal(fixture_value(f, TASK, 0), "prove1 failed, prove1 failed");
	end(f);
}

static void
the_newest_is_proved_again(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	prod->backup.prove_every_ms = 7 * DAY / 1000;
	(void)fixture_backup_of(f, "shop_production", "counted");
	(void)fixture_backup_of(f, "shop_production", "listed");
	fixture_sql(f, gh_printf(&f->arena, "UPDATE backup SET proved_at = %" PRId64 " WHERE id = 1", NOW));
	task_clock(f->runner, NOW + 7 * DAY - 1);
	assert_string_equal(fixture_value(f, TASK, 0), "");
	task_clock(f->runner, NOW + 7 * DAY);
	assert_string_equal(fixture_value(f, TASK, 0), "prove2 queued");
	end(f);
}

/* What has to be in time may be less than what is done now and then. */
static void
a_new_one_is_proved_as_far_as_is_asked(void **state)
{
	struct fixture_runner *f = *state;
	static const char task[] = "SELECT coalesce(group_concat(kind || backup_id || level), '') FROM task";

	begin(f);
	prod->backup.prove_within_ms = DAY / 1000;
	prod->backup.prove_level = POLICY_RESTORED;
	(void)fixture_backup_of(f, "shop_production", "restored");
	task_clock(f->runner, NOW);
	assert_string_equal(fixture_value(f, task, 0), "");
	(void)fixture_backup_of(f, "shop_production", "none");
	task_clock(f->runner, NOW);
	assert_string_equal(fixture_value(f, task, 0), "prove2restored");
	/* That was no counting: the newest is counted when its time has come, and at once as far as that. */
	fixture_sql(f, "UPDATE task SET state = 'failed', ended_at = 1");
	fixture_sql(f, "UPDATE backup SET level = 'counted', proved_at = 1 WHERE id = 1");
	prod->backup.prove_every_ms = 7 * DAY / 1000;
	task_clock(f->runner, NOW + 7 * DAY);
	assert_string_equal(fixture_value(f, task, 0), "prove2restored,prove2counted");
	assert_non_null(strstr(fixture_value(f, "SELECT reason FROM task WHERE id = 2", 0), "(prove_every)"));
	prod->backup.prove_level = POLICY_COUNTED;
	end(f);
}

/* That each new one is looked at a little does not put off the counting for ever. */
static void
a_shallow_proof_does_not_put_off_the_counting(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	prod->backup.prove_every_ms = 7 * DAY / 1000;
	(void)fixture_backup_of(f, "shop_production", "counted");
	(void)fixture_backup_of(f, "shop_production", "listed");
	fixture_sql(
	    f, gh_printf(&f->arena, "UPDATE backup SET proved_at = %" PRId64 " WHERE id = 1", NOW + 7 * DAY));
	fixture_sql(f,
	    gh_printf(&f->arena,
		"INSERT INTO task (kind, target_id, backup_id, level, state, queued_at, ended_at) SELECT "
		"'prove', "
		"target_id, 2, 'listed', 'done', %" PRId64 ", %" PRId64 " FROM backup WHERE id = 2",
		NOW + 6 * DAY, NOW + 6 * DAY));
	task_clock(f->runner, NOW + 8 * DAY);
	assert_string_equal(fixture_value(f, TASK, 0), "prove2 done, prove2 queued");
	end(f);
}

/* Somebody proves an old one now and then. */
static void
an_old_one_that_is_proved_does_not_put_it_off(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	prod->backup.prove_every_ms = 7 * DAY / 1000;
	(void)fixture_backup_of(f, "shop_production", "counted");
	(void)fixture_backup_of(f, "shop_production", "listed");
	fixture_sql(
	    f, gh_printf(&f->arena, "UPDATE backup SET proved_at = %" PRId64 " WHERE id = 1", NOW + 6 * DAY));
	task_clock(f->runner, NOW + 6 * DAY);
	assert_string_equal(fixture_value(f, TASK, 0), "");
	task_clock(f->runner, NOW + 8 * DAY);
	assert_string_equal(fixture_value(f, TASK, 0), "prove2 queued");
	end(f);
}

static void
not_what_is_broken_or_sealed_or_under_way(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	prod->backup.prove_within_ms = prod->backup.prove_every_ms = DAY / 1000;
	(void)fixture_backup_of(f, "shop_production", "listed");
	fixture_sql(f, "UPDATE backup SET broken = 'a table is not in it'");
	task_clock(f->runner, NOW);
	fixture_sql(f, "UPDATE backup SET broken = '', encrypted_to = 'key'");
	task_clock(f->runner, NOW);
	assert_string_equal(fixture_value(f, TASK, 0), "");
	prod->backup.key_file = "/etc/gatehouse/backup.key";
	task_clock(f->runner, NOW);
	assert_string_equal(fixture_value(f, TASK, 0), "prove1 queued");
	prod->backup.key_file = NULL;
	end(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_turn_is_due_once),
		FIXTURE_TEST(a_backup_is_taken_by_its_schedule),
		FIXTURE_TEST(one_without_its_catalog_gets_no_further),
		FIXTURE_TEST(an_encrypted_one_is_proved_by_a_task_of_its_own),
		FIXTURE_TEST(each_new_backup_is_proved),
		FIXTURE_TEST(the_newest_is_proved_again),
		FIXTURE_TEST(a_new_one_is_proved_as_far_as_is_asked),
		FIXTURE_TEST(a_shallow_proof_does_not_put_off_the_counting),
		FIXTURE_TEST(an_old_one_that_is_proved_does_not_put_it_off),
		FIXTURE_TEST(not_what_is_broken_or_sealed_or_under_way),
	};

	return cmocka_run_group_tests_name("runner/task_clock", tests, NULL, NULL);
}
