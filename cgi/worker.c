#include "base/ban.h"
#include "cgi/worker.h"
#include "base/io.h"
#include "base/log.h"
#include "cgi/form.h"

#include <fcgiapp.h>
#include <malloc.h>

static volatile sig_atomic_t stopping;

static void
on_term(int signal)
{
	(void)signal;
	stopping = 1;
	FCGX_ShutdownPending();
}

struct params {
	const char *content_length;
	struct app_in in;
};

/* FCGX_GetParam is a linear scan: one pass over all. */
static void
read_params(char *const *env, struct params *p)
{
	const struct {
		const char *name;
		const char **to;
	} wanted[] = {
		{ "REQUEST_METHOD", &p->in.method },
		{ "REQUEST_URI", &p->in.uri },
		{ "CONTENT_TYPE", &p->in.content_type },
		{ "CONTENT_LENGTH", &p->content_length },
		{ "HTTP_COOKIE", &p->in.cookie },
		{ "HTTP_ORIGIN", &p->in.origin },
		{ "HTTP_SEC_FETCH_SITE", &p->in.fetch_site },
		{ "HTTP_HOST", &p->in.host },
		{ "REMOTE_ADDR", &p->in.address },
		{ "HTTP_USER_AGENT", &p->in.agent },
		{ "HTTP_IF_NONE_MATCH", &p->in.none_match },
	};
	size_t i, len;

	*p = (struct params){ .content_length = "" };
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		*wanted[i].to = "";
	for (; *env != NULL; env++) {
		len = strcspn(*env, "=");
		if ((*env)[len] == '\0')
			continue;
		if (len == 5 && memcmp(*env, "HTTPS", 5) == 0)
			p->in.https = strcmp(*env + 6, "on") == 0;
		for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
			if (strlen(wanted[i].name) == len && memcmp(*env, wanted[i].name, len) == 0)
				*wanted[i].to = *env + len + 1;
		}
	}
}

static void
read_body(FCGX_Request *r, struct params *p, char *buf)
{
	int64_t length = 0;
	int n;

	if (*p->content_length != '\0' && !gh_parse_i64(p->content_length, 0, INT64_MAX, &length)) {
		p->in.body_cut = true;
		return;
	}
	p->in.body_too_long = length > (int64_t)FORM_BODY_MAX;
	if (p->in.body_too_long)
		return;
	while (p->in.body_len < (size_t)length) {
		n = FCGX_GetStr(buf + p->in.body_len, (int)((size_t)length - p->in.body_len), r->in);
		if (n <= 0)
			break;
		p->in.body_len += (size_t)n;
	}
	p->in.body_cut = p->in.body_len < (size_t)length;
}

/* What a page took stays with us for the next: giving it back means a page fault for each 4 KiB every time.
 */
#define KEPT (4 << 20)

static void
serve(struct app *app, FCGX_Request *r)
{
	static char body[FORM_BODY_MAX];
	struct params p;
	struct reply reply = { 0 };
	GH_TEXT head = { 0 };

	read_params(r->envp, &p);
	p.in.body = body;
	read_body(r, &p, body);
	app_handle(app, &p.in, &reply);
	explicit_bzero(body, p.in.body_len);
	reply_head(&reply, &head);
	(void)FCGX_PutStr(head.data, (int)head.len, r->out);
	if (!reply.head && reply.body.len > 0 && reply.body.len <= INT_MAX)
		(void)FCGX_PutStr(reply.body.data, (int)reply.body.len, r->out);
	reply_done(&reply);
}

int
worker_run(void *ctx)
{
	const struct worker *w = ctx;
	struct sigaction act = { .sa_handler = on_term };
	struct gh_err err = { 0 };
	struct app app;
	FCGX_Request r;

	if (app_open(&app, &w->config, &err) != GH_OK) {
		gh_log_err("worker.start", &err);
		return 1;
	}
	(void)mallopt(M_TRIM_THRESHOLD, KEPT); /* NOLINT(concurrency-mt-unsafe) */
	(void)mallopt(M_MMAP_THRESHOLD, KEPT); /* NOLINT(concurrency-mt-unsafe) */
	(void)mallopt(M_TOP_PAD, 256 << 10);   /* NOLINT(concurrency-mt-unsafe) */
	/* No SA_RESTART: accept must return. */
	(void)sigaction(SIGTERM, &act, NULL);
	(void)sigaction(SIGINT, &act, NULL);
	if (FCGX_Init() != 0 || FCGX_InitRequest(&r, w->fd, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
		gh_log_warn("worker.start", "msg=\"libfcgi does not start\"");
		return 1;
	}
	while (!stopping && FCGX_Accept_r(&r) == 0) {
		serve(&app, &r);
		FCGX_Finish_r(&r);
		app_after(&app);
	}
	app_close(&app);
	return stopping ? 0 : 1;
}
