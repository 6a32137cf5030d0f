#include "base/ban.h"
#include "tests/support/fixture_rows.h"
#include "tests/support/policy_sample.h"

#include "store/project_write.h"
#include "store/standing_write.h"

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
		.tokens = fixture_digest(f, gh_printf(&f->arena, "tokens of %s", sql)),
		.problem = "",
		.note = "",
		.sql = sql,
		.sql_len = strlen(sql),
		.first_line = 1,
		.transactional = !migrations[i].alone,
		.row_inside = !migrations[i].alone,
		.seen_at = FIXTURE_NOW,
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
		.group = migrations[i].alone ? 0 : 1,
		.destructive = !up,
		.reversible = up,
	};

	GH_TRY(store_folder_side(&f->store, project, &side, &f->err));
	return store_folder_statement(&f->store, project, &statement, &f->err);
}

/* What the pages of a migration and of a plan show besides its SQL: the index on orders. */
static enum gh_code
touches_add(struct fixture *f, int64_t project)
{
	const struct store_touch_new touch = { .key = "0004_orders_customer_index",
		.side = "up",
		.object = "orders",
		.lock = "SHARE UPDATE EXCLUSIVE",
		.strength = 4,
		.scans = true };
	const struct store_finding_new finding = { .key = "0004_orders_customer_index",
		.side = "up",
		.rule = "concurrently-lock-timeout",
		.level = "warning",
		.scale = "size",
		.line = 1,
		.column = 1,
		.object = "orders",
		.message = "The index on orders is built under a short lock_timeout.",
		.rewrite = "SET lock_timeout = 0;",
		.reason = "" };

	GH_TRY(store_folder_touch(&f->store, project, &touch, &f->err));
	return store_folder_finding(&f->store, project, &finding, &f->err);
}

static enum gh_code
unit_add(struct fixture *f, int64_t project, size_t i)
{
	struct store_unit_new unit = {
		.key = migrations[i].key,
		.version = gh_strndup(&f->arena, migrations[i].key, 4),
		.name = migrations[i].key + 5,
		.file = gh_printf(&f->arena, "%s.sql", migrations[i].key),
		.description = migrations[i].description,
		.author = "shop team",
		.written_on = "2026-11-01",
		.checksum = "",
		.position = (int64_t)i,
	};
	struct store_file_new file = {
		.file = unit.file,
		.taken_as = "up",
		.reason = "",
		.key = unit.key,
		.digest = fixture_digest(f, migrations[i].up),
	};

	GH_TRY(store_folder_file(&f->store, project, &file, &f->err));
	GH_TRY(store_folder_unit(&f->store, project, &unit, &f->err));
	GH_TRY(side_add(f, project, i, true));
	if (migrations[i].down == NULL)
		return GH_OK;
	file.file = gh_printf(&f->arena, "%s_down.sql", migrations[i].key);
	file.taken_as = "down";
	GH_TRY(store_folder_file(&f->store, project, &file, &f->err));
	return side_add(f, project, i, false);
}

static enum gh_code
folder_add(struct fixture *f, int64_t project)
{
	const struct store_folder_new folder = { .signature = "signature 1",
		.convention = "numbered",
		.rule = "An older migration runs whenever it appears.",
		.problem = "",
		.in_turn = "" };
	const struct store_file_new refused = { .file = "add_photos.sql",
		.taken_as = "refused",
		.reason = "no number",
		.key = "",
		.digest = "" };
	size_t i;

	GH_TRY(store_folder_start(&f->store, project, &folder, &f->err));
	GH_TRY(store_folder_file(&f->store, project, &refused, &f->err));
	for (i = 0; i < N_MIGRATIONS; i++)
		GH_TRY(unit_add(f, project, i));
	GH_TRY(touches_add(f, project));
	return store_folder_end(&f->store, project, folder.signature, FIXTURE_NOW, &f->err);
}

