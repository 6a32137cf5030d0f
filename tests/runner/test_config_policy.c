#include "base/ban.h"
#include "tests/support/config_text.h"
#include "base/io.h"

#include <setjmp.h>
#include <cmocka.h>

#define HEAD                                                                                                 \
	"data = \"/tmp/x\" socket = \"/tmp/x\" web_user = \"root\"\njob = \"/bin/true\" pg_bin = "           \
	"\"/usr/lib/postgresql/15/bin\"\nproject \"shop\" { folder = \"/usr\" }\n"
#define TARGET "target \"p\" { project = shop environment = production connection = \"dbname=p\"\n"

/* What follows HEAD begins on line 4; messages lose the file's name. */
static struct config *
reads(const char *text, struct gh_text *messages)
{
	return config_text_read(HEAD, text, NULL, messages);
}

static struct config *
good(const char *text)
{
	GH_TEXT messages = { 0 };
	struct config *ret = reads(text, &messages);

	if (ret == NULL)
		fail_msg("%s", gh_text_str(&messages));
	return ret;
}

static void
reads_every_option(void **state)
{
	struct config *c = good(TARGET
	    "backup = no approvals = 2 connect_timeout = 2s max_retries = 7 retry_delay = 250ms\n"
	    "lock_timeout = 3s statement_timeout = 10min concurrently_timeout = 4h transaction = all\n"
	    "rollback_on_failure = no guard_sessions = 3 guard_wait = 500ms long_transaction = 1min\n"
	    "replica_lag = 10s health_url = \"https://shop.example/health\" health_body = ok\n"
	    "health_status = 204 health_attempts = 9 health_delay = 1s health_timeout = 4s\n"
	    "promote = yes rehearse = yes revert_window = 1d allow_superuser = yes\n"
	    "row_security = true validated_constraints = true\n"
	    "windows = {\"0 22 * * mon-fri for 4h Europe/Berlin\", \"0 6 * * sun for 2h UTC\"}\n"
	    "expected_tables = {public.orders, public.customers}\n"
	    "rehearse_server = \"host=/run/rehearse user=r\" rehearse_rows = all\n"
	    "hook \"announce\" { when = before command = {\"/bin/true\", \"it begins\"} timeout = 30s }\n"
	    "hook \"page\" { when = failure command = {\"/bin/true\"} }\n"
	    "}\n");
	const struct config_target *t = &c->targets[0];
	const struct policy *p = &t->policy;

	(void)state;
	assert_false(p->backup || p->rollback_on_failure);
	assert_true(p->promote && p->rehearse && t->allow_superuser);
	assert_true(p->row_security && p->validated_constraints);
	assert_int_equal(p->approvals, 2);
	assert_int_equal(t->connect_timeout_ms, 2000);
	assert_int_equal(p->max_retries, 7);
	assert_int_equal(p->retry_delay_ms, 250);
	assert_int_equal(p->lock_timeout_ms, 3000);
	assert_int_equal(p->statement_timeout_ms, 600000);
	assert_int_equal(p->concurrently_timeout_ms, 14400000);
	assert_int_equal(p->transaction, POLICY_ALL);
	assert_int_equal(p->guard_sessions, 3);
	assert_int_equal(p->guard_wait_ms, 500);
	assert_int_equal(p->long_transaction_ms, 60000);
	assert_int_equal(p->replica_lag_ms, 10000);
	assert_string_equal(p->health_url, "https://shop.example/health");
	assert_string_equal(p->health_body, "ok");
	assert_int_equal(p->health_status, 204);
	assert_int_equal(p->health_attempts, 9);
	assert_int_equal(p->health_delay_ms, 1000);
	assert_int_equal(p->health_timeout_ms, 4000);
	assert_int_equal(p->revert_ms, 86400000);
	assert_int_equal(p->n_windows, 2);
	assert_string_equal(p->windows[1], "0 6 * * sun for 2h UTC");
	assert_int_equal(p->n_tables, 2);
	assert_string_equal(p->tables[0], "public.orders");
	assert_string_equal(t->rehearse_server, "host=/run/rehearse user=r");
	assert_int_equal(t->rehearse_rows, -1);
	assert_int_equal(p->n_hooks, 2);
	assert_int_equal(p->hooks[0].when, POLICY_BEFORE);
	assert_int_equal(p->hooks[0].timeout_ms, 30000);
	assert_int_equal(p->hooks[0].n_args, 2);
	assert_string_equal(p->hooks[0].args[1], "it begins");
	assert_int_equal(p->hooks[1].when, POLICY_FAILURE);
	assert_int_equal(p->hooks[1].timeout_ms, 60000);
	config_free(c);
}

