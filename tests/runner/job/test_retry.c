#include "base/ban.h"
#include "runner/job/retry.h"
#include "base/clock.h"
#include "base/io.h"
#include "runner/job/progress.h"

#include <setjmp.h>
#include <cmocka.h>

/* How long is waited before another attempt, and the frames that say what goes on. */

static void
waits_grow_and_have_an_end(void **state)
{
	int64_t n, i;

	(void)state;
	for (i = 0; i < 200; i++) {
		for (n = 1; n <= 3; n++) {
			int64_t whole = 1000 << (n - 1), ms = retry_ms(1000, n);

			assert_true(ms >= whole * 3 / 4 && ms <= whole);
		}
		assert_true(retry_ms(1000, 60) <= RETRY_MOST_MS);
		assert_true(retry_ms(1000, 60) >= RETRY_MOST_MS * 3 / 4);
		assert_int_equal(retry_ms(0, 1), 1);
	}
}

static void
waits_are_not_all_the_same(void **state)
{
	int64_t first = retry_ms(60000, 1);
	int i, others = 0;

	(void)state;
	for (i = 0; i < 50; i++)
		others += retry_ms(60000, 1) != first ? 1 : 0;
	assert_true(others > 0);
}

static void
only_some_errors_are_worth_it(void **state)
{
	static const struct {
		const char *code;
		bool worth;
	} codes[] = { { "55P03", true }, { "40P01", true }, { "40001", true }, { "57014", false },
		{ "57P01", false }, { "08006", false }, { "", false }, { "40003", false } };
	GH_ARENA a = { 0 };
	struct job j = { .arena = &a };
	struct run r = { .job = &j };
	size_t i;

	(void)state;
	r.plan.policy.max_retries = 2;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		(void)snprintf(r.pg.error.sqlstate, sizeof(r.pg.error.sqlstate), "%s", codes[i].code);
		assert_int_equal(retry_worth(&r, 1), codes[i].worth);
		assert_int_equal(retry_worth(&r, 2), codes[i].worth);
		assert_false(retry_worth(&r, 3));
	}
	(void)snprintf(r.pg.error.sqlstate, sizeof(r.pg.error.sqlstate), "57014");
	r.pg.error.gave_way = true;
	assert_true(retry_worth(&r, 1));
	r.plan.policy.max_retries = 0;
	assert_false(retry_worth(&r, 1));
}

static int
frames(const char *path)
{
	struct wire_follow at = { 0 };
	GH_TEXT buf = { 0 };
	GH_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct wire_event e;
	bool got = true;
	int n = 0;

	while (wire_follow_next(&at, fd, &buf, &e, &got, NULL) == GH_OK && got)
		n++;
	return n;
}

static void
progress_is_said_when_it_is_new_and_not_too_often(void **state)
{
	char path[] = "/tmp/gh-test-progress-XXXXXX";
	int fd = mkstemp(path);
	GH_ARENA a = { 0 };
	struct job j = { .arena = &a };
	struct progress p = { .activity = "running", .text = "a", .unit = "" };

	(void)state;
	assert_int_equal(wire_journal_open(&j.journal, fd, NULL), GH_OK);
	progress_say(&j, &p);
	assert_int_equal(frames(path), 1);
	p.done = 1;
	progress_say(&j, &p);
	assert_int_equal(frames(path), 1);
	progress_say_now(&j, &p);
	assert_int_equal(frames(path), 2);
	progress_say_now(&j, &p);
	assert_int_equal(frames(path), 2);
	j.progress_at -= GH_SECOND;
	progress_say(&j, &p);
	assert_int_equal(frames(path), 2);
	p.done = 2;
	progress_say(&j, &p);
	assert_int_equal(frames(path), 3);
	wire_journal_done(&j.journal);
	(void)unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_grow_and_have_an_end),
		cmocka_unit_test(waits_are_not_all_the_same),
		cmocka_unit_test(only_some_errors_are_worth_it),
		cmocka_unit_test(progress_is_said_when_it_is_new_and_not_too_often),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("runner/job/retry", tests, NULL, NULL);
}
