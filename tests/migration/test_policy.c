#include "base/ban.h"
#include "migration/policy.h"
#include "tests/support/policy_sample.h"

#include <setjmp.h>
#include <cmocka.h>

static const char production[] = POLICY_SAMPLE_USUAL;

static const char lists[] = "window 0 22 * * mon-fri for 4h Europe/Berlin\n"
			    "window 0 6 * * sun for 30min UTC\n"
			    "table public.orders\n"
			    "hook before 60000 2\n"
			    "arg /usr/local/bin/announce\n"
			    "arg production \xc3\xa9\n"
			    "hook failure 1000 1\n"
			    "arg /bin/page\n";

static void
writes_the_defaults(void **state)
{
	struct gh_err err = { 0 };
	GH_TEXT t = { 0 };
	struct policy p;

	(void)state;
	policy_default(false, &p);
	assert_int_equal(policy_write(&p, &t, &err), GH_OK);
	assert_string_equal(gh_text_str(&t), production);
	gh_text_clear(&t);
	policy_default(true, &p);
	assert_int_equal(policy_write(&p, &t, &err), GH_OK);
	assert_string_equal(gh_text_str(&t), POLICY_SAMPLE_DEVELOPMENT);
}

static void
writes_as_it_reads(void **state)
{
	struct gh_err err = { 0 };
	GH_ARENA a = { 0 };
	GH_TEXT t = { 0 };
	GH_TEXT again = { 0 };
	struct policy p;

	(void)state;
	gh_text_putf(&t, "%s%s", production, lists);
	assert_int_equal(policy_read(t.data, t.len, &a, &p, &err), GH_OK);
	assert_true(p.backup && p.rollback_on_failure && !p.promote);
	assert_int_equal(p.retry_delay_ms, 3000);
	assert_int_equal(p.transaction, POLICY_AS_TOOL);
	assert_string_equal(p.health_url, "");
	assert_int_equal(p.n_windows, 2);
	assert_string_equal(p.windows[1], "0 6 * * sun for 30min UTC");
	assert_int_equal(p.n_tables, 1);
	assert_string_equal(p.tables[0], "public.orders");
	assert_int_equal(p.n_hooks, 2);
	assert_int_equal(p.hooks[0].when, POLICY_BEFORE);
	assert_int_equal(p.hooks[0].timeout_ms, 60000);
	assert_int_equal(p.hooks[0].n_args, 2);
	assert_string_equal(p.hooks[0].args[1], "production \xc3\xa9");
	assert_null(p.hooks[0].args[2]);
	assert_int_equal(p.hooks[1].when, POLICY_FAILURE);
	assert_int_equal(policy_write(&p, &again, &err), GH_OK);
	assert_string_equal(gh_text_str(&again), gh_text_str(&t));
}

