#include "base/ban.h"
#include "runner/job/proof_inner.h"

#include <setjmp.h>
#include <cmocka.h>

/* What of a proof needs no server: names, words, scripts, expressions. */

static void
names_are_taken_apart(void **state)
{
	static const struct {
		const char *name, *schema, *table;
	} good[] = { { "public.orders", "public", "orders" }, { "\"a.b\".c", "a.b", "c" },
		{ "public.\"Odd \"\"na.me\"", "public", "Odd \"na.me" } };
	static const char *const bad[] = { "", "orders", "public.", ".x", "a.b.c", "\"a.b", "a\"b.c",
		"\"\".x" };
	GH_ARENA a = { 0 };
	const char *schema, *table;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(proof_name_split(good[i].name, &a, &schema, &table));
		assert_string_equal(schema, good[i].schema);
		assert_string_equal(table, good[i].table);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (proof_name_split(bad[i], &a, &schema, &table))
			fail_msg("%s is taken for a name", bad[i]);
	}
}

static const char *
words(const char *said, struct gh_arena *a)
{
	struct proof_words *w = gh_alloc(a, sizeof(*w));
	size_t i;

	/* However it comes in pieces. */
	for (i = 0; i < strlen(said); i++)
		proof_words_hear(w, said + i, 1);
	return proof_words_text(w, a);
}

static void
the_first_error_is_told(void **state)
{
	GH_ARENA a = { 0 };

	(void)state;
	assert_string_equal(words("", &a), "it said nothing");
	assert_string_equal(words("pg_restore: NOTICE:  hello\n", &a), "it said nothing");
	assert_string_equal(
	    words("pg_restore: while PROCESSING TOC:\n"
		  "pg_restore: from TOC entry 215; 1259 16386 TABLE orders shop\n"
		  "pg_restore: error: could not execute query: ERROR:  role \"shop\" does not exist\n"
		  "Command was: ALTER TABLE public.orders OWNER TO shop;\n",
		&a),
	    "role \"shop\" does not exist, in the entry TABLE orders shop");
	assert_string_equal(words("pg_restore: error: unsupported version (1.99) in file header", &a),
	    "unsupported version (1.99) in file header");
}

/* The server's text, as pg_restore hands it on; rest: the lines after it. */
static bool
of_place(const char *said, const char *rest, bool own)
{
	GH_ARENA a = { 0 };
	struct proof_words *w = gh_alloc(&a, sizeof(*w));
	const char *text = gh_printf(&a,
	    "pg_restore: while PROCESSING TOC:\npg_restore: from TOC entry 215; 1259 16386 TABLE out of "
	    "memory "
	    "shop\npg_restore: error: %s\n%s",
	    said, rest);

	proof_words_hear(w, text, strlen(text));
	(void)proof_words_text(w, &a);
	return proof_words_of_place(w, own);
}

static void
whose_fault_it_is(void **state)
{
#define QUERY "could not execute query: "
	static const char *const place[] = { QUERY
		"ERROR:  could not extend file \"base/1/2\": No space left on "
		"device",
		QUERY "PANIC:  could not write to file \"pg_wal/xlogtemp.7\": No space left on device",
		"COPY failed for table \"a\": ERROR:  could not extend file \"base/1/2\": No space left on "
		"device",
		QUERY "ERROR:  out of memory", QUERY "ERROR:  extension \"x\" is not available",
		QUERY "ERROR:  x can only be loaded via shared_preload_libraries",
		"connection to server on socket \"/x\" failed: FATAL:  sorry, too many clients already" };
	static const char *const server[] = { QUERY "ERROR:  permission denied to create event trigger",
		QUERY "ERROR:  role \"x\" does not exist",
		QUERY "server closed the connection unexpectedly" };
	static const char *const never[] = { QUERY
		"ERROR:  could not open file \"/x\" for writing: Permission denied",
		QUERY "ERROR:  relation \"out of memory\" does not exist",
		QUERY "ERROR:  product is not available", QUERY "ERROR:  value too long: permission denied",
		"COPY failed for table \"out of memory\": ERROR:  not here",
		"COPY failed for table \"x\": ERROR:  out of memory\": ERROR:  not here",
		QUERY "ERROR:  invalid input syntax for type integer: \"No space left on device\"",
		"connection to server failed: FATAL:  too many connections for database \"x\"" };
	static const char *const code[] = {
		"CONTEXT:  PL/pgSQL function public.deed(integer) line 1 at RAISE\n",
		"CONTEXT:  SQL statement \"SELECT fk.x\nCommand was: x\"\nPL/pgSQL function f() line 1\n",
		"CONTEXT:  COPY a, line 1\nCONTEXT:  SQL function \"f\" statement 1\n"
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(place) / sizeof(place[0]); i++) {
		assert_true(of_place(place[i], "Command was: x\n", true));
		assert_true(of_place(place[i], "CONTEXT:  COPY a, line 1: \"x\"\n", false));
		for (k = 0; k < sizeof(code) / sizeof(code[0]); k++)
			assert_false(of_place(place[i], code[k], false));
	}
	for (i = 0; i < sizeof(server) / sizeof(server[0]); i++) {
		assert_true(of_place(server[i], "", false));
		assert_false(of_place(server[i], "", true));
		assert_false(of_place(server[i], code[0], false));
	}
	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_false(of_place(never[i], "", false));
}

static struct proof_script
script(const char *const *lines, struct gh_arena *a)
{
	struct proof_script s = { .encoding = "", .collate = "", .ctype = "", .icu = "" };

	for (; *lines != NULL; lines++)
		proof_script_line(&s, *lines, a);
	return s;
}

