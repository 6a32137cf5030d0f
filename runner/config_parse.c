#include "base/ban.h"
#include "runner/config_parse.h"
#include "base/io.h"

#define MAX_NOTES  4096
#define FILE_LIMIT ((size_t)1 << 20)

/* clang-format off */
#define CONFIG_NOTIFY_OPTS                                                                           \
	{ CFG_STR("kind", NULL, CFGF_NONE), CFG_STR_LIST("events", NULL, CFGF_NONE),                 \
		CFG_STR_LIST("environments", NULL, CFGF_NONE),                                       \
		CFG_STR_LIST("targets", NULL, CFGF_NONE), CFG_STR("contact", NULL, CFGF_NONE),       \
		CFG_STR("url_file", NULL, CFGF_NONE), CFG_STR("server", NULL, CFGF_NONE),            \
		CFG_STR("from", NULL, CFGF_NONE), CFG_STR_LIST("to", NULL, CFGF_NONE),               \
		CFG_STR("user", NULL, CFGF_NONE), CFG_STR("password_file", NULL, CFGF_NONE),         \
		CFG_STR("ca_file", NULL, CFGF_NONE), CFG_STR("tls", NULL, CFGF_NONE),                \
		CFG_STR("timeout", NULL, CFGF_NONE), CFG_STR("retry_delay", NULL, CFGF_NONE),  \
		CFG_STR("attempts", NULL, CFGF_NONE), CFG_END() }
#define CONFIG_OUTSIDE_OPTS                                                                          \
	{ CONFIG_STR("target"), CONFIG_STR("kind"), CONFIG_STR("program"), CONFIG_STR("config"),     \
		CONFIG_STR("stanza"), CONFIG_STR("folder"), CONFIG_STR("pattern"),                   \
		CFG_STR_LIST("command", NULL, CFGF_NONE), CONFIG_STR("timeout"),                     \
		CONFIG_STR("refresh"), CFG_END() }
/* clang-format on */

struct config_note {
	const cfg_t *sec;
	const char *key;
	int line;
	bool list;
};

struct config_start {
	const char *kind, *title;
	int line;
};

/* libConfuse's callbacks have no user pointer: one parse at a time. */
static struct config_reader *noting;

static int
note_line(cfg_t *sec, cfg_opt_t *opt)
{
	/* Line 0: a default, which stands in no file. */
	if (sec->line > 0 && noting->n_notes < MAX_NOTES)
		noting->notes[noting->n_notes++] = (struct config_note){ .sec = sec,
			.key = gh_strdup(noting->arena, opt->name),
			.line = sec->line,
			.list = (opt->flags & CFGF_LIST) != 0 };
	return 0;
}

void
config_mistake(struct config_reader *r, int line, const char *fmt, ...)
{
	va_list ap;

	if (r->quiet)
		return;
	va_start(ap, fmt);
	gh_text_putf(r->messages, "%s:%d: %s\n", r->config->path, line, gh_vprintf(r->arena, fmt, ap));
	va_end(ap);
	r->mistakes++;
}

void
config_warning(struct config_reader *r, int line, const char *fmt, ...)
{
	va_list ap;

	if (r->quiet)
		return;
	va_start(ap, fmt);
	gh_text_putf(
	    r->messages, "%s:%d: warning: %s\n", r->config->path, line, gh_vprintf(r->arena, fmt, ap));
	va_end(ap);
}

/* White space and comments. */
static const char *
skip(const char *p, int *line)
{
	const char *end;

	for (;;) {
		for (; isspace((unsigned char)*p); p++)
			*line += *p == '\n';
		if (p[0] == '#' || (p[0] == '/' && p[1] == '/')) {
			p += strcspn(p, "\n");
			continue;
		}
		if (p[0] != '/' || p[1] != '*')
			return p;
		end = strstr(p + 2, "*/");
		end = end == NULL ? p + strlen(p) : end + 2;
		for (; p < end; p++)
			*line += *p == '\n';
	}
}

