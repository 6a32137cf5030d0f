#include "base/ban.h"
#include "base/sum.h"

#include <setjmp.h>
#include <cmocka.h>

static void
sums_as_published(void **state)
{
	char hex[GH_SUM_HEX_MAX];

	(void)state;
	gh_sum_hex(GH_SUM_MD5, "abc", 3, hex);
	assert_string_equal(hex, "900150983cd24fb0d6963f7d28e17f72");
	gh_sum_hex(GH_SUM_SHA1, "abc", 3, hex);
	assert_string_equal(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
	gh_sum_hex(GH_SUM_SHA256, "abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	gh_sum_hex(GH_SUM_SHA384, "abc", 3, hex);
	assert_string_equal(hex,
	    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a"
	    "7");
}

static void
goes_on_after_a_look(void **state)
{
	unsigned char one[GH_SUM_MAX], two[GH_SUM_MAX], whole[GH_SUM_MAX];
	GH_SUM s = { 0 }, all = { 0 };

	(void)state;
	gh_sum_start(&s, GH_SUM_SHA256);
	gh_sum_add(&s, "a", 1);
	assert_int_equal(gh_sum_now(&s, one), 32);
	gh_sum_add(&s, "b", 1);
	assert_int_equal(gh_sum_now(&s, two), 32);
	gh_sum_start(&all, GH_SUM_SHA256);
	gh_sum_add(&all, "ab", 2);
	assert_int_equal(gh_sum_now(&all, whole), 32);
	assert_memory_equal(two, whole, 32);
	assert_memory_not_equal(one, two, 32);
}

static void
counts_crc32(void **state)
{
	(void)state;
	assert_int_equal(gh_crc32(0, "123456789", 9), 0xcbf43926);
	assert_int_equal(gh_crc32(gh_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
	assert_int_equal(gh_crc32(0, "", 0), 0);
}

static void
writes_base64(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(gh_base64(&a, "", 0), "");
	assert_string_equal(gh_base64(&a, "f", 1), "Zg==");
	assert_string_equal(gh_base64(&a, "foobar", 6), "Zm9vYmFy");
	assert_string_equal(gh_base64(&a, "\xfb\xff", 2), "+/8=");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_as_published),
		cmocka_unit_test(goes_on_after_a_look),
		cmocka_unit_test(counts_crc32),
		cmocka_unit_test(writes_base64),
	};

	return cmocka_run_group_tests_name("base/sum", tests, NULL, NULL);
}
