/*
 * session.open: somebody signs in.  web.sock only; the token of the frame is not looked at.
 *
 *   call   t name | secret password | t address | t agent
 *   reply  b token (32 bytes) | i session | t person
 *
 * An unknown name and a wrong password are one answer and take the same time.  After SIGNIN_FAILURES failures
 * of one name from one address the rest of SIGNIN_WINDOW is refused, right passwords too.
 */
#include "base/ban.h"
#include "base/io.h"
#include "runner/cmd.h"
#include "store/person_write.h"
#include "store/secrets.h"
#include "wire/csrf.h"

#define ABSOLUTE  (12 * GH_HOUR)
#define AGENT_MAX 200

/* A hash of nothing that anybody knows, for names that nobody has. */
static enum gh_code
decoy(char ret[GH_PWHASH_LEN], struct gh_err *err)
{
	static char hash[GH_PWHASH_LEN];
	GH_SECRET secret = { 0 };
	unsigned char noise[GH_TOKEN_LEN];

	if (hash[0] == '\0') {
		gh_random(noise, sizeof(noise));
		if (!gh_secret_set(&secret, noise, sizeof(noise)))
			gh_bug("a token is longer than a secret");
		GH_TRY(gh_password_hash(&secret, hash, err));
	}
	memcpy(ret, hash, sizeof(hash));
	return GH_OK;
}

static enum gh_code
matches(struct cmd_ctx *c, const struct store_person *person, const struct gh_secret *password, bool *ret,
    struct gh_err *err)
{
	char hash[GH_PWHASH_LEN] = "", other[GH_PWHASH_LEN];
	bool known = false;

	/* Also where it is not needed: making it must not tell the first unknown name from a known one. */
	GH_TRY(decoy(other, err));
	if (person != NULL && person->ended_at == 0)
		GH_TRY(store_password_get(c->secrets, person->id, hash, &known, err));
	if (!known)
		memcpy(hash, other, sizeof(hash));
	*ret = gh_password_matches(hash, password) && known;
	return GH_OK;
}

static enum gh_code
session_add(struct cmd_ctx *c, const struct store_person *person, const char *address, const char *agent,
    struct gh_err *err)
{
	struct store_session_new s = {
		.person_id = person->id, .address = address, .now = c->now, .expires_at = c->now + ABSOLUTE
	};
	unsigned char token[GH_TOKEN_LEN], digest[GH_SHA256_LEN];
	int64_t id = 0;

	s.agent = gh_strndup(c->arena, agent, gh_utf8_cut(agent, strlen(agent), AGENT_MAX));
	gh_random(token, sizeof(token));
	wire_token_verifier(token, s.verifier);
	wire_token_digest(token, digest);
	GH_TRY(store_session_add(c->store, &s, &id, err));
	/* An old one of this number may be left over from a crash between the two files. */
	GH_TRY(store_token_delete(c->secrets, id, err));
	GH_TRY(store_token_add(c->secrets, id, digest, err));
	c->actor = (struct actor){ .way = c->actor.way,
		.uid = c->actor.uid,
		.person = person->id,
		.name = person->name,
		.roles = person->roles,
		.session = id };
	c->subject = gh_printf(c->arena, "session/%" PRId64, id);
	c->text = gh_printf(c->arena, "from %s", address);
	wire_put_bytes(c->reply, token, sizeof(token));
	wire_put_i64(c->reply, id);
	wire_put_text(c->reply, person->name);
	explicit_bzero(token, sizeof(token));
	return GH_OK;
}

static enum gh_code
cmd_session_open_run(struct cmd_ctx *c, struct wire_in *in, struct gh_err *err)
{
	const char *name = wire_text(in, c->arena), *address, *agent;
	struct store_person *person = NULL;
	GH_SECRET password = { 0 };
	bool good = false;

	wire_secret(in, &password);
	address = wire_text(in, c->arena);
	agent = wire_text(in, c->arena);
	GH_TRY(wire_end(in, err));
	GH_TRY(cmd_text_check("address", address, 0, 64, err));
	if (!signin_may(&c->runner->signin, name, address, gh_clock_mono()))
		return gh_fail(err, GH_UNAUTHENTICATED,
		    "too many failed attempts with this name: try again in 15 minutes");
	if (cmd_name_check("name", name, NULL) == GH_OK)
		GH_TRY(store_person_find(c->store, c->arena, name, &person, err));
	/* What was typed as a name may be a password: only a name that exists goes into the ledger. */
	if (person != NULL)
		c->subject = gh_printf(c->arena, "person/%s", person->name);
	GH_TRY(matches(c, person, &password, &good, err));
	if (!good || person == NULL) {
		signin_failed(&c->runner->signin, name, address, gh_clock_mono());
		return gh_fail(err, GH_UNAUTHENTICATED, "name or password is wrong");
	}
	signin_good(&c->runner->signin, name, address);
	return session_add(c, person, address, agent, err);
}

const struct cmd cmd_session_open = {
	.op = WIRE_SESSION_OPEN,
	.needs = ROLE_ANY,
	.ways = CMD_WEB,
	.writes = true,
	.open = true,
	.bare = true,
	.secret = true,
	.noun = "session",
	.run = cmd_session_open_run,
};
