#include "base/ban.h"
#include "base/seal.h"

#include <sodium.h>
#include <stdlib.h>

#define MAGIC_LEN (sizeof(GH_SEAL_MAGIC) - 1)
#define BOX_AT    (MAGIC_LEN + crypto_box_PUBLICKEYBYTES)
#define STREAM_AT (BOX_AT + crypto_box_SEALBYTES + crypto_secretstream_xchacha20poly1305_KEYBYTES)

_Static_assert(STREAM_AT + crypto_secretstream_xchacha20poly1305_HEADERBYTES == GH_SEAL_HEAD, "head");
_Static_assert(crypto_secretstream_xchacha20poly1305_ABYTES == GH_SEAL_OVER, "message");

struct stream {
	crypto_secretstream_xchacha20poly1305_state state;
	unsigned char head[GH_SEAL_HEAD];
	bool begun, ended; /* a message went through; the last one did */
	size_t n;          /* bytes in plain when sealing, in sealed when opening */
	unsigned char plain[GH_SEAL_PLAIN];
	unsigned char sealed[GH_SEAL_PLAIN + GH_SEAL_OVER + 1];
};

static struct stream *
stream_make(void)
{
	struct stream *ret = calloc(1, sizeof(*ret));

	if (ret == NULL)
		gh_bug("out of memory");
	return ret;
}

static void
stream_done(void **in)
{
	if (*in == NULL)
		return;
	sodium_memzero(*in, sizeof(struct stream));
	free(*in);
	*in = NULL;
}

/* The first message is bound to what stands before it. */
static const unsigned char *
bound(const struct stream *s, unsigned long long *ret_len)
{
	*ret_len = s->begun ? 0 : sizeof(s->head);
	return s->begun ? NULL : s->head;
}

/* ---- writing */

enum gh_code
gh_seal_start(struct gh_seal *s, const char *to, struct gh_err *err)
{
	unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	struct stream *in = stream_make();
	bool good;

	s->in = in;
	memcpy(in->head, GH_SEAL_MAGIC, MAGIC_LEN);
	if (!gh_seal_key_parse(to, in->head + MAGIC_LEN))
		return gh_fail(err, GH_BAD_INPUT, "\"%s\" is not a public key of `gatehouse backup key`", to);
	crypto_secretstream_xchacha20poly1305_keygen(key);
	good = crypto_box_seal(in->head + BOX_AT, key, sizeof(key), in->head + MAGIC_LEN) == 0 &&
	    crypto_secretstream_xchacha20poly1305_init_push(&in->state, in->head + STREAM_AT, key) == 0;
	sodium_memzero(key, sizeof(key));
	if (!good)
		return gh_fail(err, GH_BAD_INPUT, "nothing can be sealed to the key %s", to);
	return s->put(s->arg, in->head, sizeof(in->head), err);
}

static enum gh_code
message(struct gh_seal *s, bool last, struct gh_err *err)
{
	struct stream *in = s->in;
	unsigned long long len = 0, ad_len;
	const unsigned char *ad = bound(in, &ad_len);

	if (crypto_secretstream_xchacha20poly1305_push(&in->state, in->sealed, &len, in->plain, in->n, ad,
		ad_len,
		last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
		     : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE) != 0)
		return gh_fail(err, GH_INTERNAL, "cannot seal");
	in->begun = true;
	in->n = 0;
	return s->put(s->arg, in->sealed, (size_t)len, err);
}

enum gh_code
gh_seal_put(struct gh_seal *s, const void *data, size_t len, struct gh_err *err)
{
	struct stream *in = s->in;
	const unsigned char *from = data;

	while (len > 0) {
		size_t room = GH_SEAL_PLAIN - in->n, n = len < room ? len : room;

		/* A whole message waits until there is more: the last one is tagged. */
		if (room == 0) {
			GH_TRY(message(s, false, err));
			continue;
		}
		memcpy(in->plain + in->n, from, n);
		in->n += n;
		from += n;
		len -= n;
	}
	return GH_OK;
}

