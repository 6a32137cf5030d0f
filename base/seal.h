/*
 * Sealing a stream to a recipient: whoever has the public key can write one, only the secret key opens it.
 *
 *   magic | the recipient's public key | crypto_box_seal of a key of this stream alone | header of
 *   crypto_secretstream_xchacha20poly1305 | its messages of GH_SEAL_PLAIN bytes each, the last one shorter
 *
 * The last message is tagged FINAL, so that a stream that was cut does not open; the first one binds what is
 * before it.  A change of any byte is found.
 */
#ifndef GH_BASE_SEAL_H
#define GH_BASE_SEAL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define GH_SEAL_KEY_LEN  32
#define GH_SEAL_TEXT_LEN 45 /* base64 of a key, with NUL */
#define GH_SEAL_MAGIC    "gatehouse-seal1\n"
#define GH_SEAL_PLAIN    ((size_t)65536)
#define GH_SEAL_OVER     ((size_t)17) /* more bytes in each message */
#define GH_SEAL_HEAD     ((size_t)(16 + 32 + 80 + 24))

/* ---- keys -----------------------------------------------------------------------------------------------
 */

struct gh_seal_key {
	unsigned char public_key[GH_SEAL_KEY_LEN], secret_key[GH_SEAL_KEY_LEN];
};
#define GH_SEAL_KEY __attribute__((cleanup(gh_seal_key_done))) struct gh_seal_key
void gh_seal_key_make(struct gh_seal_key *ret);
void gh_seal_key_done(struct gh_seal_key *k); /* wipes */
/* Of a public key, as the configuration has it. */
void gh_seal_key_text(const unsigned char public_key[GH_SEAL_KEY_LEN], char ret[GH_SEAL_TEXT_LEN]);
bool gh_seal_key_parse(const char *text, unsigned char ret[GH_SEAL_KEY_LEN]);
/* A key file: lines of comment ("#"), then the secret key.  Written 0600; one that is there stays. */
enum gh_code gh_seal_key_write(const char *path, const struct gh_seal_key *k, struct gh_err *err) GH_MUST_USE;
/* GH_BAD_INPUT: it is none.  From the descriptor's beginning. */
enum gh_code gh_seal_key_read(int fd, struct gh_seal_key *ret, struct gh_err *err) GH_MUST_USE;

/* ---- writing --------------------------------------------------------------------------------------------
 */

struct gh_seal {
	enum gh_code (*put)(void *arg, const void *data, size_t len, struct gh_err *err);
	void *arg;
	void *in; /* NULL: not begun */
};
#define GH_SEAL __attribute__((cleanup(gh_seal_done))) struct gh_seal
/* to: the public key as base64. */
enum gh_code gh_seal_start(struct gh_seal *s, const char *to, struct gh_err *err) GH_MUST_USE;
enum gh_code gh_seal_put(struct gh_seal *s, const void *data, size_t len, struct gh_err *err) GH_MUST_USE;
enum gh_code gh_seal_end(struct gh_seal *s, struct gh_err *err) GH_MUST_USE;
void gh_seal_done(struct gh_seal *s);

/* ---- opening --------------------------------------------------------------------------------------------
 */

struct gh_unseal {
	/* Up to len bytes into buf; *ret_len 0 only at the end. */
	enum gh_code (*get)(void *arg, void *buf, size_t len, size_t *ret_len, struct gh_err *err);
	void *arg;
	void *in;
};
#define GH_UNSEAL __attribute__((cleanup(gh_unseal_done))) struct gh_unseal
/* GH_CONFLICT: it is sealed to another key.  GH_BAD_INPUT, here and later: it is damaged, or no such file. */
enum gh_code gh_unseal_start(
    struct gh_unseal *u, const struct gh_seal_key *k, struct gh_err *err) GH_MUST_USE;
/* The next piece, valid until the next call; *ret_len 0 at its end, when all of it was right. */
enum gh_code gh_unseal_next(
    struct gh_unseal *u, const void **ret, size_t *ret_len, struct gh_err *err) GH_MUST_USE;
void gh_unseal_done(struct gh_unseal *u);

#endif
