#include "base/ban.h"
#include "base/io.h"
#include "base/sqlstate.h"
#include "runner/incident_facts.h"
#include "migration/plan.h"
#include "store/failure.h"
#include "store/ledger_write.h"
#include "store/plan.h"
#include "store/project.h"
#include "store/request.h"
#include "store/run.h"
#include "store/backup.h"

#define NOTE_MAX      30000 /* bytes of the facts; a note holds 32768 characters */
#define STATEMENT_MAX 4000  /* bytes of the failed statement */
#define TITLE_MAX     190

struct facts {
	struct store *st;
	struct gh_arena *a;
	struct store_run run;
	struct store_run_detail detail;
	struct store_request request;
	struct store_target target;
	struct store_run_migrations migrations;
	struct gh_text *out;
};

static const char *
utc(int64_t at, struct gh_arena *a)
{
	char ret[GH_CLOCK_LEN];

	return at == 0 ? "-" : gh_strdup(a, gh_clock_utc(at, ret));
}

static const struct store_run_migration *
failed_migration(const struct facts *f)
{
	size_t i;

	for (i = 0; i < f->migrations.n; i++) {
		if (f->migrations.rows[i].position == f->detail.error_migration)
			return &f->migrations.rows[i];
	}
	for (i = 0; i < f->migrations.n; i++) {
		const char *state = f->migrations.rows[i].state;

		if (strcmp(state, "failed") == 0 || strcmp(state, "in-doubt") == 0)
			return &f->migrations.rows[i];
	}
	return NULL;
}

static const char *
title(const struct facts *f)
{
	const struct store_run_migration *m = failed_migration(f);
	char *ret;

	if (strcmp(f->run.state, "needs-person") == 0)
		ret = gh_printf(f->a, "Run %" PRId64 " on %s needs a person", f->run.id, f->run.target);
	else if (m != NULL)
		ret = gh_printf(f->a,
		    strcmp(f->run.direction, "down") == 0 ? "Taking back %s failed on %s" : "%s failed on %s",
		    plan_called(m->key, m->version), f->run.target);
	else
		ret = gh_printf(f->a, "Run %" PRId64 " (%s %s) failed on %s", f->run.id, f->run.direction,
		    f->run.goal, f->run.target);
	ret[gh_utf8_cut(ret, strlen(ret), TITLE_MAX)] = '\0';
	return ret;
}

static void
put_head(const struct facts *f)
{
	struct gh_text *o = f->out;

	gh_text_putf(o, "What is true now: %s\n\n", f->run.outcome);
	gh_text_putf(o, "Run %" PRId64 " on %s (%s), %s, %s\n", f->run.id, f->run.target, f->run.environment,
	    f->run.direction, f->run.goal);
	gh_text_putf(o, "State: %s\n", f->run.state);
	gh_text_putf(o, "Started: %s, ended: %s\n", utc(f->run.started_at, f->a), utc(f->run.ended_at, f->a));
	gh_text_putf(o, "Database: %s (oid %" PRId64 ", system %s), PostgreSQL %s\n", f->target.database,
	    f->target.database_oid, f->target.system_id, f->target.server_version);
	gh_text_putf(o, "Plan: %s\n", f->run.plan_digest);
}

static enum gh_code
put_people(const struct facts *f, struct gh_err *err)
{
	struct store_approvals list = { 0 };
	size_t i;

	gh_text_putf(f->out, "Request %" PRId64 " by %s at %s: %s\n", f->request.id, f->request.person,
	    utc(f->request.created_at, f->a), f->request.reason);
	GH_TRY(store_approval_list(f->st, f->a, f->request.id, &list, err));
	for (i = 0; i < list.n; i++) {
		const struct store_approval *p = &list.rows[i];

		gh_text_putf(f->out, "%s by %s at %s%s%s\n",
		    strcmp(p->decision, "yes") == 0 ? "Approved" : "Refused", p->person,
		    utc(p->created_at, f->a), p->comment[0] == '\0' ? "" : ": ", p->comment);
	}
	if (list.n == 0)
		gh_text_put(f->out, "No approval was needed\n");
	return GH_OK;
}

