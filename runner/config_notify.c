#include "base/ban.h"
#include "runner/config_parse.h"
#include "base/io.h"

#define SECRET_FILE_LIMIT ((size_t)4096)
#define CONTACT_MAX       200
#define TO_MAX            20

static const struct {
	enum config_event event;
	const char *name;
} events[] = {
	{ CONFIG_APPROVAL, "approval" },
	{ CONFIG_BEFORE, "before" },
	{ CONFIG_AFTER, "after" },
	{ CONFIG_FAILED, "failed" },
	{ CONFIG_UNKNOWN, "unknown" },
	{ CONFIG_OVERDUE, "overdue" },
};
#define N_EVENTS (sizeof(events) / sizeof(events[0]))

const char *
config_event_name(enum config_event event)
{
	size_t i;

	for (i = 0; i < N_EVENTS; i++) {
		if (events[i].event == event)
			return events[i].name;
	}
	gh_bug("%d is no event", (int)event);
}

static bool
listed(const char **names, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return n == 0;
}

bool
config_notify_wants(
    const struct config_notify *n, enum config_event event, const char *environment, const char *target)
{
	return (n->events & (unsigned)event) != 0 &&
	    listed(n->environments, n->n_environments, environment) &&
	    listed(n->targets, n->n_targets, target);
}

const struct config_notify *
config_notify_find(const struct config *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_notify; i++) {
		if (strcmp(c->notify[i].name, name) == 0)
			return &c->notify[i];
	}
	return NULL;
}

/* Empties what may not be kept in memory that is freed. */
static void
wipe(struct gh_text *t)
{
	if (t->data != NULL)
		explicit_bzero(t->data, t->cap);
	gh_text_done(t);
}
#define WIPED __attribute__((cleanup(wipe))) struct gh_text

/* The first line of a secret's file, which must be nobody else's. */
static enum gh_code
secret_read(const char *path, struct gh_text *ret, struct gh_err *err)
{
	GH_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot open %s", path);
	if (!S_ISREG(st.st_mode))
		return gh_fail(err, GH_UNAVAILABLE, "%s is not a regular file", path);
	if ((st.st_mode & 07777) != 0600)
		return gh_fail(err, GH_UNAVAILABLE, "%s has mode %04o: chmod 0600 it", path,
		    (unsigned)(st.st_mode & 07777));
	GH_TRY(gh_read_all(fd, SECRET_FILE_LIMIT, ret, err));
	if (ret->len > 0) {
		ret->len = strcspn(ret->data, "\r\n");
		ret->data[ret->len] = '\0';
	}
	if (ret->len == 0)
		return gh_fail(err, GH_UNAVAILABLE, "the first line of %s is empty", path);
	return GH_OK;
}

enum gh_code
config_notify_secret(const struct config_notify *n, int *ret_fd, struct gh_err *err)
{
	const char *path = strcmp(n->kind, "email") == 0 ? n->password_file : n->url_file;
	WIPED text = { 0 };

	if (path != NULL)
		GH_TRY(secret_read(path, &text, err));
	return gh_memfd("gatehouse-channel", gh_text_str(&text), text.len, ret_fd, err);
}

/* What one section is read with. */
struct section {
	struct config_reader *r;
	cfg_t *sec;
	struct config_notify *n;
};

static bool
given(const struct section *s, const char *key)
{
	return cfg_size(s->sec, key) > 0 && cfg_getnstr(s->sec, key, 0) != NULL;
}

static void
mistake(const struct section *s, const char *key, const char *text)
{
	config_mistake(s->r, config_line(s->r, s->sec, key), "notify \"%s\": %s", s->n->name, text);
}

static void
secret_file(const struct section *s, const char *key, const char **ret)
{
	WIPED text = { 0 };
	struct gh_err err = { 0 };

	*ret = config_path(s->r, s->sec, key, NULL);
	if (*ret == NULL)
		return;
	if (secret_read(*ret, &text, &err) != GH_OK) {
		mistake(s, key, gh_printf(s->r->arena, "%s: %s", key, err.msg));
		return;
	}
	/* The address itself is never shown. */
	if (strcmp(key, "url_file") != 0 || strncmp(gh_text_str(&text), "https://", 8) == 0)
		return;
	if (strncmp(gh_text_str(&text), "http://", 7) == 0)
		config_warning(s->r, config_line(s->r, s->sec, key),
		    "notify \"%s\": the address in %s is not https: what is sent can be read on its way",
		    s->n->name, *ret);
	else
		mistake(s, key,
		    gh_printf(
			s->r->arena, "url_file: the first line of %s must be an address, https://...", *ret));
}

