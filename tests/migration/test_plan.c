#include "base/ban.h"
#include "tests/migration/plan_sample.h"

#include <setjmp.h>
#include <cmocka.h>

static void
writes_the_canonical_text(void **state)
{
	struct plan_migration m[2];
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	struct plan p;

	(void)state;
	make(&p, m);
	assert_int_equal(plan_write(&p, &t, &err), GH_OK);
	assert_string_equal(gh_text_str(&t), canonical);
}

static void
reads_back_what_it_wrote(void **state)
{
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	struct plan p;

	(void)state;
	assert_int_equal(plan_read(canonical, sizeof(canonical) - 1, &a, &p, &err), GH_OK);
	assert_string_equal(p.target, "shop_production");
	assert_int_equal(p.database_oid, 16389);
	assert_false(p.down);
	assert_string_equal(p.after, "");
	assert_int_equal(p.policy.lock_timeout_ms, 5000);
	assert_int_equal(p.act, PLAN_RUN);
	assert_int_equal(p.n_queries, 1);
	assert_string_equal(p.queries[0].name, "totals.sql");
	assert_string_equal(p.queries[0].sql, "SELECT 1 WHERE false");
	assert_int_equal(p.n_migrations, 2);
	assert_string_equal(p.migrations[0].key, "0001_a");
	assert_false(p.one_transaction);
	assert_string_equal(p.migrations[0].file, "0001_a.sql");
	assert_string_equal(p.migrations[0].checksum, "-690524359");
	assert_int_equal(p.migrations[0].n_facts, 2);
	assert_string_equal(p.migrations[0].facts[0].name, "script");
	assert_string_equal(p.migrations[0].facts[0].value, "0001_a.sql\nof two lines");
	assert_null(p.migrations[0].facts[1].value);
	assert_false(p.migrations[0].repeatable);
	assert_false(p.migrations[0].run.row_inside);
	assert_int_equal(p.migrations[0].run.statements[0].group, 1);
	assert_int_equal(p.migrations[0].run.statements[1].group, 0);
	assert_true(p.migrations[0].back.row_inside);
	assert_true(p.migrations[0].has_verify);
	assert_memory_equal(p.migrations[0].verify.sql, down_sql, sizeof(down_sql) - 1);
	assert_string_equal(p.migrations[1].checksum, "");
	assert_true(p.migrations[1].repeatable);
	assert_false(p.migrations[1].has_verify);
	assert_string_equal(p.migrations[0].run.statements[0].object, "public.\"A b\"");
	assert_string_equal(p.migrations[0].run.statements[1].object, "");
	assert_memory_equal(p.migrations[0].run.sql, up_sql, sizeof(up_sql) - 1);
	assert_true(p.migrations[0].has_back);
	assert_memory_equal(p.migrations[0].back.sql, down_sql, sizeof(down_sql) - 1);
	assert_false(p.migrations[1].has_back);
	assert_string_equal(p.migrations[1].name, "");
}

static void
reads_a_plan_downwards(void **state)
{
	struct plan_migration m[2];
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	GH_ARENA a = { 0 };
	struct plan p, again;

	(void)state;
	make(&p, m);
	p.down = true;
	p.after = "0002_b";
	m[0].has_back = m[0].has_verify = false;
	assert_int_equal(plan_write(&p, &t, &err), GH_OK);
	assert_null(strstr(gh_text_str(&t), "back "));
	assert_int_equal(plan_read(t.data, t.len, &a, &again, &err), GH_OK);
	assert_true(again.down);
	assert_string_equal(again.after, "0002_b");
}

static void
refuses_every_cut(void **state)
{
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(canonical) - 1; len++) {
		char *cut = malloc(len + 1); /* exactly so large that a sanitizer sees one byte too many */
		struct gh_err err = { 0 };
		GH_ARENA a = { 0 };
		struct plan p;

		assert_non_null(cut);
		memcpy(cut, canonical, len);
		assert_int_equal(plan_read(cut, len, &a, &p, &err), GH_BAD_INPUT);
		assert_true(err.msg[0] != '\0');
		free(cut);
	}
}

/* Replaces the first `from` by `to` and says what reading that gives. */
static enum gh_code
read_with(const char *from, const char *to)
{
	const char *at = strstr(canonical, from);
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	GH_ARENA a = { 0 };
	struct plan p;

	assert_non_null(at);
	gh_text_put_n(&t, canonical, (size_t)(at - canonical));
	gh_text_put(&t, to);
	gh_text_put(&t, at + strlen(from));
	return plan_read(t.data, t.len, &a, &p, &err);
}

