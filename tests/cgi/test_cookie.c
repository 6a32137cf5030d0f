#include "base/ban.h"
#include "cgi/cookie.h"

#include <setjmp.h>
#include <cmocka.h>

#define HEX "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"

static void
reads_what_it_makes(void **state)
{
	unsigned char token[GH_TOKEN_LEN], back[GH_TOKEN_LEN];
	GH_ARENA a = { 0 };
	bool sent;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(token); i++)
		token[i] = (unsigned char)(i + 1);
	assert_string_equal(
	    cookie_make(&a, false, token), "gatehouse=" HEX "; Path=/; HttpOnly; SameSite=Lax");
	assert_true(cookie_token("other=1; gatehouse=" HEX "; x=y", false, back, &sent));
	assert_true(sent);
	assert_memory_equal(back, token, sizeof(token));
	assert_true(cookie_token("__Host-gatehouse=" HEX, true, back, &sent));
}

static void
takes_no_other_for_it(void **state)
{
	static const struct {
		const char *header;
		bool https, sent;
	} bad[] = { { "", false, false }, { "gatehouse", false, false }, { "gatehouse=", false, true },
		{ "xgatehouse=" HEX, false, false }, { "gatehouse=" HEX "0", false, true },
		{ "gatehouse=0" HEX, false, true }, { "gatehouse=G" HEX, false, true },
		/* another host may have set the plain name */
		{ "gatehouse=" HEX, true, false }, { "__Host-gatehouse=" HEX, false, false },
		{ "gatehouse=x; gatehouse=" HEX, false, true }, { ";;; =; ;", false, false } };
	unsigned char token[GH_TOKEN_LEN];
	bool sent;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(cookie_token(bad[i].header, bad[i].https, token, &sent));
		assert_int_equal(sent, bad[i].sent);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_makes),
		cmocka_unit_test(takes_no_other_for_it),
	};

	return cmocka_run_group_tests_name("cgi/cookie", tests, NULL, NULL);
}
