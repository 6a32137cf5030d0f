#include "base/ban.h"
#include "runner/task_job.h"
#include "base/log.h"
#include "base/window.h"
#include "runner/work_state.h"
#include "store/backup.h"
#include "store/ledger_write.h"
#include "store/project.h"
#include "wire/journal.h"

/* What time alone brings about. */

static enum gh_code
entry_add(struct store *st, const char *op, const char *subject, const char *target, const char *text,
    int64_t now, struct gh_err *err)
{
	const struct store_entry e = { .at = now,
		.actor = "runner",
		.way = "runner",
		.op = op,
		.subject = subject,
		.target = target,
		.outcome = "ok",
		.text = text };
	int64_t seq = 0;

	return store_ledger_add(st, &e, &seq, err);
}

bool
task_clock_due(const char *schedule, int64_t last, int64_t now)
{
	struct gh_window w;
	int64_t next;

	if (gh_window_schedule_read(schedule, &w, NULL) != GH_OK)
		return false;
	next = gh_window_next(&w, last);
	return next != 0 && next <= now;
}

/* Its turn came since the last one, or while no runner was there: once. */
static enum gh_code
take_look(struct runner *r, const struct config_target *conf, const struct store_target *t, int64_t now,
    struct gh_err *err)
{
	const struct store_task_last f = { .kind = "take", .target = t->id, .clock = true };
	struct task_wish w = { .level = "", .now = now };
	GH_ARENA a = { 0 };
	struct store_task last;
	int64_t id = 0, open_one = 0;
	STORE_TX tx = { 0 };
	size_t i;

	GH_TRY(store_task_last(r->store, &a, &f, &last, err));
	if (last.id == 0)
		last.queued_at = r->work->tasks->since;
	for (i = 0; i < conf->backup.n_schedules; i++) {
		if (task_clock_due(conf->backup.schedules[i], last.queued_at, now))
			break;
	}
	if (i == conf->backup.n_schedules)
		return GH_OK;
	GH_TRY(task_open(r->store, "take", t->id, 0, &open_one, err));
	if (open_one != 0)
		return GH_OK;
	w.reason = gh_printf(&a, "by the schedule %s", conf->backup.schedules[i]);
	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(task_take(r, t->name, &w, &id, err));
	GH_TRY(entry_add(r->store, "backup.take", gh_printf(&a, "target/%s", t->name), t->name,
	    gh_printf(&a, "task %" PRId64 ": %s", id, w.reason), now, err));
	return store_commit(&tx, err);
}

/* What is known of when proofs were that count. */
struct proofs {
	int64_t any;   /* of the newest that was counted, whoever asked */
	int64_t clock; /* when the clock asked last for one that could be carried out */
};

/* That somebody proves an older one does not put off the newest for ever. */
static bool
again(const struct store_backup *b, const struct proofs *p, int64_t every, int64_t now)
{
	if (strcmp(b->level, wire_level_name(WIRE_COUNTED)) == 0)
		return b->proved_at + every <= now;
	return p->any + every <= now || p->clock + every <= now;
}

/* Who takes an encrypted one has not got its key: it is not yet as far as a run's would be.  How far that is.
 */
static enum policy_level
sealed_only(const struct config_target *conf, const struct store_backup *b)
{
	if (b->encrypted_to[0] == '\0' || strcmp(b->level, wire_level_name(WIRE_CHECKSUMMED)) != 0)
		return POLICY_WRITTEN;
	return conf->policy.backup_level > POLICY_CHECKSUMMED ? conf->policy.backup_level : POLICY_WRITTEN;
}

/* It is not proved as far as the newest has to be.  How far that is. */
static enum policy_level
early(const struct config_backup *c, const struct store_backup *b)
{
	enum policy_level level;

	if (c->prove_within_ms == 0 || (policy_level_read(b->level, &level) && level >= c->prove_level))
		return POLICY_WRITTEN;
	return c->prove_level;
}

