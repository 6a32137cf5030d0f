#include "base/ban.h"
#include "runner/config_parse.h"
#include "base/stamp.h"

#define PGBACKREST   "/usr/bin/pgbackrest"
#define SECOND_MS    INT64_C(1000)
#define MINUTE_MS    (60 * SECOND_MS)
#define HOUR_MS      (60 * MINUTE_MS)
#define TIMEOUT_MAX  (10 * MINUTE_MS)
#define TIMEOUT_ELSE MINUTE_MS
#define REFRESH_MAX  (INT64_C(7) * 24 * HOUR_MS)
#define REFRESH_ELSE HOUR_MS

/*
 * outside "NAME" { target = "shop" kind = "pgbackrest" stanza = "main" }
 *
 * Who else keeps backups of a target.  Gatehouse looks there and writes nothing.
 */

/* What one section is read with. */
struct section {
	struct config_reader *r;
	cfg_t *sec;
	const char *name;
	struct config_outside *o;
};

static void
mistake(const struct section *s, const char *key, const char *text)
{
	config_mistake(s->r, config_line(s->r, s->sec, key), "outside \"%s\": %s", s->name, text);
}

static bool
given(const struct section *s, const char *key)
{
	return cfg_size(s->sec, key) > 0 && cfg_getnstr(s->sec, key, 0) != NULL;
}

static void
target(const struct section *s)
{
	const struct config *c = s->r->config;
	const char *name = config_text(s->r, s->sec, "target");
	size_t i, n = 0;

	if (name == NULL) {
		mistake(s, NULL, "target is missing: whose backups these are");
		return;
	}
	s->o->target = config_target_find(c, name);
	if (s->o->target == NULL)
		mistake(s, "target", gh_printf(s->r->arena, "there is no target \"%s\"", name));
	for (i = 0; i < c->n_outside; i++)
		n += s->o->target != NULL && c->outside[i].target == s->o->target ? 1 : 0;
	if (n > WIRE_OUTSIDE_MAX)
		mistake(s, "target",
		    gh_printf(s->r->arena, "target \"%s\" has more than %d of them", name, WIRE_OUTSIDE_MAX));
}

static void
startable(const struct section *s, const char *key)
{
	const char *program = s->o->source.args[0];

	if (program[0] != '/')
		mistake(s, key,
		    gh_printf(s->r->arena,
			"%s begins with the absolute path of a program, not \"%s\": there is no shell", key,
			program));
	else if (access(program, X_OK) != 0)
		config_warning(s->r, config_line(s->r, s->sec, key),
		    "outside \"%s\": %s is no program that can be started", s->name, program);
}

static void
pgbackrest(const struct section *s)
{
	struct gh_arena *a = s->r->arena;
	const char *stanza = config_text(s->r, s->sec, "stanza"), **args;
	size_t n = 0;

	if (stanza == NULL || !config_name_good(stanza)) {
		mistake(s, stanza == NULL ? NULL : "stanza",
		    "stanza is the name of pgBackRest's stanza: letters, digits, \"_\", \"-\" and \".\"");
		stanza = "";
	}
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	args = gh_alloc_n(a, 10, sizeof(*args));
	args[n++] = config_path(s->r, s->sec, "program", PGBACKREST);
	if (given(s, "config"))
		args[n++] = gh_printf(a, "--config=%s", config_path(s->r, s->sec, "config", "/"));
	args[n++] = gh_printf(a, "--stanza=%s", stanza);
	args[n++] = "--output=json";
	/* Standard output is the answer; what goes wrong is on the other one. */
	args[n++] = "--log-level-console=off";
	args[n++] = "--log-level-file=off";
	args[n++] = "--log-level-stderr=error";
	args[n++] = "info";
	s->o->source.stanza = stanza;
	s->o->source.args = args;
	s->o->source.n_args = n;
	startable(s, "program");
}

static void
folder(const struct section *s)
{
	const char *pattern = config_text(s->r, s->sec, "pattern");
	struct gh_err err = { 0 };
	bool timed;

	s->o->source.folder = config_path(s->r, s->sec, "folder", NULL);
	if (pattern == NULL) {
		mistake(s, NULL, "pattern is missing: the names of the files, as in \"shop-*.dump\"");
		return;
	}
	if (gh_stamp_check(pattern, &timed, &err) != GH_OK)
		mistake(s, "pattern", gh_printf(s->r->arena, "pattern: %s", err.msg));
	s->o->source.pattern = pattern;
}

