#include "base/ban.h"
#include "cgi/route.h"

#include <setjmp.h>
#include <cmocka.h>

static bool
matches(struct req *req, const char *pattern, const char *path)
{
	struct gh_err err = { 0 };
	enum gh_code code;

	return route_match(req, pattern, path, &code, &err);
}

static void
takes_ids_and_names(void **state)
{
	GH_ARENA a = { 0 };
	struct req req = { .arena = &a };

	(void)state;
	assert_true(matches(&req, "/", "/"));
	assert_true(matches(&req, "/runs/{id}", "/runs/12"));
	assert_int_equal(req.id, 12);
	assert_true(matches(&req, "/targets/{name}", "/targets/a%20b%2Fc"));
	assert_string_equal(req.name, "a b/c");
	assert_true(matches(&req, "/migrations/{project}/{version}", "/migrations/shop/0012"));
	assert_string_equal(req_param(&req, "project"), "shop");
	assert_string_equal(req_param(&req, "version"), "0012");
	assert_string_equal(req_param(&req, "other"), "");
}

static void
refuses_what_only_looks_alike(void **state)
{
	static const struct {
		const char *pattern, *path;
	} bad[] = { { "/runs/{id}", "/runs/" }, { "/runs/{id}", "/runs/0" }, { "/runs/{id}", "/runs/-1" },
		{ "/runs/{id}", "/runs/012" }, { "/runs/{id}", "/runs/1x" },
		{ "/runs/{id}", "/runs/99999999999999999999" }, { "/runs/{id}", "/runs/1/" },
		{ "/runs", "/runs/" }, { "/runs", "/run" }, { "/runs", "runs" }, { "/", "//" }, { "/", "" },
		{ "/targets/{name}", "/targets/" }, { "/targets/{name}", "/targets/a/b" } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		GH_ARENA a = { 0 };
		struct req req = { .arena = &a };

		if (matches(&req, bad[i].pattern, bad[i].path))
			fail_msg("%s takes %s", bad[i].pattern, bad[i].path);
	}
}

static void
refuses_paths_that_are_no_text(void **state)
{
	static const char *const bad[] = { "/targets/%00", "/targets/%ff", "/targets/%2" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		GH_ARENA a = { 0 };
		struct req req = { .arena = &a };
		struct gh_err err = { 0 };
		enum gh_code code;

		assert_false(route_match(&req, "/targets/{name}", bad[i], &code, &err));
		assert_int_equal(code, GH_BAD_INPUT);
	}
}

static void
finds_page_and_act_of_one_path(void **state)
{
	GH_ARENA a = { 0 };
	struct req req = { .arena = &a, .method = "POST", .path = "/signin" };
	struct gh_err err = { 0 };
	struct route route;

	(void)state;
	assert_int_equal(route_find(&req, &route, &err), GH_OK);
	assert_string_equal(route.page->path, "/signin");
	assert_string_equal(route.act->path, "/signin");
	req.path = "/requests/7/approve";
	assert_int_equal(route_find(&req, &route, &err), GH_OK);
	assert_null(route.page);
	assert_string_equal(route.act->path, "/requests/{id}/approve");
	assert_int_equal(req.id, 7);
	req.path = "/nowhere";
	assert_int_equal(route_find(&req, &route, &err), GH_OK);
	assert_null(route.page);
	assert_null(route.act);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_ids_and_names),
		cmocka_unit_test(refuses_what_only_looks_alike),
		cmocka_unit_test(refuses_paths_that_are_no_text),
		cmocka_unit_test(finds_page_and_act_of_one_path),
	};

	return cmocka_run_group_tests_name("cgi/route", tests, NULL, NULL);
}
