/* The demo rows of tests/support/fixture.h. */
#ifndef GH_TESTS_SUPPORT_FIXTURE_ROWS_H
#define GH_TESTS_SUPPORT_FIXTURE_ROWS_H

#include "tests/support/fixture.h"

enum gh_code fixture_people(struct fixture *f) GH_MUST_USE;
enum gh_code fixture_projects(struct fixture *f) GH_MUST_USE;
enum gh_code fixture_runs(struct fixture *f) GH_MUST_USE;

#endif
