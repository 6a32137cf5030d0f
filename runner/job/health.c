#include "base/ban.h"
#include "runner/job/health.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/control.h"
#include "runner/job/run.h"

#include <curl/curl.h>
#include <poll.h>

#define EXCERPT 200 /* bytes of an answer that was not the right one */

struct attempt {
	struct job *job;
	const struct policy *policy;
	struct gh_text body;
	bool cut; /* the answer was longer than what is looked at */
	long status;
};

static size_t
take(char *data, size_t size, size_t n, void *arg)
{
	struct attempt *at = arg;

	gh_text_put_n(
	    &at->body, data, size * n < HEALTH_BODY - at->body.len ? size * n : HEALTH_BODY - at->body.len);
	at->cut = at->body.len >= HEALTH_BODY;
	/* What is there is enough to judge by. */
	return at->cut ? 0 : size * n;
}

/* Called about once a second while nothing comes: what people want is answered meanwhile. */
static int
progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct attempt *at = arg;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	control_answer(at->job);
	return job_stopped(at->job) ? 1 : 0;
}

static CURLcode
configure(CURL *curl, struct attempt *at)
{
	const struct policy *p = at->policy;
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_TIMEOUT_MS, (long)p->health_timeout_ms },
		{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
		{ CURLOPT_NOPROGRESS, 0 },
		{ CURLOPT_FRESH_CONNECT, 1 },
		{ CURLOPT_HTTPGET, 1 },
	};
	const struct {
		CURLoption option;
		const char *value;
	} texts[] = {
		{ CURLOPT_URL, p->health_url },
		{ CURLOPT_PROTOCOLS_STR, "http,https" },
		/* Not even the one of the environment. */
		{ CURLOPT_PROXY, "" },
		{ CURLOPT_USERAGENT, "gatehouse/" PACKAGE_VERSION },
	};
	CURLcode code = CURLE_OK;
	size_t i;

	for (i = 0; code == CURLE_OK && i < sizeof(numbers) / sizeof(numbers[0]); i++)
		code = curl_easy_setopt(curl, numbers[i].option, numbers[i].value);
	for (i = 0; code == CURLE_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		code = curl_easy_setopt(curl, texts[i].option, texts[i].value);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_WRITEDATA, at);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_XFERINFODATA, at);
	return code;
}

static enum gh_code
judge(const struct attempt *at, struct gh_err *err)
{
	const struct policy *p = at->policy;
	const char *wanted = p->health_body;
	char excerpt[EXCERPT];

	say_clean(excerpt, sizeof(excerpt), gh_text_str(&at->body));
	if (at->status != p->health_status)
		return gh_fail(err, GH_CONFLICT, "it answered %ld, not %" PRId64 "%s%s", at->status,
		    p->health_status, excerpt[0] == '\0' ? "" : ": ", excerpt);
	if (wanted[0] != '\0' &&
	    (at->body.len == 0 || memmem(at->body.data, at->body.len, wanted, strlen(wanted)) == NULL))
		return gh_fail(err, GH_CONFLICT, "it answered %ld, but \"%s\" is not in the %s%s%s",
		    at->status, wanted, at->cut ? "first mebibyte of the answer" : "answer",
		    excerpt[0] == '\0' ? "" : ": ", excerpt);
	return GH_OK;
}

static enum gh_code
ask(struct attempt *at, struct gh_err *err)
{
	char text[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	CURLcode code = curl == NULL ? CURLE_FAILED_INIT : configure(curl, at);

	if (code == CURLE_OK)
		code = curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, text);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	if (code == CURLE_WRITE_ERROR && at->cut)
		code = CURLE_OK;
	if (code == CURLE_OK)
		code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &at->status);
	curl_easy_cleanup(curl);
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return gh_fail(err, GH_CONFLICT, "%s", control_why(at->job));
	if (code != CURLE_OK)
		return gh_fail(err, GH_CONFLICT, "%s", text[0] != '\0' ? text : curl_easy_strerror(code));
	return judge(at, err);
}

static enum gh_code
attempt(struct job *j, const struct policy *p, int64_t n, struct gh_err *err)
{
	struct attempt at = { .job = j, .policy = p, .body = { .limit = HEALTH_BODY } };
	int64_t from = gh_clock_mono();
	struct gh_err why = { 0 };
	char text[1024], span[GH_CLOCK_LEN];
	enum gh_code code = ask(&at, &why);

	(void)gh_clock_span(gh_clock_mono() - from, span);
	if (code == GH_OK)
		(void)snprintf(text, sizeof(text),
		    "Attempt %" PRId64 " of %" PRId64 ": it answered %ld in %s.", n, p->health_attempts,
		    at.status, span);
	else
		(void)snprintf(text, sizeof(text), "Attempt %" PRId64 " of %" PRId64 ", %s: %s.", n,
		    p->health_attempts, span, why.msg);
	say_evidence(j, "health", p->health_url, code == GH_OK ? WIRE_OK : WIRE_FAILED, text);
	gh_text_done(&at.body);
	(void)gh_fault("job.health.attempted");
	if (code != GH_OK)
		*err = why;
	return code;
}

enum gh_code
health_check(struct job *j, const struct policy *p, struct gh_text *evidence, struct gh_err *err)
{
	struct gh_err why = { 0 };
	int64_t n;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return gh_fail(err, GH_INTERNAL, "libcurl cannot be used");
	say_doing(j, "health", p->health_url);
	for (n = 1;; n++) {
		why = (struct gh_err){ 0 };
		if (attempt(j, p, n, &why) == GH_OK)
			break;
		if (n >= p->health_attempts || job_stopped(j))
			return gh_fail(err, GH_CONFLICT, "%s is not healthy after %" PRId64 " attempt%s: %s",
			    p->health_url, n, n == 1 ? "" : "s", why.msg);
		job_sleep(j, p->health_delay_ms);
	}
	gh_text_putf(evidence, "%s answered as configured, attempt %" PRId64 ".", p->health_url, n);
	return GH_OK;
}

enum gh_code
stage_health(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct policy *p = &r->plan.policy;

	if (p->health_url[0] == '\0') {
		r->skipped = true;
		gh_text_put(evidence, "The policy of this target has no health URL.");
		return GH_OK;
	}
	return health_check(r->job, p, evidence, err);
}
