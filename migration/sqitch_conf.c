#include "base/ban.h"
#include "migration/sqitch_conf.h"

#include <ctype.h>

enum key {
	TOP,
	PLAN,
	DEPLOY,
	REVERT,
	VERIFY,
	AGAIN,
	AGAIN_DEPLOY,
	AGAIN_REVERT,
	AGAIN_VERIFY,
	EXTENSION,
	REGISTRY,
	KEYS
};

static const char *const names[KEYS] = { "top_dir", "plan_file", "deploy_dir", "revert_dir", "verify_dir",
	"reworked_dir", "reworked_deploy_dir", "reworked_revert_dir", "reworked_verify_dir", "extension",
	"registry" };

enum section { OTHER, CORE, ENGINE, USER };

struct values {
	const char *core[KEYS], *engine[KEYS];
	const char *user_name, *user_email;
};

static void
trim(const char **p, const char **end)
{
	while (*p < *end && isspace((unsigned char)**p))
		(*p)++;
	while (*p < *end && isspace((unsigned char)(*end)[-1]))
		(*end)--;
}

/* [core], [engine "pg"], [user] */
static enum section
section_of(const char *p, const char *end)
{
	static const struct {
		const char *name;
		enum section section;
	} known[] = { { "[core]", CORE }, { "[engine \"pg\"]", ENGINE }, { "[user]", USER } };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		size_t len = strlen(known[i].name);

		if ((size_t)(end - p) >= len && strncasecmp(p, known[i].name, len) == 0)
			return known[i].section;
	}
	return OTHER;
}

/* A value without quotes and the comment behind it. */
static const char *
value_of(struct gh_arena *a, const char *p, const char *end)
{
	char *ret, *out;
	bool quoted = false;

	trim(&p, &end);
	out = ret = gh_alloc(a, (size_t)(end - p) + 1);
	for (; p < end; p++) {
		if (!quoted && (*p == '#' || *p == ';'))
			break;
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\\' && p + 1 < end)
			*out++ = *++p;
		else
			*out++ = *p;
	}
	while (out > ret && isspace((unsigned char)out[-1]))
		out--;
	*out = '\0';
	return ret;
}

static void
take(struct values *v, enum section section, const char *name, size_t len, const char *value)
{
	size_t i;

	if (section == USER && len == 4 && strncasecmp(name, "name", len) == 0)
		v->user_name = value;
	if (section == USER && len == 5 && strncasecmp(name, "email", len) == 0)
		v->user_email = value;
	for (i = 0; i < KEYS && (section == CORE || section == ENGINE); i++) {
		if (strlen(names[i]) == len && strncasecmp(names[i], name, len) == 0)
			*(section == CORE ? &v->core[i] : &v->engine[i]) = value;
	}
}

static void
lines(struct gh_arena *a, const char *p, const char *end, struct values *ret)
{
	enum section section = OTHER;

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p)), *stop, *equals;

		stop = eol == NULL ? end : eol;
		equals = memchr(p, '=', (size_t)(stop - p));
		while (p < stop && isspace((unsigned char)*p))
			p++;
		if (p < stop && *p == '[') {
			section = section_of(p, stop);
		} else if (p < stop && *p != '#' && *p != ';' && equals != NULL && equals > p) {
			const char *last = equals;

			while (last > p && isspace((unsigned char)last[-1]))
				last--;
			take(ret, section, p, (size_t)(last - p), value_of(a, equals + 1, stop));
		}
		p = eol == NULL ? end : eol + 1;
	}
}

/* A path without "./" and doubled slashes, with / at its end; "" for the folder itself. */
static const char *
folder(struct gh_arena *a, const char *path)
{
	char *ret = gh_alloc(a, strlen(path) + 2), *out = ret;
	const char *p = path;

	while (*p != '\0') {
		size_t len = strcspn(p, "/");

		if (len > 0 && !(len == 1 && *p == '.')) {
			memcpy(out, p, len);
			out += len;
			*out++ = '/';
		} else if (len == 0 && p == path) {
			*out++ = '/'; /* outside: no entry has such a path */
		}
		p += len + (p[len] == '/');
	}
	*out = '\0';
	return ret;
}

static const char *
below(struct gh_arena *a, const char *given, const char *base, const char *name)
{
	return given != NULL ? folder(a, given) : gh_printf(a, "%s%s/", base, name);
}

void
sqitch_conf_read(struct gh_arena *a, const char *text, size_t len, struct sqitch_conf *ret)
{
	struct values v = { 0 };
	const char *top, *again, *plan;
	size_t i;

	if (text != NULL)
		lines(a, text, text + len, &v);
	for (i = 0; i < KEYS; i++) {
		if (v.engine[i] == NULL)
			v.engine[i] = v.core[i];
	}
	top = folder(a, v.engine[TOP] == NULL ? "." : v.engine[TOP]);
	again = v.engine[AGAIN] == NULL ? top : folder(a, v.engine[AGAIN]);
	plan = v.engine[PLAN] == NULL ? gh_printf(a, "%ssqitch.plan", top) : folder(a, v.engine[PLAN]);
	ret->plan = gh_strndup(a, plan, strlen(plan) - (plan[0] != '\0' && plan[strlen(plan) - 1] == '/'));
	ret->deploy = below(a, v.engine[DEPLOY], top, "deploy");
	ret->revert = below(a, v.engine[REVERT], top, "revert");
	ret->verify = below(a, v.engine[VERIFY], top, "verify");
	ret->again_deploy = below(a, v.engine[AGAIN_DEPLOY], again, "deploy");
	ret->again_revert = below(a, v.engine[AGAIN_REVERT], again, "revert");
	ret->again_verify = below(a, v.engine[AGAIN_VERIFY], again, "verify");
	ret->extension = v.engine[EXTENSION] == NULL ? "sql" : v.engine[EXTENSION];
	ret->registry = v.engine[REGISTRY] == NULL ? "" : v.engine[REGISTRY];
	ret->user_name = v.user_name == NULL ? "" : v.user_name;
	ret->user_email = v.user_email == NULL ? "" : v.user_email;
}
