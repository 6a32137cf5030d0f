#include "base/ban.h"
#include "cgi/session.h"
#include "cgi/app.h"
#include "cgi/cookie.h"
#include "store/person.h"
#include "wire/csrf.h"

_Static_assert(ROLE_VIEWER == (int)STORE_VIEWER && ROLE_LEAD == (int)STORE_LEAD &&
	ROLE_AUDITOR == (int)STORE_AUDITOR && ROLE_ADMIN == (int)STORE_ADMIN,
    "roles are the same bits");

enum gh_code
session_load(struct req *req, struct gh_err *err)
{
	struct req_session *s = &req->session;
	unsigned char verifier[GH_SHA256_LEN];
	struct store_session *row = NULL;
	bool sent;

	if (!cookie_token(req->cookie, req->https, s->token, &sent)) {
		s->expired = sent;
		return GH_OK;
	}
	wire_token_verifier(s->token, verifier);
	GH_TRY(store_session_find(req->store, req->arena, verifier, req->now_us, &row, err));
	s->expired = row == NULL;
	if (row == NULL)
		return GH_OK;
	s->signed_in = true;
	s->id = row->id;
	s->person_id = row->person.id;
	s->person = row->person.name;
	s->roles = row->person.roles;
	s->seen_at = row->seen_at;
	if (req->now_us - row->seen_at > GH_MINUTE) {
		req->app->touch = true;
		memcpy(req->app->touch_token, s->token, GH_TOKEN_LEN);
	}
	return GH_OK;
}
