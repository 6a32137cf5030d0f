#include "base/ban.h"
#include "tests/cgi/http.h"

#include "cgi/request_policy.h"

static const char policy[] = "backup 1\n"
			     "backup_level restored\n"
			     "backup_outside_ms 86400000\n"
			     "max_retries 5\n"
			     "concurrently_timeout_ms 0\n"
			     "transaction all\n"
			     "guard_sessions 0\n"
			     "guard_wait_ms 1500\n"
			     "health_url https://shop.example.com/health\n"
			     "health_body \n"
			     "health_status 200\n"
			     "promote 1\n"
			     "row_security 1\n"
			     "validated_constraints 0\n"
			     "window 0 22 * * mon-fri for 4h Europe/Berlin\n"
			     "table public.orders\n"
			     "hook before 60000 2\n"
			     "arg /usr/local/bin/announce\n"
			     "arg in two words\n"
			     "hook failure 5000 1\n"
			     "arg /bin/page\n";

static const char *
shown(struct http *h, const char *bytes)
{
	struct req req = { .arena = &h->f->arena };
	struct view *v = view_new(&h->f->arena);
	GH_TEXT json = { 0 };

	request_policy_show(&req, v, bytes, strlen(bytes));
	view_json(v, &json);
	return gh_strdup(&h->f->arena, gh_text_str(&json));
}

static void
has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no %s in %s", part, text);
}

static void
says_all_that_is_approved(void **state)
{
	struct http *h = *state;
	const char *json = shown(h,
	    gh_printf(&h->f->arena,
		"gatehouse-plan 4\ntarget t\npolicy %zu\n%s\nafter -\nqueries 1\nquery totals.sql\nsql "
		"17\nSELECT 1\nWHERE 0\n\nmigrations 1\nquery no.sql\n",
		strlen(policy), policy));

	has(json, "{\"name\":\"A backup, when one is taken, must be at least\",\"value\":\"restored\"}");
	has(json, "{\"name\":\"One that others took counts when it is no older than\",\"value\":\"24 h");
	has(json, "{\"name\":\"Tries again\",\"value\":\"5\"}");
	has(json, "{\"name\":\"CONCURRENTLY may take\",\"value\":\"any time\"}");
	has(json, "{\"name\":\"Transaction\",\"value\":\"one for the whole plan\"}");
	has(json, "{\"name\":\"Gives way when one waits for\",\"value\":\"1.5 s\"}");
	has(json, "\"value\":\"0 22 * * mon-fri for 4h Europe/Berlin\"");
	has(json, "{\"name\":\"Must have run on the environment before\",\"value\":\"yes\"}");
	has(json, "\"command\":\"/usr/local/bin/announce \\\"in two words\\\"\"");
	has(json, "\"when\":\"failure\",\"command\":\"/bin/page\",\"limit\":\"5.0 s\"");
	has(json, "\"name\":\"totals.sql\"");
	has(json, "{\"name\":\"Every table of public must have row security\",\"value\":\"yes\"}");
	assert_null(strstr(json, "so many wait"));
	assert_null(strstr(json, "NOT VALID"));
	assert_null(strstr(json, "no.sql"));
}

static void
takes_no_line_for_another(void **state)
{
	struct http *h = *state;

	has(shown(h, ""), "\"rules\":[]");
	has(shown(h, "policy 9999\nwindow x\n"), "\"rules\":[]");
	has(shown(h, "policy x\nwindow x\n"), "\"rules\":[]");
	has(shown(h, "policy 9\nwindow x\nqueries 1\nquery a\nsql 99\nSELECT"), "\"queries\":[]");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(says_all_that_is_approved),
		T(takes_no_line_for_another),
	};

	return cmocka_run_group_tests_name("cgi/request_policy", tests, NULL, NULL);
}
