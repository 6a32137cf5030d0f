#include "base/ban.h"
#include "cgi/app.h"
#include "cgi/form.h"
#include "cgi/runner.h"
#include "cgi/session.h"

void
act_call_start(struct act_call *c, const struct act_form *form)
{
	c->out.text = &c->text;
	if (form->act->open)
		return;
	wire_put_text(&c->out, form->key);
	wire_put_text(&c->out, form->csrf);
}

enum gh_code
act_call_send(struct act_call *c, const struct req *req, enum wire_op op, struct gh_err *err)
{
	const char *path = req->app->config.runner;
	struct gh_err call_err = { 0 };
	const struct slots *slots = &req->app->config.slots;
	enum gh_code code;
	int slot;

	if (c->out.bad != NULL || c->text.full)
		return gh_fail(err, GH_BAD_INPUT, "the form is too long to be sent to the runner");
	if (!runner_up(path))
		return gh_fail(err, GH_UNAVAILABLE, "the runner does not answer; nothing was done");
	if (!slots_take(slots, SLOTS_PATIENCE, &slot))
		return gh_fail(err, GH_UNAVAILABLE,
		    "the runner is slow, and as many people wait for it as may; nothing was done: try again "
		    "in a "
		    "moment");
	code = wire_call(
	    path, op, req->session.signed_in ? req->session.token : NULL, &c->text, &c->reply, &call_err);
	slots_give(slots, slot);
	if (code == GH_OK)
		return GH_OK;
	/* No reply: it may have been done.  The key makes it safe to send the same form again. */
	if (c->reply.body.len == 0 && code == GH_UNAVAILABLE)
		return gh_fail(err, GH_UNAVAILABLE,
		    "the runner stopped answering, so it is not known whether this was done; look, or send "
		    "the same form "
		    "again: it is never done twice");
	return gh_fail(err, code, "%s", call_err.msg);
}

void
act_call_done(struct act_call *c)
{
	if (c->text.data != NULL)
		explicit_bzero(c->text.data, c->text.cap);
	if (c->reply.body.data != NULL)
		explicit_bzero(c->reply.body.data, c->reply.body.cap);
	gh_text_done(&c->text);
	wire_reply_done(&c->reply);
}

/* Browsers say where a request comes from; what says "elsewhere" is refused before anything else is looked
 * at. */
static enum gh_code
check_origin(const struct req *req, struct gh_err *err)
{
	const char *host;

	if (*req->fetch_site != '\0' && strcmp(req->fetch_site, "same-origin") != 0 &&
	    strcmp(req->fetch_site, "none") != 0)
		return gh_fail(err, GH_FORBIDDEN, "the form was sent from another site; nothing was done");
	if (*req->origin == '\0')
		return GH_OK;
	host = strstr(req->origin, "://");
	if (host == NULL || strcmp(host + 3, req->host) != 0)
		return gh_fail(err, GH_FORBIDDEN, "the form was sent from another site; nothing was done");
	return GH_OK;
}

static enum gh_code
check_body(const struct app_in *in, struct reply *ret, struct gh_err *err)
{
	static const char form_type[] = "application/x-www-form-urlencoded";
	size_t len = sizeof(form_type) - 1;

	if (in->body_too_long) {
		ret->status = 413;
		return gh_fail(err, GH_BAD_INPUT, "the form is larger than %zu KiB; nothing was done",
		    FORM_BODY_MAX / 1024);
	}
	if (in->body_cut)
		return gh_fail(err, GH_BAD_INPUT, "the form did not arrive whole; nothing was done");
	if (strncasecmp(in->content_type, form_type, len) != 0 ||
	    (in->content_type[len] != '\0' && in->content_type[len] != ';' && in->content_type[len] != ' ')) {
		ret->status = 415;
		return gh_fail(err, GH_BAD_INPUT, "a form is sent as %s", form_type);
	}
	return GH_OK;
}

/* In a snapshot of its own, which ends before the runner is called. */
static enum gh_code
load_session(struct req *req, struct gh_err *err)
{
	STORE_TX tx = { 0 };

	GH_TRY(source_get(&req->app->source, &req->store, err));
	GH_TRY(store_begin(req->store, &tx, err));
	GH_TRY(session_load(req, err));
	if (req->session.signed_in)
		return GH_OK;
	return gh_fail(err, GH_UNAUTHENTICATED,
	    req->session.expired ? "your session has expired; nothing was done: sign in again"
				 : "nobody is signed in; nothing was done");
}

static enum gh_code
decode(struct req *req, const struct act *act, const struct app_in *in, struct act_form *form,
    struct reply *ret, struct gh_err *err)
{
	struct req_pair *pairs;
	enum gh_code code;
	bool wrong;
	size_t n;

	GH_TRY(form_decode(req->arena, in->body, in->body_len, &pairs, &n, err));
	code = form_read(req->arena, act, pairs, n, form, &wrong, err);
	if (wrong)
		ret->status = 422;
	return code;
}

static enum gh_code
run(struct req *req, const struct act *act, const struct act_form *form, struct reply *ret,
    struct gh_err *err)
{
	struct act_done done = { 0 };

	GH_TRY(act->run(req, form, &done, err));
	if (!req_local_path(done.to))
		done.to = "/";
	(void)snprintf(ret->location, sizeof(ret->location), "%s", done.to);
	(void)snprintf(ret->cookie, sizeof(ret->cookie), "%s", done.cookie == NULL ? "" : done.cookie);
	ret->status = 303;
	return GH_OK;
}

/* The form once more, with what was typed and what was wrong. */
static bool
show_again(struct req *req, const struct act_form *form, const struct gh_err *err, struct reply *ret)
{
	struct view *v = view_new(req->arena);
	struct gh_err ignored = { 0 };
	size_t i;

	view_text(v, "message", app_sentence(req->arena, err->msg));
	for (i = 0; i < ACT_FIELDS && form->act->fields[i].name != NULL; i++) {
		if (form->act->fields[i].kind != ACT_SECRET)
			view_text(v, form->act->fields[i].name, form->values[i].text);
	}
	if (ret->status < 400)
		ret->status = gh_code_http(err->code);
	return template_render(req->app->templates, form->act->again_tpl,
		   layout_new(req, form->act->again_title, NULL), v, &ret->body, &ignored) == GH_OK;
}

enum gh_code
app_post(struct req *req, const struct act *act, struct app_in *in, struct reply *ret, struct gh_err *err)
{
	struct act_form form = { .act = act, .csrf = "", .key = "" };
	struct gh_err session_err = { 0 };
	enum gh_code code, session = GH_OK;

	GH_TRY(check_body(in, ret, err));
	GH_TRY(check_origin(req, err));
	if (!act->open)
		session = load_session(req, &session_err);
	code = decode(req, act, in, &form, ret, err);
	explicit_bzero(in->body, in->body_len);
	if (session != GH_OK) {
		*err = session_err;
		ret->status = 0;
		code = session;
	}
	if (code == GH_OK)
		code = run(req, act, &form, ret, err);
	form_done(&form);
	if (code == GH_OK)
		return GH_OK;
	if (!act->again || err->code == GH_INTERNAL || !show_again(req, &form, err, ret))
		app_error(req, &form, err, ret);
	return code;
}
