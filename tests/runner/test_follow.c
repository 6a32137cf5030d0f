#include "base/ban.h"
#include "base/io.h"
#include "runner/followed.h"
#include "runner/job.h"
#include "runner/reconcile.h"
#include "runner/run_end.h"
#include "store/ledger_write.h"
#include "store/request_write.h"
#include "store/run_write.h"
#include "tests/support/fixture_plan.h"

/* All that a journal leaves in the store, as one text. */
#define ROWS                                                                                                 \
	"SELECT (SELECT group_concat(phase || state || evidence || started_at || ifnull(ended_at, '')) "     \
	"FROM run_phase)"                                                                                    \
	" || (SELECT group_concat(position || state || text || ifnull(ended_at, '')) FROM run_migration)"    \
	" || (SELECT group_concat(migration || position || state || tag || row_count) FROM run_statement)"   \
	" || (SELECT group_concat(seq || kind || text || at) FROM event)"                                    \
	" || (SELECT state || outcome || backend_pid || sqlstate || error || intent_migration || "           \
	"journal_offset FROM run)"                                                                           \
	" || (SELECT group_concat(title || severity) FROM incident)"                                         \
	" || (SELECT group_concat(state || state_text) FROM request)"                                        \
	" || (SELECT group_concat(file || level || table_count) FROM backup)"

static char folder[] = "/tmp/gatehouse-follow-XXXXXX";
static int64_t run_id;

static const char *
path(struct fixture_runner *f)
{
	return job_journal_path(f->runner->config, &f->arena, run_id);
}

/* A run on development that is running: five migrations, the fourth outside a transaction. */
static void
begin(struct fixture_runner *f)
{
	f->runner->config->jobs = folder;
	fixture_shop(f);
	(void)fixture_request(f, "shop_development", &run_id);
	assert_int_equal(store_run_start(f->runner->store, run_id, 1, &f->err), GH_OK);
	assert_int_equal(
	    store_request_move(f->runner->store, 1, "approved", "started", "", 1, &f->err), GH_OK);
	(void)unlink(path(f));
}

