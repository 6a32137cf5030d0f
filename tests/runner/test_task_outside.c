#include "base/ban.h"
#include "runner/task.h"
#include "runner/follow.h"
#include "runner/reconcile.h"
#include "runner/work_state.h"
#include "store/outside.h"
#include "tests/support/fake_job.h"

#include <sys/wait.h>

#define STATES "SELECT group_concat(state) FROM (SELECT state FROM task ORDER BY id)"
#define LISTED                                                                                               \
	"SELECT group_concat(label || ' ' || state) FROM (SELECT * FROM backup WHERE kind = 'outside' "      \
	"ORDER BY label)"
#define NOW INT64_C(1795255200000000)

static int64_t looked_at;

/* ---- as the job: it lists what the source's pattern says, a letter each ---- */

static void
say(struct fake_job *j, int what, const char *label)
{
	struct wire_out o;

	wire_journal_start(&j->journal, WIRE_J_OUTSIDE, &o);
	wire_put_text(&o, j->spec.outside[0].name);
	wire_put_u8(&o, (uint8_t)what);
	wire_put_i64(&o, looked_at);
	wire_put_text(&o, label);
	wire_put_i64(&o, 5);
	wire_put_i64(&o, 6);
	wire_put_i64(&o, 7);
	wire_put_i64(&o, -1);
	wire_put_text(&o, "");
	wire_put_text(&o, "");
	wire_put_i64(&o, 0);
	wire_put_u8(&o, 0);
	wire_put_text(&o, "");
	if (wire_journal_end(&j->journal, &o, NULL) != GH_OK)
		_exit(3);
}

static int
job(void)
{
	struct fake_job j;
	int code = fake_job_open(&j);
	struct stat st;
	const char *s;

	if (code != 0)
		return code;
	if (j.spec.n_outside != 1 || strcmp(j.spec.system_id, "sys") != 0)
		return 8;
	/* Its programs are not ours: nothing that is secret may be near them. */
	if (j.spec.has_key || fstat(WIRE_PASSFILE_FD, &st) != 0 || st.st_size != 0)
		return 9;
	fake_job_say_start(&j);
	looked_at = gh_clock_now();
	if (strcmp(j.spec.outside[0].pattern, "fails") == 0) {
		fake_job_end(&j, WIRE_FAILED_CLEAN, "no credentials");
		return 0;
	}
	for (s = j.spec.outside[0].pattern; *s != '\0'; s++)
		say(&j, WIRE_OUTSIDE_ONE, gh_strndup(&j.arena, s, 1));
	say(&j, WIRE_OUTSIDE_WHOLE, "");
	fake_job_end(&j, WIRE_SUCCEEDED, "All is well.");
	return 0;
}

/* ---- as the test ---- */

static struct config_outside source;

static void
begin(struct fixture_runner *f)
{
	struct runner *r = f->runner;
	struct config_target *shop;

	fixture_shop(f);
	r->config->jobs = r->config->backups = fake_job_folder;
	shop = &r->config->targets[config_target_find(r->config, "shop_production") - r->config->targets];
	fake_job_put("secret", "x");
	shop->passfile = shop->backup.key_file = gh_strdup(&f->arena, fake_job_file("secret"));
	r->config->job = fake_job_self;
	source = (struct config_outside){ .target = config_target_find(r->config, "shop_production"),
		.refresh_ms = 60000,
		.source = {
		    .name = "nightly", .kind = "folder", .folder = "/x", .pattern = "ab", .stanza = "" } };
	r->config->outside = &source;
	r->config->n_outside = 1;
	assert_int_equal(
	    sqlite3_exec(r->store->db, "UPDATE target SET system_id = 'sys'", NULL, NULL, NULL), SQLITE_OK);
	r->work = calloc(1, sizeof(*r->work));
	assert_non_null(r->work);
	assert_int_equal(reconcile_start(r, &f->err), GH_OK);
	assert_int_equal(follow_start(r, &f->err), GH_OK);
	assert_int_equal(task_start(r, &f->err), GH_OK);
}

static void
end(struct fixture_runner *f)
{
	work_stop(f->runner);
	f->runner->config->n_outside = 0;
	(void)unlink(fake_job_file("secret"));
}

/* The clock, and what it has queued; then until nothing is under way. */
static void
turn(struct fixture_runner *f, int64_t now)
{
	task_outside_clock(f->runner, now);
	task_kick(f->runner);
	fake_job_until(f, "SELECT count(*) FROM task WHERE state IN ('queued', 'running')", "0");
}

