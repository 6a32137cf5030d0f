#include "base/ban.h"
#include "runner/job/dump_words.h"

#include <setjmp.h>
#include <cmocka.h>

static void
hear(struct dump_words *w, const char *text, size_t step)
{
	size_t at, len = strlen(text);

	*w = (struct dump_words){ 0 };
	for (at = 0; at < len; at += step)
		dump_words_hear(w, text + at, len - at < step ? len - at : step);
	dump_words_end(w);
}

static void
tells_where_it_is_from_what_it_warns_of(void **state)
{
	static const char said[] = "pg_dump: last built-in OID is 16383\n"
				   "pg_dump: dumping contents of table \"public.orders\"\n"
				   "pg_dump: warning: something is odd\n"
				   "pg_dump: detail: It is \"that\".\n"
				   "pg_dump: WARNING:  of the server\n"
				   "pg_dump: dumping contents of table \"public.a \"\" b\"";
	struct dump_words w;
	size_t step;

	(void)state;
	for (step = 1; step < sizeof(said); step += 13) {
		hear(&w, said, step);
		assert_string_equal(w.table, "table public.a \"\" b");
		assert_int_equal(w.n_warnings, 2);
		assert_string_equal(w.log,
		    "pg_dump: warning: something is odd\npg_dump: detail: It is \"that\".\n"
		    "pg_dump: WARNING:  of the server\n");
		assert_string_equal(w.failed, "");
		assert_false(dump_words_waited(&w));
	}
}

static void
says_why_it_failed(void **state)
{
	struct dump_words w;

	(void)state;
	hear(&w,
	    "pg_dump: error: Dumping the contents of table \"a\" failed: PQgetResult() failed.\n"
	    "pg_dump: detail: Error message from server: ERROR:  no more\npg_dump: error: second\n",
	    7);
	assert_string_equal(w.failed,
	    "Dumping the contents of table \"a\" failed: PQgetResult() failed. Error message from server: "
	    "ERROR:  no more");
	hear(&w, "pg_dump: error: query failed: ERROR:  canceling statement due to statement timeout\n", 99);
	assert_true(dump_words_waited(&w));
	hear(&w, "pg_dump: error: could not obtain lock on relation \"public.a\"\n", 99);
	assert_true(dump_words_waited(&w));
}

/* A line or a log without end does not grow. */
static void
keeps_only_so_much(void **state)
{
	struct dump_words w = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 5000; i++)
		dump_words_hear(&w, "0123456789", 10);
	dump_words_hear(&w, "\n", 1);
	for (i = 0; i < 1000; i++)
		dump_words_hear(&w, "pg_dump: warning: again\n", 24);
	assert_true(strlen(w.log) < DUMP_WORDS_LOG);
	assert_int_equal(w.n_warnings, 1000);
	assert_int_equal(w.log[strlen(w.log) - 1], '\n');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_where_it_is_from_what_it_warns_of),
		cmocka_unit_test(says_why_it_failed),
		cmocka_unit_test(keeps_only_so_much),
	};

	return cmocka_run_group_tests_name("runner/job/dump_words", tests, NULL, NULL);
}
