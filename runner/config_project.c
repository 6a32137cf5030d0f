#include "base/ban.h"
#include "runner/config_parse.h"
#include "base/hash.h"
#include "base/io.h"

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

const char *const config_conventions[] = { "numbered", "sections", "golang-migrate", "morph", "dbmate",
	"goose", "sql-migrate", "tern", "postgrator", "flyway", "sqlx", "diesel", "hasura", "node-pg-migrate",
	"supabase", "drizzle", "prisma", "sqitch", "atlas", "liquibase", "graphile-migrate", NULL };

static void
convention_read(struct config_reader *r, cfg_t *sec, struct config_project *p)
{
	const char *name = config_text(r, sec, "convention");
	GH_TEXT all = { 0 };
	size_t i;

	p->convention = "";
	if (name == NULL)
		return;
	for (i = 0; config_conventions[i] != NULL; i++) {
		if (strcmp(config_conventions[i], name) == 0)
			p->convention = config_conventions[i];
		gh_text_putf(&all, "%s%s", i == 0 ? "" : ", ", config_conventions[i]);
	}
	if (p->convention[0] == '\0')
		config_mistake(r, config_line(r, sec, "convention"),
		    "project \"%s\": there is no convention \"%s\": it is one of %s, or left out and found "
		    "by "
		    "looking",
		    p->name, name, gh_text_str(&all));
}

/* A name of PostgreSQL, as it is: nothing in it is quoted or folded. */
static bool
identifier_good(const char *s)
{
	size_t len = strlen(s);

	for (const char *p = s; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	}
	return len >= 1 && len <= 63;
}

static void
tracking_read(struct config_reader *r, cfg_t *sec, struct config_project *p)
{
	const char *name = config_text(r, sec, "tracking_table"), *dot;

	p->schema = p->table = "";
	if (name == NULL)
		return;
	dot = strchr(name, '.');
	if (dot != NULL) {
		p->schema = gh_strndup(r->arena, name, (size_t)(dot - name));
		p->table = gh_strdup(r->arena, dot + 1);
	}
	if (dot == NULL || strchr(p->table, '.') != NULL || !identifier_good(p->schema) ||
	    !identifier_good(p->table))
		config_mistake(r, config_line(r, sec, "tracking_table"),
		    "project \"%s\": tracking_table is \"schema.table\", each of 1 to 63 bytes, not \"%s\"",
		    p->name, name);
}

static const char *
option_bad(const struct config_project *p, const struct wire_option *o, const char *text)
{
	size_t i;

	if (!gh_utf8_valid(text, strlen(text), NULL))
		return "is not UTF-8";
	if (o->name == NULL || o->name[0] == '\0')
		return "is not \"name=value\"";
	if (strspn(o->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:") !=
	    strlen(o->name))
		return "has a name with other characters than letters, digits, \"_\", \"-\", \".\" and \":\"";
	for (i = 0; i < p->n_options; i++) {
		if (strcmp(p->options[i].name, o->name) == 0)
			return "is given twice";
	}
	return NULL;
}

static void
options_read(struct config_reader *r, cfg_t *sec, struct config_project *p)
{
	unsigned n = cfg_size(sec, "options"), i;
	int line = config_line(r, sec, "options");

	if (n > WIRE_OPTIONS_MAX) {
		config_mistake(
		    r, line, "project \"%s\": %u options are more than %d", p->name, n, WIRE_OPTIONS_MAX);
		return;
	}
	p->options = gh_alloc_n(r->arena, n, sizeof(*p->options));
	for (i = 0; i < n; i++) {
		const char *text = cfg_getnstr(sec, "options", i), *equals = strchr(text, '='), *bad;
		struct wire_option o = { .name = NULL };

		if (equals != NULL) {
			o.name = gh_strndup(r->arena, text, (size_t)(equals - text));
			o.value = gh_strdup(r->arena, equals + 1);
		}
		bad = option_bad(p, &o, text);
		if (bad != NULL)
			config_mistake(r, line, "project \"%s\": option %u %s", p->name, i + 1, bad);
		else
			p->options[p->n_options++] = o;
	}
}

/* One value of all that makes the same folder read in another way; an option may be what nobody should read.
 */
static void
tracking_text(struct config_reader *r, struct config_project *p)
{
	char digest[GH_SHA256_HEX_LEN];
	GH_TEXT text = { 0 };
	size_t i;

	p->tracking = "";
	if (p->table[0] == '\0' && p->n_options == 0)
		return;
	gh_text_putf(&text, "%s.%s", p->schema, p->table);
	for (i = 0; i < p->n_options; i++)
		gh_text_putf(&text, "\n%s=%s", p->options[i].name, p->options[i].value);
	gh_sha256_hex(text.data, text.len, digest);
	p->tracking = gh_strdup(r->arena, digest);
}

static void
rehearsal_read(struct config_reader *r, cfg_t *sec, struct config_project *p)
{
	struct config_target t = { .rehearse_server = "" };

	config_rehearsal(r, sec, gh_printf(r->arena, "project \"%s\"", p->name), &t);
	p->rehearse_server = t.rehearse_server == NULL ? "" : t.rehearse_server;
	p->rehearse_rows = t.rehearse_rows;
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
		convention_read(r, sec, p);
		tracking_read(r, sec, p);
		options_read(r, sec, p);
		tracking_text(r, p);
		rehearsal_read(r, sec, p);
	}
}
