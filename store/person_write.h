/*
 * People, sessions and answers (idempotency keys): writes.
 */
#ifndef GH_STORE_PERSON_WRITE_H
#define GH_STORE_PERSON_WRITE_H

#include "store/person.h"
#include "store/write.h"

/* GH_CONFLICT when the name is taken. */
enum gh_code store_person_add(struct store *st, const char *name, unsigned roles, int64_t now,
    int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
enum gh_code store_person_roles(struct store *st, int64_t id, unsigned roles, struct gh_err *err) GH_MUST_USE;

struct store_session_new {
	int64_t person_id;
	unsigned char verifier[GH_SHA256_LEN];
	const char *address, *agent;
	int64_t now, expires_at;
};
enum gh_code store_session_add(
    struct store *st, const struct store_session_new *s, int64_t *ret_id, struct gh_err *err) GH_MUST_USE;
enum gh_code store_session_touch(struct store *st, int64_t id, int64_t now, struct gh_err *err) GH_MUST_USE;
/* GH_CONFLICT when it has ended already or is not this person's. */
enum gh_code store_session_end(
    struct store *st, int64_t id, int64_t person_id, int64_t now, struct gh_err *err) GH_MUST_USE;
/* All of a person's sessions but one (0: all). */
enum gh_code store_session_end_others(
    struct store *st, int64_t person_id, int64_t but, int64_t now, struct gh_err *err) GH_MUST_USE;

struct store_answer {
	const char *actor, *op;
	int64_t code; /* enum gh_code */
	const void *reply;
	size_t reply_len;
	int64_t created_at;
};
/* *ret NULL: the key is new.  The caller compares actor and op. */
enum gh_code store_answer_find(struct store *st, struct gh_arena *a, const char *key,
    struct store_answer **ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_answer_add(
    struct store *st, const char *key, const struct store_answer *answer, struct gh_err *err) GH_MUST_USE;
/* Forgets answers older than a time. */
enum gh_code store_answer_prune(struct store *st, int64_t before, struct gh_err *err) GH_MUST_USE;

#endif
