/*
 * Backups with their files.
 */
#ifndef GH_TESTS_FIXTURE_SHELF_H
#define GH_TESTS_FIXTURE_SHELF_H

#include "tests/support/fixture_backup.h"

/* A runner of tests/support/fixture_runner.h whose folder of backups is there and empty; it is removed again.
 */
int fixture_shelf_setup(void **state);
int fixture_shelf_teardown(void **state);
#define SHELF_TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_shelf_setup, fixture_shelf_teardown)

/* The path of a name in it. */
const char *fixture_shelf(struct fixture_runner *f, const char *name);
/* A file of that many bytes in it. */
void fixture_file(struct fixture_runner *f, const char *name, size_t bytes);
/* A backup with its file and its sidecar. */
int64_t fixture_backup_file(struct fixture_runner *f, const char *file, const char *level, int64_t at);
struct store_backup fixture_backup_get(struct fixture_runner *f, int64_t id);
/* Of shop_production. */
struct config_backup *fixture_keep(struct fixture_runner *f);

#endif
