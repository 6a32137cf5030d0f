/*
 * Digests, keyed digests, random bytes and password hashes.  SHA-256 and HMAC by libcrypto, the rest by
 * libsodium.  gh_hash_start must be called once by every program.
 */
#ifndef GH_BASE_HASH_H
#define GH_BASE_HASH_H

#include "base/err.h"
#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GH_SHA256_LEN     32
#define GH_SHA256_HEX_LEN 65 /* with NUL */
#define GH_TOKEN_LEN      32 /* session tokens, bytes */
#define GH_PWHASH_LEN     128

void gh_hash_start(void);

void gh_sha256(const void *data, size_t len, unsigned char ret[GH_SHA256_LEN]);
/* Streaming form. */
struct gh_sha256 {
	void *ctx;
};
#define GH_SHA256 __attribute__((cleanup(gh_sha256_done))) struct gh_sha256
void gh_sha256_start(struct gh_sha256 *s);
void gh_sha256_add(struct gh_sha256 *s, const void *data, size_t len);
void gh_sha256_end(struct gh_sha256 *s, unsigned char ret[GH_SHA256_LEN]);
void gh_sha256_done(struct gh_sha256 *s);

/* SHA-256 as 64 lower-case hex digits. */
void gh_sha256_hex(const void *data, size_t len, char ret[GH_SHA256_HEX_LEN]);
void gh_hmac(const void *key, size_t key_len, const void *data, size_t len, unsigned char ret[GH_SHA256_LEN]);

void gh_random(void *ret, size_t len);
bool gh_equal(const void *a, const void *b, size_t len); /* constant time */

/* ret holds 2 * len + 1 bytes. */
void gh_hex(const void *data, size_t len, char *ret);
/* Exactly 2 * len lower-case hex digits, else false. */
bool gh_unhex(const char *hex, void *ret, size_t len);

/* Argon2id; the text form carries its own parameters. */
enum gh_code gh_password_hash(
    const struct gh_secret *password, char ret[GH_PWHASH_LEN], struct gh_err *err) GH_MUST_USE;
bool gh_password_matches(const char *hash, const struct gh_secret *password);

#endif
