/*
 * The web tier without its sockets: a request as bytes in, a reply as bytes out.  Reads the store, writes
 * nothing; acts go to the runner.
 */
#ifndef GH_CGI_APP_H
#define GH_CGI_APP_H

#include "cgi/act.h"
#include "cgi/chain.h"
#include "cgi/page.h"
#include "cgi/reply.h"
#include "cgi/slots.h"
#include "cgi/source.h"
#include "cgi/template.h"

struct app_config {
	const char *store;        /* folder */
	const char *runner;       /* path of web.sock */
	const char *footer;       /* "reduced isolation", or "" */
	struct slots slots;       /* for calls of the runner */
	struct chain_memo *chain; /* shared by the workers; NULL: each has its own */
};

struct app {
	struct app_config config;
	struct template_set *templates;
	struct source source;
	struct chain_memo own_chain;
	bool runner_up; /* as it was at runner_at (monotonic) */
	int64_t runner_at;
	/* a session to be touched after the reply was sent */
	bool touch;
	unsigned char touch_token[GH_TOKEN_LEN];
	int64_t touch_not_before;
};

/* A request as it came; strings are never NULL. */
struct app_in {
	const char *method, *uri, *content_type, *cookie, *origin, *fetch_site, *host, *address, *agent,
	    *none_match;
	bool https;
	char *body; /* wiped after use */
	size_t body_len;
	bool body_too_long, body_cut;
};

/* Parses the templates; config's strings must outlive app. */
enum gh_code app_open(struct app *app, const struct app_config *config, struct gh_err *err) GH_MUST_USE;
void app_close(struct app *app);

/* Answers; ret is ready to be sent (reply_head, body) and freed with reply_done. */
void app_handle(struct app *app, struct app_in *in, struct reply *ret);
/* What can wait until the reply was sent: tells the runner that a session is in use. */
void app_after(struct app *app);
bool app_runner_up(struct app *app); /* looked at every 2 s */

/* app_post.c: the POST half of app_handle, after routing. */
enum gh_code app_post(struct req *req, const struct act *act, struct app_in *in, struct reply *ret,
    struct gh_err *err) GH_MUST_USE;
/* app_error.c: fills ret with err as a page or as JSON; form may be NULL. */
void app_error(struct req *req, const struct act_form *form, const struct gh_err *err, struct reply *ret);
/* An error's message as a sentence for a page. */
const char *app_sentence(struct gh_arena *a, const char *msg) __attribute__((returns_nonnull));
/* layout.c: what is around every page.  title and nav may be NULL. */
struct view *layout_new(struct req *req, const char *title, const char *nav);

#endif
