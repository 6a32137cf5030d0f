#include "base/ban.h"
#include "store/run_write.h"
#include "store/write.gen.h"

enum gh_code
store_backup_add(struct store *st, const struct store_backup *b, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BACKUP_ADD, &q, err));
	store_bind_int(q, ":target_id", b->target_id);
	store_bind_id(q, ":run_id", b->run_id);
	store_bind_text(q, ":file", b->file);
	store_bind_text(q, ":digest", b->digest);
	store_bind_int(q, ":size", b->size);
	store_bind_int(q, ":started_at", b->started_at);
	store_bind_int(q, ":ended_at", b->ended_at);
	store_bind_text(q, ":server_version", b->server_version);
	store_bind_text(q, ":client_version", b->client_version);
	store_bind_int(q, ":table_count", b->table_count);
	store_bind_int(q, ":row_count", b->row_count);
	store_bind_text(q, ":schema_key", b->schema_key);
	store_bind_text(q, ":level", b->level);
	return store_do_add(st, q, ret_id, err);
}
