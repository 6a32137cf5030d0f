#include "base/ban.h"
#include "tests/cgi/http.h"
#include "cgi/backup_view.h"

static void
names_where_each_comes_from(void **state)
{
	struct http *h = *state;
	struct req req = { .arena = &h->f->arena };
	struct store_backup b = { .kind = "run", .run_id = 12, .person = "", .source = "" };

	assert_string_equal(backup_origin(&req, &b), "run 12");
	b.kind = "hand";
	assert_string_equal(backup_origin(&req, &b), "by hand");
	b.person = "lead";
	assert_string_equal(backup_origin(&req, &b), "by hand, lead");
	b.kind = "schedule";
	assert_string_equal(backup_origin(&req, &b), "schedule");
	b.kind = "hook";
	b.source = "snapshot";
	assert_string_equal(backup_origin(&req, &b), "hook snapshot");
	b.kind = "outside";
	assert_string_equal(backup_origin(&req, &b), "outside, snapshot");
}

static void
answers_in_one_sentence(void **state)
{
	struct http *h = *state;
	struct req req = { .arena = &h->f->arena, .now_us = 100 * GH_SECOND };
	struct store_target t = { .policy = "", .last_backup_broken = "", .last_backup_level = "listed" };
	struct backup_answer a;

	backup_answer(&req, &t, &a);
	assert_string_equal(a.word, "No");
	assert_string_equal(a.tone, "calm");
	t.backup = true;
	backup_answer(&req, &t, &a);
	assert_string_equal(a.word, "No");
	assert_string_equal(a.tone, "bad");
	t.last_backup = 3;
	t.last_backup_at = 90 * GH_SECOND;
	backup_answer(&req, &t, &a);
	assert_string_equal(a.word, "Perhaps");
	assert_non_null(strstr(a.text, "it is listed, and nobody has restored it"));
	t.last_backup_broken = "It is torn.";
	backup_answer(&req, &t, &a);
	assert_string_equal(a.word, "No");
	t.proved_backup = 2;
	t.proved_backup_at = 40 * GH_SECOND;
	t.proved_at = 50 * GH_SECOND;
	t.prove_us = 4200000;
	backup_answer(&req, &t, &a);
	assert_string_equal(a.word, "Yes");
	assert_non_null(
	    strstr(a.text, "backup 2 was restored and its rows counted 50 seconds ago, which took 4.2 s."));
	assert_non_null(strstr(a.text, "The newest, of 10 seconds ago, is broken: It is torn."));
	t.last_backup_broken = "";
	backup_answer(&req, &t, &a);
	assert_non_null(strstr(a.text, "A newer one, of 10 seconds ago, is only listed."));
}

/* A reached level without a proof of its own was reached before looks were recorded. */
static void
every_level_has_its_newest_look(void **state)
{
	struct http *h = *state;
	struct view *v = view_new(&h->f->arena), *steps;
	const struct store_backup b = { .level = "listed" };
	struct store_proof rows[] = {
		{ .level = "restored",
		    .state = "failed",
		    .ended_at = 9,
		    .place = "here",
		    .text = "It is torn." },
		{ .level = "listed", .state = "ok", .ended_at = 7, .place = "", .text = "Newer." },
		{ .level = "listed", .state = "failed", .ended_at = 5, .place = "", .text = "Older." },
	};
	const struct store_proofs proofs = { .n = 3, .rows = rows };

	backup_steps(v, &b, &proofs);
	steps = view_find(v, "steps", 5)->view;
	assert_int_equal(steps->n_items, 5);
	assert_string_equal(view_find(steps->items[0], "state", 5)->text, "ok");
	assert_string_equal(view_find(steps->items[2], "text", 4)->text, "Newer.");
	assert_string_equal(view_find(steps->items[3], "state", 5)->text, "failed");
	assert_string_equal(view_find(steps->items[3], "tone", 4)->text, "bad");
	assert_string_equal(view_find(steps->items[4], "state", 5)->text, "");
}

/* A dot a backup, the newest at the right edge, the largest at the top. */
static void
draws_sizes_over_time(void **state)
{
	struct http *h = *state;
	struct req req = { .arena = &h->f->arena };
	struct view *v = view_new(&h->f->arena), *chart, *dots;
	struct store_backup rows[] = {
		{ .file = "c",
		    .size = 2000,
		    .ended_at = 300,
		    .broken = "",
		    .state = "kept",
		    .level = "counted" },
		{ .file = "b",
		    .size = 4000,
		    .ended_at = 200,
		    .broken = "x",
		    .state = "kept",
		    .level = "written" },
		{ .file = "", .size = 9000, .ended_at = 150, .broken = "", .state = "kept", .level = "none" },
		{ .file = "a",
		    .size = 1000,
		    .ended_at = 100,
		    .broken = "",
		    .state = "kept",
		    .level = "listed" },
	};
	struct store_backups list = { .n = 4, .rows = rows };

	backup_chart(&req, v, &list);
	chart = view_find(v, "chart", 5)->view;
	assert_string_equal(view_find(chart, "line", 4)->text, "M4 25L120 4L236 18");
	assert_string_equal(view_find(chart, "sentence", 8)->text, "2.0 kB, up from 1.0 kB over 3 backups");
	dots = view_find(chart, "dots", 4)->view;
	assert_int_equal(dots->n_items, 3);
	assert_string_equal(view_find(dots->items[1], "tone", 4)->text, "bad");
	assert_string_equal(view_find(dots->items[2], "tone", 4)->text, "good");
	v = view_new(&h->f->arena);
	list.n = 1;
	backup_chart(&req, v, &list);
	assert_false(view_find(v, "chart", 5)->truthy);
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(names_where_each_comes_from),
		T(answers_in_one_sentence),
		T(every_level_has_its_newest_look),
		T(draws_sizes_over_time),
	};

	return cmocka_run_group_tests_name("cgi/backup_view", tests, NULL, NULL);
}
