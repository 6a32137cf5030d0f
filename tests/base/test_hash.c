#include "base/ban.h"
#include "base/hash.h"

#include <setjmp.h>
#include <cmocka.h>

/* FIPS 180-4 and RFC 4231 test vectors. */
static void
matches_the_standards(void **state)
{
	char hex[GH_SHA256_HEX_LEN];
	unsigned char sum[GH_SHA256_LEN];

	(void)state;
	gh_sha256_hex("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	gh_hmac("Jefe", 4, "what do ya want for nothing?", 28, sum);
	gh_hex(sum, sizeof(sum), hex);
	assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void
streams_as_it_hashes_whole(void **state)
{
	unsigned char whole[GH_SHA256_LEN], parts[GH_SHA256_LEN];
	GH_SHA256 s = { 0 };

	(void)state;
	gh_sha256("gatehouse", 9, whole);
	gh_sha256_start(&s);
	gh_sha256_add(&s, "gate", 4);
	gh_sha256_add(&s, "house", 5);
	gh_sha256_end(&s, parts);
	assert_memory_equal(whole, parts, sizeof(whole));
}

static void
reads_only_exact_lower_case_hex(void **state)
{
	unsigned char b[2] = { 0 };

	(void)state;
	assert_true(gh_unhex("0aff", b, 2));
	assert_int_equal(b[1], 0xff);
	assert_false(gh_unhex("0aF0", b, 2));
	assert_false(gh_unhex("0af", b, 2));
	assert_false(gh_unhex("0aff0", b, 2));
	assert_false(gh_unhex("0ag0", b, 2));
	assert_false(gh_unhex("", b, 2));
}

static void
knows_a_password_by_its_hash(void **state)
{
	GH_SECRET good = { 0 };
	GH_SECRET bad = { 0 };
	char hash[GH_PWHASH_LEN];
	struct gh_err err = { 0 };

	(void)state;
	assert_true(gh_secret_set(&good, "correct horse", 13));
	assert_true(gh_secret_set(&bad, "correct horsf", 13));
	assert_int_equal(gh_password_hash(&good, hash, &err), GH_OK);
	assert_non_null(strstr(hash, "$argon2id$"));
	assert_true(gh_password_matches(hash, &good));
	assert_false(gh_password_matches(hash, &bad));
	assert_false(gh_password_matches("nonsense", &good));
}

static void
refuses_a_secret_that_is_too_long(void **state)
{
	static const char big[GH_SECRET_MAX + 1];
	GH_SECRET s = { 0 };

	(void)state;
	assert_false(gh_secret_set(&s, big, sizeof(big)));
	assert_true(gh_secret_set(&s, big, sizeof(big) - 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_the_standards),
		cmocka_unit_test(streams_as_it_hashes_whole),
		cmocka_unit_test(reads_only_exact_lower_case_hex),
		cmocka_unit_test(knows_a_password_by_its_hash),
		cmocka_unit_test(refuses_a_secret_that_is_too_long),
	};

	gh_hash_start();
	return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL);
}
