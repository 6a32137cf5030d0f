#include "base/ban.h"
#include "runner/config_parse.h"

#define CONNECT_MS 5000

void
config_secret_file(struct config_reader *r, cfg_t *sec, const char *key, const char *what, const char *path)
{
	int line = config_line(r, sec, key);
	const char *name = strcmp(key, "passfile") == 0 ? key : "key file";
	struct stat st;

	if (lstat(path, &st) != 0)
		config_mistake(
		    r, line, "%s: cannot look at the %s %s: %s", what, name, path, strerrordesc_np(errno));
	else if (!S_ISREG(st.st_mode))
		config_mistake(r, line, "%s: the %s %s is not a regular file", what, name, path);
	else if ((st.st_mode & 07777) != 0600)
		config_mistake(r, line, "%s: the %s %s has mode %04o: chmod 0600 it", what, name, path,
		    (unsigned)(st.st_mode & 07777));
	else if (access(path, R_OK) != 0)
		config_mistake(r, line, "%s: this account may not read the %s %s", what, name, path);
}

static void
connection(struct config_reader *r, cfg_t *sec, struct config_target *t)
{
	const struct config_env *env = r->config->env;
	int line = config_line(r, sec, "connection");
	GH_TEXT without = { 0 };
	struct gh_err err = { 0 };
	bool found = false;

	t->connection = config_text(r, sec, "connection");
	if (t->connection == NULL && cfg_getstr(sec, "connection") == NULL) {
		if (env == NULL || env->url == NULL) {
			config_mistake(r, line,
			    "target \"%s\" has no connection (and DATABASE_URL is not set)", t->name);
		} else if (cfg_size(r->cfg, "target") != 1) {
			config_mistake(r, line,
			    "target \"%s\" has no connection: DATABASE_URL is for a configuration of one "
			    "target",
			    t->name);
		} else {
			t->connection = gh_strdup(r->arena, env->url);
			t->password_known = env->password.len > 0;
		}
		return;
	}
	if (t->connection == NULL)
		return;
	if (config_dsn_split(t->connection, &without, NULL, &found, &err) != GH_OK)
		config_mistake(r, line, "target \"%s\": connection: %s", t->name, err.msg);
	else if (found)
		config_mistake(r, line,
		    "target \"%s\": connection has a password in it: put it into a file of mode 0600, one "
		    "line "
		    "\"host:port:database:user:password\", and name that file with passfile = \"...\"",
		    t->name);
}

static void
place(struct config_reader *r, cfg_t *sec, struct config_target *t)
{
	struct config *c = r->config;
	const char *project = config_text(r, sec, "project");
	size_t i;

	if (project == NULL && cfg_getstr(sec, "project") == NULL)
		config_mistake(r, config_line(r, sec, NULL), "target \"%s\" names no project", t->name);
	t->project = project == NULL ? NULL : config_project_find(c, project);
	if (project != NULL && t->project == NULL)
		config_mistake(r, config_line(r, sec, "project"), "target \"%s\": there is no project \"%s\"",
		    t->name, project);
	t->environment = config_text(r, sec, "environment");
	if (t->environment == NULL) {
		if (cfg_getstr(sec, "environment") == NULL)
			config_mistake(
			    r, config_line(r, sec, NULL), "target \"%s\" names no environment", t->name);
		return;
	}
	for (i = 0; i < c->n_environments; i++) {
		if (strcmp(c->environments[i], t->environment) == 0) {
			t->position = (int)i;
			return;
		}
	}
	config_mistake(r, config_line(r, sec, "environment"), "target \"%s\": there is no environment \"%s\"",
	    t->name, t->environment);
}

const char *
config_server(struct config_reader *r, cfg_t *sec, const char *key, const char *what)
{
	const char *s = config_text(r, sec, key);
	GH_TEXT without = { 0 };
	struct gh_err err = { 0 };
	bool found = false;

	if (s == NULL)
		return NULL;
	if (config_dsn_split(s, &without, NULL, &found, &err) != GH_OK)
		config_mistake(r, config_line(r, sec, key), "%s: %s: %s", what, key, err.msg);
	else if (found)
		config_mistake(r, config_line(r, sec, key),
		    "%s: %s has a password in it: put it into the target's passfile", what, key);
	return err.code == GH_OK && !found ? s : NULL;
}

static cfg_t *
environment_section(const struct config_reader *r, const char *name)
{
	unsigned n = cfg_size(r->cfg, "environment"), i;

	for (i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(r->cfg, "environment", i);

		if (strcmp(cfg_title(sec), name) == 0)
			return sec;
	}
	return NULL;
}

static void
policy_else(struct config_target *t)
{
	policy_default(t->position == 0, &t->policy);
	t->connect_timeout_ms = CONNECT_MS;
	t->rehearse_server = "";
	config_backup_default(&t->backup);
}

/* The project's, then the environment's, then the target's own: the last that says something counts. */
static void
policy(struct config_reader *r, cfg_t *sec, struct config_target *t)
{
	cfg_t *environment = t->environment == NULL ? NULL : environment_section(r, t->environment);
	const char *what = gh_printf(r->arena, "target \"%s\"", t->name);

	policy_else(t);
	if (t->project != NULL) {
		t->rehearse_server = t->project->rehearse_server;
		t->rehearse_rows = t->project->rehearse_rows;
	}
	r->quiet = true;
	if (environment != NULL)
		config_policy(r, environment, "", t);
	r->quiet = false;
	config_policy(r, sec, what, t);
	config_backup_check(r, sec, what, t);
}

void
config_environments(struct config_reader *r)
{
	const struct config *c = r->config;
	unsigned n = cfg_size(r->cfg, "environment"), i;
	size_t k;

	for (i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(r->cfg, "environment", i);
		const char *what = gh_printf(r->arena, "environment \"%s\"", cfg_title(sec));
		struct config_target any = { .position = 1 };

		for (k = 0; k < c->n_environments && strcmp(c->environments[k], cfg_title(sec)) != 0; k++)
			;
		if (k == c->n_environments)
			config_mistake(
			    r, config_line(r, sec, NULL), "%s is not among the environments", what);
		policy_else(&any);
		config_policy(r, sec, what, &any);
	}
}

void
config_targets(struct config_reader *r)
{
	struct config *c = r->config;
	unsigned n = cfg_size(r->cfg, "target"), i;

	c->targets = gh_alloc_n(r->arena, n, sizeof(*c->targets));
	for (i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(r->cfg, "target", i);
		struct config_target *t = &c->targets[c->n_targets++];

		t->name = gh_strdup(r->arena, cfg_title(sec));
		if (!config_name_good(t->name))
			config_mistake(r, config_line(r, sec, NULL),
			    "target \"%s\": a name has letters, digits, \"_\", \"-\" and \".\"", t->name);
		place(r, sec, t);
		connection(r, sec, t);
		if (cfg_getstr(sec, "passfile") != NULL)
			t->passfile = config_path(r, sec, "passfile", NULL);
		if (t->passfile != NULL)
			config_secret_file(
			    r, sec, "passfile", gh_printf(r->arena, "target \"%s\"", t->name), t->passfile);
		policy(r, sec, t);
	}
	if (n == 0)
		config_warning(r, 1, "there is no target yet");
}
