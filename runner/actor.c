#include "base/ban.h"
#include "runner/dispatch.h"
#include "store/secrets.h"
#include "wire/csrf.h"

static enum gh_code
by_session(struct cmd_ctx *c, const unsigned char *token, struct gh_err *err)
{
	unsigned char digest[GH_SHA256_LEN];
	struct store_session *session = NULL;
	int64_t id = 0;

	wire_token_digest(token, digest);
	GH_TRY(store_token_find(c->secrets, digest, &id, err));
	if (id != 0)
		GH_TRY(store_session_get(c->store, c->arena, id, c->now, &session, err));
	if (session == NULL)
		return gh_fail(err, GH_UNAUTHENTICATED,
		    "you are not signed in, or your session has ended: sign in again");
	c->actor.session = session->id;
	c->actor.person = session->person.id;
	c->actor.name = session->person.name;
	c->actor.roles = session->person.roles;
	return GH_OK;
}

/* While nobody is there, somebody must be made by who owns the machine or the runner. */
static enum gh_code
by_first(struct cmd_ctx *c, const struct cmd *row, bool *ret_found, struct gh_err *err)
{
	bool any = true;

	*ret_found = false;
	if (row->op != WIRE_PERSON_ADD || (c->actor.uid != 0 && c->actor.uid != c->runner->own_uid))
		return GH_OK;
	GH_TRY(store_person_any(c->store, &any, err));
	if (any)
		return GH_OK;
	c->actor.name = gh_printf(c->arena, "uid %u", (unsigned)c->actor.uid);
	c->actor.roles = ROLE_ADMIN;
	*ret_found = true;
	return GH_OK;
}

static enum gh_code
by_account(struct cmd_ctx *c, const struct cmd *row, struct gh_err *err)
{
	const struct config_account *account = config_account_find(c->config, c->actor.uid);
	struct store_person *person = NULL;
	bool first = false;

	GH_TRY(by_first(c, row, &first, err));
	if (first)
		return GH_OK;
	if (account == NULL)
		return gh_fail(err, GH_FORBIDDEN,
		    "the Unix account with uid %u stands for nobody here: the configuration needs account "
		    "\"NAME\" "
		    "{ person = \"...\" }",
		    (unsigned)c->actor.uid);
	GH_TRY(store_person_find(c->store, c->arena, account->person, &person, err));
	if (person == NULL || person->ended_at != 0)
		return gh_fail(err, GH_FORBIDDEN,
		    "the Unix account %s stands for %s, but there is no such person", account->name,
		    account->person);
	c->actor.person = person->id;
	c->actor.name = person->name;
	c->actor.roles = person->roles;
	return GH_OK;
}

enum gh_code
actor_find(struct cmd_ctx *c, const struct cmd *row, const unsigned char *token, struct gh_err *err)
{
	static const unsigned char none[GH_TOKEN_LEN];

	if (c->actor.way == CMD_WEB)
		return row->open ? GH_OK : by_session(c, token, err);
	if (!gh_equal(token, none, GH_TOKEN_LEN))
		return gh_fail(err, GH_BAD_INPUT, "a session has no place on admin.sock");
	return by_account(c, row, err);
}
