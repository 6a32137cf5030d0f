#include "base/ban.h"
#include "runner/config_parse.h"

#include <setjmp.h>
#include <cmocka.h>

static void
takes_passwords_out_of_every_form(void **state)
{
	static const struct {
		const char *dsn, *without, *password; /* NULL: none in it */
	} cases[] = {
		{ "", "", NULL },
		{ "host=/run dbname=shop", "host=/run dbname=shop", NULL },
		{ "host = /run  dbname= 'a b'", "host = /run dbname= 'a b'", NULL },
		{ "password=x dbname=shop", "dbname=shop", "x" },
		{ "dbname=shop password = 'it\\'s a \\\\'", "dbname=shop", "it's a \\" },
		{ "dbname='password=x'", "dbname='password=x'", NULL },
		{ "user=password", "user=password", NULL },
		{ "postgresql://db/shop", "postgresql://db/shop", NULL },
		{ "postgresql://me@db/shop", "postgresql://me@db/shop", NULL },
		{ "postgresql://me:pw@db/shop", "postgresql://me@db/shop", "pw" },
		{ "postgres://me:p%40w@db:1,db2:2/shop?a=b", "postgres://me@db:1,db2:2/shop?a=b", "p@w" },
		{ "postgres:///shop?host=/run&password=pw&user=me", "postgres:///shop?host=/run&user=me",
		    "pw" },
		{ "postgres:///shop?%70assword=pw", "postgres:///shop", "pw" },
		{ "postgres://db:5432/x", "postgres://db:5432/x", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GH_TEXT without = { 0 };
		GH_SECRET password = { 0 };
		bool found = false;

		assert_int_equal(config_dsn_split(cases[i].dsn, &without, &password, &found, NULL), GH_OK);
		assert_string_equal(gh_text_str(&without), cases[i].without);
		assert_int_equal(found, cases[i].password != NULL);
		assert_string_equal((const char *)password.data, found ? cases[i].password : "");
	}
}

static void
refuses_what_libpq_would_not_take_or_hides_a_secret(void **state)
{
	static const struct {
		const char *dsn, *part;
	} cases[] = {
		{ "shop", "keyword=value" },
		{ "=x", "keyword=value" },
		{ "host=/x dbname", "keyword=value" },
		{ "dbname='open", "not closed" },
		{ "postgres://db/x?password", "no value" },
		{ "postgres://me:%zz@db/x", "hexadecimal" },
		{ "postgres://me:%0@db/x", "hexadecimal" },
		{ "postgres://me:a%00b@db/x", "hexadecimal" },
		{ "dbname=x\npassword=y", "control characters" },
		{ "dbname=x sslpassword=y", "sslpassword" },
		{ "dbname=x passfile=/y", "passfile" },
		{ "postgres:///x?sslpassword=y", "sslpassword" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GH_TEXT without = { 0 };
		struct gh_err err = { 0 };
		bool found = false;

		assert_int_equal(config_dsn_split(cases[i].dsn, &without, NULL, &found, &err), GH_BAD_INPUT);
		if (strstr(err.msg, cases[i].part) == NULL)
			fail_msg("%s: %s", cases[i].dsn, err.msg);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_passwords_out_of_every_form),
		cmocka_unit_test(refuses_what_libpq_would_not_take_or_hides_a_secret),
	};

	return cmocka_run_group_tests_name("runner/config_dsn", tests, NULL, NULL);
}
