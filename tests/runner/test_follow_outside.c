#include "base/ban.h"
#include "runner/follow_kind.h"
#include "store/backup.h"
#include "tests/support/fixture_plan.h"

/* What another system lists, as rows: good frames, and every cut of one. */

struct told {
	const char *source, *label, *broken;
	int what;
	int64_t seen_at, ended_at, bytes;
	int level;
};

static int64_t target_id;

static void
begin(struct fixture_runner *f)
{
	int64_t run_id;

	fixture_shop(f);
	(void)fixture_request(f, "shop_development", &run_id);
	target_id = strtoll(fixture_value(f, "SELECT target_id FROM run WHERE id = ?1", run_id), NULL, 10);
}

static int64_t
number(struct fixture_runner *f, const char *sql)
{
	return strtoll(fixture_value(f, sql, 0), NULL, 10);
}

static void
fields(struct gh_text *text, const struct told *t)
{
	struct wire_out o = { .text = text };

	wire_put_text(&o, t->source);
	wire_put_u8(&o, (uint8_t)t->what);
	wire_put_i64(&o, t->seen_at);
	wire_put_text(&o, t->label);
	wire_put_i64(&o, t->ended_at - 5);
	wire_put_i64(&o, t->ended_at);
	wire_put_i64(&o, t->bytes);
	wire_put_i64(&o, -1);
	wire_put_text(&o, "15");
	wire_put_text(&o, "2.45");
	wire_put_i64(&o, 0);
	wire_put_u8(&o, (uint8_t)t->level);
	wire_put_text(&o, t->broken);
}

static enum gh_code
put_n(struct fixture_runner *f, const struct told *t, size_t len)
{
	const struct follow_run run = { .id = 1, .target_id = target_id };
	GH_TEXT text = { 0 };
	struct wire_event e = { .kind = WIRE_J_OUTSIDE, .at_us = 5 };
	const unsigned char *at;

	fields(&text, t);
	at = (const unsigned char *)text.data;
	e.fields = (struct wire_in){ .at = at, .end = at + (len > text.len ? text.len : len) };
	f->err = (struct gh_err){ 0 };
	return follow_outside.put(f->runner->store, &run, &e, &f->arena, &f->err);
}

static enum gh_code
put(struct fixture_runner *f, const struct told *t)
{
	return put_n(f, t, SIZE_MAX);
}

static const struct told one = {
	.source = "nightly",
	.label = "F1",
	.broken = "",
	.what = WIRE_OUTSIDE_ONE,
	.seen_at = 1000,
	.ended_at = 900,
	.bytes = 7,
	.level = WIRE_WRITTEN,
};

static void
what_is_listed_becomes_a_row(void **state)
{
	struct fixture_runner *f = *state;
	struct store_backups list;

	begin(f);
	assert_int_equal(put(f, &one), GH_OK);
	assert_int_equal(
	    store_backup_list(f->runner->store, &f->arena, target_id, 0, 10, &list, &f->err), GH_OK);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.rows[0].kind, "outside");
	assert_string_equal(list.rows[0].source, "nightly");
	assert_string_equal(list.rows[0].label, "F1");
	assert_string_equal(list.rows[0].level, "written");
	assert_int_equal(list.rows[0].started_at, 895);
	assert_int_equal(list.rows[0].ended_at, 900);
	assert_int_equal(list.rows[0].size, 7);
	assert_int_equal(list.rows[0].database_bytes, -1);
	assert_string_equal(list.rows[0].server_version, "15");
	assert_string_equal(list.rows[0].client_version, "2.45");
	assert_int_equal(list.rows[0].seen_at, 1000);
}

static void
a_whole_list_expires_what_is_not_in_it(void **state)
{
	struct fixture_runner *f = *state;
	struct told again = one, whole = one;
	const char *left = "SELECT count(*) FROM backup WHERE kind = 'outside' AND state = 'kept' AND ?1 = 0";

	begin(f);
	assert_int_equal(put(f, &one), GH_OK);
	again.label = "F2";
	again.seen_at = 2000;
	assert_int_equal(put(f, &again), GH_OK);
	assert_int_equal(number(f, left), 2);
	whole.what = WIRE_OUTSIDE_WHOLE;
	whole.label = "";
	whole.seen_at = 2000;
	/* Of another source nothing goes. */
	whole.source = "dumps";
	assert_int_equal(put(f, &whole), GH_OK);
	assert_int_equal(number(f, left), 2);
	whole.source = "nightly";
	assert_int_equal(put(f, &whole), GH_OK);
	assert_int_equal(number(f, left), 1);
}

static void
a_wrong_frame_is_a_corrupt_journal(void **state)
{
	struct fixture_runner *f = *state;
	struct told t = one;
	GH_TEXT whole = { 0 };
	size_t len;

	begin(f);
	fields(&whole, &one);
	for (len = 0; len < whole.len; len++) {
		assert_int_equal(put_n(f, &one, len), GH_BAD_INPUT);
		assert_non_null(strstr(f->err.msg, "a frame OUTSIDE has wrong fields"));
	}
	t.what = 3;
	assert_int_equal(put(f, &t), GH_BAD_INPUT);
	t = one;
	t.level = WIRE_COUNTED;
	assert_int_equal(put(f, &t), GH_BAD_INPUT);
	assert_non_null(strstr(f->err.msg, "wrong values"));
	t = one;
	t.label = "";
	assert_int_equal(put(f, &t), GH_BAD_INPUT);
	t = one;
	t.ended_at = -1;
	assert_int_equal(put(f, &t), GH_BAD_INPUT);
	assert_int_equal(number(f, "SELECT count(*) FROM backup WHERE kind = 'outside' AND ?1 = 0"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(what_is_listed_becomes_a_row),
		FIXTURE_TEST(a_whole_list_expires_what_is_not_in_it),
		FIXTURE_TEST(a_wrong_frame_is_a_corrupt_journal),
	};

	return cmocka_run_group_tests_name("runner/follow_outside", tests, NULL, NULL);
}
