/*
 * One call to the runner: connect, one frame out, one frame back, close.
 */
#ifndef GH_WIRE_CLIENT_H
#define GH_WIRE_CLIENT_H

#include "wire/frame.h"
#include "wire/ops.h"

#define WIRE_CLIENT_TIMEOUT_MS 30000

struct wire_reply {
	struct gh_text body;   /* owns the bytes; gh_text_done */
	struct wire_in fields; /* reads from body */
};

#define WIRE_REPLY __attribute__((cleanup(wire_reply_done))) struct wire_reply
void wire_reply_done(struct wire_reply *r);

/*
 * token is GH_TOKEN_LEN bytes or NULL (32 zero bytes: no session).  fields may be NULL.  A refusal by the
 * runner comes back as its own code and message.  No runner: GH_UNAVAILABLE, "the runner does not answer
 * ...".
 */
enum gh_code wire_call(const char *socket_path, enum wire_op op, const unsigned char *token,
    const struct gh_text *fields, struct wire_reply *ret, struct gh_err *err) GH_MUST_USE;

#endif
