#include "base/ban.h"
#include "store/person_write.h"
#include "store/write.gen.h"

static enum gh_code
roles_add(struct store *st, int64_t id, unsigned roles, struct gh_err *err)
{
	static const struct {
		enum store_role role;
		const char *word;
	} words[] = { { STORE_VIEWER, "viewer" }, { STORE_LEAD, "lead" }, { STORE_AUDITOR, "auditor" },
		{ STORE_ADMIN, "admin" } };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		STORE_STMT q = NULL;

		if ((roles & (unsigned)words[i].role) == 0)
			continue;
		GH_TRY(store_prepare(st, SQL_PERSON_ROLE_ADD, &q, err));
		store_bind_int(q, ":person_id", id);
		store_bind_text(q, ":role", words[i].word);
		GH_TRY(store_do(st, q, NULL, err));
	}
	return GH_OK;
}

enum gh_code
store_person_add(
    struct store *st, const char *name, unsigned roles, int64_t now, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;
	STORE_TX tx = { 0 };
	GH_ARENA a = { 0 };
	struct store_person *there = NULL;

	GH_TRY(store_begin(st, &tx, err));
	GH_TRY(store_person_find(st, &a, name, &there, err));
	if (there != NULL)
		return gh_fail(err, GH_CONFLICT, "there is a person \"%s\" already", name);
	GH_TRY(store_prepare(st, SQL_PERSON_ADD, &q, err));
	store_bind_text(q, ":name", name);
	store_bind_int(q, ":created_at", now);
	GH_TRY(store_do_add(st, q, ret_id, err));
	GH_TRY(roles_add(st, *ret_id, roles, err));
	return store_commit(&tx, err);
}

enum gh_code
store_person_roles(struct store *st, int64_t id, unsigned roles, struct gh_err *err)
{
	STORE_STMT q = NULL;
	STORE_TX tx = { 0 };

	GH_TRY(store_begin(st, &tx, err));
	GH_TRY(store_prepare(st, SQL_PERSON_ROLE_CLEAR, &q, err));
	store_bind_int(q, ":person_id", id);
	GH_TRY(store_do(st, q, NULL, err));
	GH_TRY(roles_add(st, id, roles, err));
	return store_commit(&tx, err);
}

enum gh_code
store_session_add(struct store *st, const struct store_session_new *s, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SESSION_ADD, &q, err));
	store_bind_int(q, ":person_id", s->person_id);
	store_bind_text(q, ":address", s->address);
	store_bind_text(q, ":agent", s->agent);
	store_bind_int(q, ":now", s->now);
	store_bind_int(q, ":expires_at", s->expires_at);
	store_bind_blob(q, ":verifier", s->verifier, sizeof(s->verifier));
	return store_do_add(st, q, ret_id, err);
}

enum gh_code
store_session_touch(struct store *st, int64_t id, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SESSION_TOUCH, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":now", now);
	return store_do(st, q, "the session has ended", err);
}

enum gh_code
store_session_end(struct store *st, int64_t id, int64_t person_id, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SESSION_END, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":person_id", person_id);
	store_bind_int(q, ":now", now);
	return store_do(st, q, "the session has ended already", err);
}

enum gh_code
store_session_end_others(struct store *st, int64_t person_id, int64_t but, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SESSION_END_OTHERS, &q, err));
	store_bind_int(q, ":person_id", person_id);
	store_bind_int(q, ":but", but);
	store_bind_int(q, ":now", now);
	return store_do(st, q, NULL, err);
}
