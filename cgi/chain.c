#include "base/ban.h"
#include "cgi/chain.h"

#include <sys/mman.h>

enum gh_code
chain_memo_new(struct chain_memo **ret, struct gh_err *err)
{
	void *p = mmap(NULL, sizeof(**ret), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*ret = NULL;
	if (p == MAP_FAILED)
		return gh_fail_errno(err, GH_INTERNAL, "cannot share memory");
	*ret = p;
	return GH_OK;
}

static void
memo_sum(const struct chain_memo *m, unsigned char ret[GH_SHA256_LEN])
{
	GH_SHA256 s = { 0 };

	gh_sha256_start(&s);
	gh_sha256_add(&s, m, offsetof(struct chain_memo, sum));
	gh_sha256_end(&s, ret);
}

static struct chain_memo
memo_read(const struct chain_memo *memo, const struct source *source)
{
	struct chain_memo m;
	unsigned char sum[GH_SHA256_LEN];

	memcpy(&m, memo, sizeof(m));
	memo_sum(&m, sum);
	if (memcmp(sum, m.sum, sizeof(sum)) != 0 || m.dev != (int64_t)source->dev ||
	    m.ino != (int64_t)source->ino)
		memset(&m, 0, sizeof(m));
	return m;
}

static void
memo_write(
    struct chain_memo *memo, const struct source *source, const struct store_chain *chain, int64_t since)
{
	struct chain_memo m;

	memset(&m, 0, sizeof(m));
	m.entries = chain->entries;
	m.since = since;
	m.dev = (int64_t)source->dev;
	m.ino = (int64_t)source->ino;
	memcpy(m.head, chain->head, sizeof(m.head));
	memo_sum(&m, m.sum);
	memcpy(memo, &m, sizeof(m));
}

enum gh_code
chain_check(struct chain_memo *memo, struct source *source, bool whole, int64_t now_us,
    struct chain_look *ret, struct gh_err *err)
{
	struct chain_memo m = memo_read(memo, source);
	int64_t limit = whole ? 0 : CHAIN_A_LOOK;

	*ret = (struct chain_look){ .since = now_us };
	if (!whole && m.entries > 0) {
		ret->chain.entries = m.entries;
		memcpy(ret->chain.head, m.head, sizeof(m.head));
		ret->before = m.entries;
		ret->since = m.since;
	}
	GH_TRY(store_ledger_verify_on(&source->store, limit, &ret->chain, err));
	/* This request began before the entries that another has checked meanwhile. */
	if (ret->chain.newest < ret->before) {
		*ret = (struct chain_look){ .since = now_us };
		return store_ledger_verify_on(&source->store, limit, &ret->chain, err);
	}
	memo_write(memo, source, &ret->chain, ret->since);
	return GH_OK;
}
