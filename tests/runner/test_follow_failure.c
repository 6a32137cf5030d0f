#include "base/ban.h"
#include "runner/follow_kind.h"
#include "runner/run_end.h"
#include "store/failure.h"
#include "store/ledger_write.h"
#include "store/project_write.h"
#include "store/request_write.h"
#include "store/run_write.h"
#include "tests/support/fixture_plan.h"
#include "tests/support/fixture_run.h"

/* Frames of what was found out about a failure, as rows; and what failures hold a target for. */

static enum gh_code
put(struct fixture_runner *f, int64_t run_id, const struct follow_kind *k, const struct gh_text *fields,
    size_t cut)
{
	const struct follow_run run = { .id = run_id };
	const unsigned char *at = (const unsigned char *)gh_text_str(fields);
	const struct wire_event e = {
		.kind = k->kind, .at_us = 70, .fields = { .at = at, .end = at + fields->len - cut }
	};

	f->err = (struct gh_err){ 0 };
	return k->put(f->runner->store, &run, &e, &f->arena, &f->err);
}

static int64_t
begin(struct fixture_runner *f)
{
	int64_t request = 0, run = 0;

	fixture_run(f, &request, &run);
	assert_int_equal(store_run_start(f->runner->store, run, 7, &f->err), GH_OK);
	return run;
}

static void
fact(struct gh_text *t, const char *object, bool good)
{
	struct wire_out o = { .text = t };

	wire_put_text(&o, "index");
	wire_put_text(&o, object);
	wire_put_u8(&o, good);
	wire_put_text(&o, "It is invalid.");
}

static void
cause(struct gh_text *t)
{
	struct wire_out o = { .text = t };

	wire_put_text(&o, "Values that are there twice");
	wire_put_text(&o, "SELECT email, count(*) FROM customers");
	wire_put_text(&o, "email\tnote");
	wire_put_text(&o, "a\\tb\t\\N\nc\td\n");
	wire_put_u8(&o, 1);
	wire_put_text(&o, "Two of them.");
}

static void
action(struct gh_text *t, const char *kind)
{
	struct wire_out o = { .text = t };

	wire_put_text(&o, kind);
	wire_put_text(&o, "4/1");
	wire_put_text(&o, "Drops the index.");
}

static void
facts_keep_their_order(void **state)
{
	struct fixture_runner *f = *state;
	struct store_run_facts list = { 0 };
	int64_t run = begin(f);
	GH_TEXT a = { 0 };
	GH_TEXT b = { 0 };

	fact(&a, "public.first", true);
	fact(&b, "public.second", false);
	assert_int_equal(put(f, run, &follow_fact, &a, 0), GH_OK);
	assert_int_equal(put(f, run, &follow_fact, &b, 0), GH_OK);
	assert_int_equal(store_run_fact_list(f->runner->store, &f->arena, run, &list, &f->err), GH_OK);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.rows[0].object, "public.first");
	assert_true(list.rows[0].good);
	assert_string_equal(list.rows[1].object, "public.second");
	assert_false(list.rows[1].good);
	assert_string_equal(list.rows[1].text, "It is invalid.");
}

static void
a_cause_has_its_rows_and_an_event(void **state)
{
	struct fixture_runner *f = *state;
	struct store_causes list = { 0 };
	struct store_events events = { 0 };
	int64_t run = begin(f);
	GH_TEXT t = { 0 };
	size_t i, n = 0;

	cause(&t);
	assert_int_equal(put(f, run, &follow_cause, &t, 0), GH_OK);
	assert_int_equal(store_cause_list(f->runner->store, &f->arena, run, &list, &f->err), GH_OK);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.rows[0].n_columns, 2);
	assert_int_equal(list.rows[0].n_rows, 2);
	assert_string_equal(list.rows[0].cells[0], "a\tb");
	assert_null(list.rows[0].cells[1]);
	assert_string_equal(list.rows[0].cells[3], "d");
	assert_true(list.rows[0].more);
	assert_int_equal(store_event_list(f->runner->store, &f->arena, run, 0, 50, &events, &f->err), GH_OK);
	for (i = 0; i < events.n; i++)
		n += strcmp(events.rows[i].text, "Values that are there twice: Two of them.") == 0 ? 1 : 0;
	assert_int_equal(n, 1);
}

static void
an_action_that_the_store_does_not_know_is_left_out(void **state)
{
	struct fixture_runner *f = *state;
	struct store_actions list = { 0 };
	int64_t run = begin(f);
	GH_TEXT a = { 0 };
	GH_TEXT b = { 0 };

	action(&a, "drop-index");
	action(&b, "pray");
	assert_int_equal(put(f, run, &follow_action, &a, 0), GH_OK);
	assert_int_equal(put(f, run, &follow_action, &b, 0), GH_OK);
	assert_int_equal(store_action_list(f->runner->store, &f->arena, run, &list, &f->err), GH_OK);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.rows[0].kind, "drop-index");
	assert_string_equal(list.rows[0].goal, "4/1");
}

