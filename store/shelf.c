#include "base/ban.h"
#include "store/shelf.h"
#include "base/mention.h"
#include "store/read.gen.h"

enum gh_code
store_shelf_get(struct store *st, struct gh_arena *a, struct store_shelf *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret =
	    (struct store_shelf){ .problem = "", .total = -1, .free_size = -1, .a_day = -1, .full_at = -1 };
	GH_TRY(store_prepare(st, SQL_SHELF_GET, &q, err));
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return GH_OK;
	*ret = (struct store_shelf){
		.looked_at = store_int(q, 0),
		.problem = store_text(q, 1, a),
		.total = store_int(q, 2),
		.free_size = store_int(q, 3),
		.a_day = store_int(q, 4),
		.full_at = store_int(q, 5),
	};
	return GH_OK;
}

enum gh_code
store_pace_get(struct store *st, int64_t target_id, int64_t since, struct store_pace *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PACE_GET, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_int(q, ":since", since);
	GH_TRY(store_step(st, q, &row, err));
	*ret = (struct store_pace){
		.taken = store_int(q, 0),
		.first_at = store_int(q, 1),
		.last_at = store_int(q, 2),
		.bytes = store_int(q, 3),
	};
	return GH_OK;
}

/* The backups that a text may name: those of a target, by their number. */
struct nameable {
	size_t n;
	struct nameable_row {
		int64_t id, by; /* by: the incident whose texts named it last, 0 none has */
	} * rows;
};

static int
by_id(const void *x, const void *y)
{
	const struct nameable_row *p = x, *q = y;

	return p->id < q->id ? -1 : p->id > q->id;
}

static enum gh_code
nameable(struct store *st, struct gh_arena *a, int64_t target_id, struct nameable *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_PIN_BACKUP_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct nameable_row){ .id = store_int(q, 0) };
	}
}

static void
pin_add(struct store_pins *list, struct gh_arena *a, int64_t backup, const char *text)
{
	size_t i;

	/* Its run may be what the incident is about. */
	for (i = 0; i < list->n; i++) {
		if (list->rows[i].backup_id == backup && strcmp(list->rows[i].text, text) == 0)
			return;
	}
	list->rows = store_room(a, list->rows, list->n, sizeof(*list->rows));
	list->rows[list->n++] = (struct store_pin){ .backup_id = backup, .text = text };
}

/* Texts come incident by incident; however long they are and whatever they repeat, each byte is read once. */
static enum gh_code
texts(struct store *st, struct gh_arena *a, int64_t target_id, struct store_pins *ret, struct gh_err *err)
{
	struct nameable all = { 0 };
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(nameable(st, a, target_id, &all, err));
	GH_TRY(store_prepare(st, SQL_PIN_TEXT_LIST, &q, err));
	while (all.n > 0) {
		GH_ARENA own = { .limit = GH_TEXT_LIMIT };
		struct nameable_row key = { 0 }, *named;
		const char *at;

		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			break;
		at = store_text(q, 1, &own);
		while (gh_mention_backup(&at, &key.id)) {
			named = bsearch(&key, all.rows, all.n, sizeof(*all.rows), by_id);
			if (named == NULL || named->by == store_int(q, 0))
				continue;
			named->by = store_int(q, 0);
			pin_add(ret, a, key.id, gh_printf(a, "incident %" PRId64, named->by));
		}
	}
	return GH_OK;
}

enum gh_code
store_pin_list(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_pins *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_pins){ 0 };
	GH_TRY(store_prepare(st, SQL_PIN_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return texts(st, a, target_id, ret, err);
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = (struct store_pin){
			.backup_id = store_int(q, 0),
			.text = store_text(q, 1, a),
		};
	}
}
