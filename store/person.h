/*
 * People, their roles and their sessions: reads.
 */
#ifndef GH_STORE_PERSON_H
#define GH_STORE_PERSON_H

#include "base/hash.h"
#include "store/store.h"

enum store_role {
	STORE_VIEWER = 1,
	STORE_LEAD = 2,
	STORE_AUDITOR = 4,
	STORE_ADMIN = 8,
};

#define STORE_SESSION_IDLE (30 * GH_MINUTE)

struct store_person {
	int64_t id;
	const char *name;
	unsigned roles; /* enum store_role, or'ed */
	int64_t created_at, ended_at;
};
struct store_people {
	size_t n;
	struct store_person *rows;
};

/* "viewer,lead"; GH_BAD_INPUT names the word that is no role, or says that there is none. */
enum gh_code store_roles_parse(const char *text, unsigned *ret, struct gh_err *err) GH_MUST_USE;
const char *store_roles_text(unsigned roles, struct gh_arena *a);

enum gh_code store_person_get(struct store *st, struct gh_arena *a, int64_t id, struct store_person *ret,
    struct gh_err *err) GH_MUST_USE;
/* By name; *ret NULL when there is none.  People who have ended are found too. */
enum gh_code store_person_find(struct store *st, struct gh_arena *a, const char *name,
    struct store_person **ret, struct gh_err *err) GH_MUST_USE;
/* By name, ended ones last. */
enum gh_code store_person_list(
    struct store *st, struct gh_arena *a, struct store_people *ret, struct gh_err *err) GH_MUST_USE;
enum gh_code store_person_any(struct store *st, bool *ret, struct gh_err *err) GH_MUST_USE;

struct store_session {
	int64_t id;
	struct store_person person;
	const char *address, *agent;
	int64_t created_at, seen_at, expires_at;
};
struct store_sessions {
	size_t n;
	struct store_session *rows;
};

/* *ret NULL: unknown, ended, expired, idle for too long, or its person has ended. */
enum gh_code store_session_find(struct store *st, struct gh_arena *a,
    const unsigned char verifier[GH_SHA256_LEN], int64_t now, struct store_session **ret,
    struct gh_err *err) GH_MUST_USE;
/* The same by id, for the runner. */
enum gh_code store_session_get(struct store *st, struct gh_arena *a, int64_t id, int64_t now,
    struct store_session **ret, struct gh_err *err) GH_MUST_USE;
/* Live sessions of a person, newest first. */
enum gh_code store_session_list(struct store *st, struct gh_arena *a, int64_t person_id, int64_t now,
    struct store_sessions *ret, struct gh_err *err) GH_MUST_USE;

#endif