static void
refuses_what_it_would_not_have_written(void **state)
{
	static const char *const changes[][2] = {
		{ "plan 4", "plan 3" },
		{ "act run", "act repair" },
		{ "act run", "act walk" },
		{ "act run\n", "" },
		{ "database 16389", "database 016389" },
		{ "database 16389", "database 0" },
		{ "database 16389", "database 99999999999999999999" },
		{ "direction up", "direction left" },
		{ "direction up", "direction down" },
		{ "approvals 1", "approvals 2 " },
		{ "policy 456", "policy 455" },
		{ "policy 456", "policy 0456" },
		{ "policy 456", "policy 100000" },
		{ "backup 1", "backup 2" },
		{ "lock_timeout_ms 5000", "lock_timeout_ms 0000" },
		{ "queries 1", "queries 0" },
		{ "queries 1", "queries 2" },
		{ "queries 1", "queries 4611686018427387904" },
		{ "query totals.sql", "query " },
		{ "sql 20\nSELECT 1 WHERE", "sql 19\nSELECT 1 WHERE" },
		{ "sql 20\nSELECT 1 WHERE", "sql 0\nSELECT 1 WHERE" },
		{ "SELECT 1 WHERE", "SELECT \xff WHERE" },
		{ "after -", "after " },
		{ "migrations 2", "migrations 3" },
		{ "migrations 2", "migrations 1" },
		{ "migrations 2", "migrations 0" },
		{ "migrations 2", "migrations 1000000000000" },
		{ "migration 0001_a", "migration " },
		{ "name a", "name a\tb" },
		{ "name a", "name \xff" },
		{ "transaction each", "transaction all" },
		{ "transaction each", "transaction some" },
		{ "row outside", "row inside" },
		{ "row outside", "row besides" },
		{ "checksum -690524359", "checksum " },
		{ "repeatable 0", "repeatable 2" },
		{ "facts 2", "facts 1" },
		{ "facts 2", "facts 3" },
		{ "facts 2", "facts 4611686018427387904" },
		{ "fact script 23", "fact script 22" },
		{ "fact script 23", "fact script 023" },
		{ "fact script 23", "fact script 100000" },
		{ "fact script 23", "fact  23" },
		{ "fact script 23", "fact Script 23" },
		{ "fact script 23", "fact a b 23" },
		{ "fact script 23\n0001_a.sql",
		    "fact script 23\n\xff"
		    "001_a.sql" },
		{ "fact previous -", "fact previous" },
		{ "statement 0 22 3 1", "statement 0 22 3 2" },
		{ "statement 0 22 3 1", "statement 0 22 3 -1" },
		{ "statement 24 38 4 0", "statement 24 38 4 3" },
		{ "statements 2", "statements 1" },
		{ "statements 2", "statements 4611686018427387904" },
		{ "statement 0 22 3", "statement 0 0 3" },
		{ "statement 0 22 3", "statement 0 22 0" },
		{ "statement 0 22 3", "statement 0 25 3" },
		{ "statement 24 38 4", "statement 24 41 4" },
		{ "statement 24 38 4", "statement 24 9223372036854775807 4" },
		{ "1 CREATE TABLE", "in CREATE TABLE" },
		{ "object-kind table\n", "" },
		{ "sql 64", "sql 63" },
		{ "sql 64", "sql 100000" },
		{ "-- \xc3\xa9", "-- \xc3\x28" },
		{ "verify 0\n", "verify 0\nmore\n" },
		{ "verify 1", "verify 0" },
		{ "back 1", "back 0" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (read_with(changes[i][0], changes[i][1]) != GH_BAD_INPUT)
			fail_msg("\"%s\" instead of \"%s\" is taken", changes[i][1], changes[i][0]);
	}
}

static void
does_not_write_what_no_plan_can_be(void **state)
{
	struct plan_migration m[2];
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	struct plan p;

	(void)state;
	make(&p, m);
	p.target = "two\nlines";
	assert_int_equal(plan_write(&p, &t, &err), GH_BAD_INPUT);
	make(&p, m);
	p.after = "-";
	assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);
	make(&p, m);
	p.down = true;
	assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);
	make(&p, m);
	m[0].checksum = "-";
	assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);
	make(&p, m);
	p.one_transaction = true;
	assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);
	make(&p, m);
	m[0].run.sql_len = PLAN_LIMIT + 1;
	assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);
}

static void
marks_and_repairs_only_upwards(void **state)
{
	struct plan_migration m[2];
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	GH_ARENA a = { 0 };
	struct plan p, again;

	(void)state;
	make(&p, m);
	p.act = PLAN_MARK;
	assert_int_equal(plan_write(&p, &t, &err), GH_OK);
	assert_non_null(strstr(gh_text_str(&t), "\nact mark\n"));
	assert_int_equal(plan_read(t.data, t.len, &a, &again, &err), GH_OK);
	assert_int_equal(again.act, PLAN_MARK);
	assert_false(plan_needs_backup(&again));
	p.act = PLAN_REPAIR;
	assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);
	p.n_migrations = 1;
	assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);
	m[0].key = "repair:public.a_x";
	gh_text_clear(&t);
	assert_int_equal(plan_write(&p, &t, &err), GH_OK);
	assert_int_equal(plan_read(t.data, t.len, &a, &again, &err), GH_OK);
	assert_int_equal(again.act, PLAN_REPAIR);
	p.down = true;
	m[0].has_back = m[0].has_verify = false;
	assert_int_equal(plan_write(&p, &t, NULL), GH_BAD_INPUT);
}