static void
event_list(const struct section *s)
{
	unsigned n = cfg_size(s->sec, "events"), i;
	size_t k;

	if (n == 0)
		s->n->events = CONFIG_EVENTS;
	for (i = 0; i < n; i++) {
		const char *name = cfg_getnstr(s->sec, "events", i);

		for (k = 0; k < N_EVENTS && strcmp(events[k].name, name) != 0; k++)
			;
		if (k == N_EVENTS)
			mistake(s, "events",
			    gh_printf(s->r->arena,
				"there is no event \"%s\": approval, before, after, failed, unknown", name));
		else
			s->n->events |= (unsigned)events[k].event;
	}
}

static const char **
name_list(const struct section *s, const char *key, size_t *ret_n)
{
	unsigned n = cfg_size(s->sec, key), i;
	const char **ret = gh_alloc_n(s->r->arena, n, sizeof(*ret));
	const struct config *c = s->r->config;
	bool target = strcmp(key, "targets") == 0;

	for (i = 0; i < n; i++) {
		const char *name = cfg_getnstr(s->sec, key, i);
		bool known = target
		    ? config_target_find(c, name) != NULL
		    : c->n_environments > 0 && listed(c->environments, c->n_environments, name);

		if (!known)
			mistake(s, key,
			    gh_printf(s->r->arena, "there is no %s \"%s\"", target ? "target" : "environment",
				name));
		ret[i] = gh_strdup(s->r->arena, name);
	}
	*ret_n = n;
	return ret;
}

/* One address as the mail's header takes it, without a name. */
static bool
address_good(const char *s)
{
	const char *at = strchr(s, '@');
	size_t i, len = strlen(s);

	if (at == NULL || at == s || at[1] == '\0' || strchr(at + 1, '@') != NULL || len > 254)
		return false;
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c <= ' ' || c >= 0x7f || strchr("<>()[],;:\\\"", (char)c) != NULL)
			return false;
	}
	return true;
}

static const char *
address(const struct section *s, const char *key, const char *value)
{
	if (value != NULL && !address_good(value))
		mistake(s, key, gh_printf(s->r->arena, "%s: \"%s\" is no mail address", key, value));
	return value == NULL ? "" : value;
}

static bool
server_good(const char *s)
{
	size_t scheme = strncmp(s, "smtps://", 8) == 0 ? 8 : strncmp(s, "smtp://", 7) == 0 ? 7 : 0;
	const char *host = s + scheme, *port = strrchr(host, ':');
	int64_t n;

	if (scheme == 0 || host[0] == '\0' || host[0] == ':' || strpbrk(host, "/@?# \t\r\n") != NULL)
		return false;
	return port == NULL || strchr(port, ']') != NULL || gh_parse_i64(port + 1, 1, 65535, &n);
}

static void
mail(const struct section *s)
{
	unsigned n = cfg_size(s->sec, "to"), i;
	GH_TEXT to = { 0 };

	s->n->server = config_text(s->r, s->sec, "server");
	if (s->n->server == NULL || !server_good(s->n->server))
		mistake(s, "server", "server must be smtp://HOST:PORT or smtps://HOST:PORT");
	s->n->from = address(s, "from", config_text(s->r, s->sec, "from"));
	if (!given(s, "from") || n == 0)
		mistake(s, NULL, "a mail needs from and to");
	if (n > TO_MAX)
		mistake(s, "to", "to has more than 20 addresses");
	for (i = 0; i < n; i++)
		gh_text_putf(&to, "%s%s", i == 0 ? "" : ",", address(s, "to", cfg_getnstr(s->sec, "to", i)));
	s->n->to = gh_strdup(s->r->arena, gh_text_str(&to));
	if (given(s, "user"))
		s->n->user = config_text(s->r, s->sec, "user");
	if (given(s, "password_file"))
		secret_file(s, "password_file", &s->n->password_file);
	if (given(s, "user") != given(s, "password_file"))
		mistake(s, NULL, "user and password_file belong together");
	s->n->tls = config_bool(s->r, s->sec, "tls", true);
	if (!s->n->tls && given(s, "user"))
		mistake(s, "tls", "tls = false would send the password in the clear");
}

