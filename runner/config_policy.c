#include "base/ban.h"
#include "runner/config_parse.h"
#include "base/window.h"

#define SECOND_MS    INT64_C(1000)
#define MINUTE_MS    (60 * SECOND_MS)
#define HOUR_MS      (60 * MINUTE_MS)
#define DAY_MS       (24 * HOUR_MS)
#define WEEK_MS      (7 * DAY_MS)
#define SAMPLE_MAX   1000000
#define AT(m)        offsetof(struct config_target, m)
#define AT_POLICY(m) offsetof(struct config_target, policy.m)

/* How runs on a target are carried out; each section says it again only where it wants something else. */

static const struct duration {
	const char *key;
	size_t at;
	int64_t min, max;
} durations[] = {
	{ "connect_timeout", AT(connect_timeout_ms), 100, 10 * MINUTE_MS },
	{ "retry_delay", AT_POLICY(retry_delay_ms), 0, 10 * MINUTE_MS },
	/* 0 would be "wait for ever", with all that queue behind us. */
	{ "lock_timeout", AT_POLICY(lock_timeout_ms), 1, HOUR_MS },
	{ "statement_timeout", AT_POLICY(statement_timeout_ms), 0, WEEK_MS },
	{ "concurrently_timeout", AT_POLICY(concurrently_timeout_ms), 0, WEEK_MS },
	{ "guard_wait", AT_POLICY(guard_wait_ms), 0, HOUR_MS },
	{ "long_transaction", AT_POLICY(long_transaction_ms), 0, DAY_MS },
	{ "replica_lag", AT_POLICY(replica_lag_ms), 0, DAY_MS },
	{ "health_delay", AT_POLICY(health_delay_ms), 0, 10 * MINUTE_MS },
	{ "health_timeout", AT_POLICY(health_timeout_ms), 100, 10 * MINUTE_MS },
	{ "revert_window", AT_POLICY(revert_ms), 0, WEEK_MS },
};

static const struct number {
	const char *key;
	size_t at;
	int64_t min, max;
} numbers[] = {
	{ "approvals", AT_POLICY(approvals), 0, 9 },
	{ "max_retries", AT_POLICY(max_retries), 0, 100 },
	{ "guard_sessions", AT_POLICY(guard_sessions), 0, 10000 },
	{ "health_status", AT_POLICY(health_status), 100, 599 },
	{ "health_attempts", AT_POLICY(health_attempts), 1, 100 },
};

static const struct flag {
	const char *key;
	size_t at;
} flags[] = {
	{ "backup", AT_POLICY(backup) },
	{ "rollback_on_failure", AT_POLICY(rollback_on_failure) },
	{ "promote", AT_POLICY(promote) },
	{ "rehearse", AT_POLICY(rehearse) },
	{ "row_security", AT_POLICY(row_security) },
	{ "validated_constraints", AT_POLICY(validated_constraints) },
	{ "allow_superuser", AT(allow_superuser) },
};

/* Names of older versions, and those of the guides. */
static const struct renamed {
	const char *was, *is;
} renamed[] = { { "connect_timeout_ms", "connect_timeout" }, { "retry_delay_ms", "retry_delay" },
	{ "lock_timeout_ms", "lock_timeout" }, { "statement_timeout_ms", "statement_timeout" },
	{ "backupEnabled", "backup" }, { "rollbackOnFailure", "rollback_on_failure" },
	{ "maxRetries", "max_retries" }, { "retryDelay", "retry_delay" },
	{ "healthCheckUrl", "health_url" } };

#define COUNT(x) (sizeof(x) / sizeof((x)[0]))

/* One section that is read. */
struct reading {
	struct config_reader *r;
	cfg_t *sec;
	const char *what; /* target "shop" */
	struct config_target *t;
};

static void
say(const struct reading *g, const char *key, const char *text)
{
	config_mistake(g->r, config_line(g->r, g->sec, key), "%s: %s", g->what, text);
}

static void
old_names(const struct reading *g)
{
	struct gh_arena *a = g->r->arena;
	size_t i;

	for (i = 0; i < COUNT(renamed); i++) {
		const char *value = cfg_getstr(g->sec, renamed[i].was), *is = renamed[i].is;
		bool ms = strlen(renamed[i].was) > 3 &&
		    strcmp(renamed[i].was + strlen(renamed[i].was) - 3, "_ms") == 0;

		if (value == NULL)
			continue;
		if (ms)
			say(g, renamed[i].was,
			    gh_printf(a, "%s is %s now, with its unit: %s = \"%sms\"", renamed[i].was, is, is,
				value));
		else
			say(g, renamed[i].was,
			    gh_printf(a, "what guides call %s is %s here", renamed[i].was, is));
	}
}

static void
singles(const struct reading *g)
{
	char *at = (char *)g->t;
	size_t i;

	for (i = 0; i < COUNT(durations); i++) {
		int64_t *v = (void *)(at + durations[i].at);

		*v = config_duration(g->r, g->sec, durations[i].key, durations[i].min, durations[i].max, *v);
	}
	for (i = 0; i < COUNT(numbers); i++) {
		int64_t *v = (void *)(at + numbers[i].at);

		*v = config_number(g->r, g->sec, numbers[i].key, numbers[i].min, numbers[i].max, *v);
	}
	for (i = 0; i < COUNT(flags); i++) {
		bool *v = (void *)(at + flags[i].at);

		*v = config_bool(g->r, g->sec, flags[i].key, *v);
	}
}

