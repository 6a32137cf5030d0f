#include "base/ban.h"
#include "runner/config_parse.h"
#include "base/io.h"

#define MAJOR_MIN 10
#define MAJOR_MAX 99

/* postgresql "16" { bin = "/usr/lib/postgresql/16/bin" }: a newer server is not dumped by an older program.
 */

static void
programs(struct config_reader *r, const char *bin, struct config_postgresql *ret)
{
	ret->bin = bin;
	ret->pg_dump = gh_printf(r->arena, "%s/pg_dump", bin);
	ret->pg_restore = gh_printf(r->arena, "%s/pg_restore", bin);
}

static bool
there(const struct config_postgresql *p)
{
	return access(p->pg_dump, X_OK) == 0 && access(p->pg_restore, X_OK) == 0;
}

static void
one(struct config_reader *r, cfg_t *sec, struct config_postgresql *ret)
{
	const char *title = cfg_title(sec), *bin = config_path(r, sec, "bin", NULL);

	if (strlen(title) != 2 || !gh_parse_i64(title, MAJOR_MIN, MAJOR_MAX, &ret->major))
		config_mistake(r, config_line(r, sec, NULL),
		    "postgresql \"%s\": the title is the major version of a server, as in \"16\"", title);
	if (bin == NULL)
		return;
	programs(r, bin, ret);
	if (!there(ret))
		config_mistake(r, config_line(r, sec, "bin"),
		    "postgresql \"%s\": %s has no pg_dump and pg_restore: install the client programs of "
		    "that "
		    "version, or correct the folder",
		    title, bin);
}

void
config_postgresqls(struct config_reader *r)
{
	struct config *c = r->config;
	unsigned n = cfg_size(r->cfg, "postgresql"), k;
	bool backup = false;
	size_t i;

	programs(r, config_path(r, r->cfg, "pg_bin", "/usr/lib/postgresql/15/bin"), &c->pg_else);
	c->postgresqls = gh_alloc_n(r->arena, n, sizeof(*c->postgresqls));
	for (k = 0; k < n; k++)
		one(r, cfg_getnsec(r->cfg, "postgresql", k), &c->postgresqls[c->n_postgresqls++]);
	for (i = 0; i < c->n_targets; i++)
		backup = backup || c->targets[i].policy.backup || c->targets[i].backup.n_schedules > 0;
	/* Where each version has its section, nothing needs to be in the usual place. */
	if (backup && !there(&c->pg_else) && (n == 0 || cfg_getstr(r->cfg, "pg_bin") != NULL))
		config_mistake(r, config_line(r, r->cfg, "pg_bin"),
		    "pg_bin: %s has no pg_dump and pg_restore, which the targets with backup need",
		    c->pg_else.bin);
}

const struct config_postgresql *
config_postgresql_find(const struct config *c, const char *server_version)
{
	size_t len = strspn(server_version, "0123456789"), i;
	int64_t major = 0;
	char word[8] = "";

	if (len >= sizeof(word))
		return &c->pg_else;
	memcpy(word, server_version, len);
	if (gh_parse_i64(word, MAJOR_MIN, MAJOR_MAX, &major)) {
		for (i = 0; i < c->n_postgresqls; i++) {
			if (c->postgresqls[i].major == major)
				return &c->postgresqls[i];
		}
	}
	return &c->pg_else;
}
