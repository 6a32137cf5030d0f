#include "base/ban.h"
#include "runner/job/notify.h"
#include "base/fault.h"
#include "base/io.h"
#include "base/secret.h"
#include "runner/job/say.h"

#define SECRET_PART 8 /* shorter pieces of an address are no secret: "services" is in many */

/* Where people read it; what is not here is for programs. */
static const struct {
	const char *name, *label;
} labels[] = {
	{ "migration", "Migration" },
	{ "target", "Target" },
	{ "environment", "Environment" },
	{ "state", "Status" },
	{ "duration", "Duration" },
	{ "estimate", "Estimated duration" },
	{ "downtime", "Expected downtime" },
	{ "rollback", "Rollback plan" },
	{ "backup", "Backup" },
	{ "error", "Error" },
	{ "verified", "Verification" },
	{ "health", "Health" },
	{ "person", "Requested by" },
	{ "reason", "Reason" },
	{ "contact", "Contact" },
};

const char *
notify_label(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (strcmp(labels[i].name, name) == 0)
			return labels[i].label;
	}
	return NULL;
}

bool
notify_next(
    const struct wire_spec *s, struct gh_arena *a, const char *join, size_t *at, struct notify_fact *ret)
{
	const struct wire_option *f;

	while (*at < s->n_options && notify_label(s->options[*at].name) == NULL)
		(*at)++;
	if (*at == s->n_options)
		return false;
	f = &s->options[(*at)++];
	*ret = (struct notify_fact){ .label = notify_label(f->name), .value = f->value };
	for (; *at < s->n_options && strcmp(s->options[*at].name, f->name) == 0; (*at)++)
		ret->value = gh_printf(a, "%s%s%s", ret->value, join, s->options[*at].value);
	return true;
}

const char *
notify_value(const struct wire_spec *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_options; i++) {
		if (strcmp(s->options[i].name, name) == 0)
			return s->options[i].value;
	}
	return "";
}

void
notify_answer_done(struct notify_answer *w)
{
	gh_text_done(&w->body);
}

void
notify_curl_done(CURL **curl)
{
	if (*curl != NULL)
		curl_easy_cleanup(*curl);
	*curl = NULL;
}

static int
progress(void *data, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	const struct job *j = data;

	(void)down_total;
	(void)down;
	(void)up_total;
	(void)up;
	return job_stopped(j) ? 1 : 0;
}

enum gh_code
notify_curl(struct job *j, struct notify_answer *w, const char *protocols, CURL **ret, struct gh_err *err)
{
	long timeout = (long)j->spec.timeout_ms;
	CURL *c = curl_easy_init();

	*ret = c;
	if (c == NULL)
		return gh_fail(err, GH_INTERNAL, "libcurl cannot be started");
	(void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, protocols);
	(void)curl_easy_setopt(c, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, timeout);
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, timeout);
	(void)curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, progress);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFODATA, j);
	(void)curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	(void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, w->error);
	if (j->spec.ca_file[0] != '\0' && curl_easy_setopt(c, CURLOPT_CAINFO, j->spec.ca_file) != CURLE_OK)
		return gh_fail(err, GH_INTERNAL, "libcurl takes no file of authorities");
	return GH_OK;
}

const char *
notify_trouble(const struct job *j, const struct notify_answer *w)
{
	switch ((int)w->rc) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "the name of the server is not known";
	case CURLE_COULDNT_CONNECT:
		return "nobody answers at the server's address";
	case CURLE_OPERATION_TIMEDOUT:
		return gh_printf(
		    j->arena, "there was no answer within %.1f s", (double)j->spec.timeout_ms / 1000.0);
	case CURLE_PEER_FAILED_VERIFICATION:
		return gh_printf(j->arena, "the server's certificate is not trusted (%s)", w->error);
	case CURLE_ABORTED_BY_CALLBACK:
		return "the job was asked to stop";
	default:
		return curl_easy_strerror(w->rc);
	}
}

const char *
notify_line(struct gh_arena *a, const char *s, size_t len)
{
	char clean[NOTIFY_LINE_MAX + 1];
	const char *end;
	size_t i;

	while (len > 0 && isspace((unsigned char)*s)) {
		s++;
		len--;
	}
	for (end = s; end < s + len && *end != '\n' && *end != '\r' && *end != '\0'; end++)
		;
	say_clean(clean, sizeof(clean), gh_strndup(a, s, (size_t)(end - s)));
	for (i = 0; clean[i] != '\0'; i++) {
		if ((unsigned char)clean[i] < ' ' || clean[i] == 0x7f)
			clean[i] = ' ';
	}
	return gh_strdup(a, clean);
}

/* Whether a text gives away the secret, or one of the parts of an address that make it one. */
static bool
tells(const char *text, const char *secret, struct gh_arena *a)
{
	const char *p;
	size_t len;

	if (strlen(secret) >= SECRET_PART && strstr(text, secret) != NULL)
		return true;
	if (strncmp(secret, "http", 4) != 0)
		return secret[0] != '\0' && strlen(secret) < SECRET_PART && strstr(text, secret) != NULL;
	p = strstr(secret, "://");
	p = p == NULL ? secret : p + 3;
	for (p += strcspn(p, "/"); *p != '\0'; p += len) {
		p += strspn(p, "/?&=#@:");
		len = strcspn(p, "/?&=#@:");
		if (len >= SECRET_PART && strstr(text, gh_strndup(a, p, len)) != NULL)
			return true;
	}
	return false;
}

void
notify_outcome(struct job *j, const char *secret, enum wire_outcome outcome, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = gh_vprintf(j->arena, fmt, ap);
	va_end(ap);
	if (tells(text, secret, j->arena))
		text = outcome == WIRE_SUCCEEDED
		    ? "It was taken. (The answer repeats the secret: it is not kept.)"
		    : "It failed. (The answer repeats the secret: it is not kept.)";
	job_outcome(j, outcome, "%s", text);
}

static void
wipe(struct gh_text *t)
{
	if (t->data != NULL)
		explicit_bzero(t->data, t->cap);
	gh_text_done(t);
}

static enum gh_code
notify_run(struct job *j, struct gh_err *err)
{
	__attribute__((cleanup(wipe))) struct gh_text secret = { 0 };

	if (lseek(WIRE_PASSFILE_FD, 0, SEEK_SET) != 0)
		return gh_fail_errno(err, GH_BAD_INPUT, "descriptor %d is no secret", WIRE_PASSFILE_FD);
	GH_TRY(gh_read_all(WIRE_PASSFILE_FD, NOTIFY_SECRET_MAX, &secret, err));
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return gh_fail(err, GH_INTERNAL, "libcurl cannot be started");
	(void)gh_fault("job.notify.before-send");
	if (strcmp(j->spec.channel, "email") == 0)
		GH_TRY(notify_mail(j, gh_text_str(&secret), err));
	else
		GH_TRY(notify_webhook(j, gh_text_str(&secret), err));
	(void)gh_fault("job.notify.after-send");
	return GH_OK;
}

const struct job_kind job_notify = {
	.name = WIRE_JOB_NOTIFY,
	.run = notify_run,
};
