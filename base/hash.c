#include "base/ban.h"
#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

void
gh_hash_start(void)
{
	if (sodium_init() < 0)
		gh_bug("libsodium does not start");
}

void
gh_sha256(const void *data, size_t len, unsigned char ret[GH_SHA256_LEN])
{
	GH_SHA256 s = { 0 };

	gh_sha256_start(&s);
	gh_sha256_add(&s, data, len);
	gh_sha256_end(&s, ret);
}

void
gh_sha256_start(struct gh_sha256 *s)
{
	gh_sha256_done(s);
	s->ctx = EVP_MD_CTX_new();
	if (s->ctx == NULL || EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL) != 1)
		gh_bug("SHA-256 does not start");
}

void
gh_sha256_add(struct gh_sha256 *s, const void *data, size_t len)
{
	if (EVP_DigestUpdate(s->ctx, data, len) != 1)
		gh_bug("SHA-256 failed");
}

void
gh_sha256_end(struct gh_sha256 *s, unsigned char ret[GH_SHA256_LEN])
{
	if (EVP_DigestFinal_ex(s->ctx, ret, NULL) != 1)
		gh_bug("SHA-256 failed");
}

void
gh_sha256_done(struct gh_sha256 *s)
{
	EVP_MD_CTX_free(s->ctx);
	s->ctx = NULL;
}

void
gh_sha256_hex(const void *data, size_t len, char ret[GH_SHA256_HEX_LEN])
{
	unsigned char sum[GH_SHA256_LEN];

	gh_sha256(data, len, sum);
	gh_hex(sum, sizeof(sum), ret);
}

void
gh_hmac(const void *key, size_t key_len, const void *data, size_t len, unsigned char ret[GH_SHA256_LEN])
{
	unsigned ret_len = GH_SHA256_LEN;

	if (key_len > INT_MAX || HMAC(EVP_sha256(), key, (int)key_len, data, len, ret, &ret_len) == NULL)
		gh_bug("HMAC failed");
}

void
gh_random(void *ret, size_t len)
{
	randombytes_buf(ret, len);
}

bool
gh_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void
gh_hex(const void *data, size_t len, char *ret)
{
	(void)sodium_bin2hex(ret, len * 2 + 1, data, len);
}

bool
gh_unhex(const char *hex, void *ret, size_t len)
{
	size_t n = 0, i;

	for (i = 0; hex[i] != '\0'; i++) {
		if (i >= len * 2 || strchr("0123456789abcdef", hex[i]) == NULL)
			return false;
	}
	return i == len * 2 && sodium_hex2bin(ret, len, hex, i, NULL, &n, NULL) == 0 && n == len;
}

enum gh_code
gh_password_hash(const struct gh_secret *password, char ret[GH_PWHASH_LEN], struct gh_err *err)
{
	_Static_assert(crypto_pwhash_argon2id_STRBYTES <= GH_PWHASH_LEN, "hash text fits");

	/* OWASP's second choice (t=2, 19 MiB): about 30 ms on two shared cores. */
	if (crypto_pwhash_argon2id_str(
		ret, (const char *)password->data, password->len, 2, (size_t)19 << 20) != 0)
		return gh_fail(err, GH_UNAVAILABLE, "not enough memory to hash a password");
	return GH_OK;
}

bool
gh_password_matches(const char *hash, const struct gh_secret *password)
{
	return crypto_pwhash_argon2id_str_verify(hash, (const char *)password->data, password->len) == 0;
}
