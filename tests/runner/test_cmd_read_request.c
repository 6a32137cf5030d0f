#include "base/ban.h"
#include "base/clock.h"
#include "store/outside_write.h"
#include "tests/support/fixture_backup.h"
#include "tests/support/fixture_plan.h"
#include "tests/support/fixture_run.h"

static enum gh_code
ask(struct fixture_runner *f, int64_t id)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	return fixture_cli(f, "viewer", WIRE_READ_REQUEST, false, &fields);
}

static void
answers_one_row(void **state)
{
	struct fixture_runner *f = *state;
	int64_t request = 0, run = 0;
	const struct wire_table *t;

	fixture_run(f, &request, &run);
	fixture_ok(f, ask(f, request));
	t = fixture_table(f);
	assert_int_equal(t->n_rows, 1);
	assert_string_equal(fixture_cell(f, t, 0, "goal")->text, "to 0001");
	assert_string_equal(fixture_cell(f, t, 0, "person")->text, "viewer");
	assert_int_equal(strlen(fixture_cell(f, t, 0, "digest")->text), 64);
	assert_int_equal(fixture_cell(f, t, 0, "needed")->number, 0);
	assert_int_equal(fixture_cell(f, t, 0, "run")->kind, 'i');
	assert_int_equal(fixture_cell(f, t, 0, "run")->number, run);
}

static void
tells_which_backup_of_others_counts(void **state)
{
	struct store_outside_new backup = { .source = "nightly",
		.label = "snap-7",
		.ended_at = gh_clock_now() - 60 * GH_SECOND,
		.size = -1,
		.database_bytes = -1,
		.server_version = "",
		.client_version = "",
		.level = "none",
		.broken = "",
		.seen_at = 1 };
	struct fixture_runner *f = *state;
	int64_t run = 0, request;

	fixture_shop(f);
	fixture_ok(f, ask(f, fixture_request(f, "shop_production", &run)));
	assert_int_equal(fixture_cell(f, fixture_table(f), 0, "outside_backup")->kind, 'n');
	fixture_sql(f,
	    "UPDATE target SET policy = replace(policy, 'backup_outside_ms 0', 'backup_outside_ms 7200000')");
	request = fixture_request(f, "shop_production", &run);
	fixture_ok(f, ask(f, request));
	assert_non_null(strstr(fixture_cell(f, fixture_table(f), 0, "outside_backup")->text,
	    "the run stops before anything is changed"));
	backup.target_id = fixture_target_id(f, "shop_production");
	fixture_ok(f, store_outside_put(f->runner->store, &backup, &f->err));
	fixture_ok(f, ask(f, request));
	assert_non_null(
	    strstr(fixture_cell(f, fixture_table(f), 0, "outside_backup")->text, "snap-7 of nightly counts"));
	fixture_sql(f, "UPDATE request SET state = 'withdrawn' WHERE state = 'waiting'");
	fixture_ok(f, ask(f, request));
	assert_int_equal(fixture_cell(f, fixture_table(f), 0, "outside_backup")->kind, 'n');
}

static void
knows_no_other_request(void **state)
{
	struct fixture_runner *f = *state;

	fixture_refused(f, GH_NOT_FOUND, "99", ask(f, 99));
	fixture_refused(f, GH_NOT_FOUND, "", ask(f, -1));
}

static void
refuses_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 1);
	fixture_cuts_cli(f, "viewer", WIRE_READ_REQUEST, &fields);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(answers_one_row),
		FIXTURE_TEST(tells_which_backup_of_others_counts),
		FIXTURE_TEST(knows_no_other_request),
		FIXTURE_TEST(refuses_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_read_request", tests, NULL, NULL);
}