/* Writes a plan whose first migration has three statements in these groups. */
static enum gh_code
write_groups(int64_t a, int64_t b, int64_t c)
{
	struct plan_statement three[3];
	struct plan_migration m[2];
	GH_TEXT t = { 0 };
	struct plan p;
	size_t i;

	make(&p, m);
	for (i = 0; i < 3; i++)
		three[i] = (struct plan_statement){ .offset = (int64_t)i,
			.length = 1,
			.line = 1,
			.kind = "X",
			.object = "",
			.group = i == 0 ? a
			    : i == 1    ? b
					: c };
	m[0].run.statements = three;
	m[0].run.n_statements = 3;
	return plan_write(&p, &t, NULL);
}

static void
groups_are_consecutive(void **state)
{
	(void)state;
	assert_int_equal(write_groups(1, 1, 1), GH_OK);
	assert_int_equal(write_groups(0, 0, 0), GH_OK);
	assert_int_equal(write_groups(1, 0, 2), GH_OK);
	assert_int_equal(write_groups(0, 1, 2), GH_OK);
	assert_int_equal(write_groups(1, 2, 3), GH_OK);
	assert_int_equal(write_groups(1, 0, 1), GH_BAD_INPUT);
	assert_int_equal(write_groups(1, 2, 1), GH_BAD_INPUT);
	assert_int_equal(write_groups(2, 2, 2), GH_BAD_INPUT);
	assert_int_equal(write_groups(1, 3, 3), GH_BAD_INPUT);
	assert_int_equal(write_groups(0, 0, 2), GH_BAD_INPUT);
	assert_int_equal(write_groups(-1, 0, 1), GH_BAD_INPUT);
}

/* A tool may have nothing to run and record it as done; node-pg-migrate runs all in one transaction. */
static void
takes_an_empty_one_and_one_transaction_for_all(void **state)
{
	struct plan_migration m[2];
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	GH_ARENA a = { 0 };
	struct plan p, again;

	(void)state;
	make(&p, m);
	p.one_transaction = true;
	m[0].run = (struct plan_sql){ .sql = "", .row_inside = true };
	assert_int_equal(plan_write(&p, &t, &err), GH_OK);
	assert_int_equal(plan_read(t.data, t.len, &a, &again, &err), GH_OK);
	assert_true(again.one_transaction);
	assert_int_equal(again.migrations[0].run.n_statements, 0);
	assert_int_equal(again.migrations[0].run.sql_len, 0);
	assert_int_equal(again.migrations[1].run.n_statements, 1);
}

static void
any_change_of_a_byte_changes_the_digest(void **state)
{
	char a[GH_SHA256_HEX_LEN], b[GH_SHA256_HEX_LEN];

	(void)state;
	plan_digest(canonical, sizeof(canonical) - 1, a);
	plan_digest(canonical, sizeof(canonical) - 2, b);
	assert_int_equal(strlen(a), 64);
	assert_string_not_equal(a, b);
}

static void
is_called_by_its_version_when_the_key_tells_nothing(void **state)
{
	(void)state;
	assert_string_equal(plan_called("0012_photos", "0012"), "0012_photos");
	assert_string_equal(plan_called("1782691200000", "0015"), "0015");
	assert_string_equal(plan_called("x.sql", ""), "x.sql");
}

static void
knows_older_forms(void **state)
{
	static const struct {
		const char *bytes;
		bool older;
	} rows[] = { { "gatehouse-plan 3\ntarget", true }, { "gatehouse-plan 1\ntarget", true },
		{ "gatehouse-plan 4\ntarget", false }, { "gatehouse-plan 5\ntarget", false },
		{ "gatehouse-plan 0\ntarget", false }, { "gatehouse-plan 31\ntarget", false },
		{ "gatehouse-plan 3", false }, { "gatehouse-plan ", false }, { "", false },
		{ "gatehouse_plan 3\ntarget", false } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (plan_is_older(rows[i].bytes, strlen(rows[i].bytes)) != rows[i].older)
			fail_msg("\"%s\"", rows[i].bytes);
	}
	assert_false(plan_is_older(canonical, strlen(canonical)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_older_forms),
		cmocka_unit_test(is_called_by_its_version_when_the_key_tells_nothing),
		cmocka_unit_test(writes_the_canonical_text),
		cmocka_unit_test(reads_back_what_it_wrote),
		cmocka_unit_test(reads_a_plan_downwards),
		cmocka_unit_test(refuses_every_cut),
		cmocka_unit_test(refuses_what_it_would_not_have_written),
		cmocka_unit_test(does_not_write_what_no_plan_can_be),
		cmocka_unit_test(marks_and_repairs_only_upwards),
		cmocka_unit_test(groups_are_consecutive),
		cmocka_unit_test(takes_an_empty_one_and_one_transaction_for_all),
		cmocka_unit_test(any_change_of_a_byte_changes_the_digest),
	};

	return cmocka_run_group_tests_name("migration/plan", tests, NULL, NULL);
}
