#include "base/ban.h"
#include "store/ledger_write.h"
#include "store/read.gen.h"
#include "store/write.gen.h"

static enum gh_code
head_get(struct store *st, int64_t *ret_seq, unsigned char ret[GH_SHA256_LEN], struct gh_err *err)
{
	STORE_STMT q = NULL;
	int row = 0;

	*ret_seq = 0;
	memset(ret, 0, GH_SHA256_LEN);
	GH_TRY(store_prepare(st, SQL_LEDGER_HEAD, &q, err));
	GH_TRY(store_step(st, q, &row, err));
	if (!row)
		return GH_OK;
	*ret_seq = store_int(q, 0);
	if (sqlite3_column_bytes(q, 1) != GH_SHA256_LEN)
		return gh_fail(err, GH_INTERNAL, "the ledger's last entry has no digest");
	memcpy(ret, sqlite3_column_blob(q, 1), GH_SHA256_LEN);
	return GH_OK;
}

enum gh_code
store_ledger_add(struct store *st, const struct store_entry *e, int64_t *ret_seq, struct gh_err *err)
{
	STORE_STMT q = NULL;
	STORE_TX tx = { 0 };
	GH_TEXT canonical = { 0 };
	unsigned char digest[GH_SHA256_LEN];
	struct store_entry n = *e;

	GH_TRY(store_begin(st, &tx, err));
	GH_TRY(head_get(st, &n.seq, digest, err));
	n.seq++;
	n.at = e->at == 0 ? gh_clock_now() : e->at;
	n.mono = gh_clock_mono();
	store_ledger_canonical(&n, &canonical);
	store_ledger_chain(digest, gh_text_str(&canonical), digest);
	GH_TRY(store_prepare(st, SQL_LEDGER_ADD, &q, err));
	store_bind_int(q, ":seq", n.seq);
	store_bind_int(q, ":at", n.at);
	store_bind_int(q, ":mono", n.mono);
	store_bind_text(q, ":actor", n.actor);
	store_bind_text(q, ":way", n.way);
	store_bind_int(q, ":session", n.session);
	store_bind_text(q, ":op", n.op);
	store_bind_text(q, ":subject", n.subject);
	store_bind_text(q, ":target", n.target);
	store_bind_text(q, ":outcome", n.outcome);
	store_bind_text(q, ":text", n.text);
	store_bind_text_n(q, ":canonical", gh_text_str(&canonical), canonical.len);
	store_bind_blob(q, ":digest", digest, sizeof(digest));
	GH_TRY(store_do(st, q, NULL, err));
	if (ret_seq != NULL)
		*ret_seq = n.seq;
	return store_commit(&tx, err);
}
