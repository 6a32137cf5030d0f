#include "base/ban.h"
#include "cgi/route.h"
#include "base/io.h"
#include "cgi/acts.h"
#include "cgi/form.h"
#include "cgi/pages.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): names, not values */
#define DECLARE_PAGE(name) extern const struct page name;
PAGES(DECLARE_PAGE)
#undef DECLARE_PAGE
#define DECLARE_ACT(name) extern const struct act name;
ACTS(DECLARE_ACT)
#undef DECLARE_ACT
#define ADDRESS(name) &name,
static const struct page *const pages[] = { PAGES(ADDRESS) };
static const struct act *const acts[] = { ACTS(ADDRESS) };
#undef ADDRESS
/* NOLINTEND(bugprone-macro-parentheses) */

/* One part of a path against "{id}" or "{name}". */
static bool
take(struct req *req, const char *pattern, size_t pattern_len, const char *part, size_t len,
    enum gh_code *ret_code, struct gh_err *err)
{
	struct req_pair *pair;

	if (len == 0 || req->n_params == REQ_PARAMS)
		return false;
	pair = &req->params[req->n_params];
	*ret_code = form_unescape(req->arena, part, len, false, &pair->value, err);
	if (*ret_code != GH_OK)
		return false;
	pair->name = gh_strndup(req->arena, pattern + 1, pattern_len - 2);
	req->n_params++;
	if (strcmp(pair->name, "id") == 0)
		return *part != '0' && gh_parse_i64(pair->value, 1, INT64_MAX, &req->id);
	if (strcmp(pair->name, "name") == 0)
		req->name = pair->value;
	return true;
}

bool
route_match(
    struct req *req, const char *pattern, const char *path, enum gh_code *ret_code, struct gh_err *err)
{
	size_t n, m;

	*ret_code = GH_OK;
	req->n_params = 0;
	req->id = 0;
	req->name = "";
	while (*pattern == '/' && *path == '/') {
		pattern++;
		path++;
		n = strcspn(pattern, "/");
		m = strcspn(path, "/");
		if (*pattern == '{') {
			if (!take(req, pattern, n, path, m, ret_code, err))
				return false;
		} else if (n != m || memcmp(pattern, path, n) != 0) {
			return false;
		}
		pattern += n;
		path += m;
	}
	return *pattern == '\0' && *path == '\0';
}

enum gh_code
route_find(struct req *req, struct route *ret, struct gh_err *err)
{
	struct req saved;
	enum gh_code code;
	size_t i;

	*ret = (struct route){ 0 };
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]) && ret->page == NULL; i++) {
		if (route_match(req, pages[i]->path, req->path, &code, err))
			ret->page = pages[i];
		else
			GH_TRY(code);
	}
	saved = *req;
	for (i = 0; i < sizeof(acts) / sizeof(acts[0]) && ret->act == NULL; i++) {
		if (route_match(req, acts[i]->path, req->path, &code, err))
			ret->act = acts[i];
		else
			GH_TRY(code);
	}
	/* The parts are those of the one that will run. */
	if (ret->act == NULL || strcmp(req->method, "POST") != 0)
		*req = saved;
	return GH_OK;
}
