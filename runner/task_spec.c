#include "base/ban.h"
#include "runner/task_job.h"
#include "base/clock.h"
#include "base/duration.h"
#include "base/fault.h"
#include "base/io.h"
#include "store/project.h"
#include "wire/journal.h"

#define GONE_LIMIT_US    (48 * GH_HOUR)   /* of a target that has left the configuration */
#define OUTSIDE_LIMIT_US (15 * GH_MINUTE) /* its program has a time of its own, at most ten */

/* What a job is told: the texts live as long as this. */
struct telling {
	struct runner *runner;
	const struct store_task *task;
	const struct config_target *conf;
	struct gh_arena *arena;
	struct wire_spec *spec;
	bool key; /* found: it has something encrypted to open */
};

/*
 * It is proved as far as a run's would be, or as far as that needs no key: who takes one only seals.  What is
 * sealed is opened by a proof, which speaks to nobody whose data it has.
 */
static enum gh_code
tell_take(struct telling *t, struct gh_err *err)
{
	const struct config_backup *b = &t->conf->backup;
	enum policy_level level = t->conf->policy.backup_level;

	(void)err;
	if (b->encrypt_to[0] != '\0' && level > POLICY_CHECKSUMMED)
		level = POLICY_CHECKSUMMED;
	t->spec->level = policy_level_name(level);
	return GH_OK;
}

static enum gh_code
tell_prove(struct telling *t, struct gh_err *err)
{
	t->spec->level = t->task->level;
	GH_TRY(job_spec_backup(t->runner, t->arena, t->task->backup_id, t->spec, err));
	/* Its bytes are compared as they are: nothing is opened for that. */
	t->key =
	    t->spec->encrypt_to[0] != '\0' && strcmp(t->task->level, wire_level_name(WIRE_CHECKSUMMED)) != 0;
	return GH_OK;
}

/* Where to look, and which server the backups should be of. */
static enum gh_code
tell_outside(struct telling *t, struct gh_err *err)
{
	struct store_target target;

	GH_TRY(store_target_get_id(t->runner->store, t->arena, t->task->target_id, &target, err));
	t->spec->system_id = target.system_id;
	config_outside_spec(t->runner->config, t->conf->name, t->task->source, t->arena, t->spec);
	if (t->spec->n_outside == 1)
		return GH_OK;
	return gh_fail(err, GH_CONFLICT, "the configuration no longer has outside \"%s\" of %s",
	    t->task->source, t->conf->name);
}

static const struct task_kind {
	const char *name, *job;
	const char *setting; /* how long it may take, NULL OUTSIDE_LIMIT_US */
	size_t at;
	bool connects; /* it gets the target's passwords */
	enum gh_code (*tell)(struct telling *t, struct gh_err *err);
} kinds[] = {
	{ "take", WIRE_JOB_TAKE, "backup_timeout", offsetof(struct config_backup, timeout_ms), true,
	    tell_take },
	{ "prove", WIRE_JOB_PROVE, "prove_timeout", offsetof(struct config_backup, prove_timeout_ms), true,
	    tell_prove },
	{ "outside", WIRE_JOB_OUTSIDE, NULL, 0, false, tell_outside },
};

static const struct task_kind *
kind_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

int64_t
task_limit(struct task_job *t, const struct store_task *row)
{
	const struct config_target *conf = config_target_find(t->beside.runner->config, row->target);
	const struct task_kind *k = kind_find(row->kind);
	char text[GH_DURATION_LEN];
	int64_t ms;

	if (k == NULL || k->setting == NULL)
		return OUTSIDE_LIMIT_US;
	if (conf == NULL)
		return GONE_LIMIT_US;
	ms = *(const int64_t *)(const void *)((const char *)&conf->backup + k->at);
	(void)snprintf(t->beside.late, sizeof(t->beside.late),
	    "it took longer than %s and was ended: so long it may take by %s", gh_duration_text(ms, text),
	    k->setting);
	return ms * 1000;
}

static enum gh_code
tell(struct telling *t, const struct beside *b, const struct task_kind *k, struct gh_err *err)
{
	struct store_target target;

	GH_TRY(job_spec_target(t->runner, t->conf, t->spec, err));
	GH_TRY(store_target_get_id(t->runner->store, t->arena, t->task->target_id, &target, err));
	/* As it was found out, where the configuration does not say it. */
	t->spec->convention = target.convention;
	t->spec->max_retries = 0;
	t->spec->environment = t->conf->environment;
	t->spec->project = t->conf->project->name;
	t->spec->person = t->task->person;
	t->spec->reason = t->task->reason;
	t->spec->scratch = t->conf->backup.prove_server;
	t->spec->scratch_folder = b->folder;
	return k->tell(t, err);
}

enum gh_code
task_launch(struct task_job *t, const struct store_task *row, struct gh_err *err)
{
	GH_ARENA a = { .limit = GH_TEXT_LIMIT };
	GH_FD int passfile = -1;
	GH_FD int key = -1;
	struct runner *r = t->beside.runner;
	const struct task_kind *k = kind_find(row->kind);
	/* The name of its sessions is not that of a run. */
	struct wire_spec spec = {
		.id = -row->id, .backup_folder = "", .backend_start = "", .intent_xid = "", .plan_digest = ""
	};
	struct telling told = { .runner = r,
		.task = row,
		.conf = config_target_find(r->config, row->target),
		.arena = &a,
		.spec = &spec };
	struct job_order o = { .id = row->id, .spec = &spec };

	if (k == NULL)
		return gh_fail(err, GH_CONFLICT, "this program does not know how to %s", row->kind);
	if (told.conf == NULL)
		return gh_fail(err, GH_CONFLICT, "target %s is no longer in the configuration", row->target);
	GH_TRY(tell(&told, &t->beside, k, err));
	/* No job holds a secret that it has no use for, least of all one that runs programs of others. */
	if (k->connects)
		GH_TRY(config_passfile(r->config, told.conf, &passfile, err));
	if (told.key)
		GH_TRY(config_backup_key(told.conf, &key, err));
	o.kind = k->job;
	o.passfile = passfile;
	o.key = key;
	if (gh_fault("runner.task.before-exec"))
		return gh_fail(err, GH_UNAVAILABLE, "the job was not started (injected)");
	GH_TRY(beside_start(&t->beside, &o, task_limit(t, row), err));
	(void)gh_fault("runner.task.after-exec");
	return GH_OK;
}
