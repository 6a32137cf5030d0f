#include "base/ban.h"
#include "runner/job/notify.h"

/* More than this nobody needs of an answer: then the transfer ends, and the status decides. */
static size_t
body_put(char *data, size_t size, size_t n, void *to)
{
	struct notify_answer *w = to;
	size_t len = size * n;

	if (w->body.len + len > NOTIFY_ANSWER_MAX)
		return 0;
	gh_text_put_n(&w->body, data, len);
	return len;
}

static void
judge(struct job *j, const char *address, const struct notify_answer *w)
{
	const char *line = notify_line(j->arena, gh_text_str(&w->body), w->body.len);
	const char *colon = line[0] == '\0' ? "" : ": ";

	if (w->status == 0 || (w->rc != CURLE_OK && w->rc != CURLE_WRITE_ERROR)) {
		bool never = w->rc == CURLE_URL_MALFORMAT || w->rc == CURLE_UNSUPPORTED_PROTOCOL;

		notify_outcome(j, address, never ? WIRE_NEEDS_PERSON : WIRE_FAILED_CLEAN, "%s%s",
		    notify_trouble(j, w), never ? ": look into url_file" : "");
	} else if (w->status >= 200 && w->status < 300) {
		notify_outcome(j, address, WIRE_SUCCEEDED, "HTTP %ld%s%s", w->status, colon, line);
	} else if (w->status >= 300 && w->status < 400) {
		notify_outcome(j, address, WIRE_NEEDS_PERSON,
		    "HTTP %ld: it sends us elsewhere, which is not followed: put the new address into "
		    "url_file",
		    w->status);
	} else {
		bool again = w->status >= 500 || w->status == 408 || w->status == 429;

		notify_outcome(j, address, again ? WIRE_FAILED_CLEAN : WIRE_NEEDS_PERSON, "HTTP %ld%s%s",
		    w->status, colon, line);
	}
}

static void
list_done(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

enum gh_code
notify_webhook(struct job *j, const char *address, struct gh_err *err)
{
	static const char *const lines[] = { "Content-Type: application/json", "Accept: */*", "Expect:" };
	__attribute__((cleanup(list_done))) struct curl_slist *headers = NULL;
	NOTIFY_ANSWER w = { 0 };
	NOTIFY_CURL c = NULL;
	GH_TEXT json = { 0 };
	size_t i;

	notify_shape(&j->spec, j->arena, &json);
	GH_TRY(notify_curl(j, &w, "https,http", &c, err));
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct curl_slist *more = curl_slist_append(headers, lines[i]);

		if (more == NULL)
			return gh_fail(err, GH_INTERNAL, "out of memory");
		headers = more;
	}
	(void)curl_easy_setopt(c, CURLOPT_URL, address);
	(void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(c, CURLOPT_USERAGENT, "Gatehouse/" PACKAGE_VERSION);
	(void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(c, CURLOPT_POSTFIELDS, gh_text_str(&json));
	(void)curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)json.len);
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, body_put);
	(void)curl_easy_setopt(c, CURLOPT_WRITEDATA, &w);
	w.rc = curl_easy_perform(c);
	(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &w.status);
	judge(j, address, &w);
	return GH_OK;
}
