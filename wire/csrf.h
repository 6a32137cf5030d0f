/*
 * The token of a form: HMAC-SHA256 of the session token over the operation and its subject, hex.  The web
 * tier writes it into the form, the runner checks it: a form made for one act cannot be used for another.
 */
#ifndef GH_WIRE_CSRF_H
#define GH_WIRE_CSRF_H

#include "base/hash.h"
#include "base/text.h"
#include "wire/ops.h"

/* subject: "request/12", "target/shop_production", "incident/3", "session/9", "person/lead"; "" for none. */
void wire_csrf(const unsigned char token[GH_TOKEN_LEN], enum wire_op op, const char *subject,
    char ret[GH_SHA256_HEX_LEN]);

/*
 * The two digests of a session token.  The web tier can read the first (store, table session) and only
 * recognises a session by it; the runner checks the second (secrets).  Neither gives the other or the token.
 */
void wire_token_verifier(const unsigned char token[GH_TOKEN_LEN], unsigned char ret[GH_SHA256_LEN]);
void wire_token_digest(const unsigned char token[GH_TOKEN_LEN], unsigned char ret[GH_SHA256_LEN]);

#endif
