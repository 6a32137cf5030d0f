#include "base/ban.h"
#include "migration/psql.h"

#include <setjmp.h>
#include <cmocka.h>

static void
needs(const char *sql, const char *why)
{
	GH_ARENA a = { 0 };
	const char *got = psql_needed(&a, "f.sql", sql, strlen(sql));

	if (why[0] == '\0' ? got[0] != '\0' : strstr(got, why) == NULL)
		fail_msg("%s: \"%s\", not \"%s\"", sql, got, why);
}

static void
passes_sql(void **state)
{
	(void)state;
	needs("", "");
	needs("begin; select 'a''\\d', \"b:c\", $$ \\x :y $$, $t$ :'z' $t$; -- \\d :x\n/* \\d /* :x */ :y */ "
	      "commit;",
	    "");
	needs("select 1::int, a[1:n], a[:n], f(x := 1), '12:30', e'\\':x';", "");
	needs("copy t from '/x'; copy t to stdout; select stdin from t;", "");
	needs("select $1, a$b$ from t; select ':x", "");
	needs("create function f() returns int begin atomic select 1; end;", "");
}

static void
names_what_only_psql_knows(void **state)
{
	(void)state;
	needs("select 1;\n\n  \\copy t from 'x.csv'\n", "f.sql:3:3: \\copy is a command of psql");
	needs("\\set ON_ERROR_STOP on\n", "f.sql:1:1: \\set is a command of psql");
	needs("select 1 \\gset\n", "f.sql:1:10: \\gset is");
	needs("select '\xc3\xa9' \\g", "f.sql:1:12: \\g is");
	needs("select * from :tab;", "f.sql:1:15: :tab is a variable of psql");
	needs("select :'tab';", "f.sql:1:8: :'name' is a variable of psql");
	needs("select :\"tab\";", ":\"name\" is a variable");
	needs("select :{?tab};", ":{?name} is a variable");
	needs("select 1;\ncopy t (a) from stdin;\n1\n\\.\n", "f.sql:2:22: data follows COPY ... FROM stdin");
	needs("COPY t FROM STDIN WITH (format csv);\n", "data follows COPY");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_sql),
		cmocka_unit_test(names_what_only_psql_knows),
	};

	return cmocka_run_group_tests_name("migration/psql", tests, NULL, NULL);
}