/* Why the newest should be proved now, and how far; NULL it should not. */
static const char *
wants_proof(const struct config_target *conf, const struct proofs *p, const struct store_backup *b,
    int64_t now, const char **ret_level)
{
	const struct config_backup *c = &conf->backup;
	enum policy_level soon = early(c, b), sealed = sealed_only(conf, b);

	/* What is broken stays so until somebody looks at it. */
	if (b->broken[0] != '\0' || b->format[0] == '\0' || strcmp(b->state, "kept") != 0)
		return NULL;
	if (b->encrypted_to[0] != '\0' && c->key_file == NULL)
		return NULL;
	/* Without its catalog it gets no further. */
	if (b->fingerprint[0] == '\0' && strcmp(b->level, wire_level_name(WIRE_RESTORED)) == 0)
		return NULL;
	*ret_level = policy_level_name(POLICY_COUNTED);
	/* What is due again is counted, and so goes as far as the others could ask for. */
	if (soon != POLICY_COUNTED && c->prove_every_ms > 0 && again(b, p, c->prove_every_ms * 1000, now))
		return "the newest backup is proved again (prove_every)";
	*ret_level = policy_level_name(soon > sealed ? soon : sealed);
	if (soon > POLICY_WRITTEN)
		return "the newest backup is proved (prove_within)";
	return sealed > POLICY_WRITTEN ? "the newest backup is proved so far (backup_level)" : NULL;
}

static enum gh_code
prove_look(struct runner *r, const struct config_target *conf, const struct store_target *t, int64_t now,
    struct gh_err *err)
{
	const struct store_task_last f = { .kind = "prove", .backup = t->last_backup },
				     by_clock = { .kind = "prove",
					     .target = t->id,
					     .clock = true,
					     .level = wire_level_name(WIRE_COUNTED) };
	struct proofs proofs = { .any = t->proved_at, .clock = r->work->tasks->since };
	struct task_wish w = { .level = "", .now = now };
	GH_ARENA a = { 0 };
	struct store_backup b;
	struct store_task last;
	int64_t id = 0;
	STORE_TX tx = { 0 };

	/* A run has better things to do than to wait for the disk. */
	if (t->last_backup == 0 || t->active_run != 0)
		return GH_OK;
	GH_TRY(store_backup_get(r->store, &a, t->last_backup, &b, err));
	GH_TRY(store_task_last(r->store, &a, &by_clock, &last, err));
	if (last.id != 0)
		proofs.clock = strcmp(last.state, "failed") == 0 ? 0 : last.queued_at;
	w.reason = wants_proof(conf, &proofs, &b, now, &w.level);
	if (w.reason == NULL)
		return GH_OK;
	GH_TRY(store_task_last(r->store, &a, &f, &last, err));
	if (last.id != 0 && (last.ended_at == 0 || last.ended_at + TASK_AGAIN_US > now))
		return GH_OK;
	GH_TRY(store_begin(r->store, &tx, err));
	GH_TRY(task_prove(r, b.id, &w, &id, err));
	GH_TRY(entry_add(r->store, "backup.prove", gh_printf(&a, "backup/%" PRId64, b.id), t->name,
	    gh_printf(&a, "task %" PRId64 ": %s", id, w.reason), now, err));
	return store_commit(&tx, err);
}

static enum gh_code
target_look(struct runner *r, const struct config_target *conf, int64_t now, struct gh_err *err)
{
	GH_ARENA a = { 0 };
	struct store_target t;

	if (conf->backup.n_schedules == 0 && conf->backup.prove_within_ms == 0 &&
	    conf->backup.prove_every_ms == 0)
		return GH_OK;
	GH_TRY(store_target_get(r->store, &a, conf->name, &t, err));
	GH_TRY(take_look(r, conf, &t, now, err));
	return prove_look(r, conf, &t, now, err);
}

void
task_clock(struct runner *r, int64_t now)
{
	size_t i;

	if (r->work == NULL || r->work->tasks == NULL)
		return;
	for (i = 0; i < r->config->n_targets; i++) {
		struct gh_err err = { 0 };

		if (target_look(r, &r->config->targets[i], now, &err) != GH_OK)
			gh_log_err("task.clock", &err);
	}
	task_outside_clock(r, now);
}
