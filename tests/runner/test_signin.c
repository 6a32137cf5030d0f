#include "base/ban.h"
#include "runner/signin.h"

#include <setjmp.h>
#include <cmocka.h>

static struct signin s; /* large */

static void
refuses_after_five_until_the_window_is_over(void **state)
{
	int64_t now = GH_HOUR;
	int i;

	(void)state;
	s = (struct signin){ 0 };
	for (i = 0; i < SIGNIN_FAILURES; i++) {
		assert_true(signin_may(&s, "lead", "192.0.2.1", now));
		signin_failed(&s, "lead", "192.0.2.1", now);
	}
	assert_false(signin_may(&s, "lead", "192.0.2.1", now + SIGNIN_WINDOW - 1));
	assert_true(signin_may(&s, "lead", "192.0.2.2", now));
	assert_true(signin_may(&s, "lead2", "192.0.2.1", now));
	assert_true(signin_may(&s, "lead", "192.0.2.1", now + SIGNIN_WINDOW));
	signin_failed(&s, "lead", "192.0.2.1", now + SIGNIN_WINDOW);
	assert_true(signin_may(&s, "lead", "192.0.2.1", now + SIGNIN_WINDOW));
}

static void
forgets_failures_after_a_good_one(void **state)
{
	int i;

	(void)state;
	s = (struct signin){ 0 };
	for (i = 0; i < 20; i++) {
		signin_failed(&s, "lead", "a", GH_HOUR);
		if (i % 4 == 3)
			signin_good(&s, "lead", "a");
	}
	assert_true(signin_may(&s, "lead", "a", GH_HOUR));
}

static void
keeps_going_when_more_names_fail_than_it_has_room_for(void **state)
{
	char name[32];
	int i;

	(void)state;
	s = (struct signin){ 0 };
	for (i = 0; i < 3 * SIGNIN_SLOTS; i++) {
		(void)snprintf(name, sizeof(name), "name-%d", i);
		signin_failed(&s, name, "a", GH_HOUR + i);
	}
	for (i = 0; i < SIGNIN_FAILURES; i++)
		signin_failed(&s, "lead", "a", 2 * GH_HOUR);
	assert_false(signin_may(&s, "lead", "a", 2 * GH_HOUR));
}

static void
limits_entries_and_says_how_many_were_dropped(void **state)
{
	int64_t dropped = -1;
	int i;

	(void)state;
	s = (struct signin){ 0 };
	for (i = 0; i < SIGNIN_ENTRIES; i++)
		assert_true(signin_entry(&s, GH_HOUR, &dropped));
	assert_int_equal(dropped, 0);
	assert_false(signin_entry(&s, GH_HOUR, &dropped));
	assert_false(signin_entry(&s, GH_HOUR + GH_MINUTE - 1, &dropped));
	assert_true(signin_entry(&s, GH_HOUR + GH_MINUTE, &dropped));
	assert_int_equal(dropped, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_after_five_until_the_window_is_over),
		cmocka_unit_test(forgets_failures_after_a_good_one),
		cmocka_unit_test(keeps_going_when_more_names_fail_than_it_has_room_for),
		cmocka_unit_test(limits_entries_and_says_how_many_were_dropped),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("runner/signin", tests, NULL, NULL);
}
