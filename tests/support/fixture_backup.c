#include "base/ban.h"
#include "tests/support/fixture_backup.h"
#include "store/project.h"

struct store_backup_new
fixture_backup(struct fixture_runner *f, const char *file, const char *level, int64_t at)
{
	struct store_target t;

	assert_int_equal(
	    store_target_get(f->runner->store, &f->arena, "shop_production", &t, &f->err), GH_OK);
	return (struct store_backup_new){ .target_id = t.id,
		.person_id = fixture_person(f, "lead")->id,
		.kind = "hand",
		.file = file,
		.format = "custom",
		.encrypted_to = "",
		.digest = "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
		.size = 100,
		.plain_size = 400,
		.database_bytes = -1,
		.started_at = at,
		.ended_at = at + GH_SECOND,
		.server_version = "15.8",
		.client_version = "15.8",
		.table_count = 2,
		.row_count = 30,
		.schema_key = "0002",
		.snapshot = "700:700:",
		.fingerprint = "",
		.log = "",
		.level = level,
		.source = "",
		.label = "" };
}

int64_t
fixture_backup_add(struct fixture_runner *f, const struct store_backup_new *b)
{
	int64_t id = 0;

	assert_int_equal(store_backup_add(f->runner->store, b, &id, &f->err), GH_OK);
	return id;
}

int64_t
fixture_backup_of(struct fixture_runner *f, const char *target, const char *level)
{
	static const struct store_backup_table tables[] = { { "public.a", 4, -1, -1 },
		{ "public.b", 5, -1, -1 } };
	struct store_backup_new b = fixture_backup(f, "", level, 1);
	int64_t id;
	size_t i;

	b.target_id = fixture_target_id(f, target);
	b.file = gh_printf(&f->arena, "%s-%s.dump", target,
	    fixture_value(f, "SELECT count(*) + 1 FROM backup WHERE id > ?1", 0));
	id = fixture_backup_add(f, &b);
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		fixture_ok(f, store_backup_table_add(f->runner->store, id, &tables[i], &f->err));
	return id;
}

void
fixture_sql(struct fixture_runner *f, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(f->runner->store->db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}
