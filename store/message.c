#include "base/ban.h"
#include "store/message.h"
#include "store/read.gen.h"

enum gh_code
store_message_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_message *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_MESSAGE_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "message %" PRId64 " does not exist", id);
	*ret = (struct store_message){
		.id = store_int(q, 0),
		.event = store_text(q, 1, a),
		.request_id = store_int(q, 2),
		.run_id = store_int(q, 3),
		.target_id = store_int(q, 4),
		.subject = store_text(q, 5, a),
		.body = store_text(q, 6, a),
		.created_at = store_int(q, 7),
		.task_id = store_int(q, 8),
	};
	return GH_OK;
}

enum gh_code
store_message_fact_list(struct store *st, struct gh_arena *a, int64_t message_id,
    struct store_message_facts *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_message_facts){ 0 };
	GH_TRY(store_prepare(st, SQL_MESSAGE_FACT_LIST, &q, err));
	store_bind_int(q, ":message", message_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] =
		    (struct store_message_fact){ .name = store_text(q, 0, a), .value = store_text(q, 1, a) };
	}
}

static struct store_delivery
delivery_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_delivery){
		.id = store_int(q, 0),
		.message_id = store_int(q, 1),
		.event = store_text(q, 2, a),
		.subject = store_text(q, 3, a),
		.request_id = store_int(q, 4),
		.run_id = store_int(q, 5),
		.target = store_text(q, 6, a),
		.environment = store_text(q, 7, a),
		.channel = store_text(q, 8, a),
		.kind = store_text(q, 9, a),
		.state = store_text(q, 10, a),
		.attempts = store_int(q, 11),
		.next_at = store_int(q, 12),
		.sent_at = store_int(q, 13),
		.text = store_text(q, 14, a),
		.created_at = store_int(q, 15),
		.task_id = store_int(q, 16),
	};
}

enum gh_code
store_delivery_list(struct store *st, struct gh_arena *a, const struct store_delivery_filter *f,
    struct store_deliveries *ret, struct gh_err *err)
{
	int64_t limit = store_limit(f->limit);
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_deliveries){ 0 };
	GH_TRY(store_prepare(st, SQL_DELIVERY_LIST, &q, err));
	store_bind_text(q, ":state", f->state);
	store_bind_text(q, ":channel", f->channel);
	store_bind_int(q, ":before", f->before > 0 ? f->before : INT64_MAX);
	store_bind_int(q, ":limit", limit + 1);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (ret->n == (size_t)limit) {
			ret->next = ret->rows[ret->n - 1].id;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = delivery_row(q, a);
	}
}

enum gh_code
store_delivery_get(
    struct store *st, struct gh_arena *a, int64_t id, struct store_delivery *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_DELIVERY_GET, &q, err));
	store_bind_int(q, ":id", id);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "delivery %" PRId64 " does not exist", id);
	*ret = delivery_row(q, a);
	return GH_OK;
}

static enum gh_code
channels(
    struct store *st, struct gh_arena *a, sqlite3_stmt *q, struct store_channels *ret, struct gh_err *err)
{
	int row = 0;

	*ret = (struct store_channels){ 0 };
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_channel){ .name = store_text(q, 0, a),
			.next_at = sqlite3_column_count(q) > 1 ? store_int(q, 1) : 0 };
	}
}

enum gh_code
store_delivery_channel_list(
    struct store *st, struct gh_arena *a, struct store_channels *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_DELIVERY_CHANNEL_LIST, &q, err));
	return channels(st, a, q, ret, err);
}

enum gh_code
store_delivery_waiting(struct store *st, struct gh_arena *a, struct store_channels *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;

	GH_TRY(store_prepare(st, SQL_DELIVERY_WAITING, &q, err));
	return channels(st, a, q, ret, err);
}

enum gh_code
store_delivery_next(struct store *st, const char *channel, int64_t now, int64_t *ret_id, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_DELIVERY_NEXT, &q, err));
	store_bind_text(q, ":channel", channel);
	store_bind_int(q, ":now", now);
	GH_TRY(store_step(st, q, &row, err));
	*ret_id = row ? store_int(q, 0) : 0;
	return GH_OK;
}

enum gh_code
store_delivery_sending(
    struct store *st, struct gh_arena *a, struct store_delivery_ids *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_delivery_ids){ 0 };
	GH_TRY(store_prepare(st, SQL_DELIVERY_SENDING, &q, err));
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = store_int(q, 0);
	}
}

enum gh_code
store_message_rehearsed(struct store *st, const char *digest, struct store_rehearsed *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_rehearsed){ 0 };
	GH_TRY(store_prepare(st, SQL_MESSAGE_REHEARSED, &q, err));
	store_bind_text(q, ":digest", digest);
	GH_TRY(store_step(st, q, &row, err));
	if (row)
		*ret = (struct store_rehearsed){ .there = true,
			.good = store_bool(q, 0),
			.failed = strcmp((const char *)sqlite3_column_text(q, 1), "failed") == 0,
			.took_us = store_int(q, 2) };
	return GH_OK;
}
