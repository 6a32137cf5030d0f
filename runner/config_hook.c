#include "base/ban.h"
#include "runner/config_parse.h"

#define TIMEOUT_MIN  INT64_C(100)
#define TIMEOUT_MAX  (INT64_C(24) * 3600 * 1000)
#define TIMEOUT_ELSE (INT64_C(60) * 1000)

/*
 * hook "NAME" { when = "before" command = {"/usr/local/bin/announce", "begins"} timeout = "30s" }
 *
 * In the order in which they are written; one of a target takes the place of its environment's of that name.
 */
struct hook {
	struct config_reader *r;
	cfg_t *sec;
	const char *what;
};

static void
say(const struct hook *h, const char *key, const char *text)
{
	config_mistake(
	    h->r, config_line(h->r, h->sec, key), "%s: hook \"%s\": %s", h->what, cfg_title(h->sec), text);
}

static void
when_read(const struct hook *h, struct policy_hook *ret)
{
	const char *s = config_text(h->r, h->sec, "when");

	for (ret->when = POLICY_BEFORE; ret->when <= POLICY_BACKUP; ret->when++) {
		if (s != NULL && strcmp(policy_when_name(ret->when), s) == 0)
			return;
	}
	ret->when = POLICY_BEFORE;
	if (s == NULL && cfg_getstr(h->sec, "when") == NULL)
		say(h, NULL, "when is missing: before, after, failure or backup");
	else if (s != NULL)
		say(h, "when",
		    gh_printf(h->r->arena, "when must be before, after, failure or backup, not \"%s\"", s));
}

static void
command_read(const struct hook *h, struct policy_hook *ret)
{
	unsigned n = cfg_size(h->sec, "command"), i;
	const char **args;

	if (n == 0) {
		say(h, NULL, "command is missing: a list, {\"/path/of/program\", \"argument\"}");
		return;
	}
	if (n > POLICY_ARGS) {
		say(h, "command", gh_printf(h->r->arena, "command has more than %d arguments", POLICY_ARGS));
		return;
	}
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	args = gh_alloc_n(h->r->arena, n + 1, sizeof(*args));
	for (i = 0; i < n; i++)
		args[i] = gh_strdup(h->r->arena, cfg_getnstr(h->sec, "command", i));
	if (args[0][0] != '/')
		say(h, "command",
		    gh_printf(h->r->arena,
			"command begins with the absolute path of a program, not \"%s\": there is no shell",
			args[0]));
	else if (access(args[0], X_OK) != 0)
		config_warning(h->r, config_line(h->r, h->sec, "command"),
		    "%s: hook \"%s\": %s is no program that can be started", h->what, cfg_title(h->sec),
		    args[0]);
	ret->args = args;
	ret->n_args = n;
}

static bool
said_anew(cfg_t *sec, const char *name)
{
	unsigned n = cfg_size(sec, "hook"), k;

	for (k = 0; k < n; k++) {
		if (strcmp(cfg_title(cfg_getnsec(sec, "hook", k)), name) == 0)
			return true;
	}
	return false;
}

void
config_hooks(struct config_reader *r, cfg_t *sec, const char *what, struct config_target *t)
{
	struct policy *p = &t->policy;
	unsigned n = cfg_size(sec, "hook"), k;
	struct policy_hook *hooks;
	const char **names;
	size_t i, kept = 0;

	if (n == 0)
		return;
	if (p->n_hooks + n > POLICY_HOOKS) {
		config_mistake(r, config_line(r, sec, NULL), "%s has more than %d hooks", what, POLICY_HOOKS);
		return;
	}
	hooks = gh_alloc_n(r->arena, p->n_hooks + n, sizeof(*hooks));
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	names = gh_alloc_n(r->arena, p->n_hooks + n, sizeof(*names));
	for (i = 0; i < p->n_hooks; i++) {
		if (said_anew(sec, t->hook_names[i]))
			continue;
		names[kept] = t->hook_names[i];
		hooks[kept++] = p->hooks[i];
	}
	for (k = 0; k < n; k++) {
		const struct hook h = { r, cfg_getnsec(sec, "hook", k), what };

		names[kept] = gh_strdup(r->arena, cfg_title(h.sec));
		when_read(&h, &hooks[kept]);
		command_read(&h, &hooks[kept]);
		hooks[kept++].timeout_ms =
		    config_duration(r, h.sec, "timeout", TIMEOUT_MIN, TIMEOUT_MAX, TIMEOUT_ELSE);
	}
	p->hooks = hooks;
	p->n_hooks = kept;
	t->hook_names = names;
}
