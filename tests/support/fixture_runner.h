/*
 * A runner without sockets for the tests of commands: stores in memory, a project with two targets, and the
 * people "viewer", "lead", "lead2", "auditor" and "admin", each with the role of that name, the password
 * FIXTURE_PASSWORD, a session and a Unix account (uid 2001, 2002, ...).
 */
#ifndef GH_TESTS_FIXTURE_RUNNER_H
#define GH_TESTS_FIXTURE_RUNNER_H

#include "runner/cmd.h"
#include "runner/people.h"
#include "wire/csrf.h"
#include "wire/table.h"

#include <setjmp.h>
#include <cmocka.h>

#define FIXTURE_PASSWORD "password of everybody"
#define FIXTURE_PEOPLE   5

struct fixture_person {
	const char *name;
	int64_t id, session;
	unsigned char token[GH_TOKEN_LEN];
	uid_t uid;
};

struct fixture_runner {
	struct runner *runner;
	struct gh_arena arena;
	struct fixture_person people[FIXTURE_PEOPLE];
	int n_calls;
	/* of the last call */
	struct gh_err err;
	struct gh_text reply;
	struct wire_in fields; /* of reply */
	bool deferred;
};

int fixture_runner_setup(void **state);
int fixture_runner_teardown(void **state);

struct fixture_person *fixture_person(struct fixture_runner *f, const char *name);
/* Another account than those of the people. */
#define FIXTURE_STRANGER 3999

/* A whole frame as it is, by a way and an account. */
enum gh_code fixture_frame(
    struct fixture_runner *f, enum cmd_way way, uid_t uid, const struct gh_text *frame);
/* The frame of an act by a person's session: fresh key, right form token; fields may be NULL. */
void fixture_act_frame(struct fixture_runner *f, const char *who, enum wire_op op, const char *subject,
    const struct gh_text *fields, struct gh_text *ret);
/* Sends it. */
enum gh_code fixture_act(struct fixture_runner *f, const char *who, enum wire_op op, const char *subject,
    const struct gh_text *fields);
/* The same on admin.sock by the person's account, or FIXTURE_STRANGER when who is NULL; reads have no head.
 */
enum gh_code fixture_cli(
    struct fixture_runner *f, const char *who, enum wire_op op, bool act, const struct gh_text *fields);
/* Every cut of an act's message, and one byte too many, are refused as malformed, and nothing is written. */
void fixture_cuts(struct fixture_runner *f, const char *who, enum wire_op op, const char *subject,
    const struct gh_text *fields);
/* The same for a read. */
void fixture_cuts_cli(
    struct fixture_runner *f, const char *who, enum wire_op op, const struct gh_text *fields);

/* The table that the last read answered. */
const struct wire_table *fixture_table(struct fixture_runner *f);
const struct wire_cell *fixture_cell(
    struct fixture_runner *f, const struct wire_table *t, size_t row, const char *column);

/* The newest ledger entry is this. */
void fixture_entry(
    struct fixture_runner *f, const char *actor, const char *op, const char *subject, const char *outcome);
int64_t fixture_entries(struct fixture_runner *f);

#define fixture_ok(f, call) assert_int_equal(fixture_code((f), (call), ""), GH_OK)
#define fixture_refused(f, code, part, call)                                                                 \
	do {                                                                                                 \
		assert_int_equal(fixture_code((f), (call), (part)), (code));                                 \
	} while (0)
/* Prints what was answered when that is not as part says. */
enum gh_code fixture_code(struct fixture_runner *f, enum gh_code code, const char *part);

#define FIXTURE_TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_runner_setup, fixture_runner_teardown)

#endif
