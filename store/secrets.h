/*
 * Password hashes and digests of session tokens: a file of its own in a folder that only the runner can read.
 */
#ifndef GH_STORE_SECRETS_H
#define GH_STORE_SECRETS_H

#include "base/hash.h"
#include "store/write.h"

/* FOLDER/secrets.db, made when missing (0600). */
enum gh_code store_secrets_open(struct store *ret, const char *folder, struct gh_err *err) GH_MUST_USE;
enum gh_code store_secrets_memory(struct store *ret, struct gh_err *err) GH_MUST_USE;

enum gh_code store_password_set(
    struct store *st, int64_t person_id, const char *hash, int64_t now, struct gh_err *err) GH_MUST_USE;
/* *ret_found false: no password is set. */
enum gh_code store_password_get(struct store *st, int64_t person_id, char ret[GH_PWHASH_LEN], bool *ret_found,
    struct gh_err *err) GH_MUST_USE;

enum gh_code store_token_add(struct store *st, int64_t session_id, const unsigned char digest[GH_SHA256_LEN],
    struct gh_err *err) GH_MUST_USE;
/* *ret_session 0: unknown. */
enum gh_code store_token_find(struct store *st, const unsigned char digest[GH_SHA256_LEN],
    int64_t *ret_session, struct gh_err *err) GH_MUST_USE;
enum gh_code store_token_delete(struct store *st, int64_t session_id, struct gh_err *err) GH_MUST_USE;

#endif
