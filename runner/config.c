#include "base/ban.h"
#include "runner/config.h"
#include "runner/config_parse.h"

enum gh_code
config_read(const char *path, const struct config_env *env, struct config **ret, struct gh_text *messages,
    struct gh_err *err)
{
	struct config *c = calloc(1, sizeof(*c));
	struct config_reader r = { .config = c, .messages = messages };
	enum gh_code code;

	*ret = NULL;
	if (c == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	r.arena = &c->arena;
	c->path = gh_strdup(&c->arena, path);
	c->env = env;
	code = config_parse(&r, err);
	if (code == GH_OK) {
		config_general(&r);
		config_projects(&r);
		config_environments(&r);
		config_targets(&r);
		config_postgresqls(&r);
		config_notifies(&r);
		config_outsides(&r);
		if (r.mistakes > 0)
			code = gh_fail(err, GH_BAD_INPUT, "%s has %d mistake%s", path, r.mistakes,
			    r.mistakes == 1 ? "" : "s");
	}
	config_parse_done(&r);
	if (code != GH_OK) {
		config_free(c);
		return code;
	}
	*ret = c;
	return GH_OK;
}

void
config_free(struct config *c)
{
	if (c == NULL)
		return;
	gh_arena_done(&c->arena);
	free(c);
}

const struct config_project *
config_project_find(const struct config *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_projects; i++) {
		if (strcmp(c->projects[i].name, name) == 0)
			return &c->projects[i];
	}
	return NULL;
}

const struct config_target *
config_target_find(const struct config *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_targets; i++) {
		if (strcmp(c->targets[i].name, name) == 0)
			return &c->targets[i];
	}
	return NULL;
}

const struct config_account *
config_account_find(const struct config *c, uid_t uid)
{
	size_t i;

	for (i = 0; i < c->n_accounts; i++) {
		if (c->accounts[i].uid == uid)
			return &c->accounts[i];
	}
	return NULL;
}
