#include "base/ban.h"
#include "base/err.h"

GH_PRINTF(5, 0)
static enum gh_code
fill(struct gh_err *err, enum gh_code code, const char *file, int line, const char *fmt, va_list ap)
{
	if (err == NULL || err->code != GH_OK)
		return err == NULL ? code : err->code;
	err->code = code;
	err->file = file;
	err->line = line;
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	return code;
}

enum gh_code
gh_fail_at(struct gh_err *err, enum gh_code code, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	code = fill(err, code, file, line, fmt, ap);
	va_end(ap);
	return code;
}

enum gh_code
gh_fail_errno_at(struct gh_err *err, enum gh_code code, const char *file, int line, const char *fmt, ...)
{
	int saved = errno;
	char text[128] = "";
	va_list ap;
	size_t len;

	if (err != NULL && err->code != GH_OK)
		return err->code;
	va_start(ap, fmt);
	code = fill(err, code, file, line, fmt, ap);
	va_end(ap);
	if (err != NULL) {
		len = strlen(err->msg);
		(void)snprintf(
		    err->msg + len, sizeof(err->msg) - len, ": %s", strerror_r(saved, text, sizeof(text)));
	}
	return code;
}

int
gh_code_http(enum gh_code code)
{
	switch (code) {
	case GH_OK:
		return 200;
	case GH_BAD_INPUT:
		return 400;
	case GH_UNAUTHENTICATED:
		return 401;
	case GH_FORBIDDEN:
		return 403;
	case GH_NOT_FOUND:
		return 404;
	case GH_CONFLICT:
		return 409;
	case GH_UNAVAILABLE:
		return 503;
	case GH_INTERNAL:
		return 500;
	}
	return 500;
}

const char *
gh_code_name(enum gh_code code)
{
	switch (code) {
	case GH_OK:
		return "ok";
	case GH_BAD_INPUT:
		return "bad-input";
	case GH_UNAUTHENTICATED:
		return "unauthenticated";
	case GH_FORBIDDEN:
		return "forbidden";
	case GH_NOT_FOUND:
		return "not-found";
	case GH_CONFLICT:
		return "conflict";
	case GH_UNAVAILABLE:
		return "unavailable";
	case GH_INTERNAL:
		return "internal";
	}
	return "internal";
}

void
gh_bug_at(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fprintf(stderr, "bug at=%s:%d msg=\"", file, line);
	(void)vfprintf(stderr, fmt, ap);
	(void)fputs("\"\n", stderr);
	va_end(ap);
	abort();
}
