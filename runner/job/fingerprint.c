#include "base/ban.h"
#include "runner/job/fingerprint.h"
#include "runner/job/sql.gen.h"

#define ORDER "order of columns"

static const char *const parts[] = { SQL_FINGERPRINT_RELATION, SQL_FINGERPRINT_COLUMN,
	SQL_FINGERPRINT_ON_TABLE, SQL_FINGERPRINT_CODE, SQL_FINGERPRINT_OTHER, SQL_FINGERPRINT_ROLE };

static int
compare(const struct fingerprint_object *x, const struct fingerprint_object *y)
{
	int order = strcmp(x->kind, y->kind);

	return order != 0 ? order : strcmp(x->name, y->name);
}

/* Objects with one kind and name are put in the order of their definitions, whatever the server gave first.
 */
static int
by_all(const void *x, const void *y)
{
	const struct fingerprint_object *p = x, *q = y;
	int order = compare(p, q);

	return order != 0 ? order : strcmp(p->definition, q->definition);
}

static enum gh_code
part_read(struct pg *pg, const char *sql, struct gh_arena *a, struct fingerprint *ret, struct gh_err *err)
{
	struct fingerprint_object *all;
	PG_RESULT res = NULL;
	size_t n;
	int i;

	GH_TRY(pg_query(pg, sql, NULL, 0, &res, err));
	n = (size_t)PQntuples(res);
	all = gh_alloc_n(a, ret->n + n, sizeof(*all));
	if (ret->n > 0)
		memcpy(all, ret->objects, ret->n * sizeof(*all));
	for (i = 0; i < PQntuples(res); i++)
		all[ret->n++] = (struct fingerprint_object){ .kind = gh_strdup(a, PQgetvalue(res, i, 0)),
			.name = gh_strdup(a, PQgetvalue(res, i, 1)),
			.definition = gh_strdup(a, PQgetvalue(res, i, 2)) };
	ret->objects = all;
	return GH_OK;
}

void
fingerprint_hash_one(struct gh_sha256 *sha, const struct fingerprint_object *o)
{
	/* With its NUL each text ends where it ends. */
	gh_sha256_add(sha, o->kind, strlen(o->kind) + 1);
	gh_sha256_add(sha, o->name, strlen(o->name) + 1);
	gh_sha256_add(sha, o->definition, strlen(o->definition) + 1);
}

static void
hash(struct fingerprint *f)
{
	unsigned char sum[GH_SHA256_LEN];
	GH_SHA256 sha = { 0 };
	size_t i;

	gh_sha256_start(&sha);
	for (i = 0; i < f->n; i++)
		fingerprint_hash_one(&sha, &f->objects[i]);
	gh_sha256_end(&sha, sum);
	gh_hex(sum, sizeof(sum), f->digest);
}

static enum gh_code
read_all(struct pg *pg, bool server, struct gh_arena *a, struct fingerprint *ret, struct gh_err *err)
{
	size_t i, n = sizeof(parts) / sizeof(parts[0]) - (server ? 0 : 1);

	GH_TRY(pg_query(pg, SQL_FINGERPRINT_PATH, NULL, 0, NULL, err));
	for (i = 0; i < n; i++)
		GH_TRY(part_read(pg, parts[i], a, ret, err));
	return GH_OK;
}

enum gh_code
fingerprint_take(struct pg *pg, bool server, struct gh_arena *a, struct fingerprint *ret, struct gh_err *err)
{
	bool open = pg->conn != NULL && PQtransactionStatus(pg->conn) == PQTRANS_INTRANS;
	struct gh_err why = { 0 };
	enum gh_code code;

	*ret = (struct fingerprint){ 0 };
	GH_TRY(pg_query(
	    pg, open ? "SAVEPOINT gatehouse_fingerprint" : SQL_FINGERPRINT_BEGIN, NULL, 0, NULL, err));
	code = read_all(pg, server, a, ret, err);
	/* The search path is as it was again. */
	if (pg_query(pg, open ? "ROLLBACK TO gatehouse_fingerprint" : "ROLLBACK", NULL, 0, NULL, &why) !=
		GH_OK &&
	    code == GH_OK) {
		*err = why;
		return why.code;
	}
	GH_TRY(code);
	if (ret->n > 0)
		qsort(ret->objects, ret->n, sizeof(*ret->objects), by_all);
	hash(ret);
	return GH_OK;
}

const struct fingerprint_object *
fingerprint_find(const struct fingerprint *f, const char *kind, const char *name)
{
	const struct fingerprint_object key = { .kind = kind, .name = name };
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = compare(&key, &f->objects[mid]);

		if (order == 0)
			return &f->objects[mid];
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

/* One object that is in one of the two only, or has another definition. */
static void
differ(struct fingerprint_difference *d, const struct fingerprint_words *w,
    const struct fingerprint_object *o, const char *how, struct gh_arena *a)
{
	d->n++;
	if (d->shown < w->most)
		d->lines[d->shown++] = gh_printf(a, "%s %s: %s", o->kind, o->name, how);
}

/* Walks both lists; order: only the places of columns, else all but those. */
static void
walk(const struct fingerprint *x, const struct fingerprint *y, const struct fingerprint_words *w, bool order,
    struct gh_arena *a, struct fingerprint_difference *d)
{
	const char *gone = gh_printf(a, "only %s", w->before), *new = gh_printf(a, "only %s", w->after);
	size_t i = 0, k = 0;

	while (i < x->n || k < y->n) {
		int c = i == x->n ? 1 : k == y->n ? -1 : compare(&x->objects[i], &y->objects[k]);
		const struct fingerprint_object *o = c <= 0 ? &x->objects[i] : &y->objects[k];
		bool same = c == 0 && strcmp(x->objects[i].definition, y->objects[k].definition) == 0;

		if (!same && (strcmp(o->kind, ORDER) == 0) == order)
			differ(d, w, o, c < 0 ? gone : c > 0 ? new : "another definition", a);
		i += c <= 0 ? 1 : 0;
		k += c >= 0 ? 1 : 0;
	}
}

void
fingerprint_compare(const struct fingerprint *before, const struct fingerprint *after,
    const struct fingerprint_words *w, struct gh_arena *a, struct fingerprint_difference *ret)
{
	*ret = (struct fingerprint_difference){ .verdict = FINGERPRINT_EXACT };
	if (strcmp(before->digest, after->digest) == 0)
		return;
	ret->lines = gh_alloc_n(a, w->most, sizeof(*ret->lines));
	walk(before, after, w, false, a, ret);
	ret->verdict = FINGERPRINT_DIFFERS;
	if (ret->n > 0)
		return;
	ret->verdict = FINGERPRINT_COLUMN_ORDER;
	walk(before, after, w, true, a, ret);
}
