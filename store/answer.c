#include "base/ban.h"
#include "store/person_write.h"
#include "store/read.gen.h"
#include "store/write.gen.h"

enum gh_code
store_answer_find(
    struct store *st, struct gh_arena *a, const char *key, struct store_answer **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0, len;

	*ret = NULL;
	GH_TRY(store_prepare(st, SQL_ANSWER_FIND, &q, err));
	store_bind_text(q, ":key", key);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return GH_OK;
	*ret = gh_alloc(a, sizeof(**ret));
	(*ret)->actor = store_text(q, 0, a);
	(*ret)->op = store_text(q, 1, a);
	(*ret)->code = store_int(q, 2);
	(*ret)->created_at = store_int(q, 4);
	len = sqlite3_column_bytes(q, 3);
	(*ret)->reply = len <= 0 ? "" : gh_memdup(a, sqlite3_column_blob(q, 3), (size_t)len);
	(*ret)->reply_len = len <= 0 ? 0 : (size_t)len;
	return GH_OK;
}

enum gh_code
store_answer_add(struct store *st, const char *key, const struct store_answer *answer, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_ANSWER_ADD, &q, err));
	store_bind_text(q, ":key", key);
	store_bind_text(q, ":actor", answer->actor);
	store_bind_text(q, ":op", answer->op);
	store_bind_int(q, ":code", answer->code);
	store_bind_int(q, ":created_at", answer->created_at);
	store_bind_blob(q, ":reply", answer->reply, answer->reply_len);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_answer_prune(struct store *st, int64_t before, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_ANSWER_PRUNE, &q, err));
	store_bind_int(q, ":before", before);
	return store_do(st, q, NULL, err);
}
