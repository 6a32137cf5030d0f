#include "base/ban.h"
#include "runner/message.h"
#include "base/fault.h"
#include "base/io.h"
#include "migration/plan.h"
#include "runner/outbox.h"
#include "store/message_write.h"
#include "store/backup.h"

#define FACT_MAX       2000 /* bytes */
#define SUBJECT_MAX    180
#define BODY_MAX       6000
#define MIGRATIONS_MAX 20 /* that are named */

static const char *
clean(struct gh_arena *a, const char *s, size_t max, bool lines)
{
	char *ret = gh_strndup(a, s, gh_utf8_cut(s, strlen(s), max)), *p;

	for (p = ret; *p != '\0'; p++) {
		if (((unsigned char)*p < ' ' && !(lines && *p == '\n')) || *p == 0x7f)
			*p = ' ';
	}
	return ret;
}

void
message_fact(struct message *m, const char *name, const char *value)
{
	struct store_message_facts *f = &m->facts;

	if (value == NULL || value[0] == '\0')
		return;
	f->rows = store_room(m->a, f->rows, f->n, sizeof(*f->rows));
	f->rows[f->n++] =
	    (struct store_message_fact){ .name = name, .value = clean(m->a, value, FACT_MAX, false) };
}

static void
number_fact(struct message *m, const char *name, int64_t value)
{
	if (value != 0)
		message_fact(m, name, gh_printf(m->a, "%" PRId64, value));
}

static bool
down(const struct message *m)
{
	return strcmp(m->request.direction, "down") == 0;
}

static bool
restores(const struct message *m)
{
	return strcmp(m->act, "restore") == 0 || strcmp(m->act, "side") == 0;
}

/* "006_add_user_photos", "taking back 3 migrations" */
static const char *
what(const struct message *m)
{
	const char *name = m->request.migrations == 1 && m->plan.n == 1
	    ? plan_called(m->plan.rows[0].key, m->plan.rows[0].version)
	    : gh_printf(m->a, "%" PRId64 " migrations", m->request.migrations);

	if (strcmp(m->act, "mark") == 0)
		return gh_printf(m->a, "marking %s as applied", name);
	if (strcmp(m->act, "repair") == 0)
		return gh_printf(m->a, "dropping the invalid index %s", m->request.goal);
	if (restores(m))
		return gh_printf(m->a, "restoring %s", m->request.goal);
	return down(m) ? gh_printf(m->a, "taking back %s", name) : name;
}

static const char *
headline(const struct message *m)
{
	const char *noun = restores(m) ? "Database restore" : "Database migration";

	switch (m->event) {
	case CONFIG_APPROVAL:
		return "Approval needed";
	case CONFIG_BEFORE:
		return gh_printf(m->a, "%s starts", noun);
	case CONFIG_AFTER:
		return gh_printf(m->a, "%s complete", noun);
	case CONFIG_UNKNOWN:
		return gh_printf(m->a, "%s in an unknown state", noun);
	case CONFIG_FAILED:
	case CONFIG_OVERDUE: /* overdue.c says it */
	case CONFIG_EVENTS:
		break;
	}
	if (strcmp(m->run.state, "failed-clean") == 0)
		return gh_printf(m->a, "%s failed, nothing is changed", noun);
	return gh_printf(m->a,
	    strcmp(m->run.state, "failed-partly") == 0 ? "%s failed partly" : "%s needs a person", noun);
}

static const char *
body(const struct message *m)
{
	const struct store_request *q = &m->request;
	const char *verb = down(m) || strcmp(m->act, "run") != 0 ? "" : "applying ";

	if (m->event == CONFIG_APPROVAL)
		return gh_printf(m->a, "%s asks for %s%s on %s (%s). It waits for %" PRId64 " approval%s.",
		    q->person, verb, what(m), q->target, q->environment, q->needed,
		    q->needed == 1 ? "" : "s");
	if (m->event == CONFIG_BEFORE)
		return gh_printf(m->a, "Run %" PRId64 " starts %s%s on %s (%s).", m->run.id, verb, what(m),
		    q->target, q->environment);
	return m->run.outcome;
}

static void
head_facts(struct message *m)
{
	size_t i;

	for (i = 0; i < m->plan.n && i < MIGRATIONS_MAX; i++)
		message_fact(m, "migration", plan_called(m->plan.rows[i].key, m->plan.rows[i].version));
	if (m->request.migrations > MIGRATIONS_MAX)
		message_fact(m, "migration",
		    gh_printf(m->a, "and %" PRId64 " more", m->request.migrations - MIGRATIONS_MAX));
	message_fact(m, "target", m->request.target);
	message_fact(m, "environment", m->request.environment);
	message_fact(m, "project", m->request.project);
	message_fact(m, "direction", m->request.direction);
}

/* What is expected. */
static enum gh_code
ahead_facts(struct message *m, struct gh_err *err)
{
	const char *text = NULL;

	/* How long a restore takes is not in the SQL, which it has none of. */
	if (!restores(m)) {
		GH_TRY(message_estimate(m, &text, err));
		message_fact(m, "estimate", text);
		GH_TRY(message_downtime(m, &text, err));
	} else if (strcmp(m->act, "restore") == 0) {
		text = "connections are refused for a moment, sessions are ended";
	}
	message_fact(m, "downtime", text);
	GH_TRY(message_rollback(m, &text, err));
	message_fact(m, "rollback", text);
	message_fact(m, "backup", message_backup(m));
	return GH_OK;
}

