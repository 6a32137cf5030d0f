/*
 * A store with demo rows, made anew for each test: in memory, or in a temporary folder that other connections
 * and processes can open.
 *
 *   people   viewer, lead, lead2, auditor, admin (ids 1 to 5), password FIXTURE_PASSWORD, one session each
 *   project  shop, numbered, migrations 0001 to 0006; 0004 runs outside a transaction, 0005 has no down
 *   targets  shop_development 1 (all applied), shop_staging 2 (0001 to 0004), shop_production 3 (0001 to
 * 0003, and 0000_legacy, which has no file) runs     1 development succeeded; 2 staging failed-clean, with
 * backup 1 and incident 1; 3 production succeeded, with backup 2; 4 staging running requests 1 to 4 of these
 * runs; 5 waits for production, by viewer: 0004 to 0006 ledger   one entry for each of these acts
 */
#ifndef GH_TESTS_SUPPORT_FIXTURE_H
#define GH_TESTS_SUPPORT_FIXTURE_H

#include "base/ban.h"
#include "store/store.h"
#include "base/hash.h"

#include <setjmp.h>
#include <cmocka.h>

#define FIXTURE_NOW      INT64_C(1795255200000000) /* 2026-11-21T10:00:00Z */
#define FIXTURE_PASSWORD "correct horse battery"
#define FIXTURE_PLAN     "5bca2a0f23b4c8a7a9a7e1e4ad6a2b0d6c5b1f7e8d9c0b1a2f3e4d5c6b7a8990" /* of request 5 */

enum { FIXTURE_VIEWER = 1, FIXTURE_LEAD, FIXTURE_LEAD2, FIXTURE_AUDITOR, FIXTURE_ADMIN };
enum { FIXTURE_DEVELOPMENT = 1, FIXTURE_STAGING, FIXTURE_PRODUCTION };

struct fixture {
	struct gh_arena arena;
	struct gh_err err;
	struct store store; /* writes */
	struct store secrets;
	char folder[64]; /* "" in memory; else holds store.db and secrets.db */
};

/* For cmocka_unit_test_setup_teardown; *state is the fixture. */
int fixture_setup(void **state);
int fixture_setup_folder(void **state);
int fixture_setup_empty(void **state); /* in a folder, without demo rows */
int fixture_teardown(void **state);

/* The token of a person's session: FIXTURE_LEAD -> the 32 bytes that are in lead's cookie.  Session ids are
 * the persons'. */
void fixture_token(int64_t person, unsigned char ret[GH_TOKEN_LEN]);

/* A digest made of a text: 64 hex digits in the arena. */
const char *fixture_digest(struct fixture *f, const char *text);

/* The store's own doing, straight: for bad input that no typed write would give.  GH_OK or what store_fail
 * says. */
enum gh_code fixture_exec(struct fixture *f, const char *sql);
/* The first column of the first row as a number, -1 when there is no row. */
int64_t fixture_number(struct fixture *f, const char *sql);

#define assert_ok(f, expr)                                                                                   \
	do {                                                                                                 \
		(f)->err = (struct gh_err){ 0 };                                                             \
		if ((expr) != GH_OK)                                                                         \
			fail_msg("%s: %s", #expr, (f)->err.msg);                                             \
	} while (0)

/* The code, and words that the message must contain. */
#define assert_code(f, want, expr, words)                                                                    \
	do {                                                                                                 \
		(f)->err = (struct gh_err){ 0 };                                                             \
		assert_int_equal((expr), (want));                                                            \
		if (strstr((f)->err.msg, (words)) == NULL)                                                   \
			fail_msg("\"%s\" does not say \"%s\"", (f)->err.msg, (words));                       \
	} while (0)

#endif
