#include "base/ban.h"
#include "runner/people.h"
#include "base/io.h"
#include "store/person_write.h"
#include "store/secrets.h"

enum gh_code
people_get(struct cmd_ctx *c, const char *name, struct store_person **ret, struct gh_err *err)
{
	GH_TRY(store_person_find(c->store, c->arena, name, ret, err));
	if (*ret == NULL || (*ret)->ended_at != 0)
		return gh_fail(err, GH_NOT_FOUND, "there is no person %s", name);
	return GH_OK;
}

enum gh_code
people_password_set(struct cmd_ctx *c, int64_t person, const struct gh_secret *password, struct gh_err *err)
{
	char hash[GH_PWHASH_LEN];
	size_t i, n = 0;

	if (!gh_utf8_valid((const char *)password->data, password->len, NULL))
		return gh_fail(err, GH_BAD_INPUT, "the password is not UTF-8");
	for (i = 0; i < password->len; i++)
		n += (password->data[i] & 0xc0) != 0x80;
	if (n < PEOPLE_PASSWORD_MIN)
		return gh_fail(
		    err, GH_BAD_INPUT, "a password has at least %d characters", PEOPLE_PASSWORD_MIN);
	GH_TRY(gh_password_hash(password, hash, err));
	return store_password_set(c->secrets, person, hash, c->now, err);
}

enum gh_code
people_sessions_end(struct cmd_ctx *c, int64_t person, struct gh_err *err)
{
	struct store_sessions live = { 0 };
	size_t i;

	GH_TRY(store_session_list(c->store, c->arena, person, c->now, &live, err));
	for (i = 0; i < live.n; i++) {
		if (live.rows[i].id != c->actor.session)
			GH_TRY(store_token_delete(c->secrets, live.rows[i].id, err));
	}
	return store_session_end_others(c->store, person, c->actor.session, c->now, err);
}
