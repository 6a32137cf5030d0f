#include "base/ban.h"
#include "tests/support/fixture_rows.h"

#include "store/backup_write.h"
#include "store/ledger_write.h"
#include "store/request_write.h"
#include "store/run_write.h"

/* One request with what became of it. */
struct story {
	int64_t target, person, approved_by; /* approved_by 0: none asked for */
	const char *plan, *target_name, *goal, *reason;
	const char *const *keys;     /* NULL-terminated */
	const char *state, *outcome; /* of the run; NULL: the request waits */
	int64_t hours_ago;
};

static enum gh_code
plan_add(struct fixture *f, const struct story *s)
{
	struct store_plan_migration_new *m = gh_alloc_n(&f->arena, 8, sizeof(*m));
	struct store_plan_new plan = {
		.digest = s->plan, .direction = "up", .target_id = s->target, .migrations = m
	};
	static const struct store_plan_statement_new statement = {
		.line = 1,
		.group = 1,
		.kind = "CREATE TABLE",
		.sql = "CREATE TABLE photos (id bigint PRIMARY KEY, note text DEFAULT '<script>')",
		.sql_len =
		    sizeof("CREATE TABLE photos (id bigint PRIMARY KEY, note text DEFAULT '<script>')") - 1,
	};

	plan.now = FIXTURE_NOW - s->hours_ago * GH_HOUR;
	plan.bytes = "gatehouse-plan 1\n";
	plan.len = strlen(plan.bytes);
	for (; s->keys[plan.n_migrations] != NULL; plan.n_migrations++)
		m[plan.n_migrations] = (struct store_plan_migration_new){
			.key = s->keys[plan.n_migrations],
			.version = gh_strndup(&f->arena, s->keys[plan.n_migrations], 4),
			.name = s->keys[plan.n_migrations] + 5,
			.description = "",
			.author = "shop team",
			.digest = fixture_digest(f, s->keys[plan.n_migrations]),
			.transactional = strncmp(s->keys[plan.n_migrations], "0004", 4) != 0,
			.row_inside = true,
			.has_back = strncmp(s->keys[plan.n_migrations], "0005", 4) != 0,
			.n_statements = 1,
			.statements = &statement,
		};
	return store_plan_add(&f->store, &plan, &f->err);
}

static enum gh_code
entry_add(struct fixture *f, const char *actor, const char *op, const char *subject, const struct story *s)
{
	const struct store_entry e = {
		.at = FIXTURE_NOW - s->hours_ago * GH_HOUR,
		.actor = actor,
		.way = strncmp(op, "run.", 4) == 0 ? "runner" : "web",
		.op = op,
		.subject = subject,
		.target = s->target_name,
		.outcome = "ok",
		.text = s->reason,
	};

	return store_ledger_add(&f->store, &e, NULL, &f->err);
}

static enum gh_code
request_add(struct fixture *f, const struct story *s, int64_t *ret_id)
{
	static const char *const names[] = { "", "viewer", "lead", "lead2" };
	int64_t at = FIXTURE_NOW - s->hours_ago * GH_HOUR, ignored = 0;
	const struct store_request_new r = {
		.target_id = s->target,
		.person_id = s->person,
		.now = at,
		.expires_at = (s->state == NULL ? gh_clock_now() : at) + 24 * GH_HOUR,
		.plan_digest = s->plan,
		.direction = "up",
		.goal = s->goal,
		.reason = s->reason,
		.state = s->state == NULL || s->approved_by != 0 ? "waiting" : "approved",
	};
	const char *subject;

	GH_TRY(plan_add(f, s));
	GH_TRY(store_request_add(&f->store, &r, ret_id, &f->err));
	subject = gh_printf(&f->arena, "request/%" PRId64, *ret_id);
	GH_TRY(entry_add(f, names[s->person], "request.add", subject, s));
	if (s->approved_by == 0)
		return GH_OK;
	GH_TRY(store_approval_add(&f->store,
	    &(struct store_approval_new){ *ret_id, s->approved_by, at + GH_MINUTE, at + 24 * GH_HOUR, s->plan,
		"yes", "read and understood" },
	    &ignored, &f->err));
	GH_TRY(store_request_move(&f->store, *ret_id, "waiting", "approved", "", at + GH_MINUTE, &f->err));
	return entry_add(f, names[s->approved_by], "request.approve", subject, s);
}

static enum gh_code
phases_add(struct fixture *f, int64_t run, int64_t at, bool failed, bool open)
{
	static const char *const phases[] = { "connect", "identify", "lock", "status", "preflight", "backup",
		"migrate", "verify", "done" };
	size_t i, n = open || failed ? 7 : 9;

	for (i = 0; i < n; i++) {
		const char *state = i + 1 < n || !(open || failed) ? "ok" : open ? "started" : "failed";

		GH_TRY(store_phase_put(
		    &f->store, run, phases[i], "started", "", at + (int64_t)i * GH_SECOND, &f->err));
		GH_TRY(store_phase_put(&f->store, run, phases[i], state, "as expected",
		    at + (int64_t)(i + 1) * GH_SECOND, &f->err));
		GH_TRY(store_event_add(
		    &f->store, run, "phase", phases[i], at + (int64_t)i * GH_SECOND, &f->err));
	}
	return GH_OK;
}

