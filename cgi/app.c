#include "base/ban.h"
#include "cgi/app.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "cgi/form.h"
#include "cgi/route.h"
#include "cgi/runner.h"
#include "cgi/session.h"

#define ARENA_LIMIT ((size_t)64 << 20) /* a plan's highlighted SQL is the largest thing on a page */
#define RUNNER_LOOK (2 * GH_SECOND)
#define TOUCH_PAUSE (30 * GH_SECOND)
#define AGENT_SHOWN 200

enum gh_code
app_open(struct app *app, const struct app_config *config, struct gh_err *err)
{
	*app = (struct app){ .config = *config, .source = { .folder = config->store } };
	return template_set_new(template_sources, TPL_COUNT, true, &app->templates, err);
}

void
app_close(struct app *app)
{
	source_close(&app->source);
	template_set_free(app->templates);
	app->templates = NULL;
}

bool
app_runner_up(struct app *app)
{
	int64_t now = gh_clock_mono();

	if (app->runner_at == 0 || now - app->runner_at > RUNNER_LOOK) {
		app->runner_up = runner_up(app->config.runner);
		app->runner_at = now;
	}
	return app->runner_up;
}

void
app_after(struct app *app)
{
	struct gh_err err = { 0 };
	WIRE_REPLY reply = { 0 };
	int64_t now = gh_clock_mono();
	int slot;

	if (!app->touch)
		return;
	app->touch = false;
	/* A runner that is down or slow must not cost every request its patience. */
	if (now >= app->touch_not_before && runner_up(app->config.runner) &&
	    slots_take(&app->config.slots, 0, &slot)) {
		if (wire_call(app->config.runner, WIRE_SESSION_TOUCH, app->touch_token, NULL, &reply, &err) !=
		    GH_OK)
			app->touch_not_before = now + TOUCH_PAUSE;
		slots_give(&app->config.slots, slot);
	}
	explicit_bzero(app->touch_token, sizeof(app->touch_token));
}

static enum gh_code
choose_format(struct req *req, const struct page *page, struct gh_err *err)
{
	size_t i, at;

	for (i = 0; i < req->n_query; i++) {
		const char *name = req->query[i].name;

		for (at = 0; at < PAGE_QUERY && page->query[at] != NULL && strcmp(page->query[at], name) != 0;
		     at++)
			;
		if (strcmp(name, "format") != 0 && (at == PAGE_QUERY || page->query[at] == NULL))
			return gh_fail(err, GH_BAD_INPUT, "this page has no query field %.64s", name);
	}
	if (*req_query(req, "format") == '\0' || strcmp(req_query(req, "format"), "html") == 0)
		req->format = REQ_HTML;
	else if (strcmp(req_query(req, "format"), "json") == 0)
		req->format = REQ_JSON;
	else if (strcmp(req_query(req, "format"), "csv") == 0 && page->csv != NULL)
		req->format = REQ_CSV;
	else
		return gh_fail(err, GH_BAD_INPUT, "this page has no format %.40s", req_query(req, "format"));
	return GH_OK;
}

static enum gh_code
render(struct req *req, const struct page *page, const struct view *v, struct reply *ret, struct gh_err *err)
{
	switch (req->format) {
	case REQ_HTML:
		GH_TRY(template_render(req->app->templates, page->tpl,
		    layout_new(req, page->title, page->nav), v, &ret->body, err));
		break;
	case REQ_JSON:
		ret->type = "application/json";
		view_json(v, &ret->body);
		gh_text_putc(&ret->body, '\n');
		break;
	case REQ_CSV:
		ret->type = "text/csv; charset=utf-8";
		(void)snprintf(ret->filename, sizeof(ret->filename), "%s.csv", page->csv);
		GH_TRY(view_csv(v, page->csv, &ret->body, err));
		break;
	}
	ret->status = 200;
	ret->keep = page->polls || req->format != REQ_HTML;
	if (ret->keep) {
		reply_etag(ret, req->key_base);
		if (reply_matches(ret, req->none_match)) {
			ret->status = 304;
			gh_text_clear(&ret->body);
		}
	}
	return GH_OK;
}

static enum gh_code
get(struct req *req, const struct page *page, struct reply *ret, struct gh_err *err)
{
	bool public = (page->needs & ROLE_PUBLIC) != 0;
	struct gh_err store_err = { 0 };
	STORE_TX tx = { 0 };
	struct view *v;
	enum gh_code code;

	GH_TRY(choose_format(req, page, err));
	code = source_get(&req->app->source, &req->store, &store_err);
	if (code == GH_OK)
		code = store_begin(req->store, &tx, &store_err);
	if (code == GH_OK)
		code = session_load(req, &store_err);
	if (code != GH_OK)
		req->store = NULL;
	if (code != GH_OK && !public)
		return gh_fail(err, code, "%s", store_err.msg);
	if (!public && !req->session.signed_in)
		return gh_fail(err, GH_UNAUTHENTICATED,
		    req->session.expired ? "your session has expired: sign in again"
					 : "sign in to see this page");
	if (!public && page->needs != 0 && !req_has_role(req, page->needs))
		return gh_fail(err, GH_FORBIDDEN, "this page is not for your roles");
	v = view_new(req->arena);
	v->now_us = req->now_us;
	GH_TRY(page->run(req, v, err));
	return render(req, page, v, ret, err);
}

