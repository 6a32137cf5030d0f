#include "base/ban.h"
#include "tests/support/batch_rig.h"

void
batch_orders(struct rig *rig, const char *rows)
{
	(void)rig_sql(rig,
	    gh_printf(&rig->arena,
		"CREATE TABLE orders (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0, note text, CHECK (n < "
		"50));"
		"INSERT INTO orders (id) SELECT %s; ALTER TABLE orders OWNER TO shop; ANALYZE orders",
		rows));
}

struct plan_migration *
batch_add(struct rig *rig, const char *key, const char *sql)
{
	struct plan_migration *m = rig_add(rig, key, sql, NULL);

	rig_groups(&m->run, "0");
	return m;
}