static struct wire_journal
journal(const char *at)
{
	struct wire_journal j = { .fd = -1 };
	int fd = open(at, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(wire_journal_open(&j, fd, NULL), GH_OK);
	return j;
}

/* "i" i64, "u" u8, "t" text, in the order of the frame's fields. */
static void
frame(struct wire_journal *j, enum wire_journal_kind kind, const char *types, ...)
{
	struct wire_out out;
	va_list ap;

	wire_journal_start(j, kind, &out);
	va_start(ap, types);
	for (; *types != '\0'; types++) {
		if (*types == 'i')
			wire_put_i64(&out, va_arg(ap, int));
		else if (*types == 'u')
			wire_put_u8(&out, (uint8_t)va_arg(ap, int));
		else
			wire_put_text(&out, va_arg(ap, const char *));
	}
	va_end(ap);
	assert_int_equal(wire_journal_end(j, &out, NULL), GH_OK);
}

static void
story(struct wire_journal *j)
{
	frame(j, WIRE_J_START, "itt", 77, "run", "0.1");
	frame(j, WIRE_J_PHASE, "uut", WIRE_CONNECT, WIRE_STARTED, "");
	frame(j, WIRE_J_BACKEND, "it", 4711, "2026-11-21 10:00:00");
	frame(j, WIRE_J_PHASE, "uut", WIRE_CONNECT, WIRE_OK, "connected");
	frame(j, WIRE_J_BACKUP, "ttiiittiiutiittttttt", "a.dump",
	    "00000000000000000000000000000000000000000000000000000000000000aa", 5, 1, 2, "15", "15", 3, 9,
	    WIRE_LISTED, "", 9, 99, "custom", "", "3:3:", "", "", "", "");
	frame(j, WIRE_J_MIGRATION, "iut", 0, WIRE_STARTED, "");
	frame(j, WIRE_J_STATEMENT, "iiuit", 0, 0, WIRE_STARTED, -1, "");
	frame(j, WIRE_J_STATEMENT, "iiuit", 0, 0, WIRE_OK, -1, "CREATE TABLE");
	frame(j, WIRE_J_INTENT, "iit", 0, -1, "745");
	frame(j, WIRE_J_MIGRATION, "iut", 0, WIRE_OK, "");
	frame(j, WIRE_J_MIGRATION, "iut", 1, WIRE_STARTED, "");
	frame(j, WIRE_J_STATEMENT, "iiuit", 1, 0, WIRE_STARTED, -1, "");
	frame(j, WIRE_J_ERROR, "iittttitttti", 1, 0, "23505", "duplicate key", "Key (id)=(1)", "", 0,
	    "public", "orders", "", "orders_pkey", 3);
	frame(j, WIRE_J_STATEMENT, "iiuit", 1, 0, WIRE_FAILED, -1, "");
	frame(j, WIRE_J_MIGRATION, "iut", 1, WIRE_FAILED, "duplicate key");
	frame(j, WIRE_J_MIGRATION, "iut", 1, WIRE_ROLLED_BACK, "duplicate key");
	frame(j, WIRE_J_MIGRATION, "iut", 0, WIRE_TAKEN_BACK, "taken back");
	frame(j, WIRE_J_OUTCOME, "ut", WIRE_FAILED_CLEAN, "Nothing of this run is in the database.");
}

static bool
read_once(struct fixture_runner *f)
{
	struct followed *w = NULL;
	bool ended = false;

	assert_int_equal(followed_new(f->runner, run_id, &w, &f->err), GH_OK);
	if (followed_read(w, &ended, &f->err) != GH_OK)
		fail_msg("%s", f->err.msg);
	followed_free(w);
	return ended;
}

static const char *
run_state(struct fixture_runner *f)
{
	return fixture_value(f, "SELECT state FROM run WHERE id = ?1", run_id);
}

static const char *
held(struct fixture_runner *f)
{
	return fixture_value(f, "SELECT held FROM target WHERE name = 'shop_development'", 0);
}

static void
gives_the_same_rows_read_at_once_or_byte_by_byte(void **state)
{
	struct fixture_runner *f = *state;
	void *again = NULL;
	struct wire_journal j;
	const char *want;
	GH_TEXT bytes = { 0 };
	size_t i;

	begin(f);
	j = journal(path(f));
	story(&j);
	assert_int_equal(gh_file_read(path(f), 1 << 20, &bytes, NULL), GH_OK);
	assert_true(read_once(f));
	want = fixture_value(f, ROWS, 0);
	assert_string_equal(run_state(f), "failed-clean");
	assert_non_null(strstr(want, "0002_orders failed on shop_development"));
	assert_string_equal(
	    fixture_value(f, "SELECT group_concat(state) FROM run_statement", 0), "taken-back,failed");
	wire_journal_done(&j);
	/* A new runner after each byte: each begins where the last transaction ended. */
	assert_int_equal(fixture_runner_setup(&again), 0);
	f = again;
	begin(f);
	j = journal(path(f));
	for (i = 0; i < bytes.len; i++) {
		assert_false(read_once(f));
		assert_int_equal(write(j.fd, bytes.data + i, 1), 1);
	}
	assert_true(read_once(f));
	assert_string_equal(fixture_value(f, ROWS, 0), want);
	wire_journal_done(&j);
	assert_int_equal(fixture_runner_teardown(&again), 0);
}

static void
opens_an_incident_with_the_facts(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;
	const char *note;

	begin(f);
	j = journal(path(f));
	story(&j);
	assert_true(read_once(f));
	wire_journal_done(&j);
	note = fixture_value(f, "SELECT text FROM note", 0);
	assert_non_null(strstr(note, "What is true now: Nothing of this run is in the database."));
	assert_non_null(strstr(note, "CREATE TABLE orders (id bigint)"));
	assert_non_null(strstr(note, "SQLSTATE: 23505 unique_violation"));
	assert_non_null(strstr(note, "constraint orders_pkey of public.orders"));
	assert_non_null(strstr(note, "a.dump"));
	assert_non_null(strstr(note, "Request 1 by viewer"));
	assert_string_equal(fixture_value(f, "SELECT severity FROM incident", 0), "medium");
	assert_string_equal(fixture_value(f, "SELECT state FROM request", 0), "done");
	fixture_entry(f, "runner", "incident.open", "incident/1", "ok");
	assert_string_equal(held(f), "");
}

static void
does_not_know_after_a_wrong_sum(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;
	struct stat st;
	char byte;

	begin(f);
	j = journal(path(f));
	story(&j);
	assert_int_equal(fstat(j.fd, &st), 0);
	wire_journal_done(&j);
	j.fd = open(path(f), O_RDWR | O_CLOEXEC);
	assert_int_equal(pread(j.fd, &byte, 1, st.st_size / 2), 1);
	byte = (char)(byte ^ 1);
	assert_int_equal(pwrite(j.fd, &byte, 1, st.st_size / 2), 1);
	gh_fd_done(&j.fd);
	assert_true(read_once(f));
	assert_string_equal(run_state(f), "unknown");
	assert_non_null(strstr(held(f), "corrupt"));
	fixture_entry(f, "runner", "run.unknown", "run/1", "failed");
}

static void
does_not_know_when_the_job_died(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;

	begin(f);
	j = journal(path(f));
	frame(&j, WIRE_J_START, "itt", 77, "run", "0.1");
	frame(&j, WIRE_J_PHASE, "uut", WIRE_MIGRATE, WIRE_STARTED, "");
	frame(&j, WIRE_J_MIGRATION, "iut", 0, WIRE_STARTED, "");
	frame(&j, WIRE_J_INTENT, "iit", 0, -1, "745");
	assert_false(read_once(f));
	assert_string_equal(run_state(f), "running");
	wire_journal_done(&j);
	assert_true(read_once(f));
	assert_string_equal(run_state(f), "unknown");
	assert_string_equal(fixture_value(f, "SELECT intent_xid FROM run", 0), "745");
	assert_string_equal(
	    fixture_value(f, "SELECT state FROM run_migration WHERE position = 0", 0), "in-doubt");
	assert_string_equal(fixture_value(f, "SELECT state FROM run_phase", 0), "failed");
	assert_string_equal(fixture_value(f, "SELECT state FROM request", 0), "started");
}

static void
fences_a_journal_that_no_job_took(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j = { .fd = -1 };
	struct followed *w = NULL;
	bool ended = false;

	begin(f);
	gh_fd_done(&(int){ open(path(f), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600) });
	/* It may be between its exec and its lock. */
	assert_false(read_once(f));
	assert_int_equal(followed_new(f->runner, run_id, &w, &f->err), GH_OK);
	w->pid = 1;
	w->gone = true;
	assert_int_equal(followed_read(w, &ended, &f->err), GH_OK);
	followed_free(w);
	assert_true(ended);
	assert_string_equal(run_state(f), "failed-clean");
	assert_string_equal(fixture_value(f, "SELECT outcome FROM run", 0),
	    "The run was never started: nothing was changed.");
	/* Had it only been slow, it would be refused now. */
	j.fd = open(path(f), O_RDWR | O_APPEND | O_CLOEXEC);
	assert_int_equal(wire_journal_open(&j, j.fd, NULL), GH_CONFLICT);
	gh_fd_done(&j.fd);
}

static void
knows_that_nothing_ran_without_a_journal(void **state)
{
	struct fixture_runner *f = *state;

	begin(f);
	assert_true(read_once(f));
	assert_string_equal(run_state(f), "failed-clean");
	assert_string_equal(fixture_value(f, "SELECT group_concat(state) FROM run_migration", 0),
	    "pending,pending,pending,pending,pending");
}

static void
takes_over_what_was_found_out(void **state)
{
	struct fixture_runner *f = *state;
	enum wire_outcome outcome = 0;
	struct wire_journal j;
	char why[200] = "";
	const char *at;

	does_not_know_when_the_job_died(state);
	at = job_reconcile_path(f->runner->config, &f->arena, run_id, 1);
	j = journal(at);
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_UNKNOWN, "connection refused");
	wire_journal_done(&j);
	assert_int_equal(reconcile_apply(f->runner, run_id, at, &outcome, why, sizeof(why), &f->err), GH_OK);
	assert_int_equal(outcome, WIRE_UNKNOWN);
	assert_string_equal(why, "connection refused");
	assert_string_equal(run_state(f), "unknown");
	j = journal(at);
	frame(&j, WIRE_J_MIGRATION, "iut", 0, WIRE_OK, "found in the tracking table");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_FAILED_PARTLY, "0001_customers is applied.");
	wire_journal_done(&j);
	assert_int_equal(reconcile_apply(f->runner, run_id, at, &outcome, why, sizeof(why), &f->err), GH_OK);
	assert_string_equal(run_state(f), "failed-partly");
	assert_string_equal(held(f), "");
	assert_string_equal(fixture_value(f, "SELECT state FROM run_migration WHERE position = 0", 0), "ok");
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM incident", 0), "1");
	(void)unlink(at);
}

