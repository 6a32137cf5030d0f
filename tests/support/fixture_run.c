#include "base/ban.h"
#include "tests/support/fixture_run.h"
#include "store/project.h"
#include "store/request_write.h"
#include "store/run_write.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

void
fixture_run(struct fixture_runner *f, int64_t *ret_request, int64_t *ret_run)
{
	static const struct store_plan_statement_new statement = {
		.line = 1, .group = 1, .kind = "CREATE TABLE", .sql = "CREATE TABLE a ()", .sql_len = 17
	};
	static const struct store_plan_migration_new migration = { .key = "1",
		.version = "0001",
		.name = "a",
		.description = "",
		.author = "",
		.digest = DIGEST,
		.transactional = true,
		.row_inside = true,
		.has_back = true,
		.n_statements = 1,
		.statements = &statement };
	struct store_plan_new plan = { DIGEST, "up", "run", 0, 5, "bytes", 5, 1, &migration, NULL };
	struct store_request_new request = { .person_id = fixture_person(f, "viewer")->id,
		.now = 5,
		.expires_at = 50,
		.plan_digest = DIGEST,
		.direction = "up",
		.goal = "to 0001",
		.reason = "because",
		.state = "approved" };
	struct store *st = f->runner->store;
	struct store_target target;

	assert_int_equal(store_target_get(st, &f->arena, "shop_development", &target, &f->err), GH_OK);
	plan.target_id = target.id;
	request.target_id = target.id;
	assert_int_equal(store_plan_add(st, &plan, &f->err), GH_OK);
	assert_int_equal(store_request_add(st, &request, ret_request, &f->err), GH_OK);
	assert_int_equal(store_run_add(st, *ret_request, 6, ret_run, &f->err), GH_OK);
}