static enum gh_code
backup_add(struct fixture *f, const struct story *s, int64_t run, int64_t at)
{
	const struct store_backup_new b = {
		.target_id = s->target,
		.run_id = run,
		.kind = "run",
		.format = "custom",
		.encrypted_to = "",
		.plain_size = 9876543,
		.database_bytes = 12345678,
		.snapshot = "700:700:",
		.fingerprint = fixture_digest(f, "catalog"),
		.log = "",
		.source = "",
		.label = "",
		.file = gh_printf(&f->arena, "%s-%" PRId64 ".dump.zst", s->target_name, run),
		.digest = fixture_digest(f, s->target_name),
		.size = 2345678,
		.started_at = at + 5 * GH_SECOND,
		.ended_at = at + 6 * GH_SECOND,
		.server_version = "15.20",
		.client_version = "15.20",
		.table_count = 7,
		.row_count = 1200,
		.schema_key = "0003_orders_status",
		.level = "listed",
	};
	int64_t ignored = 0;

	return store_backup_add(&f->store, &b, &ignored, &f->err);
}

static enum gh_code
incident_add(struct fixture *f, const struct story *s, int64_t run, int64_t at)
{
	const struct store_run_error e = {
		.migration = 0,
		.line = 1,
		.sqlstate = "42P07",
		.message = "relation \"photos\" already exists",
		.detail = "",
		.hint = "",
		.object = "photos",
	};
	int64_t id = 0, ignored = 0;

	GH_TRY(store_run_error(&f->store, run, &e, &f->err));
	GH_TRY(store_incident_add(&f->store,
	    &(struct store_incident_new){ run, s->target, 0, "Run 2 failed on shop_staging", "medium", at },
	    &id, &f->err));
	GH_TRY(store_note_add(&f->store, id, 0,
	    "0005_add_photos failed: 42P07. Nothing of this run is in the database.", at, &ignored, &f->err));
	return store_note_add(&f->store, id, FIXTURE_LEAD, "Somebody had made <photos> by hand.",
	    at + GH_HOUR, &ignored, &f->err);
}

static enum gh_code
run_add(struct fixture *f, const struct story *s, int64_t request)
{
	int64_t at = FIXTURE_NOW - s->hours_ago * GH_HOUR + 2 * GH_MINUTE, id = 0, i;
	bool failed = strncmp(s->state, "failed", 6) == 0, open = strcmp(s->state, "running") == 0;

	GH_TRY(store_run_add(&f->store, request, at, &id, &f->err));
	GH_TRY(store_run_start(&f->store, id, at, &f->err));
	GH_TRY(store_request_move(&f->store, request, "approved", "started", "", at, &f->err));
	GH_TRY(phases_add(f, id, at, failed, open));
	for (i = 0; s->keys[i] != NULL && (i == 0 || !(failed || open)); i++) {
		const char *state = failed ? "rolled-back" : open ? "started" : "ok";

		GH_TRY(store_run_migration_put(&f->store, id, i, "started", "", at + 7 * GH_SECOND, &f->err));
		GH_TRY(store_run_migration_put(&f->store, id, i, state, "", at + 8 * GH_SECOND, &f->err));
		GH_TRY(store_run_statement_put(&f->store,
		    &(struct store_run_statement_new){
			id, i, 0, open ? -1 : 0, at + 7 * GH_SECOND, state, open ? "" : "CREATE TABLE" },
		    &f->err));
	}
	if (s->target != FIXTURE_DEVELOPMENT && !open)
		GH_TRY(backup_add(f, s, id, at));
	if (open)
		return GH_OK;
	if (failed)
		GH_TRY(incident_add(f, s, id, at + 10 * GH_SECOND));
	GH_TRY(store_run_move(&f->store, id, "running", s->state, s->outcome, at + 10 * GH_SECOND, &f->err));
	GH_TRY(store_request_move(&f->store, request, "started", "done", "", at + 10 * GH_SECOND, &f->err));
	return entry_add(f, "runner", gh_printf(&f->arena, "run.%s", s->state),
	    gh_printf(&f->arena, "run/%" PRId64, id), s);
}

enum gh_code
fixture_runs(struct fixture *f)
{
	static const char *const all[] = { "0001_create_customers", "0002_create_orders",
		"0003_orders_status", "0004_orders_customer_index", "0005_add_photos", "0006_orders_total",
		NULL };
	static const char *const photos[] = { "0005_add_photos", "0006_orders_total", NULL };
	static const char *const status[] = { "0003_orders_status", NULL };
	static const char *const index[] = { "0004_orders_customer_index", "0005_add_photos",
		"0006_orders_total", NULL };
	const struct story stories[] = {
		{ FIXTURE_DEVELOPMENT, FIXTURE_VIEWER, 0, fixture_digest(f, "plan 1"), "shop_development",
		    "all pending", "try it", all, "succeeded", "All 6 migrations are in.", 72 },
		{ FIXTURE_STAGING, FIXTURE_VIEWER, FIXTURE_LEAD, fixture_digest(f, "plan 2"), "shop_staging",
		    "to 0006", "photos for staging", photos, "failed-clean",
		    "The database is as it was before.", 48 },
		{ FIXTURE_PRODUCTION, FIXTURE_LEAD, FIXTURE_LEAD2, fixture_digest(f, "plan 3"),
		    "shop_production", "to 0003", "the shop needs states", status, "succeeded",
		    "The migration is in.", 24 },
		{ FIXTURE_STAGING, FIXTURE_LEAD2, FIXTURE_LEAD, fixture_digest(f, "plan 4"), "shop_staging",
		    "to 0006", "photos again", photos, "running", NULL, 1 },
		{ FIXTURE_PRODUCTION, FIXTURE_VIEWER, 0, FIXTURE_PLAN, "shop_production", "to 0006",
		    "bring production to 0006", index, NULL, NULL, 2 },
	};
	size_t i;

	for (i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		int64_t request = 0;

		GH_TRY(request_add(f, &stories[i], &request));
		if (stories[i].state != NULL)
			GH_TRY(run_add(f, &stories[i], request));
	}
	return GH_OK;
}
