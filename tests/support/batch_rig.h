/*
 * The table that batched migrations of tests go over, and such a migration.
 */
#ifndef GH_TESTS_SUPPORT_BATCH_RIG_H
#define GH_TESTS_SUPPORT_BATCH_RIG_H

#include "tests/support/job_rig.h"

#define BATCH_HEAD "-- gatehouse:batch table=public.orders key=id target=0ms "
#define BATCH_ADD  "\nUPDATE orders SET n = n + 1 WHERE id BETWEEN :from AND :to;"
/* How often each row was touched: "1:100" is a hundred rows once. */
#define BATCH_TOUCHED                                                                                        \
	"SELECT coalesce(string_agg(n || ':' || c, ' ' ORDER BY n), '') FROM (SELECT n, count(*) c FROM "    \
	"orders GROUP BY n) s"
#define BATCH_TRACKED                                                                                        \
	"SELECT coalesce(string_agg(version, ',' ORDER BY version), '') FROM public.schema_migrations"
#define BATCH_GONE   "SELECT to_regclass('public.gatehouse_batch') IS NULL"
#define BATCH_CURSOR "SELECT cursor FROM gatehouse_batch"

/* Makes the table orders with these ids: a query's list and FROM. */
void batch_orders(struct rig *rig, const char *rows);
/* A migration of one batched statement. */
struct plan_migration *batch_add(struct rig *rig, const char *key, const char *sql);

#endif
