#include "base/ban.h"
#include "store/secrets.h"
#include "store/secrets.gen.h"

enum gh_code
store_password_set(struct store *st, int64_t person_id, const char *hash, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_PASSWORD_SET, &q, err));
	store_bind_int(q, ":person", person_id);
	store_bind_text(q, ":hash", hash);
	store_bind_int(q, ":now", now);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_password_get(
    struct store *st, int64_t person_id, char ret[GH_PWHASH_LEN], bool *ret_found, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret_found = false;
	GH_TRY(store_prepare(st, SQL_PASSWORD_GET, &q, err));
	store_bind_int(q, ":person", person_id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return GH_OK;
	if (sqlite3_column_bytes(q, 0) >= GH_PWHASH_LEN)
		return gh_fail(err, GH_INTERNAL, "a stored password hash is too long");
	(void)snprintf(ret, GH_PWHASH_LEN, "%s", (const char *)sqlite3_column_text(q, 0));
	*ret_found = true;
	return GH_OK;
}

enum gh_code
store_token_add(
    struct store *st, int64_t session_id, const unsigned char digest[GH_SHA256_LEN], struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TOKEN_ADD, &q, err));
	store_bind_int(q, ":session", session_id);
	store_bind_blob(q, ":digest", digest, GH_SHA256_LEN);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_token_find(
    struct store *st, const unsigned char digest[GH_SHA256_LEN], int64_t *ret_session, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret_session = 0;
	GH_TRY(store_prepare(st, SQL_TOKEN_FIND, &q, err));
	store_bind_blob(q, ":digest", digest, GH_SHA256_LEN);
	GH_TRY(store_step(st, q, &row, err));
	if (row)
		*ret_session = store_int(q, 0);
	return GH_OK;
}

enum gh_code
store_token_delete(struct store *st, int64_t session_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_TOKEN_DELETE, &q, err));
	store_bind_int(q, ":session", session_id);
	return store_do(st, q, NULL, err);
}
