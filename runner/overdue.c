#include "base/ban.h"
#include "runner/overdue.h"
#include "base/clock.h"
#include "base/duration.h"
#include "base/fault.h"
#include "base/log.h"
#include "runner/message.h"
#include "store/backup.h"
#include "store/project_write.h"
#include "wire/journal.h"

/* What is true of the newest one, and when one was proved as far as it should be last. */
static const char *
text_of(struct gh_arena *a, const struct store_target *t)
{
	char last[GH_CLOCK_LEN], reached[GH_CLOCK_LEN], within[GH_DURATION_LEN];
	bool counted = strcmp(t->prove_level, wire_level_name(WIRE_COUNTED)) == 0;

	return gh_printf(a,
	    "The newest backup of %s has to be %s%s within %s, and none that is new enough was. "
	    "The newest, of %s, is %s%s%s. %s%s%s%s.",
	    t->name, counted ? "restored and " : "", t->prove_level,
	    gh_duration_text(t->prove_within_ms, within), gh_clock_utc(t->last_backup_at, last),
	    t->last_backup_level, t->last_backup_broken[0] == '\0' ? "" : ": ", t->last_backup_broken,
	    t->reached_backup == 0 ? "No backup that is there was ever " : "The newest that was ",
	    t->prove_level, t->reached_backup == 0 ? "" : " is that of ",
	    t->reached_backup == 0 ? "" : gh_clock_utc(t->reached_backup_at, reached));
}

static enum gh_code
message(struct runner *r, struct gh_arena *a, const struct store_target *t, int64_t now, struct gh_err *err)
{
	struct message m = { .st = r->store, .a = a, .event = CONFIG_OVERDUE, .at = now };
	const char *url = r->config->public_url == NULL ? "" : r->config->public_url;

	m.request.target_id = t->id;
	m.request.target = t->name;
	m.request.environment = t->environment;
	if (!message_wanted(r->config, &m))
		return GH_OK;
	message_fact(&m, "target", t->name);
	message_fact(&m, "environment", t->environment);
	message_fact(&m, "project", t->project);
	if (url[0] != '\0')
		message_fact(&m, "link", gh_printf(a, "%s/targets/%s", url, t->name));
	return message_keep(
	    r, &m, gh_printf(a, "No backup of %s was proved in time", t->name), text_of(a, t), err);
}

static enum gh_code
one(struct runner *r, struct gh_arena *a, const struct store_target *t, int64_t now, struct gh_err *err)
{
	bool is = t->prove_by != 0 && t->prove_by < now;
	STORE_TX tx = { 0 };

	if (is == (t->overdue_at != 0))
		return GH_OK;
	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(store_target_overdue(r->store, t->id, is ? t->prove_by : 0, err));
	if (is)
		GH_TRY(message(r, a, t, now, err));
	(void)gh_fault("runner.overdue.before-commit");
	GH_TRY(store_commit(&tx, err));
	gh_log_info(is ? "backup.overdue" : "backup.in-time", "target=%s", t->name);
	return GH_OK;
}

void
overdue_look(struct runner *r, int64_t now)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	struct store_targets list = { 0 };
	struct gh_err err = { 0 };
	size_t i;

	if (store_target_list(r->store, &a, 0, &list, &err) != GH_OK) {
		gh_log_err("overdue.list", &err);
		return;
	}
	for (i = 0; i < list.n; i++) {
		err = (struct gh_err){ 0 };
		if (one(r, &a, &list.rows[i], now, &err) != GH_OK)
			gh_log_err("overdue.look", &err);
	}
}
