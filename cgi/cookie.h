/*
 * The session cookie: 64 hex digits.  Over TLS its name starts with __Host-, which no other host can set.
 */
#ifndef GH_CGI_COOKIE_H
#define GH_CGI_COOKIE_H

#include "base/arena.h"
#include "base/hash.h"

#include <stdbool.h>

/* The token in a Cookie header; *ret_sent when there was a cookie of our name, good or not. */
bool cookie_token(const char *header, bool https, unsigned char ret[GH_TOKEN_LEN], bool *ret_sent);
/* A Set-Cookie value; token NULL takes the cookie back. */
const char *cookie_make(struct gh_arena *a, bool https, const unsigned char *token);

#endif