/* What the job found out about it: why, what is true now, what may be done. */
static enum gh_code
put_failure(const struct facts *f, struct gh_err *err)
{
	struct store_causes causes;
	struct store_run_facts facts;
	struct store_actions actions;
	size_t i;

	GH_TRY(store_cause_list(f->st, f->a, f->run.id, &causes, err));
	GH_TRY(store_run_fact_list(f->st, f->a, f->run.id, &facts, err));
	GH_TRY(store_action_list(f->st, f->a, f->run.id, &actions, err));
	for (i = 0; i < causes.n; i++) {
		gh_text_putf(f->out, "\n%s: %s\n", causes.rows[i].title, causes.rows[i].text);
		if (causes.rows[i].sql[0] != '\0')
			gh_text_putf(f->out, "Asked: %.*s\n",
			    (int)gh_utf8_cut(causes.rows[i].sql, strlen(causes.rows[i].sql), 1000),
			    causes.rows[i].sql);
	}
	gh_text_put(f->out, facts.n > 0 ? "\nWhat is there now\n" : "");
	for (i = 0; i < facts.n && i < 100; i++)
		gh_text_putf(
		    f->out, "- %s %s: %s\n", facts.rows[i].kind, facts.rows[i].object, facts.rows[i].text);
	gh_text_put(f->out, actions.n > 0 ? "\nWhat may be done\n" : "");
	for (i = 0; i < actions.n; i++)
		gh_text_putf(f->out, "- %s\n", actions.rows[i].text);
	return GH_OK;
}

static void
put_migrations(const struct facts *f)
{
	size_t i, left = 0;

	gh_text_put(f->out, "\nMigrations\n");
	for (i = 0; i < f->migrations.n; i++) {
		const struct store_run_migration *m = &f->migrations.rows[i];

		if (i >= 100 && strcmp(m->state, "failed") != 0 && strcmp(m->state, "in-doubt") != 0) {
			left++;
			continue;
		}
		gh_text_putf(f->out, "- %s: %s%s%s\n", plan_called(m->key, m->version),
		    strcmp(m->state, "pending") == 0 ? "not run" : m->state, m->text[0] == '\0' ? "" : ", ",
		    m->text);
	}
	if (left > 0)
		gh_text_putf(f->out, "- and %zu more, see the run\n", left);
}

static enum gh_code
put_statement(const struct facts *f, struct gh_err *err)
{
	struct store_plan_statements list = { 0 };
	size_t i;

	if (f->detail.error_migration < 0 || f->detail.error_statement < 0)
		return GH_OK;
	GH_TRY(store_plan_statement_list(
	    f->st, f->a, f->run.plan_digest, f->detail.error_migration, &list, err));
	for (i = 0; i < list.n; i++) {
		const struct store_plan_statement *s = &list.rows[i];
		size_t len = gh_utf8_cut(s->sql, strlen(s->sql), STATEMENT_MAX);

		if (s->position != f->detail.error_statement)
			continue;
		gh_text_putf(f->out, "Statement %" PRId64 " (%s), line %" PRId64 " of the file:\n\n",
		    s->position + 1, s->kind, s->line);
		gh_text_put_n(f->out, s->sql, len);
		gh_text_put(f->out, len < (size_t)s->sql_bytes ? "\n(cut)\n\n" : "\n\n");
	}
	return GH_OK;
}

static void
put_line(struct gh_text *o, const char *name, const char *value)
{
	if (value[0] != '\0')
		gh_text_putf(o, "%s: %s\n", name, value);
}

static enum gh_code
put_error(const struct facts *f, struct gh_err *err)
{
	const struct store_run_detail *d = &f->detail;
	const struct store_run_migration *m = failed_migration(f);

	if (d->error[0] == '\0' && d->sqlstate[0] == '\0')
		return GH_OK;
	gh_text_put(f->out, "\nWhat failed\n");
	if (m != NULL)
		gh_text_putf(f->out, "Migration: %s\n", plan_called(m->key, m->version));
	if (d->error_line > 0)
		gh_text_putf(f->out, "Line: %" PRId64 "\n", d->error_line);
	GH_TRY(put_statement(f, err));
	if (d->sqlstate[0] != '\0')
		gh_text_putf(f->out, "SQLSTATE: %s %s\n", d->sqlstate, gh_sqlstate_name(d->sqlstate));
	put_line(f->out, "Message", d->error);
	put_line(f->out, "Detail", d->error_detail);
	put_line(f->out, "Hint", d->error_hint);
	put_line(f->out, "Object", d->error_object);
	return GH_OK;
}