/* One token of the file: a text in quotes, a word, or a single character. */
static const char *
token(struct config_reader *r, const char **at, int *line)
{
	const char *p = skip(*at, line), *start = p;
	char quote;

	if (*p == '"' || *p == '\'') {
		quote = *p++;
		for (start = p; *p != '\0' && *p != quote; p++) {
			*line += *p == '\n';
			if (*p == '\\' && p[1] != '\0')
				p++;
		}
		*at = *p == '\0' ? p : p + 1;
		return gh_strndup(r->arena, start, (size_t)(p - start));
	}
	p += strcspn(p, " \t\r\n={}(),\"'#");
	if (p == start && *p != '\0')
		p++;
	*at = p;
	return gh_strndup(r->arena, start, (size_t)(p - start));
}

/* libConfuse forgets where a section began, so that is looked up in the file itself. */
static void
find_starts(struct config_reader *r, const char *text)
{
	int depth = 0, line = 1, at_line;
	const char *word;

	for (;;) {
		word = token(r, &text, &line);
		at_line = line;
		if (word[0] == '\0' && *text == '\0')
			return;
		if (strcmp(word, "{") == 0) {
			depth++;
		} else if (strcmp(word, "}") == 0) {
			depth--;
		} else if (depth == 0 && r->n_starts < MAX_NOTES &&
		    (strcmp(word, "account") == 0 || strcmp(word, "project") == 0 ||
			strcmp(word, "target") == 0 || strcmp(word, "environment") == 0 ||
			strcmp(word, "notify") == 0 || strcmp(word, "postgresql") == 0 ||
			strcmp(word, "outside") == 0)) {
			r->starts[r->n_starts++] = (struct config_start){
				.kind = word, .title = token(r, &text, &line), .line = at_line
			};
		}
	}
}

static void
sections_twice(struct config_reader *r)
{
	const struct config_start *s, *t;

	for (s = r->starts; s < r->starts + r->n_starts; s++) {
		for (t = r->starts; t < s; t++) {
			if (strcmp(s->kind, t->kind) == 0 && strcmp(s->title, t->title) == 0) {
				config_mistake(r, s->line, "%s \"%s\" is there twice, first on line %d",
				    s->kind, s->title, t->line);
				break;
			}
		}
	}
}

static void
keys_twice(struct config_reader *r)
{
	const struct config_note *a, *b;

	for (a = r->notes; a < r->notes + r->n_notes; a++) {
		for (b = r->notes; b < a && !a->list; b++) {
			if (a->sec == b->sec && strcmp(a->key, b->key) == 0) {
				config_mistake(
				    r, a->line, "%s is given twice, first on line %d", a->key, b->line);
				break;
			}
		}
	}
}

static void
watch_lines(cfg_opt_t *opts)
{
	for (; opts->name != NULL; opts++) {
		if (opts->type != CFGT_SEC)
			opts->validcb = note_line;
	}
}

