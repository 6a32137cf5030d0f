#include "base/ban.h"
#include "runner/rehearsal.h"
#include "store/rehearsal_write.h"
#include "tests/support/fixture_plan.h"
#include "tests/support/fixture_run.h"

/* A rehearsal's journal as rows, and what a policy makes of them. */

static const char *
digest_of(struct fixture_runner *f, int64_t run)
{
	return fixture_value(f, "SELECT plan_digest FROM run WHERE id = ?1", run);
}

/* Queued by the policy of the plan, as the first thing of each test. */
static int64_t
begin(struct fixture_runner *f, struct plan *ret, const char **ret_digest)
{
	struct store_rehearsal h;
	int64_t request = 0, run = 0;

	fixture_run(f, &request, &run);
	*ret_digest = digest_of(f, run);
	*ret = (struct plan){ .target = "shop_development", .act = PLAN_RUN };
	ret->policy.rehearse = true;
	assert_int_equal(rehearsal_want(f->runner->store, ret, *ret_digest, 5, &f->err), GH_OK);
	assert_int_equal(store_rehearsal_find(f->runner->store, &f->arena, *ret_digest, &h, &f->err), GH_OK);
	assert_int_not_equal(h.id, 0);
	return h.id;
}

static enum gh_code
put(struct fixture_runner *f, int64_t id, enum wire_journal_kind kind, const struct gh_text *fields,
    size_t cut)
{
	const unsigned char *at = (const unsigned char *)gh_text_str(fields);
	const struct wire_event e = {
		.kind = kind, .at_us = 70, .fields = { .at = at, .end = at + fields->len - cut }
	};

	f->err = (struct gh_err){ 0 };
	return rehearsal_frame(f->runner->store, id, &e, &f->arena, &f->err);
}

static void
place(struct gh_text *t)
{
	struct wire_out o = { .text = t };

	wire_put_text(&o, "a cluster of its own");
	wire_put_text(&o, "The schema alone.");
	wire_put_i64(&o, 3);
	wire_put_i64(&o, 40);
	wire_put_i64(&o, 8192);
}

static void
rehearsed(struct gh_text *t, const char *verdict)
{
	struct wire_out o = { .text = t };

	gh_text_clear(t);
	wire_put_i64(&o, 0);
	wire_put_text(&o, verdict);
	wire_put_text(&o, "");
	wire_put_u8(&o, 0);
	wire_put_text(&o, "So it is.");
}

/* Whether the rehearsal is good with that verdict on its migration, NULL none yet. */
static bool
good_with(struct fixture_runner *f, int64_t id, const char *verdict)
{
	struct store_rehearsal h;
	bool good = false;
	GH_TEXT t = { 0 };

	if (verdict != NULL) {
		rehearsed(&t, verdict);
		assert_int_equal(put(f, id, WIRE_J_REHEARSED, &t, 0), GH_OK);
	}
	assert_int_equal(store_rehearsal_get(f->runner->store, &f->arena, id, &h, &f->err), GH_OK);
	assert_int_equal(rehearsal_good(f->runner->store, &h, &good, &f->err), GH_OK);
	return good;
}

static void
it_is_good_when_each_migration_is(void **state)
{
	struct fixture_runner *f = *state;
	struct store_rehearsal h;
	const char *digest;
	struct plan p;
	GH_TEXT t = { 0 };
	int64_t id = begin(f, &p, &digest);

	place(&t);
	assert_int_equal(put(f, id, WIRE_J_REHEARSAL, &t, 0), GH_OK);
	assert_int_equal(store_rehearsal_get(f->runner->store, &f->arena, id, &h, &f->err), GH_OK);
	assert_string_equal(h.place, "a cluster of its own");
	assert_int_equal(h.rows, 40);
	assert_false(good_with(f, id, NULL));
	assert_true(good_with(f, id, "exact"));
	assert_false(good_with(f, id, "differs"));
	assert_true(good_with(f, id, "no-down"));
}

static void
every_cut_is_corrupt(void **state)
{
	struct fixture_runner *f = *state;
	const char *digest;
	struct plan p;
	GH_TEXT t = { 0 };
	size_t cut;
	int64_t id = begin(f, &p, &digest);

	place(&t);
	for (cut = 1; cut <= t.len; cut++)
		assert_int_equal(put(f, id, WIRE_J_REHEARSAL, &t, cut), GH_BAD_INPUT);
	rehearsed(&t, "exact");
	for (cut = 1; cut <= t.len; cut++)
		assert_int_equal(put(f, id, WIRE_J_REHEARSED, &t, cut), GH_BAD_INPUT);
	/* What a run says as well makes no row. */
	assert_int_equal(put(f, id, WIRE_J_PHASE, &t, 0), GH_OK);
}

static void
the_policy_asks_once_and_says_what_is_missing(void **state)
{
	struct fixture_runner *f = *state;
	const char *digest, *why = NULL;
	bool pending = false;
	struct plan p;

	(void)begin(f, &p, &digest);
	assert_int_equal(rehearsal_want(f->runner->store, &p, digest, 6, &f->err), GH_OK);
	assert_string_equal(fixture_value(f, "SELECT count(*) FROM rehearsal WHERE id > ?1", 0), "1");
	assert_int_equal(
	    rehearsal_demand(f->runner->store, &f->arena, &p, digest, &why, &pending, &f->err), GH_OK);
	assert_true(pending);
	assert_non_null(strstr(why, "is queued"));
	p.policy.rehearse = false;
	assert_int_equal(
	    rehearsal_demand(f->runner->store, &f->arena, &p, digest, &why, &pending, &f->err), GH_OK);
	assert_null(why);
	assert_false(pending);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(it_is_good_when_each_migration_is),
		FIXTURE_TEST(every_cut_is_corrupt),
		FIXTURE_TEST(the_policy_asks_once_and_says_what_is_missing),
	};

	return cmocka_run_group_tests_name("runner/rehearsal", tests, NULL, NULL);
}
