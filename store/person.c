#include "base/ban.h"
#include "store/person.h"
#include "store/read.gen.h"

static const struct {
	const char *word;
	enum store_role role;
} words[] = {
	{ "viewer", STORE_VIEWER },
	{ "lead", STORE_LEAD },
	{ "auditor", STORE_AUDITOR },
	{ "admin", STORE_ADMIN },
};
#define N_WORDS (sizeof(words) / sizeof(words[0]))

enum gh_code
store_roles_parse(const char *text, unsigned *ret, struct gh_err *err)
{
	size_t len, i;

	*ret = 0;
	for (;; text += len + 1) {
		len = strcspn(text, ",");
		for (i = 0; i < N_WORDS; i++)
			if (strlen(words[i].word) == len && memcmp(words[i].word, text, len) == 0)
				break;
		if (len == 0)
			return gh_fail(err, GH_BAD_INPUT,
			    "a person has at least one role: viewer, lead, auditor, admin");
		if (i == N_WORDS)
			return gh_fail(err, GH_BAD_INPUT, "\"%.*s\" is no role: viewer, lead, auditor, admin",
			    (int)len, text);
		*ret |= (unsigned)words[i].role;
		if (text[len] == '\0')
			return GH_OK;
	}
}

const char *
store_roles_text(unsigned roles, struct gh_arena *a)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < N_WORDS; i++)
		if ((roles & (unsigned)words[i].role) != 0)
			text = gh_printf(a, "%s%s%s", text, *text == '\0' ? "" : ",", words[i].word);
	return text;
}

/* Columns: id, name, created_at, ended_at, roles. */
static struct store_person
person_row(sqlite3_stmt *q, int at, struct gh_arena *a)
{
	struct store_person p = {
		.id = store_int(q, at),
		.name = store_text(q, at + 1, a),
		.created_at = store_int(q, at + 2),
		.ended_at = store_int(q, at + 3),
	};

	/* The column's CHECK lets only roles in. */
	if (sqlite3_column_type(q, at + 4) != SQLITE_NULL &&
	    store_roles_parse(store_text(q, at + 4, a), &p.roles, NULL) != GH_OK)
		p.roles = 0;
	return p;
}

enum gh_code
store_person_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_person *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PERSON_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "person %" PRId64 " does not exist", id);
	*ret = person_row(q, 0, a);
	return GH_OK;
}

enum gh_code
store_person_find(
    struct store *st, struct gh_arena *a, const char *name, struct store_person **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = NULL;
	GH_TRY(store_prepare(st, SQL_PERSON_FIND, &q, err));
	store_bind_text(q, ":name", name);
	GH_TRY(store_step(st, q, &row, err));
	if (row) {
		*ret = gh_alloc(a, sizeof(**ret));
		**ret = person_row(q, 0, a);
	}
	return GH_OK;
}

enum gh_code
store_person_list(struct store *st, struct gh_arena *a, struct store_people *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_people){ 0 };
	GH_TRY(store_prepare(st, SQL_PERSON_LIST, &q, err));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = person_row(q, 0, a);
	}
}

enum gh_code
store_person_any(struct store *st, bool *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PERSON_ANY, &q, err));
	GH_TRY(store_step(st, q, &row, err));
	*ret = row && store_bool(q, 0);
	return GH_OK;
}

static struct store_session
session_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_session){
		.id = store_int(q, 0),
		.address = store_text(q, 1, a),
		.agent = store_text(q, 2, a),
		.created_at = store_int(q, 3),
		.seen_at = store_int(q, 4),
		.expires_at = store_int(q, 5),
		.person = person_row(q, 6, a),
	};
}

static enum gh_code
session_one(struct store *st, struct gh_arena *a, sqlite3_stmt *q, int64_t now, struct store_session **ret,
    struct gh_err *err)
{
	int row = 0;

	*ret = NULL;
	store_bind_int(q, ":now", now);
	store_bind_int(q, ":idle", now - STORE_SESSION_IDLE);
	GH_TRY(store_step(st, q, &row, err));
	if (row) {
		*ret = gh_alloc(a, sizeof(**ret));
		**ret = session_row(q, a);
	}
	return GH_OK;
}

enum gh_code
store_session_find(struct store *st, struct gh_arena *a, const unsigned char verifier[GH_SHA256_LEN],
    int64_t now, struct store_session **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SESSION_FIND, &q, err));
	store_bind_blob(q, ":verifier", verifier, GH_SHA256_LEN);
	return session_one(st, a, q, now, ret, err);
}

enum gh_code
store_session_get(struct store *st, struct gh_arena *a, int64_t id, int64_t now, struct store_session **ret,
    struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SESSION_GET, &q, err));
	store_bind_int(q, ":id", id);
	return session_one(st, a, q, now, ret, err);
}

enum gh_code
store_session_list(struct store *st, struct gh_arena *a, int64_t person_id, int64_t now,
    struct store_sessions *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_sessions){ 0 };
	GH_TRY(store_prepare(st, SQL_SESSION_LIST, &q, err));
	store_bind_int(q, ":person", person_id);
	store_bind_int(q, ":now", now);
	store_bind_int(q, ":idle", now - STORE_SESSION_IDLE);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = session_row(q, a);
	}
}
