#include "base/ban.h"
#include "runner/job/notify.h"

#include <setjmp.h>
#include <cmocka.h>

static struct gh_arena arena;

static const char *
outcome(const char *secret, const char *text)
{
	struct job j = { .arena = &arena };

	notify_outcome(&j, secret, WIRE_FAILED_CLEAN, "%s", text);
	assert_int_equal(j.outcome, WIRE_FAILED_CLEAN);
	return j.sentence;
}

static void
answers_that_repeat_the_secret_are_not_kept(void **state)
{
	static const char address[] =
	    "https://hooks.example.com/services/T0/abcdefghijkl?key=mnopqrstuv#zyxwvutsrq";

	(void)state;
	assert_string_equal(outcome(address, "HTTP 404: no_team"), "HTTP 404: no_team");
	assert_null(strstr(outcome(address, "HTTP 404: /T0/abcdefghijkl"), "abcdefghijkl"));
	assert_null(strstr(outcome(address, "key mnopqrstuv"), "mnopqrstuv"));
	assert_null(strstr(outcome(address, "x zyxwvutsrq"), "zyxwvutsrq"));
	assert_null(
	    strstr(outcome(address,
		       "see https://hooks.example.com/services/T0/abcdefghijkl?key=mnopqrstuv#zyxwvutsrq"),
		"hooks"));
	/* The host is no secret. */
	assert_non_null(strstr(outcome(address, "certificate of hooks.example.com"), "hooks.example.com"));
	assert_null(strstr(outcome("correct horse", "535 not correct horse"), "horse"));
	assert_null(strstr(outcome("short", "535 not short"), "short"));
	assert_string_equal(outcome("", "SMTP 451 later"), "SMTP 451 later");
}

static void
keeps_one_printable_line_of_an_answer(void **state)
{
	char longs[600];

	(void)state;
	assert_string_equal(notify_line(&arena, "\r\n  ok\nmore", 10), "ok");
	assert_string_equal(notify_line(&arena, "", 0), "");
	assert_string_equal(notify_line(&arena, "a\x1b[31mb\x7f", 9), "a [31mb ");
	assert_string_equal(notify_line(&arena, "\xff\xfe", 2), "??");
	memset(longs, 'x', sizeof(longs));
	assert_int_equal(strlen(notify_line(&arena, longs, sizeof(longs))), NOTIFY_LINE_MAX);
}

static void
facts_of_one_name_come_together(void **state)
{
	static const struct wire_option options[] = { { "migration", "a" }, { "migration", "b" },
		{ "request", "5" }, { "contact", "c" } };
	const struct wire_spec s = { .options = options, .n_options = 4 };
	struct notify_fact f;
	size_t at = 0;

	(void)state;
	assert_true(notify_next(&s, &arena, "+", &at, &f));
	assert_string_equal(f.label, "Migration");
	assert_string_equal(f.value, "a+b");
	assert_true(notify_next(&s, &arena, "+", &at, &f));
	assert_string_equal(f.label, "Contact");
	assert_false(notify_next(&s, &arena, "+", &at, &f));
	assert_string_equal(notify_value(&s, "request"), "5");
	assert_string_equal(notify_value(&s, "run"), "");
	assert_null(notify_label("request"));
}

static int
drop(void **state)
{
	(void)state;
	gh_arena_done(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_that_repeat_the_secret_are_not_kept),
		cmocka_unit_test(keeps_one_printable_line_of_an_answer),
		cmocka_unit_test(facts_of_one_name_come_together),
	};

	return cmocka_run_group_tests_name("runner/job/notify", tests, NULL, drop);
}
