#include "base/ban.h"
#include "runner/job/analyse.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct sql_place place = { .file = "f.sql", .first_line = 5 };

static void
read_in_child(struct analyse_parser *p, const char *text, struct gh_arena *a, struct sql_script *ret)
{
	static const struct job j;
	struct gh_err err = { 0 };

	p->job = &j;
	assert_int_equal(analyse_parser_read(p, text, strlen(text), place, a, ret, &err), GH_OK);
}

static void
answers_as_the_parser_does(void **state)
{
	static const char text[] = "CREATE TABLE a ();\nVACUUM a;";
	ANALYSE_PARSER p = { .fd = -1 };
	GH_ARENA a = { 0 };
	struct sql_script here, there;
	size_t i;

	(void)state;
	sql_read(text, strlen(text), place, &a, &here);
	read_in_child(&p, text, &a, &there);
	assert_int_equal(there.n, 2);
	assert_int_equal(there.transactional, here.transactional);
	assert_string_equal(there.problem, here.problem);
	assert_string_equal(there.note, here.note);
	for (i = 0; i < here.n; i++) {
		assert_int_equal(there.statements[i].offset, here.statements[i].offset);
		assert_int_equal(there.statements[i].length, here.statements[i].length);
		assert_int_equal(there.statements[i].line, here.statements[i].line);
		assert_int_equal(there.statements[i].alone, here.statements[i].alone);
		assert_string_equal(there.statements[i].kind, here.statements[i].kind);
		assert_string_equal(there.statements[i].object, here.statements[i].object);
		assert_string_equal(there.statements[i].object_kind, here.statements[i].object_kind);
	}
}

static void
one_child_answers_many_questions(void **state)
{
	ANALYSE_PARSER p = { .fd = -1 };
	GH_ARENA a = { 0 };
	struct sql_script s;
	pid_t first;
	int i;

	(void)state;
	read_in_child(&p, "SELECT 1", &a, &s);
	first = p.pid;
	for (i = 0; i < 20; i++) {
		read_in_child(&p, "SELECT 1; SELECT 2", &a, &s);
		assert_int_equal(s.n, 2);
		assert_int_equal(p.pid, first);
	}
}

static void
a_killed_child_is_replaced(void **state)
{
	ANALYSE_PARSER p = { .fd = -1 };
	GH_ARENA a = { 0 };
	struct sql_script s;
	pid_t first;

	(void)state;
	read_in_child(&p, "SELECT 1", &a, &s);
	first = p.pid;
	assert_int_equal(kill(first, SIGKILL), 0);
	read_in_child(&p, "SELECT 1; SELECT 2", &a, &s);
	assert_string_equal(s.problem, "");
	assert_int_equal(s.n, 2);
	assert_int_not_equal(p.pid, first);
}

/* An answer that holds one statement of a text of ten bytes, cut at every byte. */
static void
trusts_no_answer(void **state)
{
	GH_TEXT t = { 0 };
	struct wire_out out = { .text = &t };
	size_t len;

	(void)state;
	wire_put_bool(&out, true);
	wire_put_bool(&out, false);
	wire_put_text(&out, "");
	wire_put_text(&out, "");
	wire_put_u32(&out, 1);
	wire_put_i64(&out, 2);
	wire_put_i64(&out, 8);
	wire_put_i64(&out, 1);
	wire_put_bool(&out, false);
	wire_put_text(&out, "SELECT");
	wire_put_text(&out, "");
	wire_put_text(&out, "");
	for (len = 0; len <= t.len; len++) {
		struct wire_in in = { .at = (const unsigned char *)t.data,
			.end = (const unsigned char *)t.data + len };
		struct gh_err err = { 0 };
		struct sql_script s;
		GH_ARENA a = { 0 };

		assert_int_equal(analyse_parser_take(&in, 10, &a, &s, &err) == GH_OK, len == t.len);
	}
	for (len = 0; len < 10; len++) {
		struct wire_in in = { .at = (const unsigned char *)t.data,
			.end = (const unsigned char *)t.data + t.len };
		struct sql_script s;
		GH_ARENA a = { 0 };

		assert_int_equal(analyse_parser_take(&in, len, &a, &s, NULL), GH_BAD_INPUT);
	}
	/* an offset and a length whose sum is no number */
	memset(t.data + 14, 0x7f, 16);
	{
		struct wire_in in = { .at = (const unsigned char *)t.data,
			.end = (const unsigned char *)t.data + t.len };
		struct sql_script s;
		GH_ARENA a = { 0 };

		assert_int_equal(analyse_parser_take(&in, 10, &a, &s, NULL), GH_BAD_INPUT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_as_the_parser_does),
		cmocka_unit_test(one_child_answers_many_questions),
		cmocka_unit_test(a_killed_child_is_replaced),
		cmocka_unit_test(trusts_no_answer),
	};

	return cmocka_run_group_tests_name("runner/job/analyse_parser", tests, NULL, NULL);
}
