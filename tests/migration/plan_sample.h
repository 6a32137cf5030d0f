/* A plan with all that a plan can have, and its canonical text. */
#ifndef GH_TESTS_MIGRATION_PLAN_SAMPLE_H
#define GH_TESTS_MIGRATION_PLAN_SAMPLE_H

#include "migration/plan.h"
#include "tests/support/policy_sample.h"

static const char up_sql[] = "CREATE TABLE a (x int);\nCREATE INDEX CONCURRENTLY a_x ON a (x);\n";
static const char down_sql[] = "DROP TABLE a; -- \xc3\xa9\n";

static struct plan_statement up_statements[] = {
	{ .offset = 0,
	    .length = 22,
	    .line = 3,
	    .group = 1,
	    .kind = "CREATE TABLE",
	    .object = "public.\"A b\"",
	    .object_kind = "table" },
	{ .offset = 24, .length = 38, .line = 4, .kind = "CREATE INDEX", .object = "", .object_kind = "" },
};
static struct plan_statement down_statements[] = {
	{ .offset = 0,
	    .length = 12,
	    .line = 1,
	    .group = 1,
	    .kind = "DROP TABLE",
	    .object = "",
	    .object_kind = "" },
};

static struct plan_fact facts[] = { { "script", "0001_a.sql\nof two lines" }, { "previous", NULL } };

static struct plan_query queries[] = { { "totals.sql", "SELECT 1 WHERE false" } };

/* A plan of two migrations: the first runs by itself and has a way back, the second has none. */
static void
make(struct plan *p, struct plan_migration m[2])
{
	m[0] = (struct plan_migration){ .key = "0001_a",
		.version = "0001",
		.name = "a",
		.file = "0001_a.sql",
		.checksum = "-690524359",
		.n_facts = 2,
		.facts = facts,
		.has_back = true,
		.has_verify = true };
	m[0].run = (struct plan_sql){
		.sql = up_sql, .sql_len = sizeof(up_sql) - 1, .n_statements = 2, .statements = up_statements
	};
	m[0].back = (struct plan_sql){ .sql = down_sql,
		.sql_len = sizeof(down_sql) - 1,
		.n_statements = 1,
		.statements = down_statements,
		.row_inside = true };
	m[0].verify = m[0].back;
	m[0].verify.row_inside = false;
	m[1] = (struct plan_migration){
		.key = "0002_b", .version = "", .name = "", .file = "0002_b.sql", .repeatable = true
	};
	m[1].run = m[0].back;
	*p = (struct plan){ .target = "shop_production",
		.system_id = "7441",
		.database = "shop",
		.database_oid = 16389,
		.convention = "numbered",
		.tracking = "public.schema_migrations",
		.after = "",
		.n_queries = 1,
		.queries = queries,
		.n_migrations = 2,
		.migrations = m };
	policy_default(false, &p->policy);
}

static const char canonical[] = "gatehouse-plan 4\n"
				"target shop_production\n"
				"system 7441\n"
				"database 16389 shop\n"
				"direction up\n"
				"act run\n"
				"convention numbered\n"
				"tracking public.schema_migrations\n"
				"transaction each\n"
				"policy " POLICY_SAMPLE_USUAL_LEN "\n" POLICY_SAMPLE_USUAL "\n"
				"after -\n"
				"queries 1\n"
				"query totals.sql\n"
				"sql 20\n"
				"SELECT 1 WHERE false\n"
				"migrations 2\n"
				"migration 0001_a\n"
				"version 0001\n"
				"name a\n"
				"file 0001_a.sql\n"
				"checksum -690524359\n"
				"repeatable 0\n"
				"facts 2\n"
				"fact script 23\n"
				"0001_a.sql\nof two lines\n"
				"fact previous -\n"
				"row outside\n"
				"statements 2\n"
				"statement 0 22 3 1 CREATE TABLE\n"
				"object public.\"A b\"\n"
				"object-kind table\n"
				"statement 24 38 4 0 CREATE INDEX\n"
				"sql 64\n"
				"CREATE TABLE a (x int);\nCREATE INDEX CONCURRENTLY a_x ON a (x);\n\n"
				"back 1\n"
				"row inside\n"
				"statements 1\n"
				"statement 0 12 1 1 DROP TABLE\n"
				"sql 20\n"
				"DROP TABLE a; -- \xc3\xa9\n\n"
				"verify 1\n"
				"row outside\n"
				"statements 1\n"
				"statement 0 12 1 1 DROP TABLE\n"
				"sql 20\n"
				"DROP TABLE a; -- \xc3\xa9\n\n"
				"migration 0002_b\n"
				"version \n"
				"name \n"
				"file 0002_b.sql\n"
				"checksum -\n"
				"repeatable 1\n"
				"facts 0\n"
				"row inside\n"
				"statements 1\n"
				"statement 0 12 1 1 DROP TABLE\n"
				"sql 20\n"
				"DROP TABLE a; -- \xc3\xa9\n\n"
				"back 0\n"
				"verify 0\n";

#endif
