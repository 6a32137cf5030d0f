#include "base/ban.h"
#include "tests/support/fixture_rows.h"

#include "store/project_write.h"

static const struct {
	const char *key, *description, *kind, *object, *object_kind, *up, *down;
	bool alone;
} migrations[] = {
	{ "0001_create_customers", "Who buys", "CREATE TABLE", "public.customers", "table",
	    "CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL)", "DROP TABLE customers",
	    false },
	{ "0002_create_orders", "What they buy", "CREATE TABLE", "public.orders", "table",
	    "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers)",
	    "DROP TABLE orders", false },
	{ "0003_orders_status", "State of an order", "ALTER TABLE", "", "",
	    "ALTER TABLE orders ADD COLUMN status text", "ALTER TABLE orders DROP COLUMN status", false },
	{ "0004_orders_customer_index", "Orders by customer", "CREATE INDEX", "public.orders_customer",
	    "index", "CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id)",
	    "DROP INDEX CONCURRENTLY orders_customer", true },
	{ "0005_add_photos", "Photos of products <b>&", "CREATE TABLE", "public.photos", "table",
	    "CREATE TABLE photos (id bigint PRIMARY KEY, url text NOT NULL)", NULL, false },
	{ "0006_orders_total", "Total of an order", "ALTER TABLE", "", "",
	    "ALTER TABLE orders ADD COLUMN total numeric(12,2) NOT NULL DEFAULT 0",
	    "ALTER TABLE orders DROP COLUMN total", false },
};
#define N_MIGRATIONS (sizeof(migrations) / sizeof(migrations[0]))

static enum gh_code
side_add(struct fixture *f, int64_t project, size_t i, bool up)
{
	const char *sql = up ? migrations[i].up : migrations[i].down;
	struct store_side_new side = {
		.key = migrations[i].key,
		.side = up ? "up" : "down",
		.file = gh_printf(&f->arena, "%s%s.sql", migrations[i].key, up ? "" : "_down"),
		.digest = fixture_digest(f, sql),
		.problem = "",
		.sql = sql,
		.sql_len = strlen(sql),
		.first_line = 1,
		.transactional = !migrations[i].alone,
	};
	struct store_statement_new statement = {
		.key = side.key,
		.side = side.side,
		.length = (int64_t)side.sql_len,
		.line = 1,
		.kind = up ? migrations[i].kind : "DROP",
		.object = up ? migrations[i].object : "",
		.object_kind = up ? migrations[i].object_kind : "",
		.alone = migrations[i].alone,
	};

	GH_TRY(store_folder_side(&f->store, project, &side, &f->err));
	return store_folder_statement(&f->store, project, &statement, &f->err);
}

static enum gh_code
folder_add(struct fixture *f, int64_t project)
{
	const struct store_file_new refused = {
		.file = "add_photos.sql", .taken_as = "refused", .reason = "no number"
	};
	size_t i;

	GH_TRY(store_folder_start(&f->store, project, &f->err));
	GH_TRY(store_folder_file(&f->store, project, &refused, &f->err));
	for (i = 0; i < N_MIGRATIONS; i++) {
		struct store_file_new file = {
			.file = gh_printf(&f->arena, "%s.sql", migrations[i].key),
			.taken_as = "up",
			.reason = "",
			.digest = fixture_digest(f, migrations[i].up),
			.key = migrations[i].key,
			.version = gh_strndup(&f->arena, migrations[i].key, 4),
			.name = migrations[i].key + 5,
			.description = migrations[i].description,
			.author = "shop team",
			.written_on = "2026-11-01",
		};

		GH_TRY(store_folder_file(&f->store, project, &file, &f->err));
		GH_TRY(side_add(f, project, i, true));
		if (migrations[i].down == NULL)
			continue;
		file.file = gh_printf(&f->arena, "%s_down.sql", migrations[i].key);
		file.taken_as = "down";
		GH_TRY(store_folder_file(&f->store, project, &file, &f->err));
		GH_TRY(side_add(f, project, i, false));
	}
	return store_folder_end(&f->store, project, "signature 1", FIXTURE_NOW, &f->err);
}

static enum gh_code
target_seen(struct fixture *f, int64_t target, const char *database, size_t applied)
{
	const struct store_target_identity identity = {
		.system_id = "7441000000000000001",
		.database = database,
		.database_oid = 16384 + target,
		.server_version = "15.20",
		.role = "shop",
	};
	size_t i;

	GH_TRY(store_target_identity(&f->store, target, &identity, FIXTURE_NOW, &f->err));
	GH_TRY(store_target_sizes(&f->store, target, 12345678, 7, &f->err));
	GH_TRY(store_target_tracking(
	    &f->store, target, "public.schema_migrations", true, "as the guides have it", &f->err));
	for (i = 0; i < applied; i++)
		GH_TRY(store_tracked_add(&f->store, target, migrations[i].key,
		    FIXTURE_NOW - (int64_t)(10 - i) * 24 * GH_HOUR, &f->err));
	return GH_OK;
}

enum gh_code
fixture_projects(struct fixture *f)
{
	const struct store_project_conf project = { "shop", "/srv/shop/migrations", "numbered" };
	const struct store_target_conf targets[] = {
		{ .name = "shop_development",
		    .project = "shop",
		    .environment = "development",
		    .position = 0,
		    .rollback_on_failure = true,
		    .lock_timeout_ms = 5000 },
		{ .name = "shop_staging",
		    .project = "shop",
		    .environment = "staging",
		    .position = 1,
		    .backup = true,
		    .approvals = 1,
		    .rollback_on_failure = true,
		    .lock_timeout_ms = 5000 },
		{ .name = "shop_production",
		    .project = "shop",
		    .environment = "production",
		    .position = 2,
		    .backup = true,
		    .approvals = 1,
		    .rollback_on_failure = true,
		    .lock_timeout_ms = 5000 },
	};
	const struct store_conf conf = { 1, 3, &project, targets };

	GH_TRY(store_conf_sync(&f->store, &conf, FIXTURE_NOW, &f->err));
	GH_TRY(folder_add(f, 1));
	GH_TRY(target_seen(f, FIXTURE_DEVELOPMENT, "shop_development", 6));
	GH_TRY(target_seen(f, FIXTURE_STAGING, "shop_staging", 4));
	GH_TRY(target_seen(f, FIXTURE_PRODUCTION, "shop_production", 3));
	return store_tracked_add(&f->store, FIXTURE_PRODUCTION, "0000_legacy", 0, &f->err);
}