static void
holds_the_target_until_the_incident_is_closed(void **state)
{
	struct fixture_runner *f = *state;
	struct wire_journal j;

	begin(f);
	j = journal(path(f));
	frame(&j, WIRE_J_START, "itt", 77, "run", "0.1");
	frame(&j, WIRE_J_OUTCOME, "ut", WIRE_NEEDS_PERSON, "An index is half built.");
	assert_true(read_once(f));
	wire_journal_done(&j);
	assert_string_equal(run_state(f), "needs-person");
	assert_int_equal(run_release(f->runner, &f->err), GH_OK);
	assert_non_null(strstr(held(f), "see incident 1"));
	assert_int_equal(
	    store_incident_close(f->runner->store, 1, fixture_person(f, "lead")->id, 9, &f->err), GH_OK);
	assert_int_equal(run_release(f->runner, &f->err), GH_OK);
	assert_string_equal(held(f), "");
}

static void
remembers_what_took_effect_outside_a_transaction(void **state)
{
	static const char intent[] =
	    "SELECT intent_migration || ' ' || intent_statement || intent_xid FROM run";
	struct fixture_runner *f = *state;
	struct wire_journal j;

	begin(f);
	j = journal(path(f));
	frame(&j, WIRE_J_START, "itt", 77, "run", "0.1");
	frame(&j, WIRE_J_MIGRATION, "iut", 3, WIRE_STARTED, "");
	frame(&j, WIRE_J_INTENT, "iit", 3, 0, "");
	frame(&j, WIRE_J_STATEMENT, "iiuit", 3, 0, WIRE_STARTED, -1, "");
	frame(&j, WIRE_J_STATEMENT, "iiuit", 3, 0, WIRE_OK, -1, "CREATE INDEX");
	assert_false(read_once(f));
	/* A statement's end is no answer: the job itself says what is to be looked into. */
	assert_string_equal(fixture_value(f, intent, 0), "3 0");
	frame(&j, WIRE_J_INTENT, "iit", 3, WIRE_INTENT_BETWEEN, "");
	assert_false(read_once(f));
	assert_string_equal(fixture_value(f, intent, 0), "3 -5");
	frame(&j, WIRE_J_INTENT, "iit", 3, 1, "");
	frame(&j, WIRE_J_STATEMENT, "iiuit", 3, 1, WIRE_FAILED, -1, "");
	frame(&j, WIRE_J_MIGRATION, "iut", 3, WIRE_FAILED, "duplicate key");
	assert_false(read_once(f));
	assert_string_equal(fixture_value(f, intent, 0), "3 1");
	frame(&j, WIRE_J_MIGRATION, "iut", 3, WIRE_TAKEN_BACK, "");
	assert_false(read_once(f));
	assert_string_equal(fixture_value(f, intent, 0), "-2 -2");
	wire_journal_done(&j);
}

static int
folder_make(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
folder_drop(void **state)
{
	char name[80];

	(void)state;
	(void)snprintf(name, sizeof(name), "%s/1.journal", folder);
	(void)unlink(name);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(gives_the_same_rows_read_at_once_or_byte_by_byte),
		FIXTURE_TEST(opens_an_incident_with_the_facts),
		FIXTURE_TEST(does_not_know_after_a_wrong_sum),
		FIXTURE_TEST(does_not_know_when_the_job_died),
		FIXTURE_TEST(fences_a_journal_that_no_job_took),
		FIXTURE_TEST(knows_that_nothing_ran_without_a_journal),
		FIXTURE_TEST(takes_over_what_was_found_out),
		FIXTURE_TEST(holds_the_target_until_the_incident_is_closed),
		FIXTURE_TEST(remembers_what_took_effect_outside_a_transaction),
	};

	return cmocka_run_group_tests_name("runner/follow", tests, folder_make, folder_drop);
}
