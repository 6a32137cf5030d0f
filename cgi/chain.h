/*
 * The check of the ledger's chain, spread over requests: what one worker has checked, all go on from.  A page
 * says how many entries were checked when; ?check=whole begins anew.
 */
#ifndef GH_CGI_CHAIN_H
#define GH_CGI_CHAIN_H

#include "cgi/source.h"
#include "store/ledger.h"

#define CHAIN_A_LOOK 2000 /* entries that one request checks at most */

/* Lies in memory that the workers share, without a lock: a torn one does not match its sum and counts as
 * none. */
struct chain_memo {
	int64_t entries, since; /* since: when the first entry was checked */
	int64_t dev, ino;       /* of the store */
	char head[GH_SHA256_HEX_LEN];
	unsigned char sum[GH_SHA256_LEN];
};

struct chain_look {
	struct store_chain chain;
	int64_t before, since; /* so many were checked before, from since on */
};

/* Memory that stays shared after fork. */
enum gh_code chain_memo_new(struct chain_memo **ret, struct gh_err *err) GH_MUST_USE;
enum gh_code chain_check(struct chain_memo *memo, struct source *source, bool whole, int64_t now_us,
    struct chain_look *ret, struct gh_err *err) GH_MUST_USE;

#endif
