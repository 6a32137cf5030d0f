/*
 * One request: what a page or an act may know.  Everything is decoded and checked before run is called, and
 * lives in the request's arena.
 */
#ifndef GH_CGI_REQ_H
#define GH_CGI_REQ_H

#include "base/arena.h"
#include "base/hash.h"
#include "cgi/view.h"
#include "wire/ops.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct store;

/* A person has any number of these; a page or act names those of which one is enough. */
enum {
	ROLE_VIEWER = 1,
	ROLE_LEAD = 2,
	ROLE_AUDITOR = 4,
	ROLE_ADMIN = 8,
	ROLE_SIGNED_IN = 0,   /* needs: any signed-in person */
	ROLE_PUBLIC = 1 << 8, /* needs: nobody need be signed in */
};

enum req_format { REQ_HTML, REQ_JSON, REQ_CSV };

struct req_pair {
	const char *name, *value;
};

struct req_session {
	bool signed_in;
	bool expired; /* a session was sent that is over */
	int64_t id, person_id, seen_at;
	const char *person; /* name */
	unsigned roles;
	unsigned char token[GH_TOKEN_LEN];
};

#define REQ_PARAMS   4
#define REQ_PATH_MAX 2048

struct req {
	struct gh_arena *arena;
	struct app *app;
	struct store *store; /* read-only; NULL only on pages that need none */
	int64_t now_us;
	const char *request_id; /* 16 hex digits; in the log and in X-Request-Id */
	const char *method;     /* "GET" (HEAD too), "POST" */
	bool head;
	const char *path;
	enum req_format format;
	struct req_session session;
	/* from the path */
	int64_t id;                         /* {id} */
	const char *name;                   /* {name}, else "" */
	struct req_pair params[REQ_PARAMS]; /* all of them, also {project}, {version}... */
	size_t n_params;
	/* from the query: only the names that the page declares */
	struct req_pair *query;
	size_t n_query;
	/* who asks */
	const char *address, *agent, *origin, *fetch_site, *host, *cookie, *none_match;
	bool https;
	/* the idempotency key's base, made on first use; the ETag leaves it out */
	char key_base[25];
	unsigned n_keys;
};

/* The value of a query field or path part; "" when absent. */
const char *req_query(const struct req *req, const char *name);
const char *req_param(const struct req *req, const char *name);
/* A number of the query; absent gives fallback, anything else than min..max GH_BAD_INPUT. */
enum gh_code req_query_int(const struct req *req, const char *name, int64_t min, int64_t max,
    int64_t fallback, int64_t *ret, struct gh_err *err) GH_MUST_USE;
bool req_has_role(const struct req *req, unsigned roles);
/* A path of this site, so that ?next= leads nowhere else. */
bool req_local_path(const char *path);

/*
 * Declares v.NAME = {csrf, key}, the two hidden fields that every form of an act has:
 *   <input type="hidden" name="csrf" value="{{NAME.csrf}}"><input type="hidden" name="key"
 * value="{{NAME.key}}"> op and subject as in wire/csrf.h.
 */
void req_form(struct req *req, struct view *v, const char *name, enum wire_op op, const char *subject);
void req_formf(struct req *req, struct view *v, const char *name, enum wire_op op, const char *fmt, ...)
    GH_PRINTF(5, 6);

#endif