enum gh_code
config_parse(struct config_reader *r, struct gh_err *err)
{
	char usual[] = "{development, staging, production}";
	cfg_opt_t account[] = { CFG_STR("person", NULL, CFGF_NONE), CFG_END() };
	cfg_opt_t project[] = { CFG_STR("folder", NULL, CFGF_NONE), CFG_STR("convention", NULL, CFGF_NONE),
		CFG_STR("tracking_table", NULL, CFGF_NONE), CFG_STR_LIST("options", NULL, CFGF_NONE),
		CONFIG_STR("rehearse_server"), CONFIG_STR("rehearse_rows"), CFG_END() };
	cfg_opt_t hook[] = { CONFIG_STR("when"), CFG_STR_LIST("command", NULL, CFGF_NONE),
		CONFIG_STR("timeout"), CFG_END() };
	cfg_opt_t environment[] = { CONFIG_POLICY_OPTS(hook), CFG_END() };
	cfg_opt_t target[] = { CONFIG_STR("project"), CONFIG_STR("environment"), CONFIG_STR("connection"),
		CONFIG_STR("passfile"), CONFIG_POLICY_OPTS(hook), CFG_END() };
	cfg_opt_t notify[] = CONFIG_NOTIFY_OPTS;
	cfg_opt_t outside[] = CONFIG_OUTSIDE_OPTS;
	cfg_opt_t postgresql[] = { CONFIG_STR("bin"), CFG_END() };
	cfg_opt_t opts[] = { CFG_STR("data", NULL, CFGF_NONE), CFG_STR("socket", NULL, CFGF_NONE),
		CFG_STR("web_user", NULL, CFGF_NONE), CFG_STR("job", NULL, CFGF_NONE),
		CFG_STR("pg_bin", NULL, CFGF_NONE), CFG_STR_LIST("environments", usual, CFGF_NONE),
		CFG_STR("parallel_runs", NULL, CFGF_NONE), CFG_STR("refresh_seconds", NULL, CFGF_NONE),
		CFG_SEC("account", account, CFGF_MULTI | CFGF_TITLE),
		CFG_SEC("project", project, CFGF_MULTI | CFGF_TITLE),
		CFG_SEC("environment", environment, CFGF_MULTI | CFGF_TITLE),
		CFG_SEC("target", target, CFGF_MULTI | CFGF_TITLE),
		CFG_SEC("notify", notify, CFGF_MULTI | CFGF_TITLE),
		CFG_SEC("outside", outside, CFGF_MULTI | CFGF_TITLE),
		CFG_SEC("postgresql", postgresql, CFGF_MULTI | CFGF_TITLE),
		CFG_STR("public_url", NULL, CFGF_NONE), CFG_END() };
	GH_TEXT file = { 0 };
	enum gh_code code;

	watch_lines(account);
	watch_lines(project);
	watch_lines(hook);
	watch_lines(environment);
	watch_lines(target);
	watch_lines(notify);
	watch_lines(outside);
	watch_lines(postgresql);
	watch_lines(opts);
	GH_TRY(gh_file_read(r->config->path, FILE_LIMIT, &file, err));
	r->notes = calloc(MAX_NOTES, sizeof(*r->notes));
	r->starts = calloc(MAX_NOTES, sizeof(*r->starts));
	if (r->notes == NULL || r->starts == NULL)
		return gh_fail(err, GH_INTERNAL, "out of memory");
	noting = r;
	code = gh_conf_parse(r->config->path, opts, &r->cfg, r->messages, err);
	noting = NULL;
	GH_TRY(code);
	find_starts(r, gh_text_str(&file));
	sections_twice(r);
	/* libConfuse freed the first of two sections of one name: its place in memory may be another's now.
	 */
	if (r->mistakes == 0)
		keys_twice(r);
	return GH_OK;
}

void
config_parse_done(struct config_reader *r)
{
	if (r->cfg != NULL)
		(void)cfg_free(r->cfg);
	free(r->notes);
	free(r->starts);
	r->cfg = NULL;
	r->notes = NULL;
	r->starts = NULL;
}

int
config_line(const struct config_reader *r, cfg_t *sec, const char *key)
{
	const struct config_note *n, *found = NULL;
	const struct config_start *s;

	/* Of a key that is given twice the last one counts; a list begins with its first value. */
	for (n = r->notes; key != NULL && n < r->notes + r->n_notes; n++) {
		if (n->sec == sec && strcmp(n->key, key) == 0 && (found == NULL || !n->list))
			found = n;
	}
	if (found != NULL)
		return found->line;
	/* A section within a section: its first key. */
	for (n = r->notes; strcmp(cfg_name(sec), "hook") == 0 && n < r->notes + r->n_notes; n++) {
		if (n->sec == sec)
			return n->line;
	}
	for (s = r->starts; s < r->starts + r->n_starts; s++) {
		if (strcmp(s->kind, cfg_name(sec)) == 0 && cfg_title(sec) != NULL &&
		    strcmp(s->title, cfg_title(sec)) == 0)
			return s->line;
	}
	return 1;
}
