#include "base/ban.h"
#include "store/hook_write.h"
#include "store/write.gen.h"

enum gh_code
store_hook_put(struct store *st, int64_t run_id, const struct store_hook *h, int64_t at, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_HOOK_PUT, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_text(q, ":when", h->when);
	store_bind_int(q, ":position", h->position);
	store_bind_text(q, ":command", h->command);
	store_bind_text(q, ":state", h->state);
	store_bind_int(q, ":exit_status", h->exit_status);
	store_bind_text(q, ":output", h->output);
	store_bind_int(q, ":at", at);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_evidence_add(struct store *st, int64_t run_id, const struct store_evidence *e, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_EVIDENCE_ADD, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":at", e->at);
	store_bind_text(q, ":kind", e->kind);
	store_bind_text(q, ":name", e->name);
	store_bind_text(q, ":state", e->state);
	store_bind_text(q, ":text", e->text);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_hook_close(struct store *st, int64_t run_id, int64_t at, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_HOOK_CLOSE, &q, err));
	store_bind_int(q, ":run", run_id);
	store_bind_int(q, ":at", at);
	return store_do(st, q, NULL, err);
}
