#include "base/ban.h"
#include "tests/support/fixture_rows.h"

#include "store/person_write.h"
#include "store/secrets.h"
#include "wire/csrf.h"

#include <sodium.h>

/* As cheap as the library allows: each test signs people in. */
static const char *
password_hash(void)
{
	static char hash[crypto_pwhash_STRBYTES];

	if (hash[0] == '\0' &&
	    crypto_pwhash_str(hash, FIXTURE_PASSWORD, strlen(FIXTURE_PASSWORD), crypto_pwhash_OPSLIMIT_MIN,
		crypto_pwhash_MEMLIMIT_MIN) != 0)
		gh_bug("no password hash");
	return hash;
}

static enum gh_code
session_add(struct fixture *f, int64_t person)
{
	struct store_session_new s = {
		.person_id = person,
		.address = "192.0.2.7",
		.agent = "Firefox on Linux",
		.now = gh_clock_now(),
		.expires_at = gh_clock_now() + 12 * GH_HOUR,
	};
	unsigned char token[GH_TOKEN_LEN], digest[GH_SHA256_LEN];
	int64_t id = 0;

	fixture_token(person, token);
	wire_token_verifier(token, s.verifier);
	wire_token_digest(token, digest);
	GH_TRY(store_session_add(&f->store, &s, &id, &f->err));
	return store_token_add(&f->secrets, id, digest, &f->err);
}

enum gh_code
fixture_people(struct fixture *f)
{
	static const struct {
		const char *name;
		unsigned roles;
	} people[] = {
		{ "viewer", STORE_VIEWER },
		{ "lead", STORE_LEAD },
		{ "lead2", STORE_LEAD },
		{ "auditor", STORE_AUDITOR },
		{ "admin", STORE_ADMIN },
	};
	size_t i;

	for (i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		int64_t id = 0;

		GH_TRY(store_person_add(
		    &f->store, people[i].name, people[i].roles, FIXTURE_NOW - 720 * GH_HOUR, &id, &f->err));
		GH_TRY(store_password_set(&f->secrets, id, password_hash(), FIXTURE_NOW, &f->err));
		GH_TRY(session_add(f, id));
	}
	return GH_OK;
}
