#include "base/ban.h"
#include "runner/job/restore.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/backup.h"
#include "runner/job/sql.gen.h"

/* The phases of a run that restores. */

/* Identity of the connection that restores; not that of the target, which target_connect has looked at. */
static enum gh_code
admin_look(struct restore *x, struct gh_err *err)
{
	const struct wire_spec *s = &x->run->job->spec;
	struct gh_arena *a = x->run->job->arena;
	struct target_identity *id = &x->admin_id;
	PG_RESULT res = NULL;

	GH_TRY(pg_query(&x->admin, SQL_IDENTITY, NULL, 0, &res, err));
	*id = (struct target_identity){ .system_id = gh_strdup(a, PQgetvalue(res, 0, 0)),
		.database = gh_strdup(a, PQgetvalue(res, 0, 1)),
		.version_number = strtoll(PQgetvalue(res, 0, 4), NULL, 10),
		.role = gh_strdup(a, PQgetvalue(res, 0, 5)),
		.superuser = PQgetvalue(res, 0, 7)[0] == 't',
		.backend_pid = strtoll(PQgetvalue(res, 0, 8), NULL, 10) };
	if (PQbackendPID(x->admin.conn) != id->backend_pid)
		return gh_fail(err, GH_CONFLICT,
		    "restore_connection of %s is a connection pooler: connect to the server itself",
		    s->target);
	if (id->superuser && !s->allow_superuser)
		return gh_fail(err, GH_CONFLICT,
		    "%s: the role %s, by which is restored, is a superuser, or may become one; use a role "
		    "that may "
		    "only create and rename databases, or set allow_superuser for this target",
		    s->target, id->role);
	if (id->version_number >= 140000)
		GH_TRY(pg_query(&x->admin, SQL_SESSION, NULL, 0, NULL, err));
	return GH_OK;
}

enum gh_code
restore_connect(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	struct restore *x = gh_alloc(r->job->arena, sizeof(*x));

	*x = (struct restore){
		.run = r, .admin = { .job = r->job, .at = { .migration = -1, .statement = -1 } }, .left = ""
	};
	restore_name(&r->job->spec, x->name);
	r->restore = x;
	GH_TRY(stage_connect(r, evidence, err));
	GH_TRY(restore_at(&x->admin, &r->plan, NULL, err));
	GH_TRY(admin_look(x, err));
	gh_text_putf(evidence, " The restore is done by %s, from the database %s.", x->admin_id.role,
	    x->admin_id.database);
	return GH_OK;
}

enum gh_code
restore_identify(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	GH_TRY(stage_identify(r, evidence, err));
	if (strcmp(r->restore->admin_id.system_id, r->plan.system_id) != 0)
		return gh_fail(err, GH_CONFLICT,
		    "restore_connection of %s leads to another server: system %s, not %s", r->plan.target,
		    r->restore->admin_id.system_id, r->plan.system_id);
	return GH_OK;
}

enum gh_code
restore_lock(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	if (r->convention != NULL)
		GH_TRY(run_lock(&r->pg, r->convention, &r->plan, RUN_LOCK_WAIT_MS, err));
	else
		GH_TRY(target_lock(&r->pg, NULL, 0, RUN_LOCK_WAIT_MS, err));
	gh_text_put(evidence, "Holds the run's lock.");
	return GH_OK;
}

/*
 * What is in a dump runs as the role that restores.  One that nobody has looked into yet is therefore first
 * restored where it can do no harm; and the application need not be stopped for one that is no good.
 */
static enum gh_code
prove(struct restore *x, struct gh_text *evidence, struct gh_err *err)
{
	const char *level = x->run->job->spec.level;
	struct proof *f = &x->proof;

	restore_told(x);
	GH_TRY(proof_readable(f, err));
	GH_TRY(restore_good(f, err));
	if (level == NULL || strcmp(level, wire_level_name(WIRE_COUNTED)) != 0)
		return GH_OK;
	GH_TRY(proof_to(f, proof_countable(f) ? WIRE_COUNTED : WIRE_RESTORED, err));
	GH_TRY(restore_good(f, err));
	gh_text_putf(evidence, "%s was never counted, and is now proved in a place of its own%s. ", f->file,
	    proof_catalogued(f) ? "" : ", but for its catalog, which is not in its record");
	return restore_connected(x, err);
}

enum gh_code
restore_preflight(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	struct backup b;

	GH_TRY(restore_rights(r->restore, evidence, err));
	GH_TRY(prove(r->restore, evidence, err));
	if (r->plan.act != PLAN_RESTORE || !r->plan.policy.backup || r->plan.policy.backup_outside_ms > 0)
		return GH_OK;
	backup_of_run(r, &b);
	return backup_preflight(&b, evidence, err);
}

enum gh_code
restore_unread(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	(void)err;
	r->skipped = true;
	gh_text_put(evidence, "What is applied is not compared: it comes with the backup.");
	return GH_OK;
}

enum gh_code
restore_skip(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	(void)err;
	r->skipped = true;
	gh_text_put(evidence, "The database is made beside the target's, which stays as it is.");
	return GH_OK;
}

enum gh_code
restore_migrate(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	say_migration(r->job, 0, WIRE_STARTED, "");
	GH_TRY(restore_make(r->restore, evidence, err));
	if (job_stopped(r->job))
		return gh_fail(err, GH_CONFLICT, "asked to stop");
	GH_TRY(restore_swap(r->restore, evidence, err));
	r->committed = 1;
	say_migration(r->job, 0, WIRE_OK, "");
	return GH_OK;
}

