#include "base/ban.h"
#include "tests/cgi/http.h"

#include "cgi/form.h"
#include "cgi/route.h"

/* Pages of our own, in place of cgi/route.c. */
static enum gh_code
sample_run(struct req *req, struct view *v, struct gh_err *err)
{
	struct view *item;

	if (*req_query(req, "fail") != '\0')
		return gh_fail(err, GH_INTERNAL, "a secret detail");
	view_text(v, "next", req_query(req, "q"));
	view_text(v, "name", "");
	view_text(v, "message", "");
	item = view_item(view_list(v, "rows"));
	view_int(item, "id", 7);
	view_text(item, "name", "é");
	req_form(req, v, "form", WIRE_INCIDENT_NOTE, "incident/1");
	return GH_OK;
}

static const struct page sample = { .path = "/sample",
	.tpl = TPL_SIGNIN,
	.title = "Sample",
	.nav = "runs",
	.csv = "rows",
	.polls = true,
	.query = { "q", "fail" },
	.run = sample_run };
static const struct page leads = {
	.path = "/leads", .tpl = TPL_SIGNIN, .needs = ROLE_LEAD | ROLE_ADMIN, .run = sample_run
};
extern const struct act act_incident_note, act_session_open;

enum gh_code
route_find(struct req *req, struct route *ret, struct gh_err *err)
{
	(void)err;
	*ret = (struct route){ 0 };
	if (strcmp(req->path, "/sample") == 0)
		ret->page = &sample;
	else if (strcmp(req->path, "/leads") == 0)
		ret->page = &leads;
	else if (strcmp(req->path, "/notes") == 0)
		ret->act = &act_incident_note;
	else if (strcmp(req->path, "/signin") == 0)
		*ret = (struct route){ .page = &sample, .act = &act_session_open };
	req->id = 1;
	return GH_OK;
}

#define HEAD(h, words)                                                                                       \
	do {                                                                                                 \
		GH_TEXT head_ = { 0 };                                                                       \
		reply_head(&(h)->reply, &head_);                                                             \
		if (strstr(gh_text_str(&head_), (words)) == NULL)                                            \
			fail_msg("no %s in %s", words, head_.data);                                          \
	} while (0)

static void
answers_a_page(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?q=%3Cb%3E"), 200);
	assert_says(h, "value=\"&lt;b&gt;\"");
	assert_says(h, "viewer");
	assert_says(h, "Sample");
	HEAD(h, "Status: 200 OK\r\n");
	HEAD(h, "Content-Type: text/html; charset=utf-8\r\n");
	HEAD(h,
	    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
	    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n");
	HEAD(h, "X-Content-Type-Options: nosniff\r\n");
	HEAD(h, "Cache-Control: private, no-cache\r\n");
	HEAD(h, "X-Request-Id: ");
	assert_int_equal(http_send(h, FIXTURE_VIEWER, "HEAD", "/sample", NULL), 200);
	assert_true(h->reply.head);
}

static void
answers_304_although_keys_change(void **state)
{
	struct http *h = *state;
	char etag[40];

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample"), 200);
	memcpy(etag, h->reply.etag, sizeof(etag));
	h->in.none_match = etag;
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample"), 304);
	assert_int_equal(h->reply.body.len, 0);
	HEAD(h, "Status: 304 Not Modified\r\n");
	h->in.none_match = etag;
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?q=other"), 200);
	h->in.none_match = etag;
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/sample"), 200);
}

static void
answers_json_and_csv_of_the_same(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?format=json"), 200);
	assert_string_equal(gh_text_str(&h->reply.body),
	    "{\"next\":\"\",\"name\":\"\",\"message\":\"\",\"rows\":[{\"id\":7,\"name\":\"é\"}]}\n");
	HEAD(h, "Content-Type: application/json\r\n");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?format=csv"), 200);
	assert_string_equal(gh_text_str(&h->reply.body), "id,name\r\n7,é\r\n");
	HEAD(h, "filename=\"rows.csv\"");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/leads?format=csv"), 400);
	assert_says(h, "no format csv");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?format=xml"), 400);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/nowhere?format=json"), 404);
	assert_says(h, "{\"error\":{\"status\":404,\"message\":\"");
}