static void
command(const struct section *s)
{
	unsigned n = cfg_size(s->sec, "command"), i;
	const char **args;

	if (n == 0 || n > WIRE_OUTSIDE_ARGS) {
		mistake(s, n == 0 ? NULL : "command",
		    n == 0 ? "command is missing: a list, {\"/path/of/program\", \"argument\"}"
			   : gh_printf(s->r->arena, "command has more than %d arguments", WIRE_OUTSIDE_ARGS));
		return;
	}
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers */
	args = gh_alloc_n(s->r->arena, n + 1, sizeof(*args));
	for (i = 0; i < n; i++)
		args[i] = gh_strdup(s->r->arena, cfg_getnstr(s->sec, "command", i));
	s->o->source.args = args;
	s->o->source.n_args = n;
	startable(s, "command");
}

static const struct kind {
	const char *name;
	void (*read)(const struct section *s);
	const char *keys[3]; /* that no other kind has */
} kinds[] = {
	{ "pgbackrest", pgbackrest, { "stanza", "program", "config" } },
	{ "folder", folder, { "folder", "pattern", NULL } },
	{ "command", command, { "command", NULL, NULL } },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void
belongs(const struct section *s, const struct kind *kind)
{
	size_t i, k;

	for (i = 0; i < N_KINDS; i++) {
		for (k = 0; k < 3 && kinds[i].keys[k] != NULL; k++) {
			if (&kinds[i] != kind && given(s, kinds[i].keys[k]))
				mistake(s, kinds[i].keys[k],
				    gh_printf(s->r->arena, "%s is for kind = \"%s\" only", kinds[i].keys[k],
					kinds[i].name));
		}
	}
}

static void
section(const struct section *s)
{
	const char *kind = config_text(s->r, s->sec, "kind");
	size_t i;

	if (!config_name_good(s->name))
		mistake(s, NULL, "a name has letters, digits, \"_\", \"-\" and \".\"");
	target(s);
	s->o->source.timeout_ms =
	    config_duration(s->r, s->sec, "timeout", SECOND_MS, TIMEOUT_MAX, TIMEOUT_ELSE);
	s->o->refresh_ms = config_duration(s->r, s->sec, "refresh", MINUTE_MS, REFRESH_MAX, REFRESH_ELSE);
	for (i = 0; kind != NULL && i < N_KINDS && strcmp(kinds[i].name, kind) != 0; i++)
		;
	if (kind == NULL || i == N_KINDS) {
		mistake(s, kind == NULL ? NULL : "kind", "kind must be pgbackrest, folder or command");
		return;
	}
	s->o->source.kind = kinds[i].name;
	belongs(s, &kinds[i]);
	kinds[i].read(s);
}

static bool
has_source(const struct config *c, const struct config_target *t)
{
	size_t i;

	for (i = 0; i < c->n_outside; i++) {
		if (c->outside[i].target == t)
			return true;
	}
	return false;
}

/* A run that asks for one would stop at once. */
static void
asked_for(struct config_reader *r)
{
	const struct config *c = r->config;
	unsigned n = cfg_size(r->cfg, "target"), i;

	for (i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(r->cfg, "target", i);
		const struct config_target *t = config_target_find(c, cfg_title(sec));

		if (t != NULL && t->policy.backup_outside_ms > 0 && !has_source(c, t))
			config_mistake(r, config_line(r, sec, "backup_outside"),
			    "target \"%s\": backup_outside needs a section outside \"NAME\" that names this "
			    "target",
			    t->name);
	}
}

void
config_outsides(struct config_reader *r)
{
	struct config *c = r->config;
	unsigned n = cfg_size(r->cfg, "outside"), i;

	c->outside = gh_alloc_n(r->arena, n, sizeof(*c->outside));
	for (i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(r->cfg, "outside", i);
		struct section s = {
			.r = r, .sec = sec, .name = gh_strdup(r->arena, cfg_title(sec)), .o = &c->outside[i]
		};

		*s.o = (struct config_outside){
			.source = { .name = s.name, .kind = "", .folder = "", .pattern = "", .stanza = "" }
		};
		c->n_outside++;
		section(&s);
	}
	asked_for(r);
}

const struct config_outside *
config_outside_find(const struct config *c, const char *target, const char *source)
{
	size_t i;

	for (i = 0; i < c->n_outside; i++) {
		const struct config_outside *o = &c->outside[i];

		if (strcmp(o->source.name, source) == 0 && strcmp(o->target->name, target) == 0)
			return o;
	}
	return NULL;
}

void
config_outside_spec(
    const struct config *c, const char *target, const char *source, struct gh_arena *a, struct wire_spec *ret)
{
	struct wire_outside_source *list = gh_alloc_n(a, c->n_outside, sizeof(*list));
	size_t i;

	ret->n_outside = 0;
	ret->outside = list;
	for (i = 0; i < c->n_outside; i++) {
		const struct config_outside *o = &c->outside[i];

		if (strcmp(o->target->name, target) == 0 &&
		    (source == NULL || strcmp(o->source.name, source) == 0))
			list[ret->n_outside++] = o->source;
	}
}
