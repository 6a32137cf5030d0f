#include "base/ban.h"
#include "runner/follow_rows.h"
#include "store/guard_write.h"
#include "store/hook_write.h"
#include "store/run_write.h"
#include "store/standing_write.h"

static enum gh_code
error_put(struct store *st, const struct follow_run *run, const struct follow_frame *f, struct gh_arena *a,
    struct gh_err *err)
{
	const struct follow_error *e = &f->error;
	struct store_run_error row = { .migration = f->migration,
		.statement = f->statement,
		.line = e->line,
		.sqlstate = e->sqlstate,
		.message = e->message,
		.detail = e->detail,
		.hint = e->hint,
		.object = "" };

	if (e->constraint[0] != '\0')
		row.object = gh_printf(a, "constraint %s of %s.%s", e->constraint, e->schema, e->table);
	else if (e->column[0] != '\0')
		row.object = gh_printf(a, "column %s of %s.%s", e->column, e->schema, e->table);
	else if (e->table[0] != '\0')
		row.object = gh_printf(a, "%s.%s", e->schema, e->table);
	return store_run_error(st, run->id, &row, err);
}

/* The statements of a migration in the plan, NULL when that is not known. */
static const struct plan_sql *
sql_of(const struct follow_run *run, int64_t migration)
{
	if (run->plan == NULL || migration < 0 || (size_t)migration >= run->plan->n_migrations)
		return NULL;
	return &run->plan->migrations[migration].run;
}

/* Whether all statements of a migration stand or fall together. */
static bool
together(const struct follow_run *run, int64_t migration)
{
	const struct plan_sql *sql = sql_of(run, migration);

	/* Groups count from 1 upwards, and are 0 for what runs by itself. */
	return sql == NULL || sql->n_statements == 0 ||
	    (sql->statements[0].group == 1 && sql->statements[sql->n_statements - 1].group == 1);
}

/* The statement's transaction: how many of it came before. */
static int64_t
group_before(const struct follow_run *run, const struct follow_frame *f)
{
	const struct plan_sql *sql = sql_of(run, f->migration);
	int64_t i, n = 0;

	if (sql == NULL || f->statement < 0 || (size_t)f->statement >= sql->n_statements ||
	    sql->statements[f->statement].group == 0)
		return 0;
	for (i = f->statement; i > 0 && sql->statements[i - 1].group == sql->statements[f->statement].group;
	     i--)
		n++;
	return n;
}

/* What becomes of a migration becomes of its statements. */
static enum gh_code
statements_move(
    struct store *st, const struct follow_run *run, const struct follow_frame *f, struct gh_err *err)
{
	const char *state = wire_state_name(f->state);

	switch (f->state) {
	case WIRE_STARTED:
	case WIRE_SKIPPED:
		return GH_OK;
	case WIRE_OK:
		/* A job says this of each statement; only afterwards it is found out. */
		return run->reconcile
		    ? store_run_statement_move(st, run->id, f->migration, state, false, f->at, err)
		    : GH_OK;
	case WIRE_FAILED:
		/* One in a transaction takes with it what was done before; else the job has said what failed.
		 */
		return together(run, f->migration)
		    ? store_run_statement_move(st, run->id, f->migration, "rolled-back", true, f->at, err)
		    : GH_OK;
	case WIRE_IN_DOUBT:
		return store_run_statement_move(
		    st, run->id, f->migration, state, together(run, f->migration), f->at, err);
	case WIRE_ROLLED_BACK:
	case WIRE_TAKEN_BACK:
		break;
	}
	return store_run_statement_move(st, run->id, f->migration, state, true, f->at, err);
}

/* What is applied is known at once: the check that follows a run takes its time. */
static enum gh_code
standing_put(struct store *st, const struct follow_run *run, const struct follow_frame *f, struct gh_err *err)
{
	if (f->state != WIRE_OK && f->state != WIRE_TAKEN_BACK)
		return GH_OK;
	return store_standing_ran(st, run->id, f->migration, f->state == WIRE_OK, f->at, err);
}

static enum gh_code
migration_put(
    struct store *st, const struct follow_run *run, const struct follow_frame *f, struct gh_err *err)
{
	if (f->migration < 0)
		return GH_OK;
	GH_TRY(store_run_migration_put(
	    st, run->id, f->migration, wire_state_name(f->state), f->text, f->at, err));
	GH_TRY(standing_put(st, run, f, err));
	if (f->state == WIRE_STARTED || f->state == WIRE_SKIPPED)
		return GH_OK;
	if (f->state == WIRE_OK)
		GH_TRY(store_run_migration_xid(
		    st, run->id, f->migration, run->plan != NULL && run->plan->one_transaction, err));
	/* In doubt is no answer, nor is a failure, which may have left something: the intent is what has to
	 * be looked into. */
	if (f->state != WIRE_IN_DOUBT && f->state != WIRE_FAILED)
		GH_TRY(store_run_intent(st, run->id, -2, -2, "", err));
	return statements_move(st, run, f, err);
}

/* What fails takes with it what its own transaction did before; what was committed by then stays. */
static enum gh_code
group_failed(struct store *st, const struct follow_run *run, const struct follow_frame *f, struct gh_err *err)
{
	int64_t n;

	for (n = group_before(run, f); n > 0; n--) {
		struct store_run_statement_new row = { .run_id = run->id,
			.migration = f->migration,
			.position = f->statement - n,
			.row_count = -1,
			.tag = "",
			.at = f->at,
			.state = wire_state_name(WIRE_ROLLED_BACK) };

		GH_TRY(store_run_statement_put(st, &row, err));
	}
	return GH_OK;
}

