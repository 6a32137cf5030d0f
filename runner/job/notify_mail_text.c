#include "base/ban.h"
#include "runner/job/notify.h"
#include "base/clock.h"

#define LINE_MAX_QP 76 /* of quoted-printable */
#define WORD_MAX    75 /* of an encoded word in a header */

/* A value of the header: one line, or it would add to it. */
static enum gh_code
plain(const char *what, const char *s, struct gh_err *err)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return gh_fail(
			    err, GH_BAD_INPUT, "the mail's %s has a line break in it: it is not sent", what);
	}
	return GH_OK;
}

static bool
simple(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++) {
		if ((unsigned char)*p >= 0x7f)
			return false;
	}
	return p - s <= 66 && strstr(s, "=?") == NULL;
}

/* RFC 2047, form Q: words of at most 75 characters, none of which cuts a character in two. */
static void
encoded(struct gh_text *t, const char *s)
{
	static const char start[] = "=?UTF-8?Q?";
	size_t used = 0;

	gh_text_put(t, start);
	while (*s != '\0') {
		size_t bytes = 1, need, i;

		while (((unsigned char)s[bytes] & 0xc0) == 0x80)
			bytes++;
		need = bytes == 1 && (isalnum((unsigned char)*s) || *s == ' ') ? 1 : 3 * bytes;
		if (strlen(start) + used + need + 2 > WORD_MAX) {
			gh_text_putf(t, "?=\r\n %s", start);
			used = 0;
		}
		used += need;
		if (need == 1)
			gh_text_putc(t, (char)(*s == ' ' ? '_' : *s));
		else
			for (i = 0; i < bytes; i++)
				gh_text_putf(t, "=%02X", (unsigned)(unsigned char)s[i]);
		s += bytes;
	}
	gh_text_put(t, "?=");
}

static void
date(struct gh_text *t, int64_t at_us)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
		"Oct", "Nov", "Dec" };
	time_t at = (time_t)(at_us / GH_SECOND);
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL)
		gh_bug("no such time");
	gh_text_putf(t, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday,
	    months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Quoted-printable: text with LF becomes lines of at most 76 characters with CR LF. */
static void
body_put(struct gh_text *t, const char *s)
{
	size_t used = 0;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		bool last = s[1] == '\n' || s[1] == '\0';
		bool as_it_is = (c > ' ' && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !last);

		if (c == '\n') {
			gh_text_put(t, "\r\n");
			used = 0;
			continue;
		}
		if (used + (as_it_is ? 1 : 3) > LINE_MAX_QP - 1) {
			gh_text_put(t, "=\r\n");
			used = 0;
		}
		if (as_it_is)
			gh_text_putc(t, (char)c);
		else
			gh_text_putf(t, "=%02X", (unsigned)c);
		used += as_it_is ? 1 : 3;
	}
}

static void
header(const struct wire_spec *s, struct gh_text *t)
{
	const char *domain = strchr(s->from, '@') + 1, *to = s->to, *request = notify_value(s, "request");

	gh_text_putf(t, "From: Gatehouse <%s>\r\nTo: ", s->from);
	for (; *to != '\0'; to++) {
		if (*to == ',')
			gh_text_put(t, ",\r\n ");
		else
			gh_text_putc(t, *to);
	}
	gh_text_put(t, "\r\nSubject: ");
	if (simple(s->subject))
		gh_text_put(t, s->subject);
	else
		encoded(t, s->subject);
	gh_text_put(t, "\r\n");
	date(t, s->made_us);
	/* The same each time it is tried: who gets it twice can tell. */
	gh_text_putf(t, "Message-ID: <gatehouse.%" PRId64 ".%" PRId64 "@%s>\r\n", s->id, s->made_us, domain);
	if (request[0] != '\0')
		gh_text_putf(t, "References: <gatehouse.request.%s@%s>\r\n", request, domain);
	gh_text_putf(t,
	    "Auto-Submitted: auto-generated\r\nX-Gatehouse-Event: %s\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
	    s->event);
}

enum gh_code
notify_mail_text(const struct wire_spec *s, struct gh_arena *a, struct gh_text *ret, struct gh_err *err)
{
	const char *link = notify_value(s, "link");
	struct notify_fact f;
	GH_TEXT body = { 0 };
	size_t at = 0;

	GH_TRY(plain("subject", s->subject, err));
	GH_TRY(plain("sender", s->from, err));
	GH_TRY(plain("receiver", s->to, err));
	GH_TRY(plain("event", s->event, err));
	GH_TRY(plain("request", notify_value(s, "request"), err));
	if (strchr(s->from, '@') == NULL || s->to[0] == '\0')
		return gh_fail(err, GH_BAD_INPUT, "the mail has no sender or no receiver");
	header(s, ret);
	gh_text_putf(&body, "%s\n\n", s->message);
	while (notify_next(s, a, "\n    ", &at, &f))
		gh_text_putf(&body, "- %s: %s\n", f.label, f.value);
	if (link[0] != '\0')
		gh_text_putf(&body, "\n%s\n", link);
	body_put(ret, gh_text_str(&body));
	return GH_OK;
}
