#include "base/ban.h"
#include "tests/support/fixture_plan.h"
#include "runner/plan_build.h"
#include "store/project_write.h"
#include "store/standing_write.h"
#include "store/run_write.h"

const struct fixture_migration fixture_migrations[FIXTURE_MIGRATIONS] = {
	{ "0001_customers", "CREATE TABLE customers (id bigint)", "DROP TABLE customers", "", false },
	{ "0002_orders", "CREATE TABLE orders (id bigint)", "DROP TABLE orders", "", false },
	{ "0003_status", "ALTER TABLE orders ADD status text", NULL, "", false },
	{ "0004_index", "CREATE INDEX CONCURRENTLY o ON orders (id)", "DROP INDEX CONCURRENTLY o", "", true },
	{ "0005_total", "ALTER TABLE orders ADD total int", "ALTER TABLE orders DROP total", "", false },
};

#define CHECK(f, expr)                                                                                       \
	do {                                                                                                 \
		(f)->err = (struct gh_err){ 0 };                                                             \
		if ((expr) != GH_OK)                                                                         \
			fail_msg("%s: %s", #expr, (f)->err.msg);                                             \
	} while (0)

int64_t
fixture_later(void)
{
	return gh_clock_now() + GH_HOUR;
}

static void
side_add(struct fixture_runner *f, const struct fixture_migration *m, bool up, int64_t project)
{
	const char *sql = up ? m->up : m->down;
	char digest[GH_SHA256_HEX_LEN];
	struct store_side_new side = { .key = m->key,
		.side = up ? "up" : "down",
		.sql = sql,
		.sql_len = strlen(sql),
		.digest = digest,
		.first_line = 1,
		.transactional = !m->alone,
		.row_inside = !m->alone,
		.tokens = digest,
		.note = "",
		.problem = m->problem };
	struct store_statement_new st = { .key = m->key,
		.side = side.side,
		.length = (int64_t)side.sql_len,
		.line = 1,
		.kind = "STATEMENT",
		.object = "",
		.object_kind = "",
		.group = m->alone ? 0 : 1,
		.alone = m->alone };

	side.file = gh_printf(&f->arena, "%s%s.sql", m->key, up ? "" : "_down");
	gh_sha256_hex(sql, strlen(sql), digest);
	CHECK(f, store_folder_side(f->runner->store, project, &side, &f->err));
	CHECK(f, store_folder_statement(f->runner->store, project, &st, &f->err));
}

void
fixture_folder(struct fixture_runner *f, const struct fixture_migration *m, size_t n)
{
	const struct store_folder_new folder = { .signature = "signature",
		.convention = "numbered",
		.rule = "An older migration runs whenever it appears.",
		.problem = "",
		.in_turn = "" };
	struct store *st = f->runner->store;
	struct store_project p;
	size_t i;

	CHECK(f, store_project_get(st, &f->arena, "shop", &p, &f->err));
	CHECK(f, store_folder_start(st, p.id, &folder, &f->err));
	for (i = 0; i < n; i++) {
		struct store_unit_new unit = { .key = m[i].key,
			.version = gh_strndup(&f->arena, m[i].key, 4),
			.name = m[i].key + 5,
			.file = gh_printf(&f->arena, "%s.sql", m[i].key),
			.description = "",
			.author = "",
			.written_on = "",
			.checksum = "",
			.position = (int64_t)i };
		struct store_file_new file = {
			.file = unit.file, .taken_as = "up", .reason = "", .key = unit.key, .digest = ""
		};

		CHECK(f, store_folder_file(st, p.id, &file, &f->err));
		CHECK(f, store_folder_unit(st, p.id, &unit, &f->err));
		side_add(f, &m[i], true, p.id);
		if (m[i].down != NULL)
			side_add(f, &m[i], false, p.id);
	}
	CHECK(f, store_folder_end(st, p.id, "signature", fixture_later(), &f->err));
}

int64_t
fixture_target_id(struct fixture_runner *f, const char *target)
{
	struct store_target t;

	CHECK(f, store_target_get(f->runner->store, &f->arena, target, &t, &f->err));
	return t.id;
}

static bool
among(const char *const *keys, const char *key)
{
	for (; *keys != NULL; keys++) {
		if (strcmp(*keys, key) == 0)
			return true;
	}
	return false;
}

static void
standing_add(struct fixture_runner *f, struct store_standing_set *set, const char *key, const char *after,
    bool applied)
{
	bool present = after == NULL; /* what has no file stands behind another */
	const struct store_standing_new s = { .key = key,
		.late = "",
		.standing = !present ? "missing"
		    : applied        ? "applied"
				     : "pending",
		.decision = applied ? "nothing" : "runs",
		.checksum = "",
		.by = "",
		.text = "",
		.after = after == NULL ? "" : after,
		.applied_at = applied,
		.present = present,
		.applied = applied };

	CHECK(f, store_standing_put(set, &f->arena, &s, &f->err));
}

void
fixture_seen(struct fixture_runner *f, const char *target, const char *const *keys)
{
	const struct store_target_identity i = { .system_id = "7441",
		.database = target,
		.database_oid = 16389,
		.server_version = "15.20",
		.role = "shop" };
	struct store_tracking_new tracking = { .table = "public.schema_migrations",
		.known = true,
		.text = "",
		.newest = "",
		.blocked = "",
		.signature = "signature" };
	struct store *st = f->runner->store;
	int64_t id = fixture_target_id(f, target);
	struct store_migrations all = { 0 };
	struct store_standing_set set;
	struct store_target t;
	size_t n;

	CHECK(f, store_target_get_id(st, &f->arena, id, &t, &f->err));
	CHECK(f,
	    store_migration_list(
		st, &f->arena, t.project_id, (struct store_place){ 0 }, STORE_PAGE_MAX, &all, &f->err));
	for (n = 0; n < all.n && tracking.newest[0] == '\0'; n++)
		tracking.newest = all.rows[n].present && among(keys, all.rows[n].key) ? all.rows[n].key : "";
	CHECK(f, store_target_identity(st, id, &i, fixture_later(), &f->err));
	CHECK(f, store_target_tracking(st, id, &tracking, &f->err));
	CHECK(f, store_standing_start(st, &f->arena, id, &set, &f->err));
	for (n = 0; n < all.n; n++) {
		if (all.rows[n].present)
			standing_add(f, &set, all.rows[n].key, NULL, among(keys, all.rows[n].key));
	}
	for (; *keys != NULL; keys++) {
		for (n = 0; n < all.n && (!all.rows[n].present || strcmp(all.rows[n].key, *keys) != 0); n++)
			;
		if (n == all.n)
			standing_add(f, &set, *keys, tracking.newest, true);
	}
	CHECK(f, store_standing_end(&set, &f->err));
}

void
fixture_shop(struct fixture_runner *f)
{
	static const char *const none[] = { NULL }, *const two[] = { "0001_customers", "0002_orders", NULL };

	fixture_folder(f, fixture_migrations, FIXTURE_MIGRATIONS);
	fixture_seen(f, "shop_development", none);
	fixture_seen(f, "shop_production", two);
}

int64_t
fixture_request(struct fixture_runner *f, const char *target, int64_t *ret_run)
{
	return fixture_request_by(f, target, "viewer", gh_clock_now() + GH_HOUR, ret_run);
}

int64_t
fixture_request_by(
    struct fixture_runner *f, const char *target, const char *who, int64_t expires_at, int64_t *ret_run)
{
	const struct plan_goal goal = { .to = "" };
	struct store *st = f->runner->store;
	int64_t now = gh_clock_now(), id = 0;
	PLAN_BUILT b = { 0 };
	struct store_request_new row = { .person_id = fixture_person(f, who)->id,
		.now = now,
		.expires_at = expires_at,
		.direction = "up",
		.reason = "because" };

	CHECK(f, plan_build(st, target, &goal, false, &b, &f->err));
	b.rows.now = now;
	CHECK(f, store_plan_add(st, &b.rows, &f->err));
	row.target_id = b.target.id;
	row.plan_digest = b.digest;
	row.goal = b.goal;
	row.state = b.target.approvals == 0 ? "approved" : "waiting";
	CHECK(f, store_request_add(st, &row, &id, &f->err));
	*ret_run = 0;
	if (b.target.approvals == 0)
		CHECK(f, store_run_add(st, id, now, ret_run, &f->err));
	return id;
}

const char *
fixture_value(struct fixture_runner *f, const char *sql, int64_t id)
{
	sqlite3_stmt *q = NULL;
	const char *ret = "(no row)";

	assert_int_equal(sqlite3_prepare_v2(f->runner->store->db, sql, -1, &q, NULL), SQLITE_OK);
	if (sqlite3_bind_parameter_count(q) > 0)
		assert_int_equal(sqlite3_bind_int64(q, 1, id), SQLITE_OK);
	if (sqlite3_step(q) == SQLITE_ROW)
		ret = store_text(q, 0, &f->arena);
	(void)sqlite3_finalize(q);
	return ret;
}
