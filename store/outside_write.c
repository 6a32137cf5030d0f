#include "base/ban.h"
#include "store/outside_write.h"
#include "store/write.h"
#include "store/write.gen.h"

enum gh_code
store_outside_put(struct store *st, const struct store_outside_new *b, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_OUTSIDE_PUT, &q, err));
	store_bind_int(q, ":target", b->target_id);
	store_bind_text(q, ":source", b->source);
	store_bind_text(q, ":label", b->label);
	store_bind_int(q, ":started_at", b->started_at);
	store_bind_int(q, ":ended_at", b->ended_at);
	store_bind_int(q, ":size", b->size);
	store_bind_int(q, ":database_bytes", b->database_bytes);
	store_bind_text(q, ":server_version", b->server_version);
	store_bind_text(q, ":client_version", b->client_version);
	store_bind_text(q, ":level", b->level);
	store_bind_text(q, ":broken", b->broken);
	store_bind_time(q, ":keep_until", b->keep_until);
	store_bind_int(q, ":seen_at", b->seen_at);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_outside_gone(struct store *st, int64_t target_id, const char *source, int64_t since, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_OUTSIDE_GONE, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":source", source);
	store_bind_int(q, ":since", since);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_outside_prune(struct store *st, int64_t target_id, const char *source, int64_t keep, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_OUTSIDE_PRUNE, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":source", source);
	store_bind_int(q, ":keep", keep);
	return store_do(st, q, NULL, err);
}
