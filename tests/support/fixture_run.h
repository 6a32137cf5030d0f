/*
 * A request of "viewer" for shop_development with a run of it, as the queue would have made them: one
 * migration of one statement.
 */
#ifndef GH_TESTS_FIXTURE_RUN_H
#define GH_TESTS_FIXTURE_RUN_H

#include "tests/support/fixture_runner.h"

void fixture_run(struct fixture_runner *f, int64_t *ret_request, int64_t *ret_run);

#endif