static void
an_environment_speaks_for_its_targets(void **state)
{
	struct config *c =
	    good("environment \"production\" { lock_timeout = 2s promote = yes\n"
		 "windows = {\"0 22 * * * for 4h UTC\"} expected_tables = {public.a}\n"
		 "transaction = each health_url = \"http://x/\" rehearse_rows = 100\n"
		 "hook \"a\" { when = before command = {\"/bin/true\", one} }\n"
		 "hook \"b\" { when = after command = {\"/bin/true\"} } }\n" TARGET "}\n"
		 "target \"q\" { project = shop environment = production connection = \"dbname=q\"\n"
		 "lock_timeout = 9s windows = {always} transaction = tool health_url = none\n"
		 "hook \"a\" { when = after command = {\"/bin/true\", two} } rehearse_rows = 0 }\n"
		 "target \"s\" { project = shop environment = staging connection = \"dbname=s\" }\n");
	const struct policy *p = &c->targets[0].policy, *q = &c->targets[1].policy,
			    *s = &c->targets[2].policy;

	(void)state;
	assert_true(p->promote && q->promote && !s->promote);
	assert_true(p->backup && s->backup);
	assert_int_equal(p->lock_timeout_ms, 2000);
	assert_int_equal(q->lock_timeout_ms, 9000);
	assert_int_equal(s->lock_timeout_ms, 5000);
	assert_int_equal(p->n_windows, 1);
	assert_int_equal(q->n_windows, 0);
	assert_int_equal(q->n_tables, 1);
	assert_int_equal(s->n_tables, 0);
	assert_int_equal(p->transaction, POLICY_EACH);
	assert_int_equal(q->transaction, POLICY_AS_TOOL);
	assert_string_equal(p->health_url, "http://x/");
	assert_string_equal(q->health_url, "");
	assert_int_equal(c->targets[0].rehearse_rows, 100);
	assert_int_equal(c->targets[1].rehearse_rows, 0);
	assert_int_equal(p->n_hooks, 2);
	assert_int_equal(q->n_hooks, 2);
	assert_int_equal(q->hooks[0].when, POLICY_AFTER);
	assert_int_equal(q->hooks[0].n_args, 1);
	assert_string_equal(q->hooks[1].args[1], "two");
	assert_int_equal(s->n_hooks, 0);
	config_free(c);
}

static void
rehearsals_are_of_the_project_too(void **state)
{
	struct config *c =
	    good("project \"blog\" { folder = \"/usr\" rehearse_rows = 50 rehearse_server = "
		 "\"host=/r\" }\n"
		 "target \"b\" { project = blog environment = development connection = \"dbname=b\" }\n"
		 "target \"c\" { project = blog environment = development connection = \"dbname=c\"\n"
		 "rehearse_rows = 7 }\n");

	(void)state;
	assert_string_equal(c->targets[0].rehearse_server, "host=/r");
	assert_int_equal(c->targets[0].rehearse_rows, 50);
	assert_int_equal(c->targets[1].rehearse_rows, 7);
	config_free(c);
}

