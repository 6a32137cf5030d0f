#include "base/ban.h"
#include "runner/config_parse.h"

static void
folder_check(struct config_reader *r, cfg_t *sec, const struct config_project *p)
{
	int line = config_line(r, sec, "folder");
	struct stat st;

	if (stat(p->folder, &st) != 0) {
		config_mistake(r, line, "project \"%s\": there is no folder %s", p->name, p->folder);
		return;
	}
	if (!S_ISDIR(st.st_mode)) {
		config_mistake(r, line, "project \"%s\": %s is not a folder", p->name, p->folder);
		return;
	}
	if (access(p->folder, R_OK | X_OK) != 0)
		config_mistake(r, line, "project \"%s\": this account may not read %s", p->name, p->folder);
	if ((st.st_mode & S_IWOTH) != 0)
		config_warning(r, line, "project \"%s\": everybody may write to %s", p->name, p->folder);
}

void
config_projects(struct config_reader *r)
{
	struct config *c = r->config;
	unsigned n = cfg_size(r->cfg, "project"), i;

	c->projects = gh_alloc_n(r->arena, n, sizeof(*c->projects));
	for (i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(r->cfg, "project", i);
		struct config_project *p = &c->projects[c->n_projects++];

		p->name = gh_strdup(r->arena, cfg_title(sec));
		if (!config_name_good(p->name))
			config_mistake(r, config_line(r, sec, NULL),
			    "project \"%s\": a name has letters, digits, \"_\", \"-\" and \".\"", p->name);
		p->folder = config_path(r, sec, "folder", NULL);
		if (p->folder != NULL)
			folder_check(r, sec, p);
		p->convention = config_text(r, sec, "convention");
		if (p->convention == NULL) {
			if (cfg_getstr(sec, "convention") == NULL)
				config_mistake(r, config_line(r, sec, NULL),
				    "project \"%s\" has no convention", p->name);
		} else if (strcmp(p->convention, "numbered") != 0 && strcmp(p->convention, "sections") != 0) {
			config_mistake(r, config_line(r, sec, "convention"),
			    "project \"%s\": convention is \"numbered\" or \"sections\", not \"%s\"", p->name,
			    p->convention);
		}
	}
}
