#include "base/ban.h"
#include "store/loss.h"
#include "store/read.gen.h"

enum gh_code
store_count_find(
    struct store *st, struct gh_arena *a, const char *digest, struct store_count *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_count){ .state = "", .text = "" };
	GH_TRY(store_prepare(st, SQL_COUNT_FIND, &q, err));
	store_bind_text(q, ":digest", digest);
	GH_TRY(store_step(st, q, &row, err));
	if (row)
		*ret = (struct store_count){ .state = store_text(q, 0, a),
			.text = store_text(q, 1, a),
			.counted_at = store_int(q, 2) };
	return GH_OK;
}

enum gh_code
store_count_open_list(struct store *st, struct gh_arena *a, struct store_counts *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_counts){ 0 };
	GH_TRY(store_prepare(st, SQL_COUNT_OPEN_LIST, &q, err));
	store_bind_int(q, ":limit", STORE_PAGE_MAX);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n].digest = store_text(q, 0, a);
		ret->rows[ret->n++].state = store_text(q, 1, a);
	}
}

enum gh_code
store_count_xids(
    struct store *st, struct gh_arena *a, const char *digest, const char **ret, struct gh_err *err)
{
	GH_TEXT list = { 0 };
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_RUN_XID_LIST, &q, err));
	store_bind_text(q, ":digest", digest);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			break;
		if (store_int(q, 0) > 0)
			gh_text_putc(&list, ',');
		gh_text_put(&list, store_text(q, 1, a));
	}
	*ret = gh_strdup(a, gh_text_str(&list));
	return GH_OK;
}

enum gh_code
store_loss_list(
    struct store *st, struct gh_arena *a, const char *digest, struct store_losses *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_losses){ 0 };
	GH_TRY(store_prepare(st, SQL_LOSS_LIST, &q, err));
	store_bind_text(q, ":digest", digest);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_loss){
			.position = store_int(q, 0),
			.migration = store_int(q, 1),
			.statement = store_int(q, 2),
			.object = store_text(q, 3, a),
			.there = store_int(q, 4),
			.since = store_int(q, 5),
			.text = store_text(q, 6, a),
		};
	}
}