enum gh_code
gh_seal_end(struct gh_seal *s, struct gh_err *err)
{
	return message(s, true, err);
}

void
gh_seal_done(struct gh_seal *s)
{
	stream_done(&s->in);
}

/* ---- opening */

static enum gh_code
fill(struct gh_unseal *u, unsigned char *to, size_t want, size_t *ret_len, struct gh_err *err)
{
	size_t n = 1;

	for (*ret_len = 0; *ret_len < want && n > 0; *ret_len += n)
		GH_TRY(u->get(u->arg, to + *ret_len, want - *ret_len, &n, err));
	return GH_OK;
}

static enum gh_code
damaged(struct gh_err *err, const char *how)
{
	return gh_fail(err, GH_BAD_INPUT, "the sealed file is damaged: %s", how);
}

enum gh_code
gh_unseal_start(struct gh_unseal *u, const struct gh_seal_key *k, struct gh_err *err)
{
	unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
	char to[GH_SEAL_TEXT_LEN], ours[GH_SEAL_TEXT_LEN];
	struct stream *in = stream_make();
	bool good;

	u->in = in;
	GH_TRY(fill(u, in->head, sizeof(in->head), &in->n, err));
	if (in->n < sizeof(in->head) || memcmp(in->head, GH_SEAL_MAGIC, MAGIC_LEN) != 0)
		return damaged(err, "it does not begin as one");
	if (memcmp(in->head + MAGIC_LEN, k->public_key, sizeof(k->public_key)) != 0) {
		gh_seal_key_text(in->head + MAGIC_LEN, to);
		gh_seal_key_text(k->public_key, ours);
		return gh_fail(
		    err, GH_CONFLICT, "it is sealed to the key %s, and this is the key %s", to, ours);
	}
	good = crypto_box_seal_open(
		   key, in->head + BOX_AT, STREAM_AT - BOX_AT, k->public_key, k->secret_key) == 0 &&
	    crypto_secretstream_xchacha20poly1305_init_pull(&in->state, in->head + STREAM_AT, key) == 0;
	sodium_memzero(key, sizeof(key));
	in->n = 0;
	return good ? GH_OK : damaged(err, "its key does not open");
}

/* One byte more than a message is kept read: whether there is another one. */
enum gh_code
gh_unseal_next(struct gh_unseal *u, const void **ret, size_t *ret_len, struct gh_err *err)
{
	const size_t most = GH_SEAL_PLAIN + GH_SEAL_OVER;
	struct stream *in = u->in;
	unsigned long long len = 0, ad_len;
	const unsigned char *ad = bound(in, &ad_len);
	unsigned char tag = 0;
	size_t got = 0, now;

	*ret = in->plain;
	*ret_len = 0;
	if (in->ended)
		return GH_OK;
	GH_TRY(fill(u, in->sealed + in->n, sizeof(in->sealed) - in->n, &got, err));
	in->n += got;
	now = in->n < most ? in->n : most;
	if (now < GH_SEAL_OVER)
		return damaged(err, "it ends too early");
	if (crypto_secretstream_xchacha20poly1305_pull(
		&in->state, in->plain, &len, &tag, in->sealed, now, ad, ad_len) != 0)
		return damaged(err, "its bytes are not those that were written");
	in->begun = true;
	in->ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	if (in->ended && in->n > now)
		return damaged(err, "something follows its end");
	if (!in->ended && in->n == now)
		return damaged(err, "it ends too early");
	in->n -= now;
	memmove(in->sealed, in->sealed + now, in->n);
	*ret_len = (size_t)len;
	/* Only the last can be empty: then there was nothing at all. */
	return GH_OK;
}

void
gh_unseal_done(struct gh_unseal *u)
{
	stream_done(&u->in);
}