static enum gh_code
put_phases(const struct facts *f, struct gh_err *err)
{
	struct store_phases list = { 0 };
	size_t i;

	GH_TRY(store_phase_list(f->st, f->a, f->run.id, &list, err));
	gh_text_put(f->out, "\nPhases\n");
	for (i = 0; i < list.n; i++) {
		const struct store_phase *p = &list.rows[i];

		gh_text_putf(f->out, "- %s: %s%s%s\n", p->phase, p->state, p->evidence[0] == '\0' ? "" : ", ",
		    p->evidence);
	}
	if (list.n == 0)
		gh_text_put(f->out, "- none was begun\n");
	return GH_OK;
}

static enum gh_code
put_backup(const struct facts *f, struct gh_err *err)
{
	struct store_backup b;

	gh_text_put(f->out, "\nBackup\n");
	if (f->detail.backup == 0) {
		gh_text_put(f->out,
		    f->target.backup ? "None was taken by this run\n"
				     : "The policy of this target asks for none\n");
		return GH_OK;
	}
	GH_TRY(store_backup_get(f->st, f->a, f->detail.backup, &b, err));
	gh_text_putf(f->out, "%s, %" PRId64 " bytes, taken %s, proof: %s\nSHA-256: %s\nSchema: %s\n", b.file,
	    b.size, utc(b.ended_at, f->a), b.level, b.digest,
	    b.schema_key[0] == '\0' ? "no migration applied" : b.schema_key);
	return GH_OK;
}

static enum gh_code
read_facts(struct facts *f, int64_t run_id, struct gh_err *err)
{
	GH_TRY(store_run_get(f->st, f->a, run_id, &f->run, err));
	GH_TRY(store_run_detail(f->st, f->a, run_id, &f->detail, err));
	GH_TRY(store_request_get(f->st, f->a, f->run.request_id, &f->request, err));
	GH_TRY(store_target_get_id(f->st, f->a, f->run.target_id, &f->target, err));
	return store_run_migration_list(f->st, f->a, run_id, &f->migrations, err);
}

static const char *
severity(const struct facts *f, const struct config *c)
{
	bool last =
	    c->n_environments > 0 && strcmp(c->environments[c->n_environments - 1], f->run.environment) == 0;

	return last ? "high" : "medium";
}

enum gh_code
incident_facts_open(
    struct store *st, const struct config *c, int64_t run_id, int64_t at, int64_t *ret_id, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	GH_TEXT note = { .limit = NOTE_MAX };
	struct facts f = { .st = st, .a = &a, .out = &note };
	struct store_incident_new row = { .run_id = run_id, .now = at };
	struct store_entry e = {
		.at = at, .actor = "runner", .way = "runner", .op = "incident.open", .outcome = "ok"
	};
	int64_t note_id = 0, seq = 0;

	a.limit = GH_TEXT_LIMIT; /* a long plan has long lists */
	GH_TRY(read_facts(&f, run_id, err));
	put_head(&f);
	GH_TRY(put_people(&f, err));
	GH_TRY(put_error(&f, err));
	GH_TRY(put_failure(&f, err));
	GH_TRY(put_backup(&f, err));
	put_migrations(&f);
	GH_TRY(put_phases(&f, err));
	row.target_id = f.run.target_id;
	row.title = title(&f);
	row.severity = severity(&f, c);
	GH_TRY(store_incident_add(st, &row, ret_id, err));
	GH_TRY(store_note_add(st, *ret_id, 0, gh_text_str(&note), at, &note_id, err));
	e.subject = gh_printf(&a, "incident/%" PRId64, *ret_id);
	e.target = f.run.target;
	e.text = row.title;
	return store_ledger_add(st, &e, &seq, err);
}