static void
asks_who_is_there(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, 0, "/sample?q=a%26b"), 303);
	assert_string_equal(h->reply.location, "/signin?next=%2Fsample%3Fq%3Da%2526b");
	assert_int_equal(http_get(h, 0, "/sample?format=json"), 401);
	assert_says(h, "Sign in to see this page.");
	h->in.cookie = "gatehouse=0000000000000000000000000000000000000000000000000000000000000000";
	assert_int_equal(http_get(h, 0, "/sample"), 303);
	assert_string_equal(h->reply.location, "/signin?expired=1&next=%2Fsample");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/leads"), 403);
	assert_says(h, "not for your roles");
	assert_int_equal(http_get(h, FIXTURE_LEAD, "/leads"), 200);
	assert_int_equal(http_get(h, FIXTURE_ADMIN, "/leads"), 200);
}

static void
ends_sessions_that_are_idle_old_or_ended(void **state)
{
	static const char *const ends[] = { "seen_at = seen_at - 1860000000", "expires_at = created_at",
		"ended_at = created_at" };
	struct http *h = *state;
	char sql[128];
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		assert_int_equal(http_get(h, FIXTURE_VIEWER + (int64_t)i, "/sample"), 200);
		(void)snprintf(sql, sizeof(sql), "UPDATE session SET %s WHERE person_id = %zu", ends[i],
		    FIXTURE_VIEWER + i);
		assert_ok(h->f, fixture_exec(h->f, sql));
		assert_int_equal(http_get(h, FIXTURE_VIEWER + (int64_t)i, "/sample"), 303);
		assert_non_null(strstr(h->reply.location, "expired=1"));
		assert_int_equal(http_post(h, FIXTURE_VIEWER + (int64_t)i, "/notes", WIRE_INCIDENT_NOTE,
				     "incident/1", "text=long+note"),
		    401);
		assert_says(h, "Your session has expired; nothing was done");
		assert_says(h, "long note</pre>");
	}
	assert_int_equal(h->calls, 0);
}

static void
touches_a_session_after_a_minute(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample"), 200);
	app_after(&h->app);
	assert_int_equal(h->calls, 0);
	assert_ok(h->f, fixture_exec(h->f, "UPDATE session SET seen_at = seen_at - 61000000"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample"), 200);
	h->silent = true;
	app_after(&h->app);
	assert_int_equal(h->calls, 1);
	assert_int_equal(h->op, WIRE_SESSION_TOUCH);
	assert_true(h->with_token);
	/* It failed: not tried again at once. */
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample"), 200);
	app_after(&h->app);
	assert_int_equal(h->calls, 1);
}

static void
refuses_bad_addresses(void **state)
{
	struct http *h = *state;
	char uri[REQ_PATH_MAX + 2];

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/nowhere"), 404);
	assert_says(h, "href=\"/migrations\""); /* the navigation stays for who is signed in */
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?x=1"), 400);
	assert_says(h, "no query field x");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?q=1&q=2"), 400);
	assert_says(h, "q was sent twice");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?q=%00"), 400);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?q=%e9"), 400);
	memset(uri, 'a', sizeof(uri) - 1);
	uri[sizeof(uri) - 1] = '\0';
	assert_int_equal(http_get(h, FIXTURE_VIEWER, uri), 400);
}

static void
names_the_methods(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_send(h, FIXTURE_VIEWER, "POST", "/sample", ""), 405);
	assert_string_equal(h->reply.allow, "GET, HEAD");
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/notes"), 405);
	assert_string_equal(h->reply.allow, "POST");
	assert_int_equal(http_send(h, FIXTURE_VIEWER, "DELETE", "/signin", NULL), 405);
	HEAD(h, "Allow: GET, HEAD, POST\r\n");
	assert_int_equal(http_send(h, FIXTURE_VIEWER, "BREW", "/nowhere", NULL), 404);
}

static void
hides_what_went_wrong_with_us(void **state)
{
	struct http *h = *state;

	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?fail=1"), 500);
	assert_says_not(h, "a secret detail");
	assert_says(h, h->reply.request_id);
	HEAD(h, "Cache-Control: no-store\r\n");
}