/* To the sign-in page and back afterwards. */
static void
go_to_sign_in(struct req *req, const char *uri, struct reply *ret)
{
	struct view *v = view_new(req->arena);

	view_url(v, "to", req->session.expired ? "/signin?expired=1&next=%s" : "/signin?next=%s",
	    req_local_path(uri) ? uri : "/");
	if (view_find(v, "to", 2)->len >= sizeof(ret->location))
		view_text(v, "to", "/signin");
	(void)snprintf(ret->location, sizeof(ret->location), "%s", view_find(v, "to", 2)->text);
	ret->status = 303;
}

static enum gh_code
wrong_method(const struct route *route, struct reply *ret, struct gh_err *err)
{
	ret->status = 405;
	(void)snprintf(ret->allow, sizeof(ret->allow), "%s%s%s", route->page == NULL ? "" : "GET, HEAD",
	    route->page != NULL && route->act != NULL ? ", " : "", route->act == NULL ? "" : "POST");
	return gh_fail(err, GH_BAD_INPUT, "this address answers %s only", ret->allow);
}

static enum gh_code
answer(struct req *req, struct app_in *in, struct reply *ret, struct gh_err *err)
{
	const char *mark = strchr(in->uri, '?');
	bool post = strcmp(req->method, "POST") == 0;
	struct route route;

	if (strlen(in->uri) > REQ_PATH_MAX)
		return gh_fail(err, GH_BAD_INPUT, "the address is longer than %d bytes", REQ_PATH_MAX);
	req->path = mark == NULL ? in->uri : gh_strndup(req->arena, in->uri, (size_t)(mark - in->uri));
	if (mark != NULL)
		GH_TRY(form_decode(req->arena, mark + 1, strlen(mark + 1), &req->query, &req->n_query, err));
	/* For the errors before a page is known; choose_format decides. */
	if (strcmp(req_query(req, "format"), "json") == 0)
		req->format = REQ_JSON;
	GH_TRY(route_find(req, &route, err));
	if (route.page == NULL && route.act == NULL)
		return gh_fail(err, GH_NOT_FOUND, "there is no page here");
	if (post ? route.act == NULL : route.page == NULL || strcmp(req->method, "GET") != 0)
		return wrong_method(&route, ret, err);
	if (post && req->n_query > 0)
		return gh_fail(err, GH_BAD_INPUT, "a form is sent without query fields");
	return post ? app_post(req, route.act, in, ret, err) : get(req, route.page, ret, err);
}

/* What comes from the browser and is only shown or recorded: cut, and dropped when it is no text. */
static const char *
clean(struct gh_arena *a, const char *s)
{
	size_t len = strnlen(s, AGENT_SHOWN);

	while (len > 0 && !gh_utf8_valid(s, len, NULL) && len > AGENT_SHOWN - 4)
		len--;
	return gh_utf8_valid(s, len, NULL) ? gh_strndup(a, s, len) : "";
}

/* An address that is wrong is no reason to forget who asks: the error page keeps its navigation. */
static void
recognise(struct req *req)
{
	struct gh_err unseen = { 0 };
	STORE_TX tx = { 0 };

	if (req->store != NULL || req->session.signed_in)
		return;
	if (source_get(&req->app->source, &req->store, &unseen) != GH_OK ||
	    store_begin(req->store, &tx, &unseen) != GH_OK || session_load(req, &unseen) != GH_OK)
		req->session.signed_in = false;
	req->store = NULL;
}

void
app_handle(struct app *app, struct app_in *in, struct reply *ret)
{
	GH_ARENA arena = { .limit = ARENA_LIMIT };
	struct req *req = gh_alloc(&arena, sizeof(*req));
	struct gh_err err = { 0 };
	int64_t start = gh_clock_mono();
	unsigned char id[8];

	gh_random(id, sizeof(id));
	gh_hex(id, sizeof(id), ret->request_id);
	req->arena = &arena;
	req->app = app;
	req->now_us = gh_clock_now();
	req->request_id = ret->request_id;
	req->head = strcmp(in->method, "HEAD") == 0;
	req->method = req->head ? "GET" : in->method;
	req->path = "/";
	req->name = "";
	req->address = clean(&arena, in->address);
	req->agent = clean(&arena, in->agent);
	req->origin = in->origin;
	req->fetch_site = in->fetch_site;
	req->host = in->host;
	req->cookie = in->cookie;
	req->none_match = in->none_match;
	req->https = in->https;
	ret->head = req->head;
	if (answer(req, in, ret, &err) != GH_OK) {
		if (err.code == GH_UNAUTHENTICATED && req->format == REQ_HTML &&
		    strcmp(req->method, "GET") == 0)
			go_to_sign_in(req, in->uri, ret);
		else if (ret->body.len == 0) {
			recognise(req);
			app_error(req, NULL, &err, ret);
		}
	}
	if (err.code != GH_OK)
		gh_log_warn("request.refused", "req=%s code=%s at=%s:%d msg=\"%s\"", ret->request_id,
		    gh_code_name(err.code), err.file, err.line, err.msg);
	gh_log_info("request", "req=%s method=%.10s path=%.200s status=%d bytes=%zu us=%" PRId64 " person=%s",
	    ret->request_id, in->method, req->path, ret->status, ret->body.len, gh_clock_mono() - start,
	    req->session.signed_in ? req->session.person : "-");
	explicit_bzero(req->session.token, sizeof(req->session.token));
}
