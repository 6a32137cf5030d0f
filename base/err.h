/*
 * Errors.  A function that can fail returns enum gh_code and fills struct gh_err where the failure
 * is first known; callers pass it on unchanged with GH_TRY.  Two places make an error visible: the
 * error page of the web tier and the reply (with its log line) of the runner.
 */
#ifndef GH_BASE_ERR_H
#define GH_BASE_ERR_H

#include <stddef.h>

enum gh_code {
	GH_OK = 0,
	GH_BAD_INPUT,       /* 400: what was sent is malformed; the message says what and where */
	GH_UNAUTHENTICATED, /* 401: nobody is signed in, or the password is wrong */
	GH_FORBIDDEN,       /* 403: known, but not allowed */
	GH_NOT_FOUND,       /* 404 */
	GH_CONFLICT,        /* 409: allowed, but not in this state (stale plan, second approval) */
	GH_UNAVAILABLE,     /* 503: try again later (runner down, store busy, other schema) */
	GH_INTERNAL,        /* 500: our fault; the details are in the log */
};

struct gh_err {
	enum gh_code code;
	const char *file; /* where it was filled, for the log */
	int line;
	char msg[512]; /* a sentence for people: names the thing and what to do */
};

#define GH_MUST_USE     __attribute__((warn_unused_result))
#define GH_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* Fills *err (which may be NULL) and returns code.  Only the first failure is kept. */
#define gh_fail(err, code, ...) gh_fail_at((err), (code), __FILE__, __LINE__, __VA_ARGS__)
enum gh_code gh_fail_at(
    struct gh_err *err, enum gh_code code, const char *file, int line, const char *fmt, ...) GH_PRINTF(5, 6);

/* As gh_fail, with ": " and the text of errno appended. */
#define gh_fail_errno(err, code, ...) gh_fail_errno_at((err), (code), __FILE__, __LINE__, __VA_ARGS__)
enum gh_code gh_fail_errno_at(
    struct gh_err *err, enum gh_code code, const char *file, int line, const char *fmt, ...) GH_PRINTF(5, 6);

/* The one macro that hides a return. */
#define GH_TRY(expr)                                                                                         \
	do {                                                                                                 \
		enum gh_code gh_try_code_ = (expr);                                                          \
		if (gh_try_code_ != GH_OK)                                                                   \
			return gh_try_code_;                                                                 \
	} while (0)

int gh_code_http(enum gh_code code);         /* HTTP status */
const char *gh_code_name(enum gh_code code); /* one word for the log */

/* For our own bugs only: logs and aborts. */
#define gh_bug(...) gh_bug_at(__FILE__, __LINE__, __VA_ARGS__)
__attribute__((noreturn)) void gh_bug_at(const char *file, int line, const char *fmt, ...) GH_PRINTF(3, 4);

#endif
