#include "base/ban.h"
#include "runner/plan_build.h"
#include "base/io.h"
#include "migration/batch.h"
#include "runner/gate.h"
#include "runner/plan_pick.h"
#include "runner/plan_repair.h"
#include "runner/plan_query.h"
#include "runner/plan_restore.h"
#include "store/migration.h"
#include "store/standing.h"

#define FACTS_LIMIT ((size_t)64 << 20) /* what is not SQL: names, statements */

void
plan_built_done(struct plan_built *b)
{
	gh_text_done(&b->bytes);
	gh_arena_done(&b->arena);
}

static enum gh_code
project_ready(const struct store_project *p, const struct store_target *t, struct gh_err *err)
{
	if (p->problem[0] != '\0')
		return gh_fail(
		    err, GH_UNAVAILABLE, "the folder of project %s cannot be read: %s", p->name, p->problem);
	if (p->convention[0] == '\0')
		return gh_fail(err, GH_CONFLICT, "it is not known which tool project %s is for: %s", p->name,
		    p->detected_text[0] == '\0' ? "it was not looked at yet" : p->detected_text);
	if (p->folder_problem[0] != '\0')
		return gh_fail(
		    err, GH_CONFLICT, "nothing of project %s runs: %s", p->name, p->folder_problem);
	if (strcmp(p->signature, t->signature) != 0)
		return gh_fail(err, GH_UNAVAILABLE,
		    "the folder of project %s has changed since %s was compared with it: try again in a "
		    "moment",
		    p->name, t->name);
	return GH_OK;
}

/* What must be so before anybody looks at migrations. */
static enum gh_code
target_ready(const struct store_target *t, const struct store_project *p, bool may_hold, bool restores,
    struct gh_err *err)
{
	if (!t->reachable)
		return gh_fail(err, GH_UNAVAILABLE, "%s is not available: %s", t->name,
		    t->problem[0] == '\0' ? "it was not looked at yet, try again in a moment" : t->problem);
	if (restores)
		return GH_OK;
	if (t->problem[0] != '\0')
		return gh_fail(err, GH_CONFLICT, "nothing can run on %s: %s", t->name, t->problem);
	if (t->held[0] != '\0' && !may_hold)
		return gh_fail(err, GH_CONFLICT, "%s is held: %s", t->name, t->held);
	if (!t->tracking_known)
		return gh_fail(err, GH_CONFLICT,
		    "the tracking table %s of %s is not as the convention \"%s\" has it: %s",
		    t->tracking_table, t->name, t->convention, t->tracking_text);
	return project_ready(p, t, err);
}

static void
statements_fill(struct gh_arena *a, const struct store_statements *rows, struct plan_sql *ret)
{
	size_t i;

	ret->n_statements = rows->n;
	ret->statements = gh_alloc_n(a, rows->n, sizeof(*ret->statements));
	for (i = 0; i < rows->n; i++) {
		const struct store_statement *s = &rows->rows[i];

		ret->statements[i] = (struct plan_statement){ .offset = s->at,
			.length = s->length,
			.line = s->line,
			.group = s->group,
			.kind = s->kind,
			.object = s->object,
			.object_kind = s->object_kind };
	}
}

/* The stored bytes of one side and how they were read. */
static enum gh_code
sql_fill(struct store *st, struct plan_built *b, const struct store_migration *m,
    const struct store_side *side, struct plan_sql *ret, struct gh_err *err)
{
	GH_TEXT sql = { .limit = PLAN_LIMIT };
	size_t i;

	if (side->problem[0] != '\0')
		return gh_fail(err, GH_CONFLICT, "the %s SQL of %s cannot be run: %s", side->side,
		    plan_called(m->key, m->version), side->problem);
	if (side->bytes < 0 || b->arena.used + (size_t)side->bytes > PLAN_LIMIT)
		return gh_fail(err, GH_BAD_INPUT,
		    "the plan is larger than %zu MiB at %s: ask for fewer migrations at a time",
		    PLAN_LIMIT >> 20, plan_called(m->key, m->version));
	GH_TRY(store_content_read(st, side->digest, &sql, err));
	ret->sql = gh_strndup(&b->arena, gh_text_str(&sql), sql.len);
	ret->sql_len = sql.len;
	ret->row_inside = side->row_inside;
	GH_TRY(store_statement_list(st, &b->arena, m->id, side->side, &b->read, err));
	statements_fill(&b->arena, &b->read, ret);
	for (i = 0; i < ret->n_statements; i++) {
		if (ret->statements[i].offset < 0 || ret->statements[i].length < 0 ||
		    ret->statements[i].offset > (int64_t)sql.len - ret->statements[i].length)
			return gh_fail(err, GH_INTERNAL, "a statement of %s lies outside its SQL",
			    plan_called(m->key, m->version));
	}
	return GH_OK;
}

