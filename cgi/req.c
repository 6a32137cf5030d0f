#include "base/ban.h"
#include "cgi/req.h"
#include "base/io.h"
#include "wire/csrf.h"

static const char *
pair_value(const struct req_pair *pairs, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(pairs[i].name, name) == 0)
			return pairs[i].value;
	}
	return "";
}

const char *
req_query(const struct req *req, const char *name)
{
	return pair_value(req->query, req->n_query, name);
}

const char *
req_param(const struct req *req, const char *name)
{
	return pair_value(req->params, req->n_params, name);
}

enum gh_code
req_query_int(const struct req *req, const char *name, int64_t min, int64_t max, int64_t fallback,
    int64_t *ret, struct gh_err *err)
{
	const char *text = req_query(req, name);

	*ret = fallback;
	if (*text != '\0' && !gh_parse_i64(text, min, max, ret))
		return gh_fail(err, GH_BAD_INPUT, "%s is not a number from %" PRId64 " to %" PRId64 ": %.40s",
		    name, min, max, text);
	return GH_OK;
}

bool
req_has_role(const struct req *req, unsigned roles)
{
	return req->session.signed_in && (req->session.roles & roles) != 0;
}

bool
req_local_path(const char *path)
{
	const unsigned char *c = (const unsigned char *)path;

	if (path[0] != '/' || path[1] == '/' || strlen(path) > REQ_PATH_MAX)
		return false;
	for (; *c != '\0'; c++) {
		if (*c <= 0x20 || *c == '\\' || *c >= 0x7f)
			return false;
	}
	return true;
}

/*
 * Each form has its own key, since a key is good for one act.  All share a random base: the ETag leaves it
 * out, or a page with a form would never be the same twice.
 */
static const char *
next_key(struct req *req)
{
	unsigned char bytes[12];

	if (*req->key_base == '\0') {
		gh_random(bytes, sizeof(bytes));
		gh_hex(bytes, sizeof(bytes), req->key_base);
	}
	return gh_printf(req->arena, "%s-%u", req->key_base, ++req->n_keys);
}

void
req_form(struct req *req, struct view *v, const char *name, enum wire_op op, const char *subject)
{
	struct view *form = view_form(v, name);
	char csrf[GH_SHA256_HEX_LEN] = "";

	if (req->session.signed_in)
		wire_csrf(req->session.token, op, subject, csrf);
	view_text(form, "csrf", csrf);
	view_text(form, "key", next_key(req));
}

void
req_formf(struct req *req, struct view *v, const char *name, enum wire_op op, const char *fmt, ...)
{
	const char *subject;
	va_list ap;

	va_start(ap, fmt);
	subject = gh_vprintf(req->arena, fmt, ap);
	va_end(ap);
	req_form(req, v, name, op, subject);
}
