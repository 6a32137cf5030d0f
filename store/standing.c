#include "base/ban.h"
#include "store/standing.h"
#include "store/read.gen.h"

static struct store_standing
standing_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_standing){
		.key = store_text(q, 0, a),
		.standing = store_text(q, 1, a),
		.applied = store_bool(q, 2),
		.decision = store_text(q, 3, a),
		.applied_at = store_int(q, 4),
		.checksum = store_text(q, 5, a),
		.by = store_text(q, 6, a),
		.text = store_text(q, 7, a),
		.digest = store_text(q, 8, a),
		.ran = store_bool(q, 9),
	};
}

enum gh_code
store_standing_list(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_standings *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_standings){ 0 };
	GH_TRY(store_prepare(st, SQL_STANDING_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = standing_row(q, a);
	}
}

enum gh_code
store_standing_find(struct store *st, struct gh_arena *a, int64_t target_id, const char *key,
    struct store_standing **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = NULL;
	GH_TRY(store_prepare(st, SQL_STANDING_FIND, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":key", key);
	GH_TRY(store_step(st, q, &row, err));
	if (row) {
		*ret = gh_alloc(a, sizeof(**ret));
		**ret = standing_row(q, a);
	}
	return GH_OK;
}

enum gh_code
store_standing_below(struct store *st, struct gh_arena *a, int64_t target_id, const char *key,
    const char **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = NULL;
	GH_TRY(store_prepare(st, SQL_STANDING_BELOW, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":key", key);
	GH_TRY(store_step(st, q, &row, err));
	if (row)
		*ret = store_text(q, 0, a);
	return GH_OK;
}

static int
by_key(const void *key, const void *row)
{
	return strcmp(key, ((const struct store_standing *)row)->key);
}

const struct store_standing *
store_standing_of(const struct store_standings *list, const char *key)
{
	return list->n == 0 ? NULL : bsearch(key, list->rows, list->n, sizeof(*list->rows), by_key);
}

static struct store_table
table_row(sqlite3_stmt *q, struct gh_arena *a)
{
	return (struct store_table){
		.name = store_text(q, 0, a),
		.row_count = store_int(q, 1),
		.bytes = store_int(q, 2),
		.writes = store_int(q, 3),
		.scans = store_int(q, 4),
		.seconds = store_int(q, 5),
		.fan_out = store_int(q, 6),
	};
}

enum gh_code
store_table_list(
    struct store *st, struct gh_arena *a, int64_t target_id, struct store_tables *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret = (struct store_tables){ 0 };
	GH_TRY(store_prepare(st, SQL_TABLE_LIST, &q, err));
	store_bind_int(q, ":target", target_id);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = table_row(q, a);
	}
}

static enum gh_code
table_named(struct store *st, struct gh_arena *a, int64_t target_id, const char *name,
    struct store_table **ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_TABLE_FIND, &q, err));
	store_bind_int(q, ":target", target_id);
	store_bind_text(q, ":name", name);
	GH_TRY(store_step(st, q, &row, err));
	if (row) {
		*ret = gh_alloc(a, sizeof(**ret));
		**ret = table_row(q, a);
	}
	return GH_OK;
}

/* Whether a dot stands outside of quotes. */
static bool
has_schema(const char *name)
{
	bool quoted = false;

	for (; *name != '\0'; name++) {
		if (*name == '"')
			quoted = !quoted;
		else if (*name == '.' && !quoted)
			return true;
	}
	return false;
}

enum gh_code
store_table_find(struct store *st, struct gh_arena *a, int64_t target_id, const char *name,
    struct store_table **ret, struct gh_err *err)
{
	*ret = NULL;
	if (has_schema(name))
		return table_named(st, a, target_id, name, ret, err);
	return table_named(st, a, target_id, gh_printf(a, "public.%s", name), ret, err);
}