static void
looks_are_due_by_their_refresh(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	turn(f, NOW);
	assert_string_equal(fixture_value(f, STATES, 0), "done");
	assert_string_equal(fixture_value(f, LISTED, 0), "a kept,b kept");
	assert_string_equal(
	    fixture_value(f, "SELECT source || ' ' || text FROM task", 0), "nightly All is well.");
	/* Not yet. */
	turn(f, NOW + 59 * GH_SECOND);
	assert_string_equal(fixture_value(f, STATES, 0), "done");
	source.source.pattern = "bc";
	turn(f, NOW + 60 * GH_SECOND);
	assert_string_equal(fixture_value(f, STATES, 0), "done,done");
	assert_string_equal(fixture_value(f, LISTED, 0), "a expired,b kept,c kept");
	/* Nothing that anybody has to know. */
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM ledger WHERE op LIKE 'task.%'", 0), "0");
	end(f);
}

static void
one_that_fails_changes_no_row_and_is_told_once(void **state)
{
	struct fixture_runner *f = *state;
	const char *told =
	    "SELECT count(*) FROM ledger WHERE op = 'task.failed' AND text = 'outside: no credentials'";

	begin(f);
	turn(f, NOW);
	source.source.pattern = "fails";
	turn(f, NOW + GH_HOUR);
	assert_string_equal(fixture_value(f, STATES, 0), "done,failed");
	assert_string_equal(fixture_value(f, LISTED, 0), "a kept,b kept");
	assert_string_equal(fixture_value(f, told, 0), "1");
	turn(f, NOW + 2 * GH_HOUR);
	assert_string_equal(fixture_value(f, told, 0), "1");
	source.source.pattern = "b";
	turn(f, NOW + 3 * GH_HOUR);
	source.source.pattern = "fails";
	turn(f, NOW + 4 * GH_HOUR);
	assert_string_equal(fixture_value(f, told, 0), "2");
	assert_string_equal(fixture_value(f, LISTED, 0), "a expired,b kept");
	end(f);
}

static void
a_person_may_ask_for_one(void **state)
{
	struct fixture_runner *f = *state;
	const struct task_wish w = {
		.person = fixture_person(f, "lead")->id, .reason = "", .level = "", .now = NOW
	};
	int64_t id = 0, n = 0;

	begin(f);
	fixture_ok(f, task_look(f->runner, &source, &w, &id, &f->err));
	fixture_ok(f, task_look_all(f->runner, &w, &n, &f->err));
	assert_int_equal(n, 0);
	f->err = (struct gh_err){ 0 };
	assert_int_equal(task_look(f->runner, &source, &w, &id, &f->err), GH_CONFLICT);
	assert_non_null(strstr(f->err.msg, "outside \"nightly\" is looked at already"));
	turn(f, NOW);
	assert_string_equal(fixture_value(f, STATES, 0), "done");
	fixture_entry(f, "runner", "task.done", gh_printf(&f->arena, "task/%" PRId64, id), "ok");
	fixture_ok(f, task_look_all(f->runner, &w, &n, &f->err));
	assert_int_equal(n, 1);
	turn(f, NOW);
	assert_string_equal(fixture_value(f, STATES, 0), "done,done");
	end(f);
}

static void
a_source_that_is_configured_no_more_is_forgotten(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	turn(f, NOW);
	f->runner->config->n_outside = 0;
	turn(f, gh_clock_now() + GH_HOUR);
	assert_string_equal(fixture_value(f, LISTED, 0), "a expired,b expired");
	end(f);
}

static void
one_that_was_queued_for_a_source_that_went_fails(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	task_outside_clock(f->runner, NOW);
	f->runner->config->n_outside = 0;
	task_kick(f->runner);
	fake_job_until(f, STATES, "failed");
	assert_string_equal(fixture_value(f, "SELECT text FROM task", 0),
	    "the configuration no longer has outside \"nightly\" of shop_production");
	end(f);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(looks_are_due_by_their_refresh),
		FIXTURE_TEST(one_that_fails_changes_no_row_and_is_told_once),
		FIXTURE_TEST(a_person_may_ask_for_one),
		FIXTURE_TEST(a_source_that_is_configured_no_more_is_forgotten),
		FIXTURE_TEST(one_that_was_queued_for_a_source_that_went_fails),
	};

	if (argc == 3 && strcmp(argv[1], WIRE_JOB_OUTSIDE) == 0)
		return job();
	return cmocka_run_group_tests_name(
	    "runner/task_outside", tests, fake_job_group_start, fake_job_group_stop);
}
