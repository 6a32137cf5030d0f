#include "base/ban.h"
#include "runner/follow_rows.h"
#include "store/request_write.h"
#include "store/run_write.h"
#include "tests/support/fixture_plan.h"

static int64_t run_id;

/* A run that is running, of all of development's migrations, or back by one on production. */
static void
begin(struct fixture_runner *f, struct follow_run *run, struct plan *plan)
{
	GH_TEXT bytes = { 0 };
	const char *digest;

	fixture_shop(f);
	(void)fixture_request(f, "shop_development", &run_id);
	assert_int_equal(store_run_start(f->runner->store, run_id, 1, &f->err), GH_OK);
	digest = fixture_value(f, "SELECT plan_digest FROM run WHERE id = ?1", run_id);
	assert_int_equal(store_plan_read(f->runner->store, digest, &bytes, &f->err), GH_OK);
	assert_int_equal(
	    plan_read(gh_strndup(&f->arena, bytes.data, bytes.len), bytes.len, &f->arena, plan, &f->err),
	    GH_OK);
	*run = (struct follow_run){
		.id = run_id, .target_id = fixture_target_id(f, "shop_development"), .plan = plan
	};
}

static void
migration(struct fixture_runner *f, const struct follow_run *run, int64_t at, int64_t position,
    enum wire_state state)
{
	const struct follow_frame frame = { .kind = WIRE_J_MIGRATION,
		.at = at,
		.migration = position,
		.statement = -1,
		.state = state,
		.text = "",
		.word = "" };

	assert_int_equal(follow_rows_put(f->runner->store, run, &frame, &f->arena, &f->err), GH_OK);
}

static void
statement(struct fixture_runner *f, const struct follow_run *run, int64_t position, enum wire_state state)
{
	const struct follow_frame frame = { .kind = WIRE_J_STATEMENT,
		.at = 5,
		.migration = 0,
		.statement = position,
		.state = state,
		.number = -1,
		.text = "",
		.word = "" };

	assert_int_equal(follow_rows_put(f->runner->store, run, &frame, &f->arena, &f->err), GH_OK);
}

#define STANDING                                                                                             \
	"SELECT group_concat(standing || ' ' || decision || ' ' || applied_at || ' ' || ran) FROM standing"  \
	" WHERE target_id = (SELECT id FROM target WHERE name = 'shop_development') AND key < '0003'"

static void
what_a_run_did_is_known_at_once(void **state)
{
	struct fixture_runner *f = *state;
	struct follow_run run;
	struct plan plan;

	begin(f, &run, &plan);
	migration(f, &run, 70, 0, WIRE_STARTED);
	assert_string_equal(fixture_value(f, STANDING, 0), "pending runs 0 0,pending runs 0 0");
	migration(f, &run, 71, 0, WIRE_OK);
	migration(f, &run, 72, 1, WIRE_OK);
	assert_string_equal(fixture_value(f, STANDING, 0), "applied nothing 71 1,applied nothing 72 1");
	assert_string_equal(fixture_value(f,
				"SELECT s.digest = (SELECT digest FROM migration_side m JOIN migration g ON "
				"g.id = m.migration_id"
				" WHERE g.key = s.key AND m.side = 'up') FROM standing s WHERE s.key = "
				"'0001_customers' AND s.ran = 1",
				0),
	    "1");
	assert_string_equal(
	    fixture_value(f, "SELECT newest_key FROM target WHERE name = 'shop_development'", 0),
	    "0002_orders");
	migration(f, &run, 73, 1, WIRE_TAKEN_BACK);
	assert_string_equal(fixture_value(f, STANDING, 0), "applied nothing 71 1,pending runs 0 1");
	assert_string_equal(
	    fixture_value(f, "SELECT newest_key FROM target WHERE name = 'shop_development'", 0),
	    "0001_customers");
	/* failing changes nothing of that: the check that follows tells what its tool would see */
	migration(f, &run, 74, 1, WIRE_FAILED);
	assert_string_equal(fixture_value(f, STANDING, 0), "applied nothing 71 1,pending runs 0 1");
}

/* Two transactions: 0 and 1, then 2 and 3. */
static void
what_fails_takes_its_own_transaction_with_it(void **state)
{
	static const int64_t groups[] = { 1, 1, 2, 2 };
	struct fixture_runner *f = *state;
	struct plan_statement st[4] = { 0 };
	struct plan_migration m;
	struct follow_run run;
	struct plan plan;
	size_t i;

	begin(f, &run, &plan);
	m = plan.migrations[0];
	m.run.n_statements = 4;
	m.run.statements = st;
	for (i = 0; i < 4; i++)
		st[i] = (struct plan_statement){ .group = groups[i], .line = 1, .kind = "SELECT" };
	plan.migrations = &m;
	plan.n_migrations = 1;
	for (i = 0; i < 3; i++)
		statement(f, &run, (int64_t)i, WIRE_OK);
	statement(f, &run, 3, WIRE_FAILED);
	migration(f, &run, 9, 0, WIRE_FAILED);
	assert_string_equal(
	    fixture_value(f, "SELECT group_concat(state) FROM run_statement", 0), "ok,ok,rolled-back,failed");
	/* each by itself: what was done stays */
	for (i = 0; i < 4; i++)
		st[i].group = 0;
	statement(f, &run, 2, WIRE_OK);
	statement(f, &run, 3, WIRE_FAILED);
	migration(f, &run, 9, 0, WIRE_FAILED);
	assert_string_equal(
	    fixture_value(f, "SELECT group_concat(state) FROM run_statement", 0), "ok,ok,ok,failed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(what_a_run_did_is_known_at_once),
		FIXTURE_TEST(what_fails_takes_its_own_transaction_with_it),
	};

	return cmocka_run_group_tests_name("runner/follow_rows", tests, NULL, NULL);
}
