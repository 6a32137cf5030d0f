/*
 * Digests that other people's tools have chosen for their checksums: MD5, SHA-1, SHA-256, SHA-384, CRC-32,
 * and Base64.  Nothing that must be secure stands on them; that is base/hash.h.
 */
#ifndef GH_BASE_SUM_H
#define GH_BASE_SUM_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

enum gh_sum_kind { GH_SUM_MD5 = 1, GH_SUM_SHA1, GH_SUM_SHA256, GH_SUM_SHA384 };

#define GH_SUM_MAX     48 /* bytes of the longest */
#define GH_SUM_HEX_MAX (GH_SUM_MAX * 2 + 1)

/* Cleanup variable: GH_SUM s = { 0 }; */
struct gh_sum {
	void *ctx;
};
#define GH_SUM __attribute__((cleanup(gh_sum_done))) struct gh_sum

void gh_sum_start(struct gh_sum *s, enum gh_sum_kind kind);
void gh_sum_add(struct gh_sum *s, const void *data, size_t len);
/* The digest of what was added so far, its length returned; adding may go on. */
size_t gh_sum_now(const struct gh_sum *s, unsigned char ret[GH_SUM_MAX]);
void gh_sum_done(struct gh_sum *s);

/* All at once, as lower-case hex digits. */
void gh_sum_hex(enum gh_sum_kind kind, const void *data, size_t len, char ret[GH_SUM_HEX_MAX]);
/* CRC-32 as zlib and java.util.zip have it; sum is 0 at first, then what was returned. */
uint32_t gh_crc32(uint32_t sum, const void *data, size_t len);
/* Standard alphabet, padded. */
const char *gh_base64(struct gh_arena *a, const void *data, size_t len);

#endif
