#include "base/ban.h"
#include "store/shelf_write.h"
#include "store/write.h"
#include "store/write.gen.h"

enum gh_code
store_shelf_put(struct store *st, const struct store_shelf *s, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_SHELF_PUT, &q, err));
	store_bind_int(q, ":looked_at", s->looked_at);
	store_bind_text(q, ":problem", s->problem);
	store_bind_int(q, ":total_bytes", s->total);
	store_bind_int(q, ":free_bytes", s->free_size);
	store_bind_int(q, ":a_day", s->a_day);
	store_bind_int(q, ":full_at", s->full_at);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_backup_keep(struct store *st, int64_t id, int64_t until, const char *why, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_BACKUP_KEEP, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_time(q, ":until", until);
	store_bind_text(q, ":why", why);
	return store_do(st, q, NULL, err);
}
