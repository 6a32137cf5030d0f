#include "base/ban.h"
#include "store/message_write.h"
#include "store/write.gen.h"

static enum gh_code
fact_add(struct store *st, int64_t message_id, size_t position, const struct store_message_fact *f,
    struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_MESSAGE_FACT_ADD, &q, err));
	store_bind_int(q, ":message", message_id);
	store_bind_int(q, ":position", (int64_t)position);
	store_bind_text(q, ":name", f->name);
	store_bind_text(q, ":value", f->value);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_message_add(struct store *st, const struct store_message *m, const struct store_message_facts *facts,
    int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;
	size_t i;

	GH_TRY(store_prepare(st, SQL_MESSAGE_ADD, &q, err));
	store_bind_text(q, ":event", m->event);
	store_bind_id(q, ":request_id", m->request_id);
	store_bind_id(q, ":run_id", m->run_id);
	store_bind_id(q, ":task_id", m->task_id);
	store_bind_int(q, ":target_id", m->target_id);
	store_bind_text(q, ":subject", m->subject);
	store_bind_text(q, ":body", m->body);
	store_bind_int(q, ":now", m->created_at);
	GH_TRY(store_do_add(st, q, ret_id, err));
	for (i = 0; i < facts->n; i++)
		GH_TRY(fact_add(st, *ret_id, i, &facts->rows[i], err));
	return GH_OK;
}

enum gh_code
store_delivery_add(struct store *st, int64_t message_id, const char *channel, const char *kind, int64_t now,
    struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_DELIVERY_ADD, &q, err));
	store_bind_int(q, ":message", message_id);
	store_bind_text(q, ":channel", channel);
	store_bind_text(q, ":kind", kind);
	store_bind_int(q, ":now", now);
	return store_do(st, q, NULL, err);
}

enum gh_code
store_delivery_move(struct store *st, const struct store_delivery_move *m, struct gh_err *err)
{
	STORE_STMT q = NULL;
	char none[128];

	(void)snprintf(none, sizeof(none), "delivery %" PRId64 " is no longer %s", m->id, m->from);
	GH_TRY(store_prepare(st, SQL_DELIVERY_MOVE, &q, err));
	store_bind_int(q, ":id", m->id);
	store_bind_text(q, ":from", m->from);
	store_bind_text(q, ":to", m->to);
	store_bind_int(q, ":attempts", m->attempts);
	store_bind_int(q, ":next_at", m->next_at);
	store_bind_time(q, ":sent_at", m->sent_at);
	store_bind_text(q, ":text", m->text);
	return store_do(st, q, none, err);
}

enum gh_code
store_delivery_prune(struct store *st, int64_t before, struct gh_err *err)
{
	/* In this order: each refers to what comes after it. */
	static const unsigned statements[] = { SQL_DELIVERY_PRUNE, SQL_MESSAGE_FACT_PRUNE,
		SQL_MESSAGE_PRUNE };
	STORE_TX tx = { 0 };
	size_t i;

	GH_TRY(store_begin(st, &tx, err));
	for (i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
		STORE_STMT q = NULL;

		GH_TRY(store_prepare(st, statements[i], &q, err));
		store_bind_int(q, ":before", before);
		GH_TRY(store_do(st, q, NULL, err));
	}
	return store_commit(&tx, err);
}
