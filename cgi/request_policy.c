#include "base/ban.h"
#include "cgi/request_policy.h"

#include "base/io.h"

/* How each line of a policy is said; those without words are shown with the facts, or are parts of others. */
static const struct rule {
	const char *name, *says;
	enum { NUMBER, MS, FLAG, TEXT } kind;
	const char *none; /* instead of 0 or ""; NULL: then it is left out */
} rules[] = {
	{ "backup_level", "A backup, when one is taken, must be at least", TEXT, NULL },
	{ "backup_outside_ms", "One that others took counts when it is no older than", MS, NULL },
	{ "concurrently_timeout_ms", "CONCURRENTLY may take", MS, "any time" },
	{ "transaction", "Transaction", TEXT, NULL },
	{ "max_retries", "Tries again", NUMBER, "never" },
	{ "retry_delay_ms", "First wait before that", MS, NULL },
	{ "guard_sessions", "Gives way when so many wait behind it", NUMBER, NULL },
	{ "guard_wait_ms", "Gives way when one waits for", MS, NULL },
	{ "long_transaction_ms", "Does not start beside a transaction older than", MS, NULL },
	{ "replica_lag_ms", "Does not start when a replica is behind by", MS, NULL },
	{ "health_url", "Health is asked at", TEXT, "nowhere" },
	{ "health_status", "and must answer", NUMBER, NULL },
	{ "health_body", "with the text", TEXT, NULL },
	{ "promote", "Must have run on the environment before", FLAG, NULL },
	{ "rehearse", "Must have been rehearsed", FLAG, NULL },
	{ "revert_ms", "The way back is one approval away for", MS, NULL },
	{ "row_security", "Every table of public must have row security", FLAG, NULL },
	{ "validated_constraints", "No constraint may stay NOT VALID", FLAG, NULL },
	{ "window", "Runs only in the window", TEXT, NULL },
	{ "table", "Must be there afterwards", TEXT, NULL },
};

/* A piece of the bytes, taken line by line. */
struct piece {
	const char *at, *end;
};

static bool
line_take(struct req *req, struct piece *p, const char **ret)
{
	const char *eol = p->at < p->end ? memchr(p->at, '\n', (size_t)(p->end - p->at)) : NULL;

	if (eol == NULL)
		return false;
	*ret = gh_strndup(req->arena, p->at, (size_t)(eol - p->at));
	p->at = eol + 1;
	return true;
}

/* What follows a word and a space; NULL when the line begins otherwise. */
static const char *
after(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 && line[len] == ' ' ? line + len + 1 : NULL;
}

static const char *
value_says(struct req *req, const struct rule *r, const char *value)
{
	bool off = *value == '\0' || strcmp(value, "0") == 0;
	char span[GH_CLOCK_LEN];
	int64_t number = 0;

	if (off)
		return r->none;
	if (r->kind == FLAG)
		return "yes";
	if (r->kind == MS && gh_parse_i64(value, 0, INT64_MAX / 1000, &number))
		return gh_printf(req->arena, "%s", gh_clock_span(number * 1000, span));
	if (strcmp(r->name, "transaction") == 0)
		return strcmp(value, "all") == 0 ? "one for the whole plan"
		    : strcmp(value, "each") == 0 ? "one for each migration"
						 : NULL;
	return value;
}

static void
show_rule(struct req *req, struct view *list, const char *line, bool health)
{
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const char *value = after(line, rules[i].name), *says;
		struct view *item;

		if (value == NULL)
			continue;
		says = value_says(req, &rules[i], value);
		if (says == NULL || (!health && strcmp(rules[i].name, "health_status") == 0))
			return;
		item = view_item(list);
		view_text(item, "name", rules[i].says);
		view_text(item, "value", says);
		return;
	}
}

/* "before 60000 2" and its two arguments */
static void
show_hook(struct req *req, struct view *list, struct piece *p, const char *head)
{
	struct view *item = view_item(list);
	const char *command = "", *line, *arg, *space = strchr(head, ' ');
	size_t when = strcspn(head, " ");
	char span[GH_CLOCK_LEN];
	struct piece rest = *p;

	while (line_take(req, &rest, &line) && (arg = after(line, "arg")) != NULL) {
		bool plain = *arg != '\0' && strpbrk(arg, " \t\"'\\") == NULL;

		command = gh_printf(
		    req->arena, plain ? "%s%s%s" : "%s%s\"%s\"", command, *command == '\0' ? "" : " ", arg);
		*p = rest;
	}
	view_text_n(item, "when", head, when);
	view_text(item, "command", command);
	view_text(item, "limit", space == NULL ? "" : gh_clock_span(strtoll(space, NULL, 10) * 1000, span));
}

/* The policy's own bytes, moved over. */
static struct piece
policy_take(struct req *req, struct piece *all)
{
	struct piece none = { NULL, NULL };
	const char *line, *length;
	int64_t n;

	while (line_take(req, all, &line)) {
		length = after(line, "policy");
		if (length == NULL)
			continue;
		if (!gh_parse_i64(length, 0, all->end - all->at, &n))
			return none;
		none = (struct piece){ all->at, all->at + n };
		all->at += n;
		return none;
	}
	return none;
}

static void
show_queries(struct req *req, struct view *list, struct piece *all)
{
	struct sqlview s = { .req = req, .left = SQLVIEW_BYTES };
	const char *line, *name = NULL, *length;
	int64_t n;

	while (line_take(req, all, &line) && after(line, "migrations") == NULL) {
		if (after(line, "query") != NULL)
			name = after(line, "query");
		length = after(line, "sql");
		if (name == NULL || length == NULL || !gh_parse_i64(length, 0, all->end - all->at - 1, &n))
			continue;
		{
			struct view *item = view_item(list);

			view_text(item, "name", name);
			sqlview_sql(&s, item, gh_strndup(req->arena, all->at, (size_t)n), n);
		}
		all->at += n + 1;
		name = NULL;
	}
}

/* v.rules, v.hooks, v.any_hooks */
static void
show_policy(struct req *req, struct view *v, struct piece policy)
{
	struct view *list = view_list(v, "rules"), *hooks = view_list(v, "hooks");
	bool health = false;
	const char *line, *head;

	while (line_take(req, &policy, &line)) {
		head = after(line, "hook");
		if (after(line, "health_url") != NULL)
			health = *after(line, "health_url") != '\0';
		if (head != NULL)
			show_hook(req, hooks, &policy, head);
		else
			show_rule(req, list, line, health);
	}
	view_bool(v, "any_hooks", hooks->n_items > 0);
}

void
request_policy_text(struct req *req, struct view *v, const char *policy)
{
	show_policy(req, v, (struct piece){ policy, policy + strlen(policy) });
	(void)view_list(v, "queries");
	view_bool(v, "any_queries", false);
}

void
request_policy_show(struct req *req, struct view *v, const char *bytes, size_t len)
{
	struct view *queries = view_list(v, "queries");
	struct piece all = { bytes, bytes + len }, policy = policy_take(req, &all);

	show_policy(req, v, policy);
	show_queries(req, queries, &all);
	view_bool(v, "any_queries", queries->n_items > 0);
}
