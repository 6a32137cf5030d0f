#include "base/ban.h"
#include "tests/support/fixture_runner.h"

static void
frame(struct fixture_runner *f, const char *who, struct gh_text *ret)
{
	struct wire_out out = { .text = ret };

	wire_put_u16(&out, WIRE_SESSION_TOUCH);
	gh_text_put_n(ret, fixture_person(f, who)->token, GH_TOKEN_LEN);
}

static int64_t
seen_at(struct fixture_runner *f)
{
	struct store_session *s = NULL;

	assert_int_equal(store_session_get(f->runner->store, &f->arena, fixture_person(f, "lead")->session,
			     gh_clock_now(), &s, &f->err),
	    GH_OK);
	assert_non_null(s);
	return s->seen_at;
}

static void
idle(struct fixture_runner *f, const char *sql)
{
	assert_int_equal(sqlite3_exec(f->runner->store->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void
moves_the_idle_time_on_without_an_entry(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT text = { 0 };
	int64_t old;

	idle(f, "UPDATE session SET seen_at = seen_at - 1200000000"); /* 20 minutes */
	old = seen_at(f);
	frame(f, "lead", &text);
	fixture_ok(f, fixture_frame(f, CMD_WEB, geteuid(), &text));
	assert_true(seen_at(f) > old + 19 * GH_MINUTE);
	assert_int_equal(fixture_entries(f), 0);
}

static void
refuses_a_session_that_was_idle_for_too_long(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT text = { 0 };

	idle(f, "UPDATE session SET seen_at = seen_at - 1860000000"); /* 31 minutes */
	frame(f, "lead", &text);
	fixture_refused(f, GH_UNAUTHENTICATED, "sign in again", fixture_frame(f, CMD_WEB, geteuid(), &text));
	assert_int_equal(fixture_entries(f), 0);
}

static void
refuses_a_session_whose_day_is_over(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT text = { 0 };

	idle(f, "UPDATE session SET expires_at = seen_at - 1");
	frame(f, "lead", &text);
	fixture_refused(f, GH_UNAUTHENTICATED, "sign in again", fixture_frame(f, CMD_WEB, geteuid(), &text));
}

static void
refuses_a_token_that_nobody_has_and_every_cut(void **state)
{
	struct fixture_runner *f = *state;
	GH_TEXT text = { 0 };
	size_t whole;

	frame(f, "lead", &text);
	whole = text.len;
	for (text.len = 0; text.len < whole; text.len++)
		assert_int_equal(fixture_frame(f, CMD_WEB, geteuid(), &text), GH_BAD_INPUT);
	gh_text_putc(&text, 'x');
	assert_int_equal(fixture_frame(f, CMD_WEB, geteuid(), &text), GH_BAD_INPUT);
	text.len = whole;
	text.data[5] = (char)(text.data[5] ^ 1);
	assert_int_equal(fixture_frame(f, CMD_WEB, geteuid(), &text), GH_UNAUTHENTICATED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(moves_the_idle_time_on_without_an_entry),
		FIXTURE_TEST(refuses_a_session_that_was_idle_for_too_long),
		FIXTURE_TEST(refuses_a_session_whose_day_is_over),
		FIXTURE_TEST(refuses_a_token_that_nobody_has_and_every_cut),
	};

	return cmocka_run_group_tests_name("runner/cmd_session_touch", tests, NULL, NULL);
}