/* What was seen. */
static enum gh_code
behind_facts(struct message *m, struct gh_err *err)
{
	struct store_run_detail d;
	struct store_phases phases = { 0 };
	struct store_backup b;
	char span[GH_CLOCK_LEN];
	const char *text = NULL;
	size_t i;

	GH_TRY(store_run_detail(m->st, m->a, m->run.id, &d, err));
	message_fact(m, "state", m->run.state);
	if (m->run.started_at != 0 && m->run.ended_at != 0)
		message_fact(m, "duration", gh_clock_span(m->run.ended_at - m->run.started_at, span));
	if (d.error[0] != '\0')
		message_fact(m, "error",
		    gh_printf(m->a, "%s%s%s", d.sqlstate, d.sqlstate[0] == '\0' ? "" : ": ", d.error));
	GH_TRY(store_phase_list(m->st, m->a, m->run.id, &phases, err));
	for (i = 0; i < phases.n; i++) {
		const struct store_phase *p = &phases.rows[i];

		if (strcmp(p->state, "ok") != 0 && strcmp(p->state, "failed") != 0)
			continue;
		if (strcmp(p->phase, "verify") == 0)
			message_fact(m, "verified", p->evidence);
		else if (strcmp(p->phase, "health") == 0)
			message_fact(m, "health", p->evidence);
		/* One that others took, or a hook's. */
		else if (strcmp(p->phase, "backup") == 0 && d.backup == 0 && strcmp(p->state, "ok") == 0)
			message_fact(m, "backup", p->evidence);
	}
	if (m->event != CONFIG_AFTER && strcmp(m->act, "run") == 0) {
		GH_TRY(message_rollback(m, &text, err));
		message_fact(m, "rollback", text);
	}
	if (d.backup != 0) {
		GH_TRY(store_backup_get(m->st, m->a, d.backup, &b, err));
		message_fact(m, "backup", gh_printf(m->a, "%s (%s)", b.file, b.level));
	}
	number_fact(m, "incident", d.incident);
	return GH_OK;
}

bool
message_wanted(const struct config *c, const struct message *m)
{
	size_t i;

	for (i = 0; i < c->n_notify; i++) {
		if (config_notify_wants(&c->notify[i], m->event, m->request.environment, m->request.target))
			return true;
	}
	return false;
}

enum gh_code
message_keep(struct runner *r, struct message *m, const char *subject, const char *text, struct gh_err *err)
{
	const struct config *c = r->config;
	struct store_message row = { .event = config_event_name(m->event),
		.request_id = m->request.id,
		.run_id = m->run.id,
		.task_id = m->task,
		.target_id = m->request.target_id,
		.created_at = m->at };
	int64_t id = 0;
	size_t i;

	row.subject = clean(m->a, subject, SUBJECT_MAX, false);
	row.body = clean(m->a, text, BODY_MAX, true);
	GH_TRY(store_message_add(m->st, &row, &m->facts, &id, err));
	(void)gh_fault("runner.message.added");
	for (i = 0; i < c->n_notify; i++) {
		const struct config_notify *n = &c->notify[i];

		if (config_notify_wants(n, m->event, m->request.environment, m->request.target))
			GH_TRY(store_delivery_add(m->st, id, n->name, n->kind, m->at, err));
	}
	outbox_soon(r);
	return GH_OK;
}

static enum gh_code
make(struct runner *r, struct message *m, struct gh_err *err)
{
	const char *url = r->config->public_url == NULL ? "" : r->config->public_url;
	struct store_plan plan;

	if (!message_wanted(r->config, m))
		return GH_OK;
	GH_TRY(store_target_get_id(m->st, m->a, m->request.target_id, &m->target, err));
	GH_TRY(store_plan_get(m->st, m->a, m->request.plan_digest, &plan, err));
	m->act = plan.act;
	GH_TRY(store_plan_migration_list(
	    m->st, m->a, m->request.plan_digest, 0, MESSAGE_MIGRATIONS, &m->plan, err));
	head_facts(m);
	if (m->event != CONFIG_APPROVAL && m->event != CONFIG_BEFORE)
		GH_TRY(behind_facts(m, err));
	else if (strcmp(m->act, "run") == 0 || restores(m))
		GH_TRY(ahead_facts(m, err));
	message_fact(m, "person", m->request.person);
	message_fact(m, "reason", m->request.reason);
	number_fact(m, "request", m->request.id);
	number_fact(m, "run", m->run.id);
	if (url[0] != '\0' && m->run.id != 0)
		message_fact(m, "link", gh_printf(m->a, "%s/runs/%" PRId64, url, m->run.id));
	else if (url[0] != '\0')
		message_fact(m, "link", gh_printf(m->a, "%s/requests/%" PRId64, url, m->request.id));
	return message_keep(
	    r, m, gh_printf(m->a, "%s: %s on %s", headline(m), what(m), m->request.target), body(m), err);
}

enum gh_code
message_request(struct runner *r, int64_t request_id, int64_t at, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct message m = { .st = r->store, .a = &a, .event = CONFIG_APPROVAL, .at = at };

	if (r->config->n_notify == 0)
		return GH_OK;
	a.limit = GH_TEXT_LIMIT; /* the lists of a large target are long */
	GH_TRY(store_request_get(r->store, &a, request_id, &m.request, err));
	return make(r, &m, err);
}

enum gh_code
message_run(struct runner *r, int64_t run_id, enum config_event event, int64_t at, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct message m = { .st = r->store, .a = &a, .event = event, .at = at };

	if (r->config->n_notify == 0)
		return GH_OK;
	a.limit = GH_TEXT_LIMIT;
	GH_TRY(store_run_get(r->store, &a, run_id, &m.run, err));
	GH_TRY(store_request_get(r->store, &a, m.run.request_id, &m.request, err));
	return make(r, &m, err);
}
