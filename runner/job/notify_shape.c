#include "base/ban.h"
#include "runner/job/notify.h"
#include "base/clock.h"
#include "base/io.h"

/* What the services take at most, with room to spare. */
#define HEADER_MAX   140 /* bytes */
#define BODY_MAX     2800
#define VALUE_MAX    1500
#define SLACK_FIELDS 10

#define OPEN_TITLE "Open in Gatehouse"

static const char *
cut(struct gh_arena *a, const char *s, size_t max)
{
	size_t len = strlen(s);

	return len <= max ? s : gh_printf(a, "%.*s...", (int)gh_utf8_cut(s, len, max), s);
}

/* "name": "value" */
static void
pair(struct gh_text *t, const char *name, const char *value)
{
	gh_text_put_json(t, name);
	gh_text_putc(t, ':');
	gh_text_put_json(t, value);
}

/* ---- Slack: mrkdwn, in which & < > alone have a meaning that can do harm ------------------------------- */

static const char *
mrkdwn(struct gh_arena *a, const char *s)
{
	GH_TEXT t = { 0 };

	for (; *s != '\0'; s++) {
		if (*s == '&')
			gh_text_put(&t, "&amp;");
		else if (*s == '<')
			gh_text_put(&t, "&lt;");
		else if (*s == '>')
			gh_text_put(&t, "&gt;");
		else
			gh_text_putc(&t, *s);
	}
	return gh_strdup(a, gh_text_str(&t));
}

static void
slack_section(struct gh_text *t, const char *text)
{
	gh_text_put(t, ",{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"verbatim\":true,");
	pair(t, "text", text);
	gh_text_put(t, "}}");
}

static void
slack(const struct wire_spec *s, struct gh_arena *a, struct gh_text *t)
{
	const char *link = notify_value(s, "link");
	struct notify_fact f;
	size_t at = 0, n = 0;

	gh_text_putc(t, '{');
	pair(t, "text", mrkdwn(a, s->subject));
	gh_text_put(
	    t, ",\"blocks\":[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\",\"emoji\":false,");
	pair(t, "text", cut(a, s->subject, HEADER_MAX));
	gh_text_put(t, "}}");
	slack_section(t, mrkdwn(a, cut(a, s->message, BODY_MAX)));
	for (; notify_next(s, a, "\n", &at, &f); n++) {
		gh_text_put(t,
		    n % SLACK_FIELDS != 0 ? ","
			: n == 0          ? ",{\"type\":\"section\",\"fields\":["
					  : "]},{\"type\":\"section\",\"fields\":[");
		gh_text_put(t, "{\"type\":\"mrkdwn\",\"verbatim\":true,");
		pair(t, "text", gh_printf(a, "*%s*\n%s", f.label, mrkdwn(a, cut(a, f.value, VALUE_MAX))));
		gh_text_putc(t, '}');
	}
	if (n > 0)
		gh_text_put(t, "]}");
	if (link[0] != '\0')
		slack_section(t, gh_printf(a, "<%s|" OPEN_TITLE ">", mrkdwn(a, link)));
	gh_text_put(t, "]}");
}

/* ---- Mattermost: Markdown, and "@" calls people ----------------------------------------------------------
 */

static const char *
markdown(struct gh_arena *a, const char *s)
{
	GH_TEXT t = { 0 };

	for (; *s != '\0'; s++) {
		if (*s == '\n') {
			gh_text_putc(&t, ' ');
			continue;
		}
		if (strchr("\\`*_[]<>|#~", *s) != NULL)
			gh_text_putc(&t, '\\');
		gh_text_putc(&t, *s);
		if (*s == '@') /* a space that is not seen: no name follows */
			gh_text_put(&t, "\xe2\x80\x8b");
	}
	return gh_strdup(a, gh_text_str(&t));
}

static void
mattermost(const struct wire_spec *s, struct gh_arena *a, struct gh_text *t)
{
	const char *link = notify_value(s, "link");
	struct notify_fact f;
	GH_TEXT md = { 0 };
	size_t at = 0;

	gh_text_putf(&md, "#### %s\n%s\n\n| | |\n|:--|:--|\n", markdown(a, s->subject),
	    markdown(a, cut(a, s->message, BODY_MAX)));
	while (notify_next(s, a, ", ", &at, &f))
		gh_text_putf(&md, "| **%s** | %s |\n", f.label, markdown(a, cut(a, f.value, VALUE_MAX)));
	if (link[0] != '\0')
		gh_text_putf(&md, "\n[" OPEN_TITLE "](%s)\n", link);
	gh_text_putc(t, '{');
	pair(t, "username", "Gatehouse");
	gh_text_putc(t, ',');
	pair(t, "text", gh_text_str(&md));
	gh_text_putc(t, '}');
}