/* By its name, as everybody comes to it. */
static enum gh_code
get_in(struct run *r, struct restore_look *ret, struct gh_err *err)
{
	struct restore *x = r->restore;

	GH_TRY(target_connect(&r->pg, &r->id, err));
	if (pg_query(&x->admin, SQL_PING, NULL, 0, NULL, NULL) != GH_OK)
		GH_TRY(restore_at(&x->admin, &r->plan, NULL, err));
	return restore_look(&x->admin, &r->plan, ret, err);
}

/* The server may have gone down with the names changed: as long as it soon comes back, the run goes on. */
static enum gh_code
get_in_again(struct run *r, struct restore_look *ret, struct gh_err *err)
{
	int64_t from = gh_clock_mono(), ms = r->job->spec.connect_timeout_ms * RESTORE_RETURN;

	for (;;) {
		enum gh_code code = get_in(r, ret, err);

		if (code != GH_UNAVAILABLE || gh_clock_mono() - from > ms * 1000 || job_stopped(r->job))
			return code;
		say_log(r->job, "%s; trying again", err->msg);
		*err = (struct gh_err){ 0 };
		job_sleep(r->job, 500);
	}
}

enum gh_code
restore_verify(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	const struct plan *p = &r->plan;
	struct restore_look look;

	GH_TRY(get_in_again(r, &look, err));
	target_say(r->job, &r->id);
	r->restore->verified = true;
	if (!restore_leads(p, &look, &r->id))
		return gh_fail(err, GH_CONFLICT, "%s", restore_astray(p, &look, &r->id, r->job->arena));
	gh_text_putf(evidence,
	    "%s gets into %s, which is another database now (oid %" PRId64 ", before %" PRId64 ").",
	    r->id.role, r->id.database, r->id.oid, p->database_oid);
	return GH_OK;
}

const char *
restore_sentence(const struct run *r)
{
	const struct plan *p = &r->plan;
	const struct restore *x = r->restore;
	struct gh_arena *a = r->job->arena;
	const char *left =
	    x->left[0] == '\0' ? "" : gh_printf(a, " Settings that could not be carried over: %s.", x->left);

	if (p->act == PLAN_SIDE)
		return gh_printf(a, "Backup %" PRId64 " is restored beside %s as the database %s.%s",
		    p->restore.backup, p->target, p->restore.name, left);
	return gh_printf(a,
	    "%s is what backup %" PRId64
	    " was; the database of before is kept as %s, with connections refused.%s",
	    p->target, p->restore.backup, p->restore.keep_name, left);
}

/*
 * The connection may be lost, or the server busy with what was cancelled.  Whatever the run itself has seen,
 * nothing is as it was where the names say otherwise: x->doubt.
 */
static enum gh_code
back(struct restore *x, struct gh_err *err)
{
	const struct plan *p = &x->run->plan;
	struct restore_look look;

	if (x->admin.conn == NULL || x->admin.error.lost || PQstatus(x->admin.conn) != CONNECTION_OK)
		GH_TRY(restore_at(&x->admin, p, NULL, err));
	GH_TRY(pg_rollback(&x->admin, err));
	GH_TRY(restore_look(&x->admin, p, &look, err));
	x->doubt = strcmp(look.old_name, p->database) != 0 || restore_is_in(x->run->job, p, &look);
	return x->doubt ? GH_OK : restore_back(&x->admin, p, err);
}

void
restore_undo(struct run *r, const struct gh_err *why)
{
	const struct plan *p = &r->plan;
	struct restore *x = r->restore;
	struct job *j = r->job;
	const char *cause = gh_printf(j->arena, "%s%s.", r->cancelled ? "Cancelled: " : "", why->msg);
	enum gh_code code = GH_OK;
	struct gh_err err = { 0 };

	if (x->swapped && !x->verified && why->code == GH_UNAVAILABLE) {
		job_outcome(j, WIRE_UNKNOWN,
		    "The databases have their new names, but the server of %s does not answer any more: %s "
		    "It is "
		    "asked "
		    "as soon as it is back.",
		    p->target, cause);
		return;
	}
	if (x->swapped) {
		job_outcome(j, WIRE_NEEDS_PERSON,
		    "%s is what backup %" PRId64
		    " was, but afterwards: %s The database of before is kept as %s; nothing was taken back.",
		    p->target, p->restore.backup, cause, p->restore.keep_name);
		return;
	}
	if (!x->doubt) {
		(void)gh_fault("job.restore.undo");
		code = back(x, &err);
	}
	if (x->doubt) {
		job_outcome(j, WIRE_UNKNOWN,
		    "%s So whether the databases have their new names is not known yet; the server is asked "
		    "next.",
		    cause);
		return;
	}
	if (code != GH_OK) {
		job_outcome(j, WIRE_UNKNOWN,
		    "%s Then the way back failed: %s. It is tried again, until %s lets connections in and "
		    "the new "
		    "database is gone.",
		    cause, err.msg, p->database);
		return;
	}
	say_migration(j, 0, WIRE_ROLLED_BACK, why->msg);
	job_outcome(j, WIRE_FAILED_CLEAN, "%s %s is as it was%s; the unfinished database was dropped.", cause,
	    p->database, x->closed ? ", and lets connections in again" : "");
}

void
restore_done(struct run *r)
{
	if (r->restore == NULL)
		return;
	proof_done(&r->restore->proof);
	pg_close(&r->restore->admin);
}