static const char *
missing_down(const struct store_migration *m, struct gh_arena *a)
{
	if (!m->present)
		return gh_printf(a,
		    "%s is applied but its file is no longer in the folder: put it back, or restore from a "
		    "backup",
		    plan_called(m->key, m->version));
	return gh_printf(a,
	    "%s has no down SQL, so it cannot be taken back by a run: undo it in a new migration, or restore "
	    "from a "
	    "backup",
	    plan_called(m->key, m->version));
}

/* Why a step has nothing that could be sent to a database. */
static enum gh_code
no_sql(struct store *st, struct plan_built *b, const struct store_migration *m, struct gh_err *err)
{
	struct store_files files = { 0 };
	size_t i;

	if (b->plan.down && !m->code)
		return gh_fail(err, GH_CONFLICT, "%s", missing_down(m, &b->arena));
	GH_TRY(store_file_list_key(st, &b->arena, m->project_id, m->key, &files, err));
	for (i = 0; i < files.n; i++) {
		if (files.rows[i].reason[0] != '\0')
			return gh_fail(err, GH_CONFLICT,
			    "%s cannot run here, nor what comes after it: %s: %s", m->key, files.rows[i].file,
			    files.rows[i].reason);
	}
	if (m->code)
		return gh_fail(err, GH_CONFLICT,
		    "%s is no SQL but a program: run it with its own tool, then go on here",
		    plan_called(m->key, m->version));
	return gh_fail(err, GH_CONFLICT, "%s has no up SQL", plan_called(m->key, m->version));
}

/* A table that only holds the newest version must not say that one is in which was passed over. */
static enum gh_code
previous_applied(struct store *st, struct plan_built *b, struct plan_fact *fact, struct gh_err *err)
{
	struct store_standing *s = NULL;

	if (fact->value == NULL)
		return GH_OK;
	GH_TRY(store_standing_find(st, &b->arena, b->target.id, fact->value, &s, err));
	if (s == NULL || strcmp(s->standing, "out-of-order") != 0)
		return GH_OK;
	return store_standing_below(st, &b->arena, b->target.id, fact->value, &fact->value, err);
}

static enum gh_code
facts_fill(struct store *st, struct plan_built *b, const struct store_migration *m, struct plan_migration *pm,
    struct gh_err *err)
{
	struct store_facts facts = { 0 };
	size_t i;

	GH_TRY(store_fact_list(st, &b->arena, m->id, &facts, err));
	pm->n_facts = facts.n;
	pm->facts = gh_alloc_n(&b->arena, facts.n, sizeof(*pm->facts));
	for (i = 0; i < facts.n; i++) {
		pm->facts[i] = (struct plan_fact){ facts.rows[i].name, facts.rows[i].value };
		if (b->plan.down && strcmp(pm->facts[i].name, "previous") == 0)
			GH_TRY(previous_applied(st, b, &pm->facts[i], err));
	}
	return GH_OK;
}

/* A side that the migration may have besides the one that runs. */
static enum gh_code
other_fill(struct store *st, struct plan_built *b, const struct store_migration *m, const char *name,
    struct plan_sql *ret, bool *ret_has, struct gh_err *err)
{
	struct store_side *side = NULL;

	GH_TRY(store_side_find(st, &b->arena, m->id, name, &side, err));
	*ret_has = side != NULL;
	return side == NULL ? GH_OK : sql_fill(st, b, m, side, ret, err);
}

