#include "base/ban.h"
#include "runner/job/restore.h"
#include "base/fault.h"
#include "runner/job/failure.h"
#include "runner/job/judge.h"
#include "runner/job/sql.gen.h"

/*
 * After a restore whose job died.  The names of the databases tell what is true, once nobody of that run is
 * left: either the swap was committed, then all of it is, or it was not, then everything goes back to before.
 */

static enum gh_code
bytes_of(struct pg *admin, int64_t oid, int64_t *ret, struct gh_err *err)
{
	const char *const params[] = { gh_printf(admin->job->arena, "{%" PRId64 "}", oid) };
	PG_RESULT res = NULL;

	GH_TRY(pg_query(admin, SQL_KEPT_DATABASES, params, 1, &res, err));
	*ret = PQntuples(res) == 0 ? -1 : strtoll(PQgetvalue(res, 0, 2), NULL, 10);
	return GH_OK;
}

/*
 * The target is another database now: whoever reads the journal is to know.  And its own role has to get in
 * there, which is what the run would have seen to next; an error of ours only when the server is gone again.
 */
static enum gh_code
verify(struct pg *admin, const struct plan *p, const struct restore_look *look, struct judge_verdict *v,
    struct gh_err *err)
{
	struct job *j = admin->job;
	struct pg pg = { .job = j, .at = { .migration = -1, .statement = -1 } };
	struct target_identity id;
	struct gh_err why = { 0 };
	const char *bad = NULL;

	if (target_connect(&pg, &id, &why) == GH_OK) {
		target_say(j, &id);
		bad = restore_leads(p, look, &id) ? NULL : restore_astray(p, look, &id, j->arena);
	} else {
		bad = why.msg;
	}
	pg_close(&pg);
	if (bad == NULL)
		return GH_OK;
	GH_TRY(pg_query(admin, SQL_PING, NULL, 0, NULL, err));
	v->outcome = WIRE_NEEDS_PERSON;
	v->sentence = gh_printf(j->arena, "%s But %s. Nothing was taken back.", v->sentence, bad);
	return GH_OK;
}

static enum gh_code
settle_in(struct pg *admin, const struct plan *p, const struct restore_look *look, struct gh_err *err)
{
	struct job *j = admin->job;
	struct judge_verdict v = { .outcome = WIRE_SUCCEEDED, .n_in = 1 };
	int64_t oid = p->act == PLAN_SIDE ? look->named : p->database_oid, bytes = -1;

	GH_TRY(bytes_of(admin, oid, &bytes, err));
	v.sentence = p->act == PLAN_SIDE
	    ? gh_printf(j->arena, "The run broke off, but backup %" PRId64 " is restored as the database %s.",
		  p->restore.backup, p->restore.name)
	    : gh_printf(j->arena,
		  "The run broke off, but %s is what backup %" PRId64
		  " was; the database of before is kept as %s, with connections refused.",
		  p->target, p->restore.backup, p->restore.keep_name);
	restore_say(j, p, oid, bytes);
	if (p->act == PLAN_RESTORE) {
		GH_TRY(verify(admin, p, look, &v, err));
		GH_TRY(reconcile_after(j, p, &v, err));
	}
	job_outcome(j, v.outcome, "%s", v.sentence);
	say_migration(j, 0, WIRE_OK, "the databases have their new names");
	return GH_OK;
}

static enum gh_code
settle_out(struct pg *admin, const struct plan *p, struct gh_err *err)
{
	struct job *j = admin->job;

	GH_TRY(restore_back(admin, p, err));
	job_outcome(j, WIRE_FAILED_CLEAN,
	    "The run broke off before the databases got their new names. %s is as it was and lets "
	    "connections in; "
	    "nothing of the unfinished database is left.",
	    p->database);
	say_migration(j, 0, WIRE_ROLLED_BACK, "the databases have the names that they had");
	return GH_OK;
}

static enum gh_code
settle(struct pg *admin, const struct plan *p, struct gh_err *err)
{
	struct job *j = admin->job;
	struct restore_look look;
	PG_RESULT id = NULL;

	GH_TRY(restore_at(admin, p, NULL, err));
	GH_TRY(pg_query(admin, SQL_IDENTITY, NULL, 0, &id, err));
	if (strcmp(PQgetvalue(id, 0, 0), p->system_id) != 0) {
		job_outcome(j, WIRE_NEEDS_PERSON, "%s is on another server now than in the run: system %s.",
		    p->target, PQgetvalue(id, 0, 0));
		return GH_OK;
	}
	(void)gh_fault("job.restore.settle-connected");
	GH_TRY(reconcile_alone(admin, SQL_RESTORE_SURVIVORS, err));
	(void)gh_fault("job.restore.settle-alone");
	GH_TRY(restore_look(admin, p, &look, err));
	if (restore_is_in(j, p, &look))
		return settle_in(admin, p, &look, err);
	if (strcmp(look.old_name, p->database) == 0)
		return settle_out(admin, p, err);
	job_outcome(j, WIRE_NEEDS_PERSON,
	    "The run broke off, and the facts contradict each other: the database with the oid %" PRId64
	    " is called %s now.",
	    p->database_oid, look.old_name[0] == '\0' ? "nothing, it is gone" : look.old_name);
	return GH_OK;
}

enum gh_code
restore_settle(struct job *j, const struct plan *p, struct gh_err *err)
{
	struct pg admin = { .job = j, .at = { .migration = -1, .statement = -1 } };
	enum gh_code code = settle(&admin, p, err);

	if (code == GH_OK)
		actions_restore(j, p);
	pg_close(&admin);
	return code;
}