static void
a_script_names_its_database(void **state)
{
	static const char *const libc[] = {
		"CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' "
		"LOCALE_PROVIDER = libc LOCALE = 'de_DE.UTF-8';",
		"CREATE DATABASE other WITH ENCODING = 'LATIN1';", NULL
	};
	static const char *const two[] = {
		"CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'SQL_ASCII' "
		"LC_COLLATE = 'C' LC_CTYPE = 'en_US';",
		NULL
	};
	static const char *const icu[] = { "CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' "
					   "LOCALE_PROVIDER = icu LOCALE = 'C' ICU_LOCALE = 'de-DE';",
		NULL };
	static const char *const evil[] = { "CREATE DATABASE x WITH ENCODING = 'UTF8'' OWNER postgres';",
		NULL };
	GH_ARENA a = { 0 };
	struct proof_script s;

	(void)state;
	s = script(libc, &a);
	assert_string_equal(s.encoding, "UTF8");
	assert_string_equal(s.collate, "de_DE.UTF-8");
	assert_string_equal(s.ctype, "de_DE.UTF-8");
	assert_string_equal(s.icu, "");
	s = script(two, &a);
	assert_string_equal(s.encoding, "SQL_ASCII");
	assert_string_equal(s.collate, "C");
	assert_string_equal(s.ctype, "en_US");
	s = script(icu, &a);
	assert_string_equal(s.icu, "de-DE");
	s = script(evil, &a);
	assert_string_equal(s.encoding, "UTF8");
}

static void
a_script_names_its_roles(void **state)
{
	static const char *const lines[] = { "ALTER TABLE public.orders OWNER TO shop;",
		"GRANT SELECT ON TABLE public.orders TO reader;",
		"GRANT SELECT ON TABLE public.orders TO reader;",
		"REVOKE ALL ON TABLE public.orders FROM \"odd \"\"one\";", "SET SESSION AUTHORIZATION giver;",
		"ALTER DEFAULT PRIVILEGES FOR ROLE boss IN SCHEMA app GRANT SELECT ON TABLES  TO clerk;",
		"CREATE POLICY p ON app.t FOR SELECT TO one, two USING ((a > 0));",
		"SELECT 'GRANT x TO nobody';", "CREATE VIEW v AS SELECT 1 FROM orders;", NULL };
	static const char *const roles[] = { "shop", "reader", "odd \"one", "giver", "clerk", "boss", "one",
		"two" };
	GH_ARENA a = { 0 };
	struct proof_script s = script(lines, &a);
	size_t i;

	(void)state;
	assert_int_equal(s.n_roles, sizeof(roles) / sizeof(roles[0]));
	for (i = 0; i < s.n_roles; i++)
		assert_string_equal(s.roles[i], roles[i]);
}

static void
expressions_are_compared_loosely(void **state)
{
	static const struct {
		const char *x, *y;
		bool same;
	} cases[] = {
		{ "CHECK (((status)::text = ANY ((ARRAY['new'::character varying, 'paid'::character "
		  "varying])::text[])))",
		    "CHECK (((status)::text = ANY (ARRAY[('new'::character varying)::text, "
		    "('paid'::character "
		    "varying)::text])))",
		    true },
		{ "a::numeric(10,2) > 1", "a > 1", true },
		{ "a::timestamp(3) without time zone > b", "a > b", true },
		{ "x::app.\"Odd type\"[] = y", "x = y", true },
		{ "x::interval day to second = y", "x=y", true },
		{ "a + (b * c)", "a + b", false },
		{ "t = 'a::text (b)'", "t = 'a'", false },
		{ "t = 'it''s (1)'", "t = 'it''s 1'", false },
		{ "\"a b\" > 0", "\"ab\" > 0", false },
		{ "lower(t) = 'x'", "upper(t) = 'x'", false },
	};
	GH_ARENA a = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *x = fingerprint_loosen(cases[i].x, &a), *y = fingerprint_loosen(cases[i].y, &a);

		if ((strcmp(x, y) == 0) != cases[i].same)
			fail_msg("%s, %s", x, y);
	}
}

static void
a_catalog_comes_back_from_its_sidecar(void **state)
{
	struct fingerprint_object objects[] = { { "table", "public.\"x\ty\"", "r | \"q\" \\ ü" },
		{ "rights of the table", "public.a", "owner shop" }, { "function", "f()", "line\nline" } };
	struct fingerprint f = { .n = 3, .objects = objects }, back;
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };

	(void)state;
	fingerprint_restorable_seal(&f);
	assert_int_equal(f.digest[64], '.');
	assert_int_equal(strlen(f.digest), 129);
	gh_text_put(&t, "{ ");
	proof_catalog_put(&t, &f);
	gh_text_put(&t, " }");
	assert_true(proof_catalog_read(gh_text_str(&t), t.len, &a, &back));
	assert_string_equal(back.digest, f.digest);
	assert_false(proof_catalog_read("{}", 2, &a, &back));
	assert_false(proof_catalog_read("{\"catalog\": 7}", 14, &a, &back));
	assert_false(proof_catalog_read("nonsense", 8, &a, &back));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_taken_apart),
		cmocka_unit_test(the_first_error_is_told),
		cmocka_unit_test(whose_fault_it_is),
		cmocka_unit_test(a_script_names_its_database),
		cmocka_unit_test(a_script_names_its_roles),
		cmocka_unit_test(expressions_are_compared_loosely),
		cmocka_unit_test(a_catalog_comes_back_from_its_sidecar),
	};

	return cmocka_run_group_tests_name("runner/job/proof", tests, NULL, NULL);
}
