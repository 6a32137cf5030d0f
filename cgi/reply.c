#include "base/ban.h"
#include "cgi/reply.h"
#include "base/hash.h"

void
reply_etag(struct reply *r, const char *skip)
{
	const char *at = gh_text_str(&r->body), *end = at + r->body.len, *hit;
	size_t skip_len = strlen(skip);
	unsigned char sum[GH_SHA256_LEN];
	char hex[GH_SHA256_HEX_LEN];
	GH_SHA256 s = { 0 };

	gh_sha256_start(&s);
	while (skip_len > 0 && (hit = memmem(at, (size_t)(end - at), skip, skip_len)) != NULL) {
		gh_sha256_add(&s, at, (size_t)(hit - at));
		at = hit + skip_len;
	}
	gh_sha256_add(&s, at, (size_t)(end - at));
	gh_sha256_end(&s, sum);
	gh_hex(sum, sizeof(sum), hex);
	/* Weak: two replies with this tag may differ in the keys of their forms. */
	(void)snprintf(r->etag, sizeof(r->etag), "W/\"%.24s\"", hex);
}

bool
reply_matches(const struct reply *r, const char *none_match)
{
	const char *tag = strchr(r->etag, '"');

	return tag != NULL && strstr(none_match, tag) != NULL;
}

static const char *
reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} reasons[] = {
		{ 200, "OK" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 503, "Service Unavailable" },
	};
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].text;
	}
	return "Internal Server Error";
}

static void
line(struct gh_text *ret, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	/* Values are ours or checked; a line break in one would be a bug of ours. */
	if (strpbrk(value, "\r\n") != NULL)
		gh_bug("line break in header %s", name);
	gh_text_put(ret, name);
	gh_text_put(ret, ": ");
	gh_text_put(ret, value);
	gh_text_put(ret, "\r\n");
}

void
reply_head(const struct reply *r, struct gh_text *ret)
{
	gh_text_putf(ret, "Status: %d %s\r\n", r->status, reason(r->status));
	if (r->status != 304) {
		line(ret, "Content-Type", r->type == NULL ? "text/html; charset=utf-8" : r->type);
		gh_text_putf(ret, "Content-Length: %zu\r\n", r->body.len);
	}
	line(ret, "Cache-Control", r->keep ? "private, no-cache" : "no-store");
	line(ret, "ETag", r->etag);
	line(ret, "Location", r->location);
	line(ret, "Set-Cookie", r->cookie);
	line(ret, "Allow", r->allow);
	if (*r->filename != '\0')
		gh_text_putf(ret, "Content-Disposition: attachment; filename=\"%s\"\r\n", r->filename);
	line(ret, "Retry-After", r->status == 503 ? "5" : "");
	line(ret, "X-Request-Id", r->request_id);
	line(ret, "Content-Security-Policy",
	    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
	    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
	line(ret, "X-Content-Type-Options", "nosniff");
	line(ret, "Referrer-Policy", "same-origin");
	line(ret, "Cross-Origin-Opener-Policy", "same-origin");
	line(ret, "Cross-Origin-Resource-Policy", "same-origin");
	gh_text_put(ret, "\r\n");
}

void
reply_done(struct reply *r)
{
	gh_text_done(&r->body);
}
