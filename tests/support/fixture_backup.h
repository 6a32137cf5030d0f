/*
 * Backups of the targets of tests/support/fixture_runner.h.
 */
#ifndef GH_TESTS_FIXTURE_BACKUP_H
#define GH_TESTS_FIXTURE_BACKUP_H

#include "store/backup_write.h"
#include "tests/support/fixture_plan.h"

/* One by hand of shop_production, ended a second after at, of 100 bytes at the level: change what differs. */
struct store_backup_new fixture_backup(
    struct fixture_runner *f, const char *file, const char *level, int64_t at);
/* Adds it. */
int64_t fixture_backup_add(struct fixture_runner *f, const struct store_backup_new *b);
/* Both: of that target, its file called after it, with the tables public.a of 4 rows and public.b of 5. */
int64_t fixture_backup_of(struct fixture_runner *f, const char *target, const char *level);
/* What a statement that writes does, or the test fails. */
void fixture_sql(struct fixture_runner *f, const char *sql);

#endif
