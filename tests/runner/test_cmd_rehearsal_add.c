#include "base/ban.h"
#include "runner/rehearsal.h"
#include "store/rehearsal_write.h"
#include "tests/support/fixture_plan.h"

static enum gh_code
act(struct fixture_runner *f, const char *who, int64_t id)
{
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, id);
	return fixture_act(f, who, WIRE_REHEARSAL_ADD, gh_printf(&f->arena, "request/%" PRId64, id), &fields);
}

static void
anybody_may_ask_once_at_a_time(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	fixture_ok(f, act(f, "auditor", id));
	assert_int_equal(wire_i64(&f->fields), 1);
	assert_string_equal(fixture_value(f, "SELECT state FROM rehearsal WHERE id = ?1", 1), "queued");
	fixture_entry(f, "auditor", "rehearsal.add", "request/1", "ok");
	fixture_refused(f, GH_CONFLICT, "rehearsal 1 of this plan is queued", act(f, "viewer", id));
	fixture_refused(f, GH_NOT_FOUND, "99", act(f, "viewer", 99));
}

static void
not_of_a_request_that_is_over(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run, id;
	STORE_TX tx = { 0 };

	fixture_shop(f);
	id = fixture_request(f, "shop_production", &run);
	assert_int_equal(store_begin(f->runner->store, &tx, &f->err), GH_OK);
	assert_int_equal(
	    sqlite3_exec(f->runner->store->db, "UPDATE request SET state = 'expired'", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(store_commit(&tx, &f->err), GH_OK);
	fixture_refused(f, GH_CONFLICT, "is expired", act(f, "viewer", id));
}

static void
every_cut_is_refused(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT fields = { 0 };
	struct wire_out out = { .text = &fields };

	wire_put_i64(&out, 1);
	fixture_cuts(f, "viewer", WIRE_REHEARSAL_ADD, "request/1", &fields);
}

/* What a policy that wants rehearsals is told, from none at all to a good one. */
static void
the_demand_says_what_is_missing(void **state)
{
	static const char *const states[] = { "queued", "running", "failed", "done", "done" };
	static const char *const words[] = { "is queued", "is under way",
		"could not be carried out: the disk", "not good", NULL };
	struct fixture_runner *f = *state;
	struct store *st = f->runner->store;
	const struct plan p = { .target = "t", .policy = { .rehearse = true } },
			  free_plan = { .target = "t" };
	const char *digest, *why;
	int64_t run, id = 0;
	bool pending;
	size_t i;

	fixture_shop(f);
	(void)fixture_request(f, "shop_production", &run);
	digest = fixture_value(f, "SELECT plan_digest FROM request WHERE id = ?1", 1);
	assert_int_equal(rehearsal_demand(st, &f->arena, &free_plan, digest, &why, &pending, &f->err), GH_OK);
	assert_null(why);
	assert_int_equal(rehearsal_demand(st, &f->arena, &p, digest, &why, &pending, &f->err), GH_OK);
	assert_non_null(strstr(why, "this one was not"));
	assert_false(pending);
	assert_int_equal(rehearsal_want(st, &free_plan, digest, 1, &f->err), GH_OK);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM rehearsal WHERE id > ?1", 0), "0");
	assert_int_equal(rehearsal_want(st, &p, digest, 1, &f->err), GH_OK);
	assert_int_equal(rehearsal_want(st, &p, digest, 1, &f->err), GH_OK);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM rehearsal WHERE id > ?1", 0), "1");
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		struct store_rehearsal_move m = { .from = "queued", .to = "running", .text = "", .now = 2 };

		if (i > 1)
			assert_int_equal(store_rehearsal_add(st, digest, 0, 1, &id, &f->err), GH_OK);
		else
			id = 1;
		if (i > 0)
			assert_int_equal(store_rehearsal_move(st, id, &m, &f->err), GH_OK);
		m = (struct store_rehearsal_move){ .from = "running",
			.to = states[i],
			.text = "the disk",
			.good = words[i] == NULL,
			.now = 3 };
		if (i > 1)
			assert_int_equal(store_rehearsal_move(st, id, &m, &f->err), GH_OK);
		assert_int_equal(rehearsal_demand(st, &f->arena, &p, digest, &why, &pending, &f->err), GH_OK);
		assert_int_equal(pending, i < 2);
		if (words[i] == NULL)
			assert_null(why);
		else
			assert_non_null(strstr(why, words[i]));
	}
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, fixture_runner_setup, fixture_runner_teardown)
	const struct CMUnitTest tests[] = {
		T(anybody_may_ask_once_at_a_time),
		T(not_of_a_request_that_is_over),
		T(every_cut_is_refused),
		T(the_demand_says_what_is_missing),
	};

	return cmocka_run_group_tests_name("runner/cmd_rehearsal_add", tests, NULL, NULL);
}
