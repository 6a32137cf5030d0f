/*
 * A folder and targets that were looked at: project shop of tests/support/fixture_runner.h with five
 * migrations.  0003 has no down, 0004 runs outside a transaction.  They were read an hour from now, so that
 * no command is deferred.
 */
#ifndef GH_TESTS_FIXTURE_PLAN_H
#define GH_TESTS_FIXTURE_PLAN_H

#include "tests/support/fixture_runner.h"

#define FIXTURE_MIGRATIONS 5

struct fixture_migration {
	const char *key, *up, *down, *problem;
	bool alone;
};
extern const struct fixture_migration fixture_migrations[FIXTURE_MIGRATIONS];

/* The folder holds these. */
void fixture_folder(struct fixture_runner *f, const struct fixture_migration *m, size_t n);
/* The target has database NAME with these keys applied; keys ends with NULL. */
void fixture_seen(struct fixture_runner *f, const char *target, const char *const *keys);
/* Both: development has nothing, production 0001 and 0002. */
void fixture_shop(struct fixture_runner *f);
/* An hour from now. */
int64_t fixture_later(void);

int64_t fixture_target_id(struct fixture_runner *f, const char *target);
/* A request for all that is pending by viewer (state waiting or, on development, approved with run *ret_run).
 */
int64_t fixture_request(struct fixture_runner *f, const char *target, int64_t *ret_run);
/* The same by somebody else, expiring at that time. */
int64_t fixture_request_by(
    struct fixture_runner *f, const char *target, const char *who, int64_t expires_at, int64_t *ret_run);
/* The column of a table's row id as text. */
const char *fixture_value(struct fixture_runner *f, const char *sql, int64_t id);

#endif