static void
belongs(const struct section *s, bool is_mail)
{
	static const char *const mails[] = { "server", "from", "to", "user", "password_file", "tls" };
	size_t i;

	if (is_mail && given(s, "url_file"))
		mistake(s, "url_file", "url_file is for webhooks; a mail has server, from and to");
	for (i = 0; !is_mail && i < sizeof(mails) / sizeof(mails[0]); i++) {
		if (given(s, mails[i]))
			mistake(
			    s, mails[i], gh_printf(s->r->arena, "%s is for kind = \"email\" only", mails[i]));
	}
}

static void
contact(const struct section *s)
{
	const char *text = given(s, "contact") ? config_text(s->r, s->sec, "contact") : NULL, *p;

	s->n->contact = text == NULL ? "" : text;
	for (p = s->n->contact; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ') {
			mistake(s, "contact", "contact must be one line");
			return;
		}
	}
	if (p - s->n->contact > CONTACT_MAX)
		mistake(s, "contact", "contact is longer than 200 bytes");
}

static void
section(const struct section *s)
{
	static const char *const kinds[] = { "slack", "mattermost", "teams", "webhook", "email" };
	struct config_notify *n = s->n;
	const char *kind = config_text(s->r, s->sec, "kind");
	size_t i;

	if (!config_name_good(n->name))
		mistake(s, NULL, "a name has letters, digits, \"_\", \"-\" and \".\"");
	for (i = 0; kind != NULL && i < 5 && strcmp(kinds[i], kind) != 0; i++)
		;
	if (kind == NULL || i == 5) {
		mistake(s, kind == NULL ? NULL : "kind",
		    "kind must be slack, mattermost, teams, webhook or email");
		return;
	}
	n->kind = kinds[i];
	event_list(s);
	n->environments = name_list(s, "environments", &n->n_environments);
	n->targets = name_list(s, "targets", &n->n_targets);
	contact(s);
	belongs(s, i == 4);
	if (i == 4)
		mail(s);
	else
		secret_file(s, "url_file", &n->url_file);
	if (given(s, "ca_file"))
		n->ca_file = config_path(s->r, s->sec, "ca_file", "");
	if (n->ca_file[0] != '\0' && access(n->ca_file, R_OK) != 0)
		mistake(s, "ca_file", gh_printf(s->r->arena, "ca_file: cannot read %s", n->ca_file));
	n->timeout_ms = config_duration(s->r, s->sec, "timeout", 100, 60000, 15000);
	n->retry_delay_ms = config_duration(s->r, s->sec, "retry_delay", 10, 3600000, 60000);
	n->attempts = config_number(s->r, s->sec, "attempts", 1, 100, 8);
}

static void
public_url(struct config_reader *r)
{
	struct config *c = r->config;
	const char *url =
	    cfg_getstr(r->cfg, "public_url") == NULL ? NULL : config_text(r, r->cfg, "public_url");
	size_t len;

	c->public_url = "";
	if (url == NULL)
		return;
	if ((strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) ||
	    strpbrk(url, " \t\r\n\"<>?#") != NULL) {
		config_mistake(r, config_line(r, r->cfg, "public_url"),
		    "public_url must be the address of the pages, https://..., not \"%s\"", url);
		return;
	}
	for (len = strlen(url); len > 0 && url[len - 1] == '/'; len--)
		;
	c->public_url = gh_strndup(r->arena, url, len);
}

void
config_notifies(struct config_reader *r)
{
	struct config *c = r->config;
	unsigned n = cfg_size(r->cfg, "notify"), i;

	public_url(r);
	c->notify = gh_alloc_n(r->arena, n, sizeof(*c->notify));
	for (i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(r->cfg, "notify", i);
		struct section s = { .r = r, .sec = sec, .n = &c->notify[c->n_notify++] };

		*s.n = (struct config_notify){ .name = gh_strdup(r->arena, cfg_title(sec)),
			.kind = "",
			.contact = "",
			.server = "",
			.from = "",
			.to = "",
			.user = "",
			.ca_file = "",
			.tls = true };
		section(&s);
	}
}
