#include "base/ban.h"
#include "migration/sql_wire.h"

#include <setjmp.h>
#include <cmocka.h>

static const char text[] = "CREATE TABLE a (x int);\nALTER TABLE b ADD UNIQUE (x);\n"
			   "-- gatehouse:ignore index-not-concurrent it is small\nCREATE INDEX i ON c (x);";

/* The answer's bytes. */
static void
ask(struct gh_text *ret, struct sql_text *t)
{
	GH_TEXT question = { 0 };
	struct wire_out out = { .text = &question }, answer = { .text = ret };
	struct wire_in in;

	*t = (struct sql_text){
		.sql = text, .len = strlen(text), .file = "f.sql", .first_line = 5, .down = true
	};
	sql_wire_put_question(&out, t);
	in = (struct wire_in){ .at = (const unsigned char *)question.data };
	in.end = in.at + question.len;
	sql_wire_answer(&in, &answer);
	assert_null(answer.bad);
}

static enum gh_code
take(const struct gh_text *answer, size_t len, size_t of, struct gh_arena *a, struct sql_script *ret)
{
	struct wire_in in = { .at = (const unsigned char *)answer->data };

	in.end = in.at + len;
	return sql_wire_take(&in, of, a, ret, NULL);
}

static void
same_statements(const struct sql_statement *x, const struct sql_statement *y)
{
	size_t i;

	assert_int_equal(x->offset, y->offset);
	assert_int_equal(x->length, y->length);
	assert_int_equal(x->line, y->line);
	assert_int_equal(x->group, y->group);
	assert_int_equal(x->alone, y->alone);
	assert_int_equal(x->destructive, y->destructive);
	assert_int_equal(x->reversible, y->reversible);
	assert_string_equal(x->kind, y->kind);
	assert_string_equal(x->object, y->object);
	assert_string_equal(x->object_kind, y->object_kind);
	assert_int_equal(x->n_touches, y->n_touches);
	for (i = 0; i < x->n_touches; i++) {
		assert_string_equal(x->touches[i].object, y->touches[i].object);
		assert_int_equal(x->touches[i].lock, y->touches[i].lock);
		assert_int_equal(x->touches[i].rewrites, y->touches[i].rewrites);
		assert_int_equal(x->touches[i].scans, y->touches[i].scans);
		assert_int_equal(x->touches[i].writes, y->touches[i].writes);
	}
}

static void
same_findings(const struct lint_finding *x, const struct lint_finding *y)
{
	assert_string_equal(x->rule, y->rule);
	assert_int_equal(x->level, y->level);
	assert_int_equal(x->scale, y->scale);
	assert_int_equal(x->statement, y->statement);
	assert_int_equal(x->offset, y->offset);
	assert_int_equal(x->length, y->length);
	assert_int_equal(x->line, y->line);
	assert_int_equal(x->column, y->column);
	assert_string_equal(x->table, y->table);
	assert_string_equal(x->message, y->message);
	assert_string_equal(x->rewrite, y->rewrite);
	assert_int_equal(x->ignored == NULL, y->ignored == NULL);
	if (x->ignored != NULL)
		assert_string_equal(x->ignored, y->ignored);
}

static void
carries_everything(void **state)
{
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	GH_TEXT answer = { 0 };
	struct sql_script here, there;
	struct sql_text t;
	size_t i;

	(void)state;
	ask(&answer, &t);
	sql_read(&t, &a, &here);
	assert_int_equal(take(&answer, answer.len, t.len, &a, &there), GH_OK);
	assert_int_equal(there.n, 3);
	assert_true(there.findings.n >= 2);
	assert_int_equal(there.transactional, here.transactional);
	assert_int_equal(there.row_inside, here.row_inside);
	assert_int_equal(there.stripped, here.stripped);
	assert_string_equal(there.problem, here.problem);
	assert_string_equal(there.note, here.note);
	assert_string_equal(there.tokens, here.tokens);
	assert_int_equal(strlen(there.tokens), 64);
	for (i = 0; i < here.n; i++)
		same_statements(&there.statements[i], &here.statements[i]);
	assert_int_equal(there.findings.n, here.findings.n);
	for (i = 0; i < here.findings.n; i++)
		same_findings(&there.findings.items[i], &here.findings.items[i]);
}

static void
trusts_no_answer(void **state)
{
	GH_TEXT answer = { 0 };
	struct sql_text t;
	size_t len;

	(void)state;
	ask(&answer, &t);
	for (len = 0; len <= answer.len; len++) {
		GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
		struct sql_script s;

		assert_int_equal(take(&answer, len, t.len, &a, &s) == GH_OK, len == answer.len);
	}
	/* The last byte is a semicolon. */
	for (len = 0; len < t.len - 1; len++) {
		GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
		struct sql_script s;

		assert_int_equal(take(&answer, answer.len, len, &a, &s), GH_BAD_INPUT);
	}
}

/* A question that makes no sense is answered as one. */
static void
trusts_no_question(void **state)
{
	GH_ARENA a = { .limit = SQL_ARENA_LIMIT };
	GH_TEXT answer = { 0 };
	struct wire_out out = { .text = &answer };
	struct wire_in in = { .at = (const unsigned char *)"\0\0\0\1f" };
	struct sql_script s;

	(void)state;
	in.end = in.at + 5;
	sql_wire_answer(&in, &out);
	assert_int_equal(take(&answer, answer.len, 0, &a, &s), GH_OK);
	assert_string_equal(s.problem, "the question was malformed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(carries_everything),
		cmocka_unit_test(trusts_no_answer),
		cmocka_unit_test(trusts_no_question),
	};

	return cmocka_run_group_tests_name("migration/sql_wire", tests, NULL, NULL);
}