/* The way back belongs to what is approved where the run may take it, or a rehearsal has to try it. */
static bool
wants_back(const struct plan *p)
{
	return !p->down && p->act == PLAN_RUN &&
	    (p->policy.rollback_on_failure || p->policy.rehearse || p->policy.revert_ms > 0);
}

/* The same for the pages: statements cut out of the SQL.  known: as the folder has them, NULL nothing is
 * known. */
static void
statement_rows(struct gh_arena *a, const struct plan_sql *sql, const struct store_statements *known,
    struct store_plan_migration_new *row)
{
	struct store_plan_statement_new *s = gh_alloc_n(a, sql->n_statements, sizeof(*s));
	size_t i;

	for (i = 0; i < sql->n_statements; i++) {
		const struct plan_statement *ps = &sql->statements[i];

		s[i] = (struct store_plan_statement_new){ .line = ps->line,
			.kind = ps->kind,
			.effect = known == NULL ? NULL : store_statement_effect(&known->rows[i]),
			.group = ps->group,
			.sql = sql->sql + ps->offset,
			.sql_len = (size_t)ps->length };
	}
	row->statements = s;
	row->n_statements = sql->n_statements;
}

static enum gh_code
migration_fill(struct store *st, struct plan_built *b, const struct store_migration *m,
    struct plan_migration *pm, struct store_plan_migration_new *row, struct gh_err *err)
{
	struct store_statements ran;
	struct store_side *run = NULL;

	*pm = (struct plan_migration){ .key = m->key,
		.version = m->version,
		.name = m->name,
		.file = m->file,
		.checksum = m->checksum,
		.repeatable = m->repeatable };
	GH_TRY(store_side_find(st, &b->arena, m->id, b->plan.down ? "down" : "up", &run, err));
	if (run == NULL || m->code)
		return no_sql(st, b, m, err);
	GH_TRY(facts_fill(st, b, m, pm, err));
	GH_TRY(sql_fill(st, b, m, run, &pm->run, err));
	ran = b->read;
	if (wants_back(&b->plan))
		GH_TRY(other_fill(st, b, m, "down", &pm->back, &pm->has_back, err));
	if (!b->plan.down)
		GH_TRY(other_fill(st, b, m, "verify", &pm->verify, &pm->has_verify, err));
	*row = (struct store_plan_migration_new){ .key = m->key,
		.version = m->version,
		.name = m->name,
		.description = m->description,
		.author = m->author,
		.digest = run->digest,
		.transactional = run->transactional,
		.row_inside = run->row_inside,
		.stripped = run->stripped,
		.has_back = !b->plan.down && m->has_down,
		.has_verify = pm->has_verify,
		.batched = batch_is(pm->run.sql, pm->run.sql_len) };
	statement_rows(&b->arena, &pm->run, &ran, row);
	return GH_OK;
}

/*
 * A tool that runs everything in one transaction gives that up when one of them cannot be in it; a policy
 * that asks for one does not.
 */
static enum gh_code
transaction_fill(struct plan *p, bool tool_all, struct gh_err *err)
{
	size_t i;

	p->one_transaction =
	    p->policy.transaction == POLICY_ALL || (p->policy.transaction == POLICY_AS_TOOL && tool_all);
	for (i = 0; i < p->n_migrations && p->one_transaction; i++) {
		const struct plan_migration *m = &p->migrations[i];

		if (m->run.row_inside)
			continue;
		if (p->policy.transaction == POLICY_ALL)
			return gh_fail(err, GH_CONFLICT,
			    "the policy of %s is transaction = all, and %s cannot be in one transaction with "
			    "the others: run those before it, then it alone under transaction = each, or "
			    "give it the form that can be in a transaction",
			    p->target, plan_called(m->key, m->version));
		p->one_transaction = false;
	}
	return GH_OK;
}

