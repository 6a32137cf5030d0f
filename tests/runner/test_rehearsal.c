#include "base/ban.h"
#include "runner/rehearsal.h"
#include "base/io.h"
#include "store/rehearsal_write.h"
#include "tests/support/fixture_plan.h"
#include "tests/support/fixture_run.h"

/* A rehearsal's journal as rows, and what a policy makes of them. */

struct told {
	const char *verdict; /* NULL: none yet */
	bool ended;
};

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

static const char *
journal(struct fixture_runner *f, const struct told *t)
{
	const char *path = gh_printf(&f->arena, "/tmp/gatehouse-rehearsal.%d", (int)getpid());
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct wire_journal j = { 0 };
	struct wire_out o = { 0 };

	assert_int_equal(wire_journal_open(&j, fd, &f->err), GH_OK);
	wire_journal_start(&j, WIRE_J_REHEARSAL, &o);
	wire_put_text(&o, "a cluster of its own");
	wire_put_text(&o, "The schema alone.");
	wire_put_i64(&o, 3);
	wire_put_i64(&o, 40);
	wire_put_i64(&o, 8192);
	assert_int_equal(wire_journal_end(&j, &o, &f->err), GH_OK);
	if (t->verdict != NULL) {
		wire_journal_start(&j, WIRE_J_REHEARSED, &o);
		wire_put_i64(&o, 0);
		wire_put_text(&o, t->verdict);
		wire_put_text(&o, "");
		wire_put_u8(&o, 0);
		wire_put_text(&o, "So it is.");
		assert_int_equal(wire_journal_end(&j, &o, &f->err), GH_OK);
	}
	if (t->ended) {
		wire_journal_start(&j, WIRE_J_OUTCOME, &o);
		wire_put_u8(&o, WIRE_SUCCEEDED);
		wire_put_text(&o, "Done.");
		assert_int_equal(wire_journal_end(&j, &o, &f->err), GH_OK);
	}
	wire_journal_done(&j);
	return path;
}

static bool
good_after(struct fixture_runner *f, int64_t id, const struct told *t, struct rehearsal_said *ret)
{
	const char *path = journal(f, t);
	struct store_rehearsal h;
	bool good = false;

	assert_int_equal(rehearsal_read(f->runner->store, id, path, &f->arena, ret, &f->err), GH_OK);
	(void)unlink(path);
	assert_int_equal(store_rehearsal_get(f->runner->store, &f->arena, id, &h, &f->err), GH_OK);
	assert_string_equal(h.place, "a cluster of its own");
	assert_int_equal(h.rows, 40);
	assert_int_equal(rehearsal_good(f->runner->store, &h, &good, &f->err), GH_OK);
	return good;
}

static void
it_is_good_when_each_migration_is(void **state)
{
	struct fixture_runner *f = *state;
	struct rehearsal_said said;
	const char *digest;
	struct plan p;
	int64_t id = begin(f, &p, &digest);

	assert_false(good_after(f, id, &(struct told){ 0 }, &said));
	assert_int_equal(said.outcome, 0);
	assert_true(good_after(f, id, &(struct told){ .verdict = "exact", .ended = true }, &said));
	assert_int_equal(said.outcome, WIRE_SUCCEEDED);
	assert_string_equal(said.sentence, "Done.");
	assert_false(good_after(f, id, &(struct told){ .verdict = "differs", .ended = true }, &said));
	assert_true(good_after(f, id, &(struct told){ .verdict = "no-down", .ended = true }, &said));
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
		FIXTURE_TEST(the_policy_asks_once_and_says_what_is_missing),
	};

	return cmocka_run_group_tests_name("runner/rehearsal", tests, NULL, NULL);
}