static void
names_each_mistake_by_its_line(void **state)
{
	static const char *const rows[][2] = {
		{ "lock_timeout = 5",
		    "5: lock_timeout must be a whole number and its unit (ms, s, min, h or d), as "
		    "in \"5s\", not \"5\": a number alone does not say of what\n" },
		{ "lock_timeout = 0s", "5: lock_timeout must be \"1ms\" to \"1h\", not \"0s\"\n" },
		{ "\nlock_timeout_ms = 5000",
		    "6: target \"p\": lock_timeout_ms is lock_timeout now, with its unit: "
		    "lock_timeout = \"5000ms\"\n" },
		{ "connect_timeout_ms = 1", "5: target \"p\": connect_timeout_ms is connect_timeout now" },
		{ "retry_delay_ms = 1", "5: target \"p\": retry_delay_ms is retry_delay now" },
		{ "statement_timeout_ms = 1",
		    "5: target \"p\": statement_timeout_ms is statement_timeout now" },
		{ "backupEnabled = true",
		    "5: target \"p\": what guides call backupEnabled is backup here\n" },
		{ "healthCheckUrl = x", "what guides call healthCheckUrl is health_url here\n" },
		{ "approvals = 10", "5: approvals must be a whole number from 0 to 9, not \"10\"\n" },
		{ "health_status = 42",
		    "5: health_status must be a whole number from 100 to 599, not \"42\"\n" },
		{ "row_security = all", "5: row_security must be true or false, not \"all\"\n" },
		{ "validated_constraints = 2",
		    "5: validated_constraints must be true or false, not \"2\"\n" },
		{ "promote = maybe", "5: promote must be true or false, not \"maybe\"\n" },
		{ "transaction = one", "5: target \"p\": transaction must be each, all, or tool" },
		{ "health_url = \"ftp://x\"",
		    "5: target \"p\": health_url must be http://... or https://..." },
		{ "health_url = \"http://u:p@x/\"", "health_url must have no user and no password in it" },
		{ "health_url = \"http://x/a b\"", "health_url must be of ASCII characters without spaces" },
		{ "windows = {\"0 25 * * * for 4h UTC\"}", "5: target \"p\": the hour must be 0 to 23" },
		{ "windows = {\"0 22 * * * for 4h\"}", "5: target \"p\": a time zone must follow" },
		{ "windows = {always, \"0 22 * * * for 4h UTC\"}", "5: target \"p\": the minute must be" },
		{ "expected_tables = {orders}", "expected_tables has \"schema.table\", not \"orders\"\n" },
		{ "expected_tables = {\"a.b.c\"}", "expected_tables has \"schema.table\", not \"a.b.c\"\n" },
		{ "rehearse_server = \"host=x password=y\"",
		    "5: target \"p\": rehearse_server has a password in it" },
		{ "rehearse_server = \"nonsense\"",
		    "5: target \"p\": rehearse_server: it must be keyword=value" },
		{ "rehearse_rows = some", "5: rehearse_rows must be a whole number from 0 to 1000000, not" },
		{ "health_body = \"a\tb\"",
		    "4: target \"p\": policy: health_body holds a control character\n" },
		{ "\nhook \"h\" { when = now command = {\"/bin/true\"} }",
		    "6: target \"p\": hook \"h\": when must be before, after, failure or backup, not "
		    "\"now\"\n" },
		{ "hook \"h\" {\n command = {\"/bin/true\"} }",
		    "6: target \"p\": hook \"h\": when is missing" },
		{ "hook \"h\" {\n when = after }", "6: target \"p\": hook \"h\": command is missing" },
		{ "hook \"h\" { when = after\ncommand = {echo, x} }",
		    "6: target \"p\": hook \"h\": command begins with the absolute path of a program, not "
		    "\"echo\": there is no shell\n" },
		{ "hook \"h\" { when = after command = {\"/bin/true\"}\ntimeout = 5 }",
		    "6: timeout must be a whole number and its unit" },
		{ "hook \"h\" { when = after command = {\"/bin/true\"} }\nhook \"h\" { when = after }",
		    "duplicate title 'h'" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		GH_TEXT text = { 0 };
		GH_TEXT messages = { 0 };

		gh_text_putf(&text, "%s%s\n}\n", TARGET, rows[i][0]);
		if (reads(gh_text_str(&text), &messages) != NULL)
			fail_msg("\"%s\" is taken", rows[i][0]);
		if (strstr(gh_text_str(&messages), rows[i][1]) == NULL)
			fail_msg("\"%s\" is not in:\n%s", rows[i][1], gh_text_str(&messages));
	}
}

static void
complains_of_an_environment_once(void **state)
{
	GH_TEXT messages = { 0 };

	(void)state;
	assert_null(
	    reads("environment \"production\" {\n lock_timeout = 5\n"
		  " hook \"h\" { when = now command = {\"/nonexistent\"} } }\n" TARGET "}\n"
		  "target \"q\" { project = shop environment = production connection = \"dbname=q\" }\n"
		  "environment \"moon\" { }\n"
		  "project \"x\" {\n folder = \"/usr\" rehearse_rows = many }\n",
		&messages));
	assert_string_equal(gh_text_str(&messages),
	    "12: rehearse_rows must be a whole number from 0 to 1000000, not \"many\"\n"
	    "5: lock_timeout must be a whole number and its unit (ms, s, min, h or d), as in \"5s\", not "
	    "\"5\": "
	    "a number alone does not say of what\n"
	    "6: environment \"production\": hook \"h\": when must be before, after, failure or backup, not "
	    "\"now\"\n"
	    "6: warning: environment \"production\": hook \"h\": /nonexistent is no program that can be "
	    "started\n"
	    "10: environment \"moon\" is not among the environments\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_option),
		cmocka_unit_test(an_environment_speaks_for_its_targets),
		cmocka_unit_test(rehearsals_are_of_the_project_too),
		cmocka_unit_test(names_each_mistake_by_its_line),
		cmocka_unit_test(complains_of_an_environment_once),
	};

	return cmocka_run_group_tests_name("runner/config_policy", tests, NULL, NULL);
}
