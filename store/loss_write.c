#include "base/ban.h"
#include "store/loss_write.h"
#include "store/write.gen.h"

enum gh_code
store_count_put(
    struct store *st, const char *digest, const char *state, const char *text, int64_t at, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_COUNT_PUT, &q, err));
	store_bind_text(q, ":digest", digest);
	store_bind_text(q, ":state", state);
	store_bind_text(q, ":text", text);
	store_bind_time(q, ":at", at);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_loss_clear(struct store *st, const char *digest, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_LOSS_CLEAR, &q, err));
	store_bind_text(q, ":digest", digest);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_loss_add(struct store *st, const char *digest, const struct store_loss *l, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_LOSS_ADD, &q, err));
	store_bind_text(q, ":digest", digest);
	store_bind_int(q, ":migration", l->migration);
	store_bind_int(q, ":statement", l->statement);
	store_bind_text(q, ":object", l->object);
	store_bind_int(q, ":there", l->there);
	store_bind_int(q, ":since", l->since);
	store_bind_text(q, ":text", l->text);
	return store_do(st, q, NULL, err);
}
