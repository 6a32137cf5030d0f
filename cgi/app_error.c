#include "base/ban.h"
#include "cgi/app.h"

static const char *
title_of(int status)
{
	switch (status) {
	case 400:
		return "Not understood";
	case 401:
		return "Not signed in";
	case 403:
		return "Not allowed";
	case 404:
		return "Not found";
	case 405:
		return "Wrong method";
	case 409:
		return "Not possible now";
	case 413:
		return "Too large";
	case 415:
		return "Wrong kind of form";
	case 422:
		return "Something is missing";
	case 503:
		return "Not available";
	default:
		return "Something went wrong";
	}
}

/* Messages start small, since they also stand behind a colon; a name such as shop_production stays as it is.
 */
const char *
app_sentence(struct gh_arena *a, const char *msg)
{
	size_t word = strspn(msg, "abcdefghijklmnopqrstuvwxyz"), len = strlen(msg);
	char *ret = gh_printf(a, "%s%s", msg, len > 0 && strchr(".!?", msg[len - 1]) == NULL ? "." : "");

	if (word > 0 && (msg[word] == ' ' || msg[word] == ','))
		ret[0] = (char)toupper((unsigned char)ret[0]);
	return ret;
}

/* What people wrote comes back as text that they can copy; secrets never. */
static void
add_typed(struct view *v, const struct act_form *form)
{
	struct view *list = view_list(v, "typed"), *item;
	bool any = false;
	size_t i;

	for (i = 0; form != NULL && i < ACT_FIELDS && form->act->fields[i].name != NULL; i++) {
		if (form->act->fields[i].kind == ACT_SECRET || form->values[i].text == NULL ||
		    *form->values[i].text == '\0')
			continue;
		item = view_item(list);
		view_text(item, "label", form->act->fields[i].label);
		view_text(item, "value", form->values[i].text);
		any = true;
	}
	view_bool(v, "any_typed", any);
}

static void
add_back(struct view *v, const struct req *req, const struct act_form *form, int status)
{
	if (status == 401) {
		view_text(v, "back", "/signin");
		view_text(v, "back_label", "Sign in");
	} else if (form != NULL && form->act->back != NULL) {
		view_url(v, "back", form->act->back, req->id);
		view_text(v, "back_label", form->act->back_label);
	} else {
		/* The overview is always offered. */
		view_text(v, "back", req->session.signed_in ? "" : "/signin");
		view_text(v, "back_label", req->session.signed_in ? "" : "To the sign-in page");
	}
}

void
app_error(struct req *req, const struct act_form *form, const struct gh_err *err, struct reply *ret)
{
	struct view *v = view_new(req->arena), *inner;
	struct gh_err again = { 0 };
	const char *message = err->msg;

	if (ret->status < 400)
		ret->status = gh_code_http(err->code);
	if (err->code == GH_INTERNAL)
		message = gh_printf(req->arena, "This is our fault. The log tells more: look for request %s.",
		    req->request_id);
	ret->keep = false;
	ret->etag[0] = '\0';
	ret->filename[0] = '\0';
	gh_text_clear(&ret->body);
	view_int(v, "status", ret->status);
	view_text(v, "title", title_of(ret->status));
	message = app_sentence(req->arena, message);
	view_text(v, "message", message);
	view_text(v, "request_id", req->request_id);
	if (req->format != REQ_HTML) {
		struct view *outer = view_new(req->arena);

		inner = view_object(outer, "error");
		view_int(inner, "status", ret->status);
		view_text(inner, "message", message);
		view_text(inner, "request", req->request_id);
		ret->type = "application/json";
		view_json(outer, &ret->body);
		gh_text_putc(&ret->body, '\n');
		return;
	}
	add_typed(v, form);
	add_back(v, req, form, ret->status);
	ret->type = NULL;
	if (template_render(req->app->templates, TPL_ERROR, layout_new(req, title_of(ret->status), NULL), v,
		&ret->body, &again) != GH_OK) {
		gh_text_clear(&ret->body);
		ret->type = "text/plain; charset=utf-8";
		gh_text_putf(&ret->body, "%d %s\n%s\n", ret->status, title_of(ret->status), message);
	}
}
