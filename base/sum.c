#include "base/ban.h"
#include "base/sum.h"
#include "base/hash.h"

#include <openssl/evp.h>
#include <sodium.h>

static const EVP_MD *
digest_of(enum gh_sum_kind kind)
{
	switch (kind) {
	case GH_SUM_MD5:
		return EVP_md5();
	case GH_SUM_SHA1:
		return EVP_sha1();
	case GH_SUM_SHA256:
		return EVP_sha256();
	case GH_SUM_SHA384:
		return EVP_sha384();
	}
	gh_bug("no digest has number %d", (int)kind);
}

void
gh_sum_start(struct gh_sum *s, enum gh_sum_kind kind)
{
	gh_sum_done(s);
	s->ctx = EVP_MD_CTX_new();
	if (s->ctx == NULL || EVP_DigestInit_ex(s->ctx, digest_of(kind), NULL) != 1)
		gh_bug("a digest does not start");
}

void
gh_sum_add(struct gh_sum *s, const void *data, size_t len)
{
	if (EVP_DigestUpdate(s->ctx, data, len) != 1)
		gh_bug("a digest failed");
}

size_t
gh_sum_now(const struct gh_sum *s, unsigned char ret[GH_SUM_MAX])
{
	EVP_MD_CTX *copy = EVP_MD_CTX_new();
	unsigned len = 0;

	if (copy == NULL || EVP_MD_CTX_copy_ex(copy, s->ctx) != 1 || EVP_DigestFinal_ex(copy, ret, &len) != 1)
		gh_bug("a digest failed");
	EVP_MD_CTX_free(copy);
	return len;
}

void
gh_sum_done(struct gh_sum *s)
{
	EVP_MD_CTX_free(s->ctx);
	s->ctx = NULL;
}

void
gh_sum_hex(enum gh_sum_kind kind, const void *data, size_t len, char ret[GH_SUM_HEX_MAX])
{
	unsigned char sum[GH_SUM_MAX];
	GH_SUM s = { 0 };

	gh_sum_start(&s, kind);
	gh_sum_add(&s, data, len);
	gh_hex(sum, gh_sum_now(&s, sum), ret);
}

uint32_t
gh_crc32(uint32_t sum, const void *data, size_t len)
{
	const unsigned char *p = data, *end = p + len;
	int bit;

	for (sum = ~sum; p < end; p++) {
		sum ^= *p;
		for (bit = 0; bit < 8; bit++)
			sum = (sum >> 1) ^ ((sum & 1) != 0 ? UINT32_C(0xedb88320) : 0);
	}
	return ~sum;
}

const char *
gh_base64(struct gh_arena *a, const void *data, size_t len)
{
	size_t room = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
	char *ret = gh_alloc(a, room);

	(void)sodium_bin2base64(ret, room, data, len, sodium_base64_VARIANT_ORIGINAL);
	return ret;
}
