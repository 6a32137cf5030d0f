#include "base/ban.h"
#include "base/seal.h"
#include "base/io.h"
#include "base/secret.h"

#include <sodium.h>
#include <unistd.h>

#define BASE64 sodium_base64_VARIANT_ORIGINAL
#define FILE_HEAD                                                                                            \
	"# The secret half of a key for backups of Gatehouse: it opens them.  Keep it where nobody who "     \
	"can\n"                                                                                              \
	"# read the backups can read it, and more than once.  gatehouse backup open FILE --key THIS-FILE\n"

_Static_assert(crypto_box_PUBLICKEYBYTES == GH_SEAL_KEY_LEN, "key");
_Static_assert(crypto_box_SECRETKEYBYTES == GH_SEAL_KEY_LEN, "key");
_Static_assert(sodium_base64_ENCODED_LEN(GH_SEAL_KEY_LEN, BASE64) == GH_SEAL_TEXT_LEN, "text");

void
gh_seal_key_make(struct gh_seal_key *ret)
{
	if (crypto_box_keypair(ret->public_key, ret->secret_key) != 0)
		gh_bug("no key can be made");
}

void
gh_seal_key_done(struct gh_seal_key *k)
{
	sodium_memzero(k, sizeof(*k));
}

void
gh_seal_key_text(const unsigned char public_key[GH_SEAL_KEY_LEN], char ret[GH_SEAL_TEXT_LEN])
{
	(void)sodium_bin2base64(ret, GH_SEAL_TEXT_LEN, public_key, GH_SEAL_KEY_LEN, BASE64);
}

static bool
parse(const char *text, size_t text_len, unsigned char ret[GH_SEAL_KEY_LEN])
{
	size_t len = 0;

	return sodium_base642bin(ret, GH_SEAL_KEY_LEN, text, text_len, NULL, &len, NULL, BASE64) == 0 &&
	    len == GH_SEAL_KEY_LEN;
}

bool
gh_seal_key_parse(const char *text, unsigned char ret[GH_SEAL_KEY_LEN])
{
	return parse(text, strlen(text), ret);
}

/* Wiped when it goes out of scope. */
struct text {
	char s[GH_SEAL_TEXT_LEN];
};
static void
text_done(struct text *t)
{
	sodium_memzero(t, sizeof(*t));
}

static enum gh_code
put(int fd, const struct gh_seal_key *k, struct gh_err *err)
{
	__attribute__((cleanup(text_done))) struct text secret = { "" };
	char public_key[GH_SEAL_TEXT_LEN];

	gh_seal_key_text(k->public_key, public_key);
	gh_seal_key_text(k->secret_key, secret.s);
	GH_TRY(gh_write_all(fd, FILE_HEAD "# public key: ", strlen(FILE_HEAD "# public key: "), err));
	GH_TRY(gh_write_all(fd, public_key, strlen(public_key), err));
	GH_TRY(gh_write_all(fd, "\n", 1, err));
	GH_TRY(gh_write_all(fd, secret.s, strlen(secret.s), err));
	GH_TRY(gh_write_all(fd, "\n", 1, err));
	if (fsync(fd) != 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot make the key file durable");
	return GH_OK;
}

enum gh_code
gh_seal_key_write(const char *path, const struct gh_seal_key *k, struct gh_err *err)
{
	GH_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	enum gh_code code;

	if (fd < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot create %s", path);
	code = put(fd, k, err);
	if (code != GH_OK)
		(void)unlink(path);
	return code;
}

enum gh_code
gh_seal_key_read(int fd, struct gh_seal_key *ret, struct gh_err *err)
{
	GH_SECRET text = { 0 };
	unsigned char buf[GH_SECRET_MAX];
	const char *at, *end;
	ssize_t n = pread(fd, buf, sizeof(buf), 0);
	bool good = false;

	if (n < 0)
		return gh_fail_errno(err, GH_UNAVAILABLE, "cannot read the key file");
	(void)gh_secret_set(&text, buf, (size_t)n);
	sodium_memzero(buf, sizeof(buf));
	for (at = (const char *)text.data; *at != '\0' && !good; at = end) {
		size_t len = strcspn(at, "\n");

		end = at + len + (at[len] == '\n' ? 1 : 0);
		if (at[0] == '#' || len == 0)
			continue;
		if (!parse(at, len, ret->secret_key))
			break;
		good = true;
	}
	if (!good || crypto_scalarmult_base(ret->public_key, ret->secret_key) != 0) {
		gh_seal_key_done(ret);
		return gh_fail(err, GH_BAD_INPUT, "that is not a key file of `gatehouse backup key`");
	}
	return GH_OK;
}