/* ---- Teams: an Adaptive Card; the texts of a RichTextBlock are taken as they are -------------------------
 */

static void
run(struct gh_text *t, const char *text, const char *more)
{
	gh_text_put(t, "{\"type\":\"TextRun\",");
	pair(t, "text", text);
	gh_text_putf(t, "%s}", more);
}

static void
teams(const struct wire_spec *s, struct gh_arena *a, struct gh_text *t)
{
	static const char block[] = "{\"type\":\"RichTextBlock\",\"inlines\":[";
	const char *link = notify_value(s, "link");
	struct notify_fact f;
	size_t at = 0;

	gh_text_put(t,
	    "{\"type\":\"message\",\"attachments\":[{\"contentType\":"
	    "\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,\"content\":{\"$schema\":"
	    "\"http://adaptivecards.io/schemas/"
	    "adaptive-card.json\",\"type\":\"AdaptiveCard\",\"version\":\"1.4\","
	    "\"msteams\":{\"width\":\"Full\"},");
	pair(t, "fallbackText", s->subject);
	gh_text_putf(t, ",\"body\":[%s", block);
	run(t, s->subject, ",\"size\":\"Large\",\"weight\":\"Bolder\"");
	gh_text_putf(t, "]},%s", block);
	run(t, cut(a, s->message, BODY_MAX), "");
	gh_text_put(t, "]}");
	while (notify_next(s, a, ", ", &at, &f)) {
		gh_text_putf(t, ",%s", block);
		run(t, gh_printf(a, "%s: ", f.label), ",\"weight\":\"Bolder\"");
		gh_text_putc(t, ',');
		run(t, cut(a, f.value, VALUE_MAX), "");
		gh_text_put(t, "]}");
	}
	gh_text_putc(t, ']');
	if (link[0] != '\0') {
		gh_text_put(t, ",\"actions\":[{\"type\":\"Action.OpenUrl\",\"title\":\"" OPEN_TITLE "\",");
		pair(t, "url", link);
		gh_text_put(t, "}]");
	}
	gh_text_put(t, "}}]}");
}

/* ---- webhook: every fact by its name (docs/notifications.md) ---------------------------------------------
 */

static bool
is_number(const char *name)
{
	return strcmp(name, "request") == 0 || strcmp(name, "run") == 0 || strcmp(name, "incident") == 0;
}

static void
webhook(const struct wire_spec *s, struct gh_text *t)
{
	char at[GH_CLOCK_LEN];
	size_t i;
	int64_t n;
	bool some = false;

	gh_text_putf(t, "{\"version\":1,\"delivery\":%" PRId64 ",", s->id);
	pair(t, "event", s->event);
	gh_text_putc(t, ',');
	pair(t, "at", gh_clock_iso(s->made_us, at));
	gh_text_putc(t, ',');
	pair(t, "subject", s->subject);
	gh_text_putc(t, ',');
	pair(t, "text", s->message);
	for (i = 0; i < s->n_options; i++) {
		const struct wire_option *f = &s->options[i];

		if (strcmp(f->name, "migration") == 0)
			continue;
		gh_text_putc(t, ',');
		if (is_number(f->name) && gh_parse_i64(f->value, 0, INT64_MAX, &n))
			gh_text_putf(t, "\"%s\":%" PRId64, f->name, n);
		else
			pair(t, f->name, f->value);
	}
	gh_text_put(t, ",\"migrations\":[");
	for (i = 0; i < s->n_options; i++) {
		if (strcmp(s->options[i].name, "migration") != 0)
			continue;
		gh_text_put(t, some ? "," : "");
		gh_text_put_json(t, s->options[i].value);
		some = true;
	}
	gh_text_put(t, "]}");
}

void
notify_shape(const struct wire_spec *s, struct gh_arena *a, struct gh_text *ret)
{
	if (strcmp(s->channel, "slack") == 0)
		slack(s, a, ret);
	else if (strcmp(s->channel, "mattermost") == 0)
		mattermost(s, a, ret);
	else if (strcmp(s->channel, "teams") == 0)
		teams(s, a, ret);
	else
		webhook(s, ret);
}
