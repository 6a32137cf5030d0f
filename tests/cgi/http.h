/*
 * The web tier in a test: requests by cookie against the fixture's store, the runner replaced by what the
 * test says. wire_call and runner_up are replaced when the test is linked (tests/cgi/http.c).
 */
#ifndef GH_TESTS_CGI_HTTP_H
#define GH_TESTS_CGI_HTTP_H

#include "tests/support/fixture.h"

#include "cgi/app.h"
#include "wire/csrf.h"

struct http {
	struct fixture *f;
	struct app app;
	struct reply reply; /* of the last request */
	struct app_in in;   /* what the next request carries besides; reset after each */
	/* what the runner answers */
	bool down, silent;
	enum gh_code code;
	const char *message;
	struct gh_text answer;
	/* what it was asked last */
	int calls;
	enum wire_op op;
	bool with_token;
	unsigned char token[GH_TOKEN_LEN];
	struct gh_text asked;
	struct wire_in fields; /* reads asked */
};

/* For cmocka: *state is the struct http, on a fixture in a folder. */
int http_setup(void **state);
int http_teardown(void **state);

/* person 0: nobody is signed in.  Gives the status. */
int http_get(struct http *h, int64_t person, const char *uri);
int http_send(struct http *h, int64_t person, const char *method, const char *uri, const char *body);
/* A form as a browser sends it, with key and csrf. */
int http_post(
    struct http *h, int64_t person, const char *uri, enum wire_op op, const char *subject, const char *body);

/* Who sends which form, and what the runner is asked by it. */
struct http_act {
	int64_t person;
	const char *uri;
	enum wire_op op;
	const char *subject, *body;
};
/* Sends it to a runner that refuses it so, once: that status, and the reason is shown. */
void http_refused(
    struct http *h, const struct http_act *act, enum gh_code code, const char *message, int status);

/* The fields that were asked, after key and csrf, which must be those of http_post. */
void http_asked(struct http *h, int64_t person, enum wire_op op, const char *subject);
struct wire_out http_answer(struct http *h);

#define assert_says(h, words)                                                                                \
	do {                                                                                                 \
		if (strstr(gh_text_str(&(h)->reply.body), (words)) == NULL)                                  \
			fail_msg("no \"%s\" in: %s", (words), gh_text_str(&(h)->reply.body));                \
	} while (0)
#define assert_says_not(h, words) assert_null(strstr(gh_text_str(&(h)->reply.body), (words)))

#endif
