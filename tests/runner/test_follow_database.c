#include "base/ban.h"
#include "migration/plan.h"
#include "runner/follow_kind.h"
#include "store/backup.h"
#include "tests/support/fixture_plan.h"

/* What a restore has left, as rows: good frames, said twice, every cut of one. */

static struct plan plan = { .act = PLAN_RESTORE, .restore = { .keep_ms = 1000 } };

static void
begin(struct fixture_runner *f, struct follow_run *ret)
{
	int64_t run = 0;

	fixture_shop(f);
	(void)fixture_request(f, "shop_development", &run);
	*ret = (struct follow_run){
		.id = run, .target_id = fixture_target_id(f, "shop_development"), .plan = &plan
	};
}

static enum gh_code
put_n(struct fixture_runner *f, const struct follow_run *run, const char *kind, size_t most)
{
	GH_TEXT text = { 0 };
	struct wire_out o = { .text = &text };
	struct wire_event e = { .kind = WIRE_J_DATABASE, .at_us = 70 };
	const unsigned char *at;

	wire_put_text(&o, kind);
	wire_put_text(&o, "shop_before_16389");
	wire_put_i64(&o, 16389);
	wire_put_i64(&o, 8192);
	wire_put_u8(&o, 1);
	at = (const unsigned char *)text.data;
	e.fields = (struct wire_in){ .at = at, .end = at + (text.len < most ? text.len : most) };
	f->err = (struct gh_err){ 0 };
	return follow_kind_find(WIRE_J_DATABASE)->put(f->runner->store, run, &e, &f->arena, &f->err);
}

static void
becomes_a_row_with_a_date(void **state)
{
	struct fixture_runner *f = *state;
	struct store_kept_databases list;
	struct follow_run run;

	begin(f, &run);
	fixture_ok(f, put_n(f, &run, "before", SIZE_MAX));
	fixture_ok(f, store_kept_database_list(f->runner->store, &f->arena, run.target_id, &list, &f->err));
	assert_int_equal(list.n, 1);
	assert_string_equal(list.rows[0].kind, "before");
	assert_string_equal(list.rows[0].name, "shop_before_16389");
	assert_string_equal(list.rows[0].state, "kept");
	assert_int_equal(list.rows[0].oid, 16389);
	assert_int_equal(list.rows[0].kept_at, 70);
	assert_int_equal(list.rows[0].drop_after, 70 + 1000 * 1000);
	assert_non_null(strstr(
	    fixture_value(f, "SELECT text FROM event WHERE run_id = ?1", run.id), "shop_before_16389"));
}

/* Reconcile says what the run may have said already. */
static void
is_taken_once(void **state)
{
	struct fixture_runner *f = *state;
	struct follow_run run;

	begin(f, &run);
	fixture_ok(f, put_n(f, &run, "side", SIZE_MAX));
	run.reconcile = true;
	assert_true(follow_kind_find(WIRE_J_DATABASE)->reconcile);
	fixture_ok(f, put_n(f, &run, "side", SIZE_MAX));
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM kept_database", 0), "1");
}

static void
refuses_what_no_job_says(void **state)
{
	struct fixture_runner *f = *state;
	struct follow_run run;
	size_t n;

	begin(f, &run);
	for (n = 0; n < 4 + 6 + 4 + 17 + 8 + 8 + 1; n++) {
		if (put_n(f, &run, "before", n) != GH_BAD_INPUT)
			fail_msg("%zu bytes are taken", n);
	}
	assert_int_equal(put_n(f, &run, "after", SIZE_MAX), GH_BAD_INPUT);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM kept_database", 0), "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(becomes_a_row_with_a_date),
		FIXTURE_TEST(is_taken_once),
		FIXTURE_TEST(refuses_what_no_job_says),
	};

	return cmocka_run_group_tests_name("runner/follow_database", tests, NULL, NULL);
}