static void
rows_fill(struct plan_built *b, struct store_plan_migration_new *rows)
{
	size_t i;

	for (i = 0; i < b->plan.n_migrations; i++) {
		if (rows[i].statements == NULL)
			statement_rows(&b->arena, &b->plan.migrations[i].run, NULL, &rows[i]);
	}
	b->rows.digest = b->digest;
	b->rows.direction = b->plan.down ? "down" : "up";
	b->rows.act = plan_act_name(b->plan.act);
	b->rows.target_id = b->target.id;
	b->rows.bytes = b->bytes.data;
	b->rows.len = b->bytes.len;
	b->rows.n_migrations = b->plan.n_migrations;
}

static enum gh_code
head_fill(struct plan_built *b, bool down, struct gh_err *err)
{
	const struct store_target *t = &b->target;

	b->plan = (struct plan){ .target = t->name,
		.system_id = t->system_id,
		.database = t->database,
		.database_oid = t->database_oid,
		.down = down,
		.convention = t->convention,
		.tracking = t->tracking_table,
		.after = t->newest_key };
	return policy_read(t->policy, strlen(t->policy), &b->arena, &b->plan.policy, err);
}

/* The plan's struct is whole: its bytes, its digest, its rows. */
static enum gh_code
finish(struct plan_built *b, struct store_plan_migration_new *rows, struct gh_err *err)
{
	b->rows.migrations = rows;
	GH_TRY(plan_write(&b->plan, &b->bytes, err));
	if (b->bytes.full)
		return gh_fail(err, GH_BAD_INPUT,
		    "the plan is larger than %zu MiB: ask for fewer migrations at a time", PLAN_LIMIT >> 20);
	plan_digest(b->bytes.data, b->bytes.len, b->digest);
	rows_fill(b, rows);
	return GH_OK;
}

static enum gh_code
migrations_build(struct store *st, struct plan_built *b, const struct plan_goal *goal,
    const struct store_project *project, struct gh_err *err)
{
	struct plan_pick pick = { 0 };
	struct store_plan_migration_new *rows;
	size_t i;

	GH_TRY(plan_pick(st, &b->arena, &b->target, goal, &pick, err));
	b->goal = pick.goal;
	b->picked = pick.rows;
	b->plan.act = goal->act;
	b->plan.n_migrations = pick.n;
	b->plan.migrations = gh_alloc_n(&b->arena, pick.n, sizeof(*b->plan.migrations));
	rows = gh_alloc_n(&b->arena, pick.n, sizeof(*rows));
	for (i = 0; i < pick.n; i++)
		GH_TRY(migration_fill(st, b, pick.rows[i], &b->plan.migrations[i], &rows[i], err));
	if (goal->act == PLAN_MARK)
		GH_TRY(plan_mark_check(b, err));
	else
		GH_TRY(transaction_fill(&b->plan, project->one_transaction, err));
	GH_TRY(gate_check(st, &b->plan, NULL, err));
	GH_TRY(plan_query_fill(st, project->id, &b->arena, &b->plan, err));
	return finish(b, rows, err);
}

enum gh_code
plan_build(struct store *st, const char *target, const struct plan_goal *goal, bool may_hold,
    struct plan_built *ret, struct gh_err *err)
{
	struct store_project project;

	*ret = (struct plan_built){ .arena = { .limit = PLAN_LIMIT + FACTS_LIMIT },
		.bytes = { .limit = PLAN_LIMIT } };
	GH_TRY(store_target_get(st, &ret->arena, target, &ret->target, err));
	GH_TRY(store_project_get(st, &ret->arena, ret->target.project, &project, err));
	ret->plan.act = goal->act;
	GH_TRY(target_ready(
	    &ret->target, &project, may_hold || goal->act != PLAN_RUN, plan_restores(&ret->plan), err));
	GH_TRY(head_fill(ret, goal->down, err));
	if (goal->act == PLAN_REPAIR || goal->act == PLAN_RESTORE || goal->act == PLAN_SIDE) {
		struct store_plan_migration_new *row = gh_alloc(&ret->arena, sizeof(*row));

		GH_TRY(goal->act == PLAN_REPAIR ? plan_repair_fill(ret, goal->to, row, err)
						: plan_restore_fill(st, ret, goal, row, err));
		return finish(ret, row, err);
	}
	return migrations_build(st, ret, goal, &project, err);
}