static void
every_value_comes_back(void **state)
{
	static const char *const values[][2] = {
		{ "backup 1", "backup 0" },
		{ "backup_level listed", "backup_level written" },
		{ "backup_level listed", "backup_level checksummed" },
		{ "backup_level listed", "backup_level restored" },
		{ "backup_level listed", "backup_level counted" },
		{ "backup_outside_ms 0", "backup_outside_ms 31622400000" },
		{ "approvals 1", "approvals 9" },
		{ "max_retries 5", "max_retries 0" },
		{ "retry_delay_ms 3000", "retry_delay_ms 1" },
		{ "lock_timeout_ms 5000", "lock_timeout_ms 1" },
		{ "statement_timeout_ms 0", "statement_timeout_ms 2147483647" },
		{ "concurrently_timeout_ms 0", "concurrently_timeout_ms 7" },
		{ "transaction tool", "transaction each" },
		{ "transaction tool", "transaction all" },
		{ "rollback_on_failure 1", "rollback_on_failure 0" },
		{ "guard_sessions 5", "guard_sessions 1" },
		{ "guard_wait_ms 1000", "guard_wait_ms 0" },
		{ "long_transaction_ms 0", "long_transaction_ms 60000" },
		{ "replica_lag_ms 0", "replica_lag_ms 5" },
		{ "health_url ", "health_url https://shop.example/health?a=b c" },
		{ "health_body ", "health_body \"status\": \"ok\"" },
		{ "health_status 200", "health_status 204" },
		{ "health_attempts 5", "health_attempts 1" },
		{ "health_delay_ms 2000", "health_delay_ms 0" },
		{ "health_timeout_ms 5000", "health_timeout_ms 9" },
		{ "promote 0", "promote 1" },
		{ "rehearse 0", "rehearse 1" },
		{ "revert_ms 0", "revert_ms 3600000" },
		{ "row_security 0", "row_security 1" },
		{ "validated_constraints 0", "validated_constraints 1" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const char *at = strstr(production, values[i][0]);
		struct gh_err err = { 0 };
		GH_ARENA a = { 0 };
		GH_TEXT t = { 0 };
		struct policy p;

		assert_non_null(at);
		gh_text_put_n(&t, production, (size_t)(at - production));
		gh_text_put(&t, values[i][1]);
		gh_text_put(&t, at + strlen(values[i][0]));
		if (policy_read(t.data, t.len, &a, &p, &err) != GH_OK)
			fail_msg("\"%s\": %s", values[i][1], err.msg);
	}
}

static void
refuses_what_it_would_not_have_written(void **state)
{
	static const char *const changes[][2] = {
		{ "backup 1\n", "" },
		{ "backup 1", "backup 2" },
		{ "backup 1", "backup yes" },
		{ "backup_level listed", "backup_level none" },
		{ "backup_level listed", "backup_level ?" },
		{ "backup_level listed", "backup_level " },
		{ "backup_outside_ms 0", "backup_outside_ms 31622400001" },
		{ "approvals 1", "approvals 10" },
		{ "approvals 1", "approvals 01" },
		{ "approvals 1", "approvals -1" },
		{ "max_retries 5", "max_retries" },
		{ "max_retries 5", "max_retries 5 " },
		{ "lock_timeout_ms 5000", "lock_timeout_ms 0" },
		{ "lock_timeout_ms 5000", "lock_timeout_ms 99999999999999999999" },
		{ "transaction tool", "transaction one" },
		{ "transaction tool", "transaction " },
		{ "health_url ", "health_url a\tb" },
		{ "health_url ", "health_url \xff" },
		{ "promote 0\nrehearse 0", "rehearse 0\npromote 0" },
		{ "window 0 22 * * mon-fri for 4h Europe/Berlin", "window " },
		{ "table public.orders", "table " },
		{ "table public.orders", "chair public.orders" },
		{ "hook before 60000 2", "hook now 60000 2" },
		{ "hook before 60000 2", "hook befor 60000 2" },
		{ "hook before 60000 2", "hook before 60000" },
		{ "hook before 60000 2", "hook before 0 2" },
		{ "hook before 60000 2", "hook before 60000 1" },
		{ "hook before 60000 2", "hook before 60000 3" },
		{ "hook before 60000 2", "hook before 60000 0" },
		{ "hook before 60000 2", "hook before 60000 33" },
		{ "arg /usr/local/bin/announce", "arg announce" },
		{ "arg /bin/page\n", "arg /bin/page" },
		{ "arg /bin/page\n", "arg /bin/page\n\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct gh_err err = { 0 };
		GH_ARENA a = { 0 };
		GH_TEXT whole = { 0 };
		GH_TEXT t = { 0 };
		struct policy p;
		const char *at;

		gh_text_putf(&whole, "%s%s", production, lists);
		at = strstr(gh_text_str(&whole), changes[i][0]);
		assert_non_null(at);
		gh_text_put_n(&t, whole.data, (size_t)(at - whole.data));
		gh_text_put(&t, changes[i][1]);
		gh_text_put(&t, at + strlen(changes[i][0]));
		if (policy_read(t.data, t.len, &a, &p, &err) != GH_BAD_INPUT || err.msg[0] == '\0')
			fail_msg("\"%s\" instead of \"%s\" is taken", changes[i][1], changes[i][0]);
	}
}

static void
refuses_every_cut(void **state)
{
	GH_TEXT t = { 0 };
	size_t len, whole = 0;

	(void)state;
	gh_text_putf(&t, "%s%s", production, lists);
	for (len = 0; len < t.len; len++) {
		char *cut = malloc(len + 1); /* exactly so large that a sanitizer sees one byte too many */
		struct gh_err err = { 0 };
		GH_ARENA a = { 0 };
		struct policy p;

		assert_non_null(cut);
		memcpy(cut, t.data, len);
		/* A list may end after any of its members. */
		if (policy_read(cut, len, &a, &p, &err) == GH_OK)
			whole++;
		free(cut);
	}
	assert_int_equal(whole, 5);
}

static void
does_not_write_what_no_policy_can_be(void **state)
{
	const char *args[] = { "/bin/x", "a\nb" }, *many[POLICY_TABLES + 1], *empty[] = { "" };
	struct policy_hook hook = { .when = POLICY_AFTER, .timeout_ms = 1, .n_args = 2, .args = args };
	GH_TEXT t = { 0 };
	struct policy p;
	size_t i;

	(void)state;
	policy_default(false, &p);
	p.hooks = &hook;
	p.n_hooks = 1;
	assert_int_equal(policy_write(&p, &t, NULL), GH_BAD_INPUT);
	args[1] = "b";
	assert_int_equal(policy_write(&p, &t, NULL), GH_OK);
	hook.when = 0;
	assert_int_equal(policy_write(&p, &t, NULL), GH_BAD_INPUT);
	for (i = 0; i <= POLICY_TABLES; i++)
		many[i] = "public.t";
	policy_default(false, &p);
	p.tables = many;
	p.n_tables = POLICY_TABLES + 1;
	assert_int_equal(policy_write(&p, &t, NULL), GH_BAD_INPUT);
	p.n_tables = POLICY_TABLES;
	assert_int_equal(policy_write(&p, &t, NULL), GH_OK);
	p.tables = empty;
	p.n_tables = 1;
	assert_int_equal(policy_write(&p, &t, NULL), GH_BAD_INPUT);
	policy_default(false, &p);
	p.transaction = (enum policy_transaction)7;
	assert_int_equal(policy_write(&p, &t, NULL), GH_BAD_INPUT);
	policy_default(false, &p);
	p.backup_level = 0;
	assert_int_equal(policy_write(&p, &t, NULL), GH_BAD_INPUT);
	p.backup_level = POLICY_COUNTED + 1;
	assert_int_equal(policy_write(&p, &t, NULL), GH_BAD_INPUT);
	policy_default(false, &p);
	p.approvals = -1;
	assert_int_equal(policy_write(&p, &t, NULL), GH_BAD_INPUT);
	/* What was never set is written as if empty. */
	policy_default(false, &p);
	p.health_url = NULL;
	gh_text_clear(&t);
	assert_int_equal(policy_write(&p, &t, NULL), GH_OK);
	assert_string_equal(gh_text_str(&t), production);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_defaults),
		cmocka_unit_test(writes_as_it_reads),
		cmocka_unit_test(every_value_comes_back),
		cmocka_unit_test(refuses_what_it_would_not_have_written),
		cmocka_unit_test(refuses_every_cut),
		cmocka_unit_test(does_not_write_what_no_policy_can_be),
	};

	return cmocka_run_group_tests_name("migration/policy", tests, NULL, NULL);
}
