/*
 * The ledger: append-only, chained.  Reads, the canonical form and its check.
 *
 * The canonical form of an entry is one JSON object on one line, keys in this order, no white space, integers
 * in decimal, strings as base/text.h writes them (\" \\ \n \t, other control characters as \u00xx, UTF-8
 * kept):
 *
 *   {"seq":12,"at":1795258563000000,"mono":5012000000,"actor":"lead","way":"web","session":3,"op":"request.approve",
 *    "subject":"request/12","target":"shop_production","outcome":"ok","text":"..."}
 *
 * digest(n) = SHA-256(digest(n-1) | canonical(n)); digest(0) is 32 zero bytes.
 */
#ifndef GH_STORE_LEDGER_H
#define GH_STORE_LEDGER_H

#include "base/hash.h"
#include "store/store.h"

struct store_entry {
	int64_t seq, at, mono;
	const char *actor, *way; /* web, cli, runner */
	int64_t session;
	const char *op, *subject, *target, *outcome, *text; /* outcome: ok, refused, failed */
	const char *canonical;
	char digest[GH_SHA256_HEX_LEN];
};
struct store_entries {
	size_t n;
	struct store_entry *rows;
	int64_t next; /* `before` of the next page, 0 at the end */
};

struct store_entry_filter {
	const char *actor, *op, *subject, *outcome; /* "" or NULL all */
	int64_t before, limit;
};
/* Newest first. */
enum gh_code store_ledger_list(struct store *st, struct gh_arena *a, const struct store_entry_filter *f,
    struct store_entries *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_ledger_get(struct store *st, struct gh_arena *a, int64_t seq, struct store_entry *ret,
    struct gh_err *err) GH_MUST_USE;

/* Appends the canonical form; reads all members but canonical and digest. */
void store_ledger_canonical(const struct store_entry *e, struct gh_text *ret);
void store_ledger_chain(
    const unsigned char before[GH_SHA256_LEN], const char *canonical, unsigned char ret[GH_SHA256_LEN]);

struct store_chain {
	int64_t entries;              /* that were checked and are good */
	int64_t bad;                  /* seq of the first bad one, 0 none */
	int64_t newest;               /* seq of the newest entry, 0 none */
	char head[GH_SHA256_HEX_LEN]; /* digest of the last good one */
};
/* Walks the whole chain.  A broken one is no failure of the call: see bad. */
enum gh_code store_ledger_verify(struct store *st, struct store_chain *ret, struct gh_err *err) GH_MUST_USE;
/* Goes on after the entries that chain has, for at most limit; 0: to the end. */
enum gh_code store_ledger_verify_on(
    struct store *st, int64_t limit, struct store_chain *chain, struct gh_err *err) GH_MUST_USE;

#endif