static void
says_what_is_wrong_with_the_store(void **state)
{
	struct http *h = *state;

	assert_ok(h->f, fixture_exec(h->f, "PRAGMA user_version = 999"));
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample"), 503);
	assert_says(h, "schema");
	HEAD(h, "Retry-After: ");
	app_close(&h->app);
	h->app.source.folder = "/nonexistent";
	assert_int_equal(
	    app_open(&h->app,
		&(struct app_config){ .store = "/nonexistent", .runner = "/fake/web.sock", .footer = "" },
		&h->f->err),
	    GH_OK);
	assert_int_equal(http_get(h, FIXTURE_VIEWER, "/sample?format=json"), 503);
	assert_says(h, "store is not there");
	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/notes", WIRE_INCIDENT_NOTE, "incident/1", "text=kept"), 503);
	assert_says(h, "kept</pre>");
}

static void
refuses_forms_from_elsewhere(void **state)
{
	static const struct {
		const char *fetch_site, *origin;
		int status;
	} cases[] = { { "cross-site", "", 403 }, { "same-site", "", 403 }, { "", "https://evil.test", 403 },
		{ "", "null", 403 }, { "same-origin", "https://evil.test", 403 }, { "none", "", 303 },
		{ "", "", 303 }, { "same-origin", "http://gatehouse.test", 303 } };
	struct http *h = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wire_out out = http_answer(h);

		wire_put_i64(&out, 3);
		h->calls = 0;
		h->in.fetch_site = cases[i].fetch_site;
		h->in.origin = cases[i].origin;
		assert_int_equal(
		    http_post(h, FIXTURE_VIEWER, "/notes", WIRE_INCIDENT_NOTE, "incident/1", "text=x"),
		    cases[i].status);
		assert_int_equal(h->calls, cases[i].status == 303);
	}
}

static void
refuses_bodies_that_are_no_forms(void **state)
{
	struct http *h = *state;

	h->in.body_too_long = true;
	assert_int_equal(http_send(h, FIXTURE_VIEWER, "POST", "/notes", ""), 413);
	assert_says(h, "larger than 64 KiB");
	h->in.body_cut = true;
	assert_int_equal(http_send(h, FIXTURE_VIEWER, "POST", "/notes", ""), 400);
	h->in.content_type = "multipart/form-data; boundary=x";
	assert_int_equal(http_send(h, FIXTURE_VIEWER, "POST", "/notes", ""), 415);
	h->in.content_type = "application/x-www-form-urlencodedx";
	assert_int_equal(http_send(h, FIXTURE_VIEWER, "POST", "/notes", ""), 415);
	h->in.content_type = "application/x-www-form-urlencoded; charset=UTF-8";
	assert_int_equal(http_send(h, FIXTURE_VIEWER, "POST", "/notes", ""), 400);
	assert_says(h, "key is missing");
	assert_int_equal(http_post(h, 0, "/notes?a=b", WIRE_INCIDENT_NOTE, "incident/1", "text=x"), 400);
	assert_int_equal(http_post(h, 0, "/notes", WIRE_INCIDENT_NOTE, "incident/1", "text=typed"), 401);
	assert_says(h, "typed</pre>");
	assert_int_equal(h->calls, 0);
}

static void
says_whether_anything_was_done(void **state)
{
	struct http *h = *state;

	h->down = true;
	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/notes", WIRE_INCIDENT_NOTE, "incident/1", "text=kept"), 503);
	assert_says(h, "he runner does not answer; nothing was done");
	assert_says(h, "kept</pre>");
	h->down = false;
	h->silent = true;
	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/notes", WIRE_INCIDENT_NOTE, "incident/1", "text=kept"), 503);
	assert_says(h, "not known whether this was done");
	h->silent = false;
	h->code = GH_UNAVAILABLE;
	h->message = "shop_production cannot be reached";
	assert_int_equal(
	    http_post(h, FIXTURE_VIEWER, "/notes", WIRE_INCIDENT_NOTE, "incident/1", "text=kept"), 503);
	assert_says(h, "shop_production cannot be reached");
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, http_setup, http_teardown)
	const struct CMUnitTest tests[] = {
		T(answers_a_page),
		T(answers_304_although_keys_change),
		T(answers_json_and_csv_of_the_same),
		T(asks_who_is_there),
		T(ends_sessions_that_are_idle_old_or_ended),
		T(touches_a_session_after_a_minute),
		T(refuses_bad_addresses),
		T(names_the_methods),
		T(hides_what_went_wrong_with_us),
		T(says_what_is_wrong_with_the_store),
		T(refuses_forms_from_elsewhere),
		T(refuses_bodies_that_are_no_forms),
		T(says_whether_anything_was_done),
	};

	return cmocka_run_group_tests_name("cgi/app", tests, NULL, NULL);
}
