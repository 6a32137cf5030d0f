#include "base/ban.h"
#include "tests/support/fake_runner.h"
#include "wire/client.h"

#include <setjmp.h>
#include <cmocka.h>

static void
sends_one_frame_and_reads_the_answer(void **state)
{
	struct fake_runner f = { 0 };
	struct wire_out answer = { .text = fake_runner_answer(&f, GH_OK) };
	unsigned char token[GH_TOKEN_LEN] = { 7 };
	GH_TEXT fields = { 0 };
	GH_TEXT asked = { 0 };
	WIRE_REPLY reply = { 0 };
	struct gh_err err = { 0 };

	(void)state;
	wire_put_i64(&answer, 42);
	gh_text_put(&fields, "abc");
	fake_runner_start(&f);
	assert_int_equal(wire_call(f.socket, WIRE_REQUEST_ADD, token, &fields, &reply, &err), GH_OK);
	assert_int_equal(wire_i64(&reply.fields), 42);
	assert_int_equal(wire_end(&reply.fields, &err), GH_OK);
	fake_runner_stop(&f, &asked);
	assert_int_equal(asked.len, 4 + 2 + GH_TOKEN_LEN + 3);
	assert_memory_equal(asked.data, "\0\0\0\x25\0\x0a\x07", 7);
	assert_memory_equal(asked.data + 38, "abc", 3);
}

static void
gives_a_refusal_with_its_own_code_and_words(void **state)
{
	struct fake_runner f = { 0 };
	WIRE_REPLY reply = { 0 };
	struct gh_err err = { 0 };

	(void)state;
	gh_text_put(fake_runner_answer(&f, GH_FORBIDDEN), "nobody approves a request of their own");
	fake_runner_start(&f);
	assert_int_equal(wire_call(f.socket, WIRE_REQUEST_APPROVE, NULL, NULL, &reply, &err), GH_FORBIDDEN);
	assert_string_equal(err.msg, "nobody approves a request of their own");
	fake_runner_stop(&f, NULL);
}

static void
says_that_no_runner_answers(void **state)
{
	WIRE_REPLY reply = { 0 };
	struct gh_err err = { 0 };

	(void)state;
	assert_int_equal(
	    wire_call("/nonexistent/sock", WIRE_READ_RUNS, NULL, NULL, &reply, &err), GH_UNAVAILABLE);
	assert_non_null(strstr(err.msg, "the runner does not answer on /nonexistent/sock"));
}

static void
says_that_the_runner_died_in_its_answer(void **state)
{
	struct fake_runner f = { 0 };
	WIRE_REPLY reply = { 0 };
	struct gh_err err = { 0 };

	(void)state;
	fake_runner_start(&f); /* no answer at all: it exits at once */
	assert_int_equal(wire_call(f.socket, WIRE_READ_RUNS, NULL, NULL, &reply, &err), GH_UNAVAILABLE);
	fake_runner_stop(&f, NULL);
}

static void
refuses_a_call_that_is_too_long(void **state)
{
	GH_TEXT fields = { 0 };
	WIRE_REPLY reply = { 0 };
	struct gh_err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < WIRE_FRAME_MAX; i++)
		gh_text_putc(&fields, 'x');
	assert_int_equal(
	    wire_call("/nonexistent/sock", WIRE_READ_RUNS, NULL, &fields, &reply, &err), GH_BAD_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_one_frame_and_reads_the_answer),
		cmocka_unit_test(gives_a_refusal_with_its_own_code_and_words),
		cmocka_unit_test(says_that_no_runner_answers),
		cmocka_unit_test(says_that_the_runner_died_in_its_answer),
		cmocka_unit_test(refuses_a_call_that_is_too_long),
	};

	gh_hash_start();
	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("wire/client", tests, NULL, NULL);
}
