#include "base/ban.h"
#include "runner/message.h"
#include "store/backup.h"
#include "store/task.h"

/* "Backup failed on shop", "A backup of shop is broken" */
static const char *
subject(struct gh_arena *a, const struct store_task *t)
{
	if (strcmp(t->state, "done") == 0)
		return gh_printf(a, "A backup of %s is broken", t->target);
	if (strcmp(t->kind, "take") == 0)
		return gh_printf(a, "No backup of %s: it failed", t->target);
	if (strcmp(t->kind, "prove") == 0)
		return gh_printf(a, "A backup of %s could not be proved", t->target);
	return gh_printf(a, "Backups of %s that others keep could not be looked at", t->target);
}

static enum gh_code
backup_fact(struct message *m, int64_t id, struct gh_err *err)
{
	struct store_backup b;

	if (id == 0)
		return GH_OK;
	GH_TRY(store_backup_get(m->st, m->a, id, &b, err));
	message_fact(m, "backup", gh_printf(m->a, "%s (%s)", b.file[0] == '\0' ? b.label : b.file, b.level));
	message_fact(m, "error", b.broken);
	return GH_OK;
}

static void
facts(struct message *m, const struct store_task *t, const char *url)
{
	char span[GH_CLOCK_LEN];

	message_fact(m, "target", t->target);
	message_fact(m, "environment", t->environment);
	message_fact(m, "state", t->state);
	if (t->started_at != 0 && t->ended_at != 0)
		message_fact(m, "duration", gh_clock_span(t->ended_at - t->started_at, span));
	message_fact(m, "person", t->person);
	message_fact(m, "reason", t->reason);
	message_fact(m, "task", gh_printf(m->a, "%" PRId64, t->id));
	if (url == NULL || url[0] == '\0')
		return;
	message_fact(m, "link",
	    t->backup_id == 0 ? gh_printf(m->a, "%s/backups", url)
			      : gh_printf(m->a, "%s/backups/%" PRId64, url, t->backup_id));
}

enum gh_code
message_task(struct runner *r, int64_t task_id, int64_t at, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct message m = { .st = r->store, .a = &a, .event = CONFIG_FAILED, .at = at, .task = task_id };
	struct store_task t;

	if (r->config->n_notify == 0)
		return GH_OK;
	GH_TRY(store_task_get(r->store, &a, task_id, &t, err));
	m.request.target_id = t.target_id;
	m.request.target = t.target;
	m.request.environment = t.environment;
	if (!message_wanted(r->config, &m))
		return GH_OK;
	facts(&m, &t, r->config->public_url);
	GH_TRY(backup_fact(&m, t.backup_id, err));
	return message_keep(r, &m, subject(&a, &t), t.text, err);
}
