#include "base/ban.h"
#include "store/ledger_write.h"
#include "store/write.gen.h"

enum gh_code
store_incident_add(struct store *st, const struct store_incident_new *i, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_INCIDENT_ADD, &q, err));
	store_bind_id(q, ":run_id", i->run_id);
	store_bind_id(q, ":target_id", i->target_id);
	store_bind_text(q, ":title", i->title);
	store_bind_text(q, ":severity", i->severity);
	store_bind_id(q, ":person_id", i->person_id);
	store_bind_int(q, ":now", i->now);
	return store_do_add(st, q, ret_id, err);
}

enum gh_code
store_incident_close(struct store *st, int64_t id, int64_t person_id, int64_t now, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_INCIDENT_CLOSE, &q, err));
	store_bind_int(q, ":id", id);
	store_bind_int(q, ":person_id", person_id);
	store_bind_int(q, ":now", now);
	return store_do(st, q, "the incident is closed already", err);
}

enum gh_code
store_note_add(struct store *st, int64_t incident_id, int64_t person_id, const char *text, int64_t now,
    int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_NOTE_ADD, &q, err));
	store_bind_int(q, ":incident_id", incident_id);
	store_bind_id(q, ":person_id", person_id);
	store_bind_text(q, ":text", text);
	store_bind_int(q, ":created_at", now);
	return store_do_add(st, q, ret_id, err);
}
