#include "base/ban.h"
#include "runner/follow_frame.h"

#include <setjmp.h>
#include <cmocka.h>

/* Frames with their fields read, and what is no frame of ours. */

static struct gh_arena arena;

static enum gh_code
retry(int64_t wait_ms, struct follow_frame *ret)
{
	GH_TEXT t = { 0 };
	struct wire_out o = { .text = &t };
	struct wire_event e = { .kind = WIRE_J_RETRY, .at_us = 5 };
	struct gh_err err = { 0 };
	enum gh_code code;

	wire_put_i64(&o, 2);
	wire_put_i64(&o, wait_ms);
	wire_put_text(&o, "a lock was in the way");
	e.fields.at = (const unsigned char *)t.data;
	e.fields.end = e.fields.at + t.len;
	code = follow_frame_read(&e, &arena, ret, &err);
	if (code != GH_OK)
		assert_non_null(strstr(err.msg, "corrupt"));
	return code;
}

static void
a_retry_names_its_attempt_and_its_wait(void **state)
{
	struct follow_frame f;
	const char *kind = NULL, *text = NULL;

	(void)state;
	assert_int_equal(retry(1500, &f), GH_OK);
	follow_frame_event(&f, NULL, &arena, &kind, &text);
	assert_string_equal(kind, "retry");
	assert_string_equal(text, "Attempt 2 failed, the next in 1.5 s: a lock was in the way");
}

static void
a_wait_that_never_was_is_corrupt(void **state)
{
	struct follow_frame f;

	(void)state;
	assert_int_equal(retry(-1, &f), GH_INTERNAL);
	assert_int_equal(retry(INT64_MAX / 2, &f), GH_INTERNAL);
	assert_int_equal(retry(0, &f), GH_OK);
}

static void
an_unknown_kind_is_a_log_line_without_a_sentence(void **state)
{
	const struct wire_event e = { .kind = (enum wire_journal_kind)250 };
	struct follow_frame f;

	(void)state;
	assert_int_equal(follow_frame_read(&e, &arena, &f, NULL), GH_OK);
	assert_int_equal(f.kind, WIRE_J_LOG);
	assert_string_equal(f.text, "");
}

static int
teardown(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_retry_names_its_attempt_and_its_wait),
		cmocka_unit_test(a_wait_that_never_was_is_corrupt),
		cmocka_unit_test(an_unknown_kind_is_a_log_line_without_a_sentence),
	};

	return cmocka_run_group_tests_name("runner/follow_frame", tests, NULL, teardown);
}
