/*
 * project.refresh: look at a project's folder and at its targets again, now.
 *
 *   call   t key | t csrf | t project ("" all)
 *   reply  - (when all was looked at; a target on which a run is under way is left out)
 */
#include "base/ban.h"
#include "runner/cmd.h"
#include "runner/refresh.h"

/* Counts what is still older than the command, after asking for it. */
static enum gh_code
look(struct cmd_ctx *c, const struct store_project *p, size_t *ret_open, struct gh_err *err)
{
	struct store_targets targets = { 0 };
	size_t i;

	if (p->read_at < c->arrived) {
		refresh_project(c->runner, p->name, c->arrived);
		++*ret_open;
	}
	GH_TRY(store_target_list(c->store, c->arena, p->id, &targets, err));
	for (i = 0; i < targets.n; i++) {
		if (targets.rows[i].checked_at >= c->arrived || targets.rows[i].active_run != 0)
			continue;
		refresh_target(c->runner, targets.rows[i].name, c->arrived);
		++*ret_open;
	}
	return GH_OK;
}

static enum gh_code
cmd_project_refresh_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *name = wire_text(in, c->arena);
	struct store_projects projects = { 0 };
	struct store_project one;
	size_t i, still = 0;

	GH_TRY(wire_end(in, err));
	if (name[0] != '\0') {
		GH_TRY(store_project_get(c->store, c->arena, name, &one, err));
		projects = (struct store_projects){ .n = 1, .rows = &one };
	} else {
		GH_TRY(store_project_list(c->store, c->arena, &projects, err));
	}
	for (i = 0; i < projects.n; i++)
		GH_TRY(look(c, &projects.rows[i], &still, err));
	if (still > 0)
		return cmd_defer(
		    c, err, "%zu folders or targets are still being looked at: try again in a moment", still);
	c->text = name[0] == '\0' ? "all projects" : name;
	return GH_OK;
}

const struct cmd cmd_project_refresh = {
	.op = WIRE_PROJECT_REFRESH,
	.needs = ROLE_ANY,
	.ways = CMD_WEB | CMD_CLI,
	.writes = true,
	.noun = "project",
	.by = CMD_BY_NOTHING,
	.run = cmd_project_refresh_run,
};