static enum gh_code
statement_put(
    struct store *st, const struct follow_run *run, const struct follow_frame *f, struct gh_err *err)
{
	struct store_run_statement_new row = { .run_id = run->id,
		.migration = f->migration,
		.position = f->statement,
		.row_count = f->number,
		.tag = f->word,
		.at = f->at,
		.state = wire_state_name(f->state) };

	if (f->migration < 0 || f->statement < 0 || f->state == WIRE_SKIPPED)
		return GH_OK;
	GH_TRY(store_run_statement_put(st, &row, err));
	return f->state == WIRE_FAILED ? group_failed(st, run, f, err) : GH_OK;
}

static enum gh_code
phase_put(struct store *st, const struct follow_run *run, const struct follow_frame *f, struct gh_err *err)
{
	const char *state = wire_state_name(f->state);

	/* A phase knows four states. */
	if (f->state == WIRE_ROLLED_BACK || f->state == WIRE_TAKEN_BACK || f->state == WIRE_IN_DOUBT)
		state = wire_state_name(WIRE_FAILED);
	return store_phase_put(st, run->id, wire_phase_name(f->phase), state, f->text, f->at, err);
}

static enum gh_code
rows_put(struct store *st, const struct follow_run *run, const struct follow_frame *f, struct gh_arena *a,
    struct gh_err *err)
{
	switch ((int)f->kind) {
	case WIRE_J_MIGRATION:
		return migration_put(st, run, f, err);
	case WIRE_J_STATEMENT:
		return statement_put(st, run, f, err);
	default:
		break;
	}
	/* The rest is the run's own: a reconcile job has its own process, its own backend, its own troubles.
	 */
	if (run->reconcile)
		return GH_OK;
	switch ((int)f->kind) {
	case WIRE_J_START:
		return store_run_pid(st, run->id, f->number, err);
	case WIRE_J_PHASE:
		return phase_put(st, run, f, err);
	case WIRE_J_BACKEND:
		return store_run_backend(st, run->id, f->number, f->word, err);
	case WIRE_J_INTENT:
		return store_run_intent(st, run->id, f->migration, f->statement, f->word, err);
	case WIRE_J_ERROR:
		return error_put(st, run, f, a, err);
	default:
		return GH_OK;
	}
}

enum gh_code
follow_rows_put(struct store *st, const struct follow_run *run, const struct follow_frame *f,
    struct gh_arena *a, struct gh_err *err)
{
	const char *kind, *text;

	GH_TRY(rows_put(st, run, f, a, err));
	if (run->reconcile && (f->kind == WIRE_J_PHASE || f->kind == WIRE_J_START))
		return GH_OK;
	follow_frame_event(f, run->plan, a, &kind, &text);
	if (text == NULL)
		return GH_OK;
	return store_event_add(st, run->id, kind, text, f->at, err);
}

/* What was begun, or was in doubt and is so no longer. */
static enum gh_code
migrations_close(
    struct store *st, int64_t run_id, const char *why, enum wire_state state, int64_t at, struct gh_err *err)
{
	struct follow_run run = { .id = run_id, .reconcile = true };
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_run_migrations list = { 0 };
	size_t i;

	GH_TRY(store_run_migration_list(st, &a, run_id, &list, err));
	for (i = 0; i < list.n; i++) {
		const struct store_run_migration *m = &list.rows[i];
		struct follow_frame f = { .kind = WIRE_J_MIGRATION,
			.at = at,
			.migration = m->position,
			.state = state,
			.text = why };
		bool doubt = strcmp(m->state, "in-doubt") == 0 && state != WIRE_IN_DOUBT;

		if (doubt || strcmp(m->state, "started") == 0)
			GH_TRY(migration_put(st, &run, &f, err));
	}
	return GH_OK;
}

enum gh_code
follow_rows_close(struct store *st, int64_t run_id, enum wire_outcome outcome, int64_t at, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_phases phases = { 0 };
	size_t i;

	GH_TRY(store_guard_end(st, run_id, at, err));
	GH_TRY(store_phase_list(st, &a, run_id, &phases, err));
	for (i = 0; i < phases.n; i++) {
		if (strcmp(phases.rows[i].state, "started") == 0)
			GH_TRY(store_phase_put(st, run_id, phases.rows[i].phase, "failed",
			    "the job was gone before it said how this ended", at, err));
	}
	GH_TRY(store_hook_close(st, run_id, at, err));
	switch (outcome) {
	case WIRE_SUCCEEDED:
		return migrations_close(st, run_id, "found in the database afterwards", WIRE_OK, at, err);
	case WIRE_FAILED_CLEAN:
		return migrations_close(
		    st, run_id, "nothing of it is in the database", WIRE_ROLLED_BACK, at, err);
	case WIRE_FAILED_PARTLY:
	case WIRE_UNKNOWN:
	case WIRE_NEEDS_PERSON:
		break;
	}
	return migrations_close(
	    st, run_id, "the job was gone before it said how this ended", WIRE_IN_DOUBT, at, err);
}
