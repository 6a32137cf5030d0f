#include "base/ban.h"
#include "store/store.h"

enum gh_code
store_prepare(struct store *st, unsigned sql, sqlite3_stmt **ret, struct gh_err *err)
{
	unsigned set = sql >> STORE_SET_BITS, number = sql & ((1U << STORE_SET_BITS) - 1);
	sqlite3_stmt **kept;
	int rc;

	if (set >= STORE_SETS || st->sets[set] == NULL || number >= st->sets[set]->n)
		gh_bug("statement %u is not for this connection", sql);
	if (st->db == NULL)
		return gh_fail(err, GH_UNAVAILABLE, "the store is not open");
	kept = &st->kept[set][number];
	if (*kept == NULL) {
		int64_t until = gh_clock_mono() + STORE_PATIENCE;

		do {
			rc = sqlite3_prepare_v3(
			    st->db, st->sets[set]->texts[number], -1, SQLITE_PREPARE_PERSISTENT, kept, NULL);
		} while (rc != SQLITE_OK && store_retry(st, rc, until));
		if (rc != SQLITE_OK)
			return store_fail(st, rc, st->sets[set]->names[number], err);
	}
	if (sqlite3_stmt_busy(*kept))
		gh_bug("statement %s is used twice at once", st->sets[set]->names[number]);
	*ret = *kept;
	return GH_OK;
}

void
store_stmt_done(sqlite3_stmt **q)
{
	if (*q == NULL)
		return;
	(void)sqlite3_reset(*q);
	(void)sqlite3_clear_bindings(*q);
	*q = NULL;
}

enum gh_code
store_step(struct store *st, sqlite3_stmt *q, int *ret_row, struct gh_err *err)
{
	int64_t until = gh_clock_mono() + STORE_PATIENCE;
	bool first = !sqlite3_stmt_busy(q);
	int rc;

	while ((rc = sqlite3_step(q)) != SQLITE_ROW && rc != SQLITE_DONE) {
		/* Once rows were given, starting again would give them twice. */
		if (!first || !store_retry(st, rc, until))
			return store_fail(st, rc, "a statement of the store", err);
		(void)sqlite3_reset(q);
	}
	*ret_row = rc == SQLITE_ROW;
	return GH_OK;
}

static int
place(sqlite3_stmt *q, const char *name)
{
	int at = sqlite3_bind_parameter_index(q, name);

	if (at == 0)
		gh_bug("no parameter %s in: %s", name, sqlite3_sql(q));
	return at;
}

static void
bound(sqlite3_stmt *q, const char *name, int rc)
{
	if (rc != SQLITE_OK)
		gh_bug("cannot bind %s in: %s: %s", name, sqlite3_sql(q), sqlite3_errstr(rc));
}

void
store_bind_int(sqlite3_stmt *q, const char *name, int64_t value)
{
	bound(q, name, sqlite3_bind_int64(q, place(q, name), value));
}

void
store_bind_time(sqlite3_stmt *q, const char *name, int64_t at_us)
{
	if (at_us == 0)
		bound(q, name, sqlite3_bind_null(q, place(q, name)));
	else
		store_bind_int(q, name, at_us);
}

void
store_bind_id(sqlite3_stmt *q, const char *name, int64_t id)
{
	store_bind_time(q, name, id);
}

void
store_bind_text_n(sqlite3_stmt *q, const char *name, const char *value, size_t len)
{
	bound(q, name,
	    sqlite3_bind_text64(
		q, place(q, name), value == NULL ? "" : value, len, SQLITE_STATIC, SQLITE_UTF8));
}

void
store_bind_text(sqlite3_stmt *q, const char *name, const char *value)
{
	store_bind_text_n(q, name, value, value == NULL ? 0 : strlen(value));
}

void
store_bind_blob(sqlite3_stmt *q, const char *name, const void *value, size_t len)
{
	bound(q, name, sqlite3_bind_blob64(q, place(q, name), len == 0 ? "" : value, len, SQLITE_STATIC));
}

const char *
store_text(sqlite3_stmt *q, int column, struct gh_arena *a)
{
	const unsigned char *s = sqlite3_column_text(q, column);
	int len = sqlite3_column_bytes(q, column);

	return s == NULL || len <= 0 ? "" : gh_strndup(a, (const char *)s, (size_t)len);
}

int64_t
store_int(sqlite3_stmt *q, int column)
{
	return sqlite3_column_int64(q, column);
}

bool
store_bool(sqlite3_stmt *q, int column)
{
	return sqlite3_column_int64(q, column) != 0;
}

enum gh_code
store_bytes(sqlite3_stmt *q, int column, struct gh_text *ret, struct gh_err *err)
{
	const void *data = sqlite3_column_blob(q, column);
	int len = sqlite3_column_bytes(q, column);

	if (data != NULL && len > 0)
		gh_text_put_n(ret, data, (size_t)len);
	if (ret->full)
		return gh_fail(err, GH_BAD_INPUT, "%d bytes of SQL are too many to be read here", len);
	return GH_OK;
}

void *
store_room(struct gh_arena *a, void *rows, size_t n, size_t size)
{
	void *more;

	/* Full exactly at 8, 16, 32, ... rows. */
	if (n != 0 && (n < 8 || (n & (n - 1)) != 0))
		return rows;
	more = gh_alloc_n(a, n == 0 ? 8 : 2 * n, size);
	if (n != 0)
		memcpy(more, rows, n * size);
	return more;
}

int64_t
store_limit(int64_t limit)
{
	if (limit <= 0)
		return 50;
	return limit > STORE_PAGE_MAX ? STORE_PAGE_MAX : limit;
}
