#include "base/ban.h"
#include "runner/follow_kind.h"
#include "store/guard.h"
#include "store/run_write.h"
#include "tests/support/fixture_run.h"

/* Frames of the guard as rows and events. */

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
progress(struct gh_text *t, int64_t done)
{
	struct wire_out o = { .text = t };

	wire_put_i64(&o, 0);
	wire_put_i64(&o, 1);
	wire_put_text(&o, "running");
	wire_put_text(&o, "building index");
	wire_put_i64(&o, done);
	wire_put_i64(&o, 50);
	wire_put_text(&o, "blocks");
	wire_put_i64(&o, 60);
}

static void
episode(struct gh_text *t, const char *kind, int64_t ended, const char *ending, unsigned n)
{
	struct wire_out o = { .text = t };
	unsigned i;

	wire_put_i64(&o, 1);
	wire_put_text(&o, kind);
	wire_put_i64(&o, 0);
	wire_put_i64(&o, 0);
	wire_put_i64(&o, 60);
	wire_put_i64(&o, ended);
	wire_put_text(&o, "public.orders");
	wire_put_text(&o, "ACCESS SHARE");
	wire_put_text(&o, ending);
	wire_put_u8(&o, (uint8_t)n);
	for (i = 0; i < n; i++) {
		wire_put_text(&o, strcmp(kind, "queue") == 0 ? "sufferer" : "blocker");
		wire_put_i64(&o, 4711 + i);
		wire_put_text(&o, "app");
		wire_put_text(&o, "web");
		wire_put_text(&o, "active");
		wire_put_text(&o, "SELECT 1");
		wire_put_i64(&o, 1500);
	}
}

static const char *
events(struct fixture_runner *f, int64_t run)
{
	struct store_events list = { 0 };
	GH_TEXT all = { 0 };
	size_t i;

	assert_int_equal(store_event_list(f->runner->store, &f->arena, run, 0, 50, &list, &f->err), GH_OK);
	for (i = 0; i < list.n; i++) {
		if (strcmp(list.rows[i].kind, "episode") == 0)
			gh_text_putf(&all, "%s\n", list.rows[i].text);
	}
	return gh_strdup(&f->arena, gh_text_str(&all));
}

static void
progress_is_replaced_and_makes_no_event(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = begin(f);
	struct store_progress *p = NULL;
	GH_TEXT one = { 0 };
	GH_TEXT two = { 0 };

	progress(&one, 5);
	progress(&two, 25);
	assert_int_equal(put(f, run, &follow_progress, &one, 0), GH_OK);
	assert_int_equal(put(f, run, &follow_progress, &two, 0), GH_OK);
	assert_int_equal(store_progress_find(f->runner->store, &f->arena, run, &p, &f->err), GH_OK);
	assert_non_null(p);
	assert_int_equal(p->done, 25);
	assert_int_equal(p->at, 70);
	assert_int_equal(store_progress_percent(p), 50);
	assert_string_equal(events(f, run), "");
}

static void
an_episode_has_an_event_at_each_end(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = begin(f);
	struct store_episodes list;
	GH_TEXT a = { 0 };
	GH_TEXT b = { 0 };
	GH_TEXT c = { 0 };

	episode(&a, "queue", 0, "", 1);
	episode(&b, "queue", 0, "", 3);
	episode(&c, "queue", 60 + 2 * GH_SECOND, "gave-way", 3);
	assert_int_equal(put(f, run, &follow_episode, &a, 0), GH_OK);
	assert_int_equal(put(f, run, &follow_episode, &b, 0), GH_OK);
	assert_int_equal(put(f, run, &follow_episode, &c, 0), GH_OK);
	assert_int_equal(store_episode_list(f->runner->store, &f->arena, run, &list, &f->err), GH_OK);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.rows[0].n, 3);
	assert_string_equal(list.rows[0].ending, "gave-way");
	assert_string_equal(events(f, run),
	    "session 4711 (app, web) waits behind the statement on public.orders (ACCESS SHARE).\n"
	    "The queue behind the statement on public.orders (ACCESS SHARE) ended after 2.0 s: the statement "
	    "gave "
	    "way.\n");
}

static void
a_wait_names_who_is_in_the_way(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = begin(f);
	GH_TEXT a = { 0 };

	episode(&a, "blocked", 0, "", 2);
	assert_int_equal(put(f, run, &follow_episode, &a, 0), GH_OK);
	assert_string_equal(events(f, run),
	    "The statement waits on public.orders (ACCESS SHARE) for session 4711 (app, web) and 1 more.\n");
}

static void
every_cut_and_an_unknown_kind_are_corrupt(void **state)
{
	struct fixture_runner *f = *state;
	int64_t run = begin(f);
	GH_TEXT p = { 0 };
	GH_TEXT e = { 0 };
	GH_TEXT odd = { 0 };
	size_t cut;

	progress(&p, 5);
	episode(&e, "queue", 0, "", 2);
	for (cut = 1; cut <= p.len; cut++)
		assert_int_equal(put(f, run, &follow_progress, &p, cut), GH_BAD_INPUT);
	for (cut = 1; cut <= e.len; cut++)
		assert_int_equal(put(f, run, &follow_episode, &e, cut), GH_BAD_INPUT);
	episode(&odd, "nonsense", 0, "", 0);
	assert_int_equal(put(f, run, &follow_episode, &odd, 0), GH_BAD_INPUT);
	gh_text_clear(&odd);
	episode(&odd, "blocked", -1, "ended", 0);
	assert_int_equal(put(f, run, &follow_episode, &odd, 0), GH_BAD_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(progress_is_replaced_and_makes_no_event),
		FIXTURE_TEST(an_episode_has_an_event_at_each_end),
		FIXTURE_TEST(a_wait_names_who_is_in_the_way),
		FIXTURE_TEST(every_cut_and_an_unknown_kind_are_corrupt),
	};

	return cmocka_run_group_tests_name("runner/follow_guard", tests, NULL, NULL);
}
