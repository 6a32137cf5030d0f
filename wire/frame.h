/*
 * Bytes on the sockets and in the journals.  Integers are big-endian; a text is u32 length and that many
 * bytes of UTF-8 without NUL; bytes are u32 length and anything.
 *
 * A reader keeps its first failure: read all fields, then ask wire_end once, which also refuses leftovers.
 * After a failure every read gives 0 or "".  A writer keeps its first failure in `bad`.
 *
 *   call    u32 length | u16 op | token[32] | fields       (length counts what follows it)
 *   reply   u32 length | u16 code (enum gh_code) | fields; when code is not GH_OK one text: the message
 */
#ifndef GH_WIRE_FRAME_H
#define GH_WIRE_FRAME_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_FRAME_MAX ((size_t)64 << 10) /* a call or a reply, bytes after the length */

struct wire_in {
	const unsigned char *at, *end;
	const char *bad; /* first failure, NULL while good */
};

struct wire_out {
	struct gh_text *text; /* appended to; its limit applies */
	const char *bad;
};

uint8_t wire_u8(struct wire_in *in);
uint16_t wire_u16(struct wire_in *in);
uint32_t wire_u32(struct wire_in *in);
int64_t wire_i64(struct wire_in *in);
bool wire_bool(struct wire_in *in); /* 0 or 1, else bad */
/* Valid UTF-8 without NUL, copied into the arena; never NULL. */
const char *wire_text(struct wire_in *in, struct gh_arena *a);
/* Points into the frame, not copied. */
const void *wire_bytes(struct wire_in *in, size_t *ret_len);
void wire_secret(struct wire_in *in, struct gh_secret *ret);
/* GH_BAD_INPUT when a field was malformed or something is left over. */
enum gh_code wire_end(struct wire_in *in, struct gh_err *err) GH_MUST_USE;

void wire_put_u8(struct wire_out *out, uint8_t v);
void wire_put_u16(struct wire_out *out, uint16_t v);
void wire_put_u32(struct wire_out *out, uint32_t v);
void wire_put_i64(struct wire_out *out, int64_t v);
void wire_put_bool(struct wire_out *out, bool v);
void wire_put_text(struct wire_out *out, const char *s); /* NULL is written as "" */
void wire_put_bytes(struct wire_out *out, const void *p, size_t len);
void wire_put_secret(struct wire_out *out, const struct gh_secret *s);

#endif
