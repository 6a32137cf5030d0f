#include "base/ban.h"
#include "store/ledger.h"
#include "store/read.gen.h"

static void
member(struct gh_text *t, const char *name, const char *value)
{
	gh_text_putf(t, ",\"%s\":", name);
	gh_text_put_json(t, value == NULL ? "" : value);
}

void
store_ledger_canonical(const struct store_entry *e, struct gh_text *ret)
{
	gh_text_putf(
	    ret, "{\"seq\":%" PRId64 ",\"at\":%" PRId64 ",\"mono\":%" PRId64, e->seq, e->at, e->mono);
	member(ret, "actor", e->actor);
	member(ret, "way", e->way);
	gh_text_putf(ret, ",\"session\":%" PRId64, e->session);
	member(ret, "op", e->op);
	member(ret, "subject", e->subject);
	member(ret, "target", e->target);
	member(ret, "outcome", e->outcome);
	member(ret, "text", e->text);
	gh_text_putc(ret, '}');
}

void
store_ledger_chain(
    const unsigned char before[GH_SHA256_LEN], const char *canonical, unsigned char ret[GH_SHA256_LEN])
{
	GH_SHA256 s = { 0 };

	gh_sha256_start(&s);
	gh_sha256_add(&s, before, GH_SHA256_LEN);
	gh_sha256_add(&s, canonical, strlen(canonical));
	gh_sha256_end(&s, ret);
}

static struct store_entry
entry_row(sqlite3_stmt *q, struct gh_arena *a)
{
	struct store_entry e = {
		.seq = store_int(q, 0),
		.at = store_int(q, 1),
		.mono = store_int(q, 2),
		.actor = store_text(q, 3, a),
		.way = store_text(q, 4, a),
		.session = store_int(q, 5),
		.op = store_text(q, 6, a),
		.subject = store_text(q, 7, a),
		.target = store_text(q, 8, a),
		.outcome = store_text(q, 9, a),
		.text = store_text(q, 10, a),
		.canonical = store_text(q, 11, a),
	};

	if (sqlite3_column_bytes(q, 12) == GH_SHA256_LEN)
		gh_hex(sqlite3_column_blob(q, 12), GH_SHA256_LEN, e.digest);
	return e;
}

static bool
given(const char *s)
{
	return s != NULL && *s != '\0';
}

/* The statement that walks the index of the narrowest filter; the others are checked row by row. */
static unsigned
list_sql(const struct store_entry_filter *f)
{
	if (given(f->subject))
		return SQL_LEDGER_LIST_SUBJECT;
	if (given(f->actor))
		return SQL_LEDGER_LIST_ACTOR;
	if (given(f->op))
		return SQL_LEDGER_LIST_OP;
	return given(f->outcome) ? SQL_LEDGER_LIST_OUTCOME : SQL_LEDGER_LIST;
}

enum gh_code
store_ledger_list(struct store *st, struct gh_arena *a, const struct store_entry_filter *f,
    struct store_entries *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int64_t limit = store_limit(f->limit);
	int row = 0;

	*ret = (struct store_entries){ 0 };
	GH_TRY(store_prepare(st, list_sql(f), &q, err));
	store_bind_text(q, ":actor", f->actor);
	store_bind_text(q, ":op", f->op);
	store_bind_text(q, ":subject", f->subject);
	store_bind_text(q, ":outcome", f->outcome);
	store_bind_int(q, ":before", f->before > 0 ? f->before : INT64_MAX);
	store_bind_int(q, ":limit", limit + 1);
	for (;;) {
		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		if (ret->n == (size_t)limit) {
			ret->next = ret->rows[ret->n - 1].seq;
			return GH_OK;
		}
		ret->rows = store_room(a, ret->rows, ret->n, sizeof(*ret->rows));
		ret->rows[ret->n++] = entry_row(q, a);
	}
}

enum gh_code
store_ledger_get(
    struct store *st, struct gh_arena *a, int64_t seq, struct store_entry *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_LEDGER_GET, &q, err));
	store_bind_int(q, ":seq", seq);
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return gh_fail(err, GH_NOT_FOUND, "ledger entry %" PRId64 " does not exist", seq);
	*ret = entry_row(q, a);
	return GH_OK;
}

/* One entry is good: it follows the last, its columns say what its canonical form says, its digest chains. */
static bool
entry_good(const struct store_entry *e, int64_t seq, unsigned char head[GH_SHA256_LEN])
{
	GH_TEXT canonical = { 0 };
	char hex[GH_SHA256_HEX_LEN];

	store_ledger_canonical(e, &canonical);
	if (e->seq != seq || strcmp(gh_text_str(&canonical), e->canonical) != 0)
		return false;
	store_ledger_chain(head, e->canonical, head);
	gh_hex(head, GH_SHA256_LEN, hex);
	return strcmp(hex, e->digest) == 0;
}

static enum gh_code
newest(struct store *st, int64_t *ret, struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	GH_TRY(store_prepare(st, SQL_LEDGER_HEAD, &q, err));
	GH_TRY(store_step(st, q, &row, err));
	*ret = row ? store_int(q, 0) : 0;
	return GH_OK;
}

enum gh_code
store_ledger_verify_on(struct store *st, int64_t limit, struct store_chain *chain, struct gh_err *err)
{
	STORE_STMT q = NULL;
	unsigned char head[GH_SHA256_LEN] = { 0 };
	int64_t n;
	int row = 0;

	if (chain->entries > 0 && !gh_unhex(chain->head, head, sizeof(head)))
		gh_bug("the head of a chain is no digest");
	gh_hex(head, sizeof(head), chain->head);
	chain->bad = 0;
	GH_TRY(newest(st, &chain->newest, err));
	GH_TRY(store_prepare(st, SQL_LEDGER_WALK, &q, err));
	store_bind_int(q, ":after", chain->entries);
	for (n = 0; limit == 0 || n < limit; n++) {
		GH_ARENA a = { 0 };
		struct store_entry e;

		GH_TRY(store_step(st, q, &row, err));
		if (!row)
			return GH_OK;
		e = entry_row(q, &a);
		if (!entry_good(&e, chain->entries + 1, head)) {
			chain->bad = e.seq;
			return GH_OK;
		}
		chain->entries++;
		gh_hex(head, sizeof(head), chain->head);
	}
	return GH_OK;
}

enum gh_code
store_ledger_verify(struct store *st, struct store_chain *ret, struct gh_err *err)
{
	*ret = (struct store_chain){ 0 };
	return store_ledger_verify_on(st, 0, ret, err);
}