static enum gh_code
standings_add(struct fixture *f, int64_t target, size_t applied, bool legacy)
{
	GH_ARENA a = { 0 };
	struct store_standing_set set;
	struct store_standing_new s = { .checksum = "", .by = "", .text = "", .late = "" };
	size_t i;

	GH_TRY(store_standing_start(&f->store, &a, target, &set, &f->err));
	for (i = 0; i < N_MIGRATIONS; i++) {
		s.key = migrations[i].key;
		s.present = true;
		s.applied = i < applied;
		s.standing = s.applied ? "applied" : "pending";
		s.decision = s.applied ? "nothing" : "runs";
		s.applied_at = s.applied ? FIXTURE_NOW - (int64_t)(10 - i) * 24 * GH_HOUR : 0;
		GH_TRY(store_standing_put(&set, &a, &s, &f->err));
	}
	if (legacy) {
		s = (struct store_standing_new){ .key = "0000_legacy",
			.late = "",
			.standing = "missing",
			.decision = "nothing",
			.applied = true,
			.checksum = "",
			.by = "",
			.text = "There is no file for it.",
			.after = "" };
		GH_TRY(store_standing_put(&set, &a, &s, &f->err));
	}
	return store_standing_end(&set, &f->err);
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
	const struct store_tracking_new tracking = {
		.table = "public.schema_migrations",
		.known = true,
		.text = "as the guides have it",
		.newest = migrations[applied - 1].key,
		.blocked = "",
		.signature = "signature 1",
	};
	const struct store_table orders = {
		.name = "public.orders",
		.row_count = 4100000,
		.bytes = 1288490189,
		.writes = 5 * 86400,
		.scans = 86400,
		.seconds = 86400,
		.fan_out = 2,
	};
	GH_ARENA a = { 0 };
	struct store_table_set tables;

	GH_TRY(store_target_identity(&f->store, target, &identity, FIXTURE_NOW, &f->err));
	GH_TRY(store_target_sizes(&f->store, target, 12345678, 7, &f->err));
	GH_TRY(store_target_tracking(&f->store, target, &tracking, &f->err));
	GH_TRY(store_table_start(&f->store, &a, target, &tables, &f->err));
	GH_TRY(store_table_put(&tables, &orders, &f->err));
	GH_TRY(store_table_end(&tables, &f->err));
	return standings_add(f, target, applied, target == FIXTURE_PRODUCTION);
}

enum gh_code
fixture_projects(struct fixture *f)
{
	const struct store_project_conf project = { "shop", "/srv/shop/migrations", "numbered", "" };
	const struct store_target_conf targets[] = {
		{ .name = "shop_development",
		    .project = "shop",
		    .environment = "development",
		    .position = 0,
		    .rollback_on_failure = true,
		    .lock_timeout_ms = 5000,
		    .policy = POLICY_SAMPLE_DEVELOPMENT },
		{ .name = "shop_staging",
		    .project = "shop",
		    .environment = "staging",
		    .position = 1,
		    .backup = true,
		    .approvals = 1,
		    .rollback_on_failure = true,
		    .lock_timeout_ms = 5000,
		    .policy = POLICY_SAMPLE_USUAL },
		{ .name = "shop_production",
		    .project = "shop",
		    .environment = "production",
		    .position = 2,
		    .backup = true,
		    .approvals = 1,
		    .rollback_on_failure = true,
		    .lock_timeout_ms = 5000,
		    .policy = POLICY_SAMPLE_USUAL },
	};
	const struct store_conf conf = { 1, 3, &project, targets };

	GH_TRY(store_conf_sync(&f->store, &conf, FIXTURE_NOW, &f->err));
	GH_TRY(folder_add(f, 1));
	GH_TRY(target_seen(f, FIXTURE_DEVELOPMENT, "shop_development", 6));
	GH_TRY(target_seen(f, FIXTURE_STAGING, "shop_staging", 4));
	return target_seen(f, FIXTURE_PRODUCTION, "shop_production", 3);
}
