#include "base/ban.h"
#include "tests/cgi/http.h"

#include <ctype.h>

#include "cgi/runner.h"
#include "wire/client.h"

static struct http *current;

bool
runner_up(const char *socket_path)
{
	assert_string_equal(socket_path, "/fake/web.sock");
	return !current->down;
}

void
wire_reply_done(struct wire_reply *r)
{
	gh_text_done(&r->body);
}

enum gh_code
wire_call(const char *socket_path, enum wire_op op, const unsigned char *token, const struct gh_text *fields,
    struct wire_reply *ret, struct gh_err *err)
{
	assert_string_equal(socket_path, "/fake/web.sock");
	current->calls++;
	current->op = op;
	current->with_token = token != NULL;
	if (token != NULL)
		memcpy(current->token, token, GH_TOKEN_LEN);
	gh_text_clear(&current->asked);
	if (fields != NULL)
		gh_text_put_n(&current->asked, gh_text_str(fields), fields->len);
	if (current->silent)
		return gh_fail(err, GH_UNAVAILABLE, "the runner did not answer in time");
	gh_text_put_n(&ret->body, "head", 4);
	if (current->code != GH_OK)
		return gh_fail(err, current->code, "%s", current->message);
	gh_text_put_n(&ret->body, gh_text_str(&current->answer), current->answer.len);
	ret->fields.at = (const unsigned char *)ret->body.data + 4;
	ret->fields.end = (const unsigned char *)ret->body.data + ret->body.len;
	return GH_OK;
}

static void
reset_in(struct http *h)
{
	static char no_body[1];

	h->in = (struct app_in){ .content_type = "application/x-www-form-urlencoded",
		.cookie = "",
		.origin = "",
		.fetch_site = "same-origin",
		.host = "gatehouse.test",
		.address = "192.0.2.7",
		.agent = "Firefox",
		.none_match = "",
		.body = no_body };
}

int
http_setup(void **state)
{
	struct http *h = calloc(1, sizeof(*h));
	struct gh_err err = { 0 };
	void *fixture = NULL;

	if (h == NULL)
		return -1;
	if (fixture_setup_folder(&fixture) != 0) {
		free(h);
		return -1;
	}
	h->f = fixture;
	current = h;
	reset_in(h);
	*state = h;
	if (app_open(&h->app,
		&(struct app_config){
		    .store = h->f->folder, .runner = "/fake/web.sock", .footer = "a footer" },
		&err) != GH_OK) {
		print_error("%s\n", err.msg);
		return -1;
	}
	return 0;
}

int
http_teardown(void **state)
{
	struct http *h = *state;
	void *fixture = h->f;

	app_close(&h->app);
	reply_done(&h->reply);
	gh_text_done(&h->answer);
	gh_text_done(&h->asked);
	free(h);
	return fixture_teardown(&fixture);
}

int
http_send(struct http *h, int64_t person, const char *method, const char *uri, const char *body)
{
	char cookie[128] = "gatehouse=", *copy = NULL;
	unsigned char token[GH_TOKEN_LEN];

	if (person != 0) {
		fixture_token(person, token);
		gh_hex(token, sizeof(token), cookie + strlen(cookie));
		h->in.cookie = cookie;
	}
	h->in.method = method;
	h->in.uri = uri;
	if (body != NULL) {
		copy = strdup(body);
		assert_non_null(copy);
		h->in.body = copy;
		h->in.body_len = strlen(body);
	}
	reply_done(&h->reply);
	h->reply = (struct reply){ 0 };
	app_handle(&h->app, &h->in, &h->reply);
	free(copy);
	reset_in(h);
	return h->reply.status;
}

int
http_get(struct http *h, int64_t person, const char *uri)
{
	return http_send(h, person, "GET", uri, NULL);
}

int
http_post(
    struct http *h, int64_t person, const char *uri, enum wire_op op, const char *subject, const char *body)
{
	unsigned char token[GH_TOKEN_LEN];
	char csrf[GH_SHA256_HEX_LEN];
	GH_TEXT all = { 0 };

	fixture_token(person, token);
	wire_csrf(token, op, subject, csrf);
	gh_text_putf(&all, "csrf=%s&key=key-1%s%s", csrf, *body == '\0' ? "" : "&", body);
	return http_send(h, person, "POST", uri, gh_text_str(&all));
}

void
http_refused(struct http *h, const struct http_act *act, enum gh_code code, const char *message, int status)
{
	h->code = code;
	h->message = message;
	assert_int_equal(http_post(h, act->person, act->uri, act->op, act->subject, act->body), status);
	/* It begins with a capital there. */
	assert_says(h, gh_printf(&h->f->arena, "%c%s", toupper((unsigned char)message[0]), message + 1));
	assert_int_equal(h->calls, 1);
}

void
http_asked(struct http *h, int64_t person, enum wire_op op, const char *subject)
{
	unsigned char token[GH_TOKEN_LEN];
	char csrf[GH_SHA256_HEX_LEN];

	assert_int_equal(h->calls, 1);
	assert_int_equal(h->op, op);
	fixture_token(person, token);
	assert_true(h->with_token);
	assert_memory_equal(h->token, token, sizeof(token));
	wire_csrf(token, op, subject, csrf);
	h->fields = (struct wire_in){ .at = (const unsigned char *)gh_text_str(&h->asked) };
	h->fields.end = h->fields.at + h->asked.len;
	assert_string_equal(wire_text(&h->fields, &h->f->arena), "key-1");
	assert_string_equal(wire_text(&h->fields, &h->f->arena), csrf);
}

struct wire_out
http_answer(struct http *h)
{
	gh_text_clear(&h->answer);
	return (struct wire_out){ .text = &h->answer };
}
