#include "base/ban.h"
#include "base/fault.h"
#include "runner/job/backup.h"
#include "runner/job/tracking.h"

/*
 * The take job: a backup beside runs, by hand or by the clock.  It changes nothing in the target.
 */

/* The newest migration, for whoever looks for the backup from before one; a backup is worth more than that.
 */
static const char *
schema_key(struct pg *pg)
{
	const struct wire_spec *s = &pg->job->spec;
	const struct convention *c = s->convention[0] == '\0' ? NULL : convention_find(s->convention);
	struct gh_err why = { 0 };
	struct tracking t;

	if (c == NULL)
		return "";
	if (tracking_read(pg, c, s->schema, s->table, &t, &why) != GH_OK) {
		say_log(pg->job, "The tracking table cannot be read: %s.", why.msg);
		return "";
	}
	return t.exists && t.known ? tracking_newest(&t) : "";
}

static enum gh_code
take(struct job *j, struct pg *pg, struct gh_err *err)
{
	struct target_identity id;
	GH_TEXT evidence = { 0 };
	const char *text = NULL;
	struct backup b = { .job = j,
		.pg = pg,
		.id = &id,
		.activity = "dump",
		.wanted = prove_level(j->spec.level),
		.number = gh_printf(j->arena, "t%" PRId64, -j->spec.id) };

	say_doing(j, "connect", "");
	GH_TRY(target_connect(pg, &id, err));
	target_say(j, &id);
	(void)gh_fault("job.take.connected");
	GH_TRY(backup_preflight(&b, &evidence, err));
	b.schema_key = schema_key(pg);
	say_doing(j, "lock", "every table, for reading");
	GH_TRY(backup_take(&b, &text, err));
	job_outcome(j, WIRE_SUCCEEDED, "%s", text);
	return GH_OK;
}

static enum gh_code
take_run(struct job *j, struct gh_err *err)
{
	struct pg pg = { .job = j, .at = { .migration = -1, .statement = -1 } };
	enum gh_code code = take(j, &pg, err);

	pg_close(&pg);
	return code;
}

const struct job_kind job_take = {
	.name = WIRE_JOB_TAKE,
	.run = take_run,
};
