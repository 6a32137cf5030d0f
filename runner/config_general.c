#include "base/ban.h"
#include "runner/config_parse.h"

#include <pwd.h>
#include <sys/un.h>

#define MAX_ENVIRONMENTS 16

static bool
account_find(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
	struct passwd pw, *found = NULL;
	char buf[16384];

	if (getpwnam_r(name, &pw, buf, sizeof(buf), &found) != 0 || found == NULL)
		return false;
	*ret_uid = found->pw_uid;
	*ret_gid = found->pw_gid;
	return true;
}

static void
web_user(struct config_reader *r)
{
	struct config *c = r->config;

	c->web_user = config_text(r, r->cfg, "web_user");
	if (c->web_user == NULL) {
		if (cfg_getstr(r->cfg, "web_user") == NULL)
			config_mistake(r, 1, "web_user is missing: the account of the web tier");
		return;
	}
	if (!account_find(c->web_user, &c->web_uid, &c->web_gid))
		config_mistake(r, config_line(r, r->cfg, "web_user"),
		    "web_user: this machine has no account \"%s\"", c->web_user);
}

static void
environments(struct config_reader *r)
{
	struct config *c = r->config;
	int line = config_line(r, r->cfg, "environments");
	unsigned n = cfg_size(r->cfg, "environments"), i, k;

	if (n == 0 || n > MAX_ENVIRONMENTS) {
		config_mistake(r, line, "environments must name 1 to %d environments", MAX_ENVIRONMENTS);
		return;
	}
	c->environments = gh_alloc_n(r->arena, n, sizeof(*c->environments));
	for (i = 0; i < n; i++) {
		const char *name = cfg_getnstr(r->cfg, "environments", i);

		if (!config_name_good(name))
			config_mistake(r, line,
			    "environment \"%s\": a name has letters, digits, \"_\", \"-\" and \".\"", name);
		for (k = 0; k < i; k++) {
			if (strcmp(c->environments[k], name) == 0)
				config_mistake(r, line, "environment \"%s\" is there twice", name);
		}
		c->environments[c->n_environments++] = gh_strdup(r->arena, name);
	}
}

static void
accounts(struct config_reader *r)
{
	struct config *c = r->config;
	unsigned n = cfg_size(r->cfg, "account"), i;
	gid_t gid;

	c->accounts = gh_alloc_n(r->arena, n, sizeof(*c->accounts));
	for (i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(r->cfg, "account", i);
		struct config_account *a = &c->accounts[c->n_accounts++];

		a->name = gh_strdup(r->arena, cfg_title(sec));
		a->person = config_text(r, sec, "person");
		if (a->person == NULL) {
			a->person = "";
			if (cfg_getstr(sec, "person") == NULL)
				config_mistake(
				    r, config_line(r, sec, NULL), "account \"%s\" names no person", a->name);
		}
		if (!account_find(a->name, &a->uid, &gid)) {
			a->uid = (uid_t)-1;
			config_mistake(
			    r, config_line(r, sec, NULL), "this machine has no account \"%s\"", a->name);
		}
	}
}

void
config_general(struct config_reader *r)
{
	struct config *c = r->config;
	struct sockaddr_un addr;

	c->data = config_path(r, r->cfg, "data", NULL);
	c->socket = config_path(r, r->cfg, "socket", NULL);
	if (c->socket != NULL && strlen(c->socket) + sizeof("/admin.sock") > sizeof(addr.sun_path))
		config_mistake(r, config_line(r, r->cfg, "socket"),
		    "socket is too long: a socket's path has at most %zu bytes",
		    sizeof(addr.sun_path) - sizeof("/admin.sock"));
	if (c->data != NULL) {
		c->store = gh_printf(r->arena, "%s/store", c->data);
		c->secrets = gh_printf(r->arena, "%s/secrets", c->data);
		c->jobs = gh_printf(r->arena, "%s/jobs", c->data);
		c->backups = gh_printf(r->arena, "%s/backups", c->data);
	}
	web_user(r);
	c->job = config_path(r, r->cfg, "job", GH_LIBEXECDIR "/gatehouse-job");
	if (access(c->job, X_OK) != 0)
		config_warning(
		    r, config_line(r, r->cfg, "job"), "job: %s is no program that can be started", c->job);
	c->parallel_runs = (int)config_number(r, r->cfg, "parallel_runs", 1, 64, 2);
	c->refresh_seconds = config_number(r, r->cfg, "refresh_seconds", 1, 86400, 30);
	environments(r);
	accounts(r);
}
