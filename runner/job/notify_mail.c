#include "base/ban.h"
#include "runner/job/notify.h"
#include "base/io.h"

struct source {
	const struct gh_text *text;
	size_t at;
};

static size_t
mail_give(char *data, size_t size, size_t n, void *from)
{
	struct source *s = from;
	size_t len = size * n < s->text->len - s->at ? size * n : s->text->len - s->at;

	memcpy(data, s->text->data + s->at, len);
	s->at += len;
	return len;
}

/* Each line that the server says. */
static size_t
reply_put(char *data, size_t size, size_t n, void *to)
{
	struct notify_answer *w = to;
	size_t len = size * n, keep = gh_utf8_cut(data, len, NOTIFY_LINE_MAX);

	memcpy(w->line, data, keep);
	w->line[keep] = '\0';
	w->line[strcspn(w->line, "\r\n")] = '\0';
	/* Signed in by another way than the one that was refused first. */
	if (strncmp(w->line, "235", 3) == 0)
		w->refused[0] = '\0';
	if ((w->line[0] == '4' || w->line[0] == '5') && w->refused[0] == '\0')
		memcpy(w->refused, w->line, sizeof(w->refused));
	return len;
}

static void
judge(struct job *j, const char *password, const struct notify_answer *w)
{
	const char *line = notify_line(j->arena, w->line, strlen(w->line));

	if (w->rc == CURLE_OK && w->refused[0] == '\0')
		notify_outcome(j, password, WIRE_SUCCEEDED, "SMTP %s", line);
	else if (w->rc == CURLE_OK)
		notify_outcome(j, password, WIRE_SUCCEEDED, "SMTP %s; but not every receiver was taken: %s",
		    line, notify_line(j->arena, w->refused, strlen(w->refused)));
	else if (w->status >= 400 && w->status < 600 && w->refused[0] != '\0')
		notify_outcome(j, password, w->status >= 500 ? WIRE_NEEDS_PERSON : WIRE_FAILED_CLEAN,
		    "SMTP %s", notify_line(j->arena, w->refused, strlen(w->refused)));
	else if (w->rc == CURLE_USE_SSL_FAILED)
		notify_outcome(j, password, WIRE_NEEDS_PERSON,
		    "the server offers no STARTTLS: use smtps://, or tls = false for one on this machine");
	else
		notify_outcome(j, password, WIRE_FAILED_CLEAN, "%s", notify_trouble(j, w));
}

static void
list_done(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

static enum gh_code
receivers(struct job *j, struct curl_slist **ret, struct gh_err *err)
{
	const char *p = j->spec.to;

	while (*p != '\0') {
		size_t len = strcspn(p, ",");
		struct curl_slist *more = curl_slist_append(*ret, gh_strndup(j->arena, p, len));

		if (more == NULL)
			return gh_fail(err, GH_INTERNAL, "out of memory");
		*ret = more;
		p += len;
		p += *p == ',';
	}
	return GH_OK;
}

enum gh_code
notify_mail(struct job *j, const char *password, struct gh_err *err)
{
	__attribute__((cleanup(list_done))) struct curl_slist *to = NULL;
	GH_TEXT text = { 0 };
	struct source source = { .text = &text };
	NOTIFY_ANSWER w = { 0 };
	NOTIFY_CURL c = NULL;
	struct gh_err bad = { 0 };

	if (notify_mail_text(&j->spec, j->arena, &text, &bad) != GH_OK) {
		notify_outcome(j, password, WIRE_NEEDS_PERSON, "%s", bad.msg);
		return GH_OK;
	}
	GH_TRY(notify_curl(j, &w, "smtp,smtps", &c, err));
	GH_TRY(receivers(j, &to, err));
	(void)curl_easy_setopt(c, CURLOPT_URL, j->spec.address);
	(void)curl_easy_setopt(
	    c, CURLOPT_USE_SSL, j->spec.no_tls ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	if (j->spec.user[0] != '\0') {
		(void)curl_easy_setopt(c, CURLOPT_USERNAME, j->spec.user);
		(void)curl_easy_setopt(c, CURLOPT_PASSWORD, password);
	}
	(void)curl_easy_setopt(c, CURLOPT_MAIL_FROM, j->spec.from);
	(void)curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
	/* One receiver that has gone must not keep the others from being told. */
	(void)curl_easy_setopt(c, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	(void)curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(c, CURLOPT_READFUNCTION, mail_give);
	(void)curl_easy_setopt(c, CURLOPT_READDATA, &source);
	(void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, reply_put);
	(void)curl_easy_setopt(c, CURLOPT_HEADERDATA, &w);
	w.rc = curl_easy_perform(c);
	(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &w.status);
	judge(j, password, &w);
	return GH_OK;
}