static void
transaction(const struct reading *g)
{
	const char *s = config_text(g->r, g->sec, "transaction");

	if (s == NULL)
		return;
	if (strcmp(s, "each") == 0)
		g->t->policy.transaction = POLICY_EACH;
	else if (strcmp(s, "all") == 0)
		g->t->policy.transaction = POLICY_ALL;
	else if (strcmp(s, "tool") == 0)
		g->t->policy.transaction = POLICY_AS_TOOL;
	else
		say(g, "transaction",
		    gh_printf(g->r->arena,
			"transaction must be each, all, or tool (as the project's tool does it), not \"%s\"",
			s));
}

/* Pages show it: a password does not belong there. */
static const char *
url_bad(const char *url)
{
	size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
	size_t host = strcspn(url + scheme, "/?#"), i;

	if (scheme == 0 || host == 0)
		return "must be http://... or https://...";
	if (memchr(url + scheme, '@', host) != NULL)
		return "must have no user and no password in it";
	for (i = 0; url[i] != '\0'; i++) {
		if ((unsigned char)url[i] <= ' ' || (unsigned char)url[i] >= 0x7f)
			return "must be of ASCII characters without spaces";
	}
	return NULL;
}

static void
health(const struct reading *g)
{
	const char *url = config_text(g->r, g->sec, "health_url"), *bad,
		   *body = config_text(g->r, g->sec, "health_body");

	if (url != NULL && strcmp(url, "none") == 0) {
		g->t->policy.health_url = "";
	} else if (url != NULL) {
		bad = url_bad(url);
		if (bad != NULL)
			say(g, "health_url", gh_printf(g->r->arena, "health_url %s, not \"%s\"", bad, url));
		g->t->policy.health_url = url;
	}
	if (body != NULL)
		g->t->policy.health_body = body;
}

/* The values of a list, NULL when it is not given. */
static const char **
list(const struct reading *g, const char *key, unsigned max, size_t *ret_n)
{
	unsigned n = cfg_size(g->sec, key), i;
	const char **ret;

	*ret_n = 0;
	if (n == 0)
		return NULL;
	if (n > max) {
		say(g, key, gh_printf(g->r->arena, "%s has more than %u values", key, max));
		return NULL;
	}
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	ret = gh_alloc_n(g->r->arena, n, sizeof(*ret));
	for (i = 0; i < n; i++)
		ret[(*ret_n)++] = gh_strdup(g->r->arena, cfg_getnstr(g->sec, key, i));
	return ret;
}

/* "always" takes back what the environment says. */
static void
windows(const struct reading *g)
{
	struct policy *p = &g->t->policy;
	struct gh_window window;
	size_t n, i;
	const char **rows = list(g, "windows", POLICY_WINDOWS, &n);

	if (rows == NULL)
		return;
	p->windows = rows;
	p->n_windows = n;
	if (n == 1 && strcmp(rows[0], "always") == 0) {
		p->n_windows = 0;
		return;
	}
	for (i = 0; i < n; i++) {
		struct gh_err err = { 0 };

		if (gh_window_read(rows[i], &window, &err) != GH_OK)
			say(g, "windows", err.msg);
	}
}

static void
tables(const struct reading *g)
{
	struct policy *p = &g->t->policy;
	size_t n, i;
	const char **rows = list(g, "expected_tables", POLICY_TABLES, &n);

	if (rows == NULL)
		return;
	p->tables = rows;
	p->n_tables = n;
	for (i = 0; i < n; i++) {
		const char *dot = strchr(rows[i], '.');

		if (dot == NULL || dot == rows[i] || dot[1] == '\0' || strchr(dot + 1, '.') != NULL)
			say(g, "expected_tables",
			    gh_printf(
				g->r->arena, "expected_tables has \"schema.table\", not \"%s\"", rows[i]));
	}
}

static void
rehearsal(const struct reading *g)
{
	const char *server = config_text(g->r, g->sec, "rehearse_server"),
		   *rows = config_text(g->r, g->sec, "rehearse_rows");

	if (server != NULL)
		server = config_server(g->r, g->sec, "rehearse_server", g->what);
	if (server != NULL)
		g->t->rehearse_server = server;
	if (rows != NULL && strcmp(rows, "all") == 0)
		g->t->rehearse_rows = -1;
	else if (rows != NULL)
		g->t->rehearse_rows =
		    config_number(g->r, g->sec, "rehearse_rows", 0, SAMPLE_MAX, g->t->rehearse_rows);
}

void
config_rehearsal(struct config_reader *r, cfg_t *sec, const char *what, struct config_target *t)
{
	const struct reading g = { r, sec, what, t };

	rehearsal(&g);
}

void
config_policy(struct config_reader *r, cfg_t *sec, const char *what, struct config_target *t)
{
	const struct reading g = { r, sec, what, t };
	struct gh_err err = { 0 };
	GH_TEXT text = { 0 };
	int before = r->mistakes;

	old_names(&g);
	singles(&g);
	transaction(&g);
	health(&g);
	windows(&g);
	tables(&g);
	config_hooks(r, sec, what, t);
	rehearsal(&g);
	config_backup(r, sec, what, t);
	/* What is left: characters that no text of a policy may have. */
	if (r->mistakes == before && policy_write(&t->policy, &text, &err) != GH_OK)
		say(&g, NULL, err.msg);
}