static void
every_cut_is_corrupt(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = begin(f);
	GH_TEXT a = { 0 };
	GH_TEXT b = { 0 };
	GH_TEXT c = { 0 };
	size_t cut;

	fact(&a, "public.orders", true);
	cause(&b);
	action(&c, "retry");
	for (cut = 1; cut <= a.len; cut++)
		assert_int_equal(put(f, run, &follow_fact, &a, cut), GH_BAD_INPUT);
	for (cut = 1; cut <= b.len; cut++)
		assert_int_equal(put(f, run, &follow_cause, &b, cut), GH_BAD_INPUT);
	for (cut = 1; cut <= c.len; cut++)
		assert_int_equal(put(f, run, &follow_action, &c, cut), GH_BAD_INPUT);
}

#define TARGET "shop_development"

static const char *
held(struct fixture_runner *f)
{
	return fixture_value(f, "SELECT held FROM target WHERE name = '" TARGET "'", 0);
}

/* Another run of the target, as one for a repair begins while it is held. */
static int64_t
another(struct fixture_runner *f)
{
	struct store *st = f->runner->store;
	int64_t id = fixture_target_id(f, TARGET), request, run = 0;
	const char *why = gh_strdup(&f->arena, held(f));

	fixture_ok(f, store_target_hold(st, id, "", &f->err));
	request = fixture_request(f, TARGET, &run);
	fixture_ok(f, store_run_start(st, run, 1, &f->err));
	fixture_ok(f, store_request_move(st, request, "approved", "started", "", 1, &f->err));
	fixture_ok(f, store_target_hold(st, id, why, &f->err));
	return run;
}

/* Incident 1 and 2, of two runs that need a person. */
static void
two(struct fixture_runner *f)
{
	int i;

	fixture_shop(f);
	for (i = 0; i < 2; i++)
		fixture_ok(
		    f, run_end(f->runner, another(f), WIRE_NEEDS_PERSON, "It is half built.", 5, &f->err));
	assert_non_null(strstr(held(f), "run 2 needs a person: see incident 2 "));
}

static void
close_it(struct fixture_runner *f, int64_t incident)
{
	fixture_ok(
	    f, store_incident_close(f->runner->store, incident, fixture_person(f, "lead")->id, 9, &f->err));
	fixture_ok(f, run_release(f->runner, &f->err));
}

static void
each_open_incident_holds_the_target(void **state)
{
	struct fixture_runner *f = *state;

	two(f);
	fixture_ok(f, run_release(f->runner, &f->err));
	assert_non_null(strstr(held(f), "see incident 2 "));
	close_it(f, 2);
	assert_non_null(strstr(held(f), "run 1 needs a person: see incident 1 "));
	close_it(f, 1);
	assert_string_equal(held(f), "");
}

static void
the_older_incident_may_be_closed_first(void **state)
{
	struct fixture_runner *f = *state;

	two(f);
	close_it(f, 1);
	assert_non_null(strstr(held(f), "run 2 needs a person: see incident 2 "));
	close_it(f, 2);
	assert_string_equal(held(f), "");
}

/* A repair that nobody knew about for a time has gone well: an incident that is open holds it as before. */
static void
a_repair_leaves_what_an_older_incident_holds(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run;

	two(f);
	run = another(f);
	assert_int_equal(sqlite3_exec(f->runner->store->db,
			     "DROP TRIGGER plan_stays; UPDATE plan SET act = 'repair'", NULL, NULL, NULL),
	    SQLITE_OK);
	fixture_ok(f, run_end(f->runner, run, WIRE_UNKNOWN, "The job died.", 6, &f->err));
	assert_non_null(strstr(held(f), "nobody knows yet how run 3 ended"));
	close_it(f, 2);
	fixture_ok(f, run_end(f->runner, run, WIRE_SUCCEEDED, "Repaired.", 10, &f->err));
	assert_non_null(strstr(held(f), "run 1 needs a person: see incident 1 "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(facts_keep_their_order),
		FIXTURE_TEST(a_cause_has_its_rows_and_an_event),
		FIXTURE_TEST(an_action_that_the_store_does_not_know_is_left_out),
		FIXTURE_TEST(every_cut_is_corrupt),
		FIXTURE_TEST(each_open_incident_holds_the_target),
		FIXTURE_TEST(the_older_incident_may_be_closed_first),
		FIXTURE_TEST(a_repair_leaves_what_an_older_incident_holds),
	};

	return cmocka_run_group_tests_name("runner/follow_failure", tests, NULL, NULL);
}
