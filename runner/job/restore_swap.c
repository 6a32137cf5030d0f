#include "base/ban.h"
#include "runner/job/restore.h"
#include "base/clock.h"
#include "base/fault.h"
#include "runner/job/sql.gen.h"

/* Names: who is called what, and the one moment in which that changes. */

#define TRIES 5 /* a session of the server's own may be in the way for a moment */

static int64_t
number(const PGresult *res, int column)
{
	return strtoll(PQgetvalue(res, 0, column), NULL, 10);
}

static const char *
final_name(const struct plan *p)
{
	return p->restore.name;
}

enum gh_code
restore_look(struct pg *admin, const struct plan *p, struct restore_look *ret, struct gh_err *err)
{
	char oid[24], unfinished[RESTORE_NAME_LEN];
	const char *const params[] = { oid, final_name(p), unfinished, p->restore.keep_name };
	struct gh_arena *a = admin->job->arena;
	PG_RESULT res = NULL;

	(void)snprintf(oid, sizeof(oid), "%" PRId64, p->database_oid);
	restore_name(&admin->job->spec, unfinished);
	GH_TRY(pg_query(admin, SQL_RESTORE_LOOK, params, 4, &res, err));
	*ret = (struct restore_look){ .old_name = gh_strdup(a, PQgetvalue(res, 0, 0)),
		.old_open = PQgetvalue(res, 0, 1)[0] == 't',
		.named = number(res, 2),
		.comment = gh_strdup(a, PQgetvalue(res, 0, 3)),
		.unfinished = number(res, 4),
		.kept = number(res, 5) };
	return GH_OK;
}

bool
restore_leads(const struct plan *p, const struct restore_look *look, const struct target_identity *id)
{
	return id->oid != p->database_oid && id->oid == look->named &&
	    strcmp(look->old_name, p->restore.keep_name) == 0;
}

const char *
restore_astray(const struct plan *p, const struct restore_look *look, const struct target_identity *id,
    struct gh_arena *a)
{
	return gh_printf(a,
	    "the connection of %s leads to the database %s with the oid %" PRId64
	    ", the restored one has %" PRId64,
	    p->target, id->database, id->oid, look->named);
}

enum gh_code
restore_do(struct pg *admin, const struct plan *p, enum restore_statement which, struct gh_err *err)
{
	char unfinished[RESTORE_NAME_LEN];
	const char *const params[] = { p->database, unfinished,
		p->act == PLAN_SIDE ? p->restore.name : p->restore.keep_name };
	PG_RESULT res = NULL;

	restore_name(&admin->job->spec, unfinished);
	GH_TRY(pg_query(admin, SQL_RESTORE_NAMES, params, 3, &res, err));
	if (PQgetvalue(res, 0, (int)which)[0] == '\0')
		return GH_OK;
	return pg_query_slow(admin, PQgetvalue(res, 0, (int)which), NULL, err);
}

enum gh_code
restore_alone(struct pg *admin, int64_t oid, struct gh_err *err)
{
	int64_t from = gh_clock_mono();
	char text[24];
	const char *const params[] = { text };

	(void)snprintf(text, sizeof(text), "%" PRId64, oid);
	for (;;) {
		PG_RESULT res = NULL;
		const char *stuck = NULL;
		int64_t patience = RESTORE_SESSIONS_MS;
		int i;

		GH_TRY(pg_query(admin, SQL_RESTORE_SESSIONS, params, 1, &res, err));
		if (PQntuples(res) == 0)
			return GH_OK;
		for (i = 0; i < PQntuples(res); i++) {
			const char *const victim[] = { PQgetvalue(res, i, 0) };

			if (PQgetvalue(res, i, 3)[0] == 't') {
				GH_TRY(pg_query(admin, SQL_TERMINATE, victim, 1, NULL, err));
				continue;
			}
			patience = RESTORE_STUCK_MS;
			stuck = gh_printf(admin->job->arena, "session %s of %s%s%s%s may not be ended by %s",
			    victim[0], PQgetvalue(res, i, 1), PQgetvalue(res, i, 2)[0] == '\0' ? "" : " (",
			    PQgetvalue(res, i, 2), PQgetvalue(res, i, 2)[0] == '\0' ? "" : ")",
			    PQuser(admin->conn));
		}
		if (gh_clock_mono() - from > patience * 1000)
			return gh_fail(err, GH_CONFLICT, "%s",
			    stuck != NULL
				? gh_printf(admin->job->arena,
				      "%s: a database administrator can, with SELECT "
				      "pg_terminate_backend(...)",
				      stuck)
				: gh_printf(admin->job->arena, "%d sessions did not end within %" PRId64 " s",
				      PQntuples(res), RESTORE_SESSIONS_MS / 1000));
		job_sleep(admin->job, 100);
	}
}

bool
restore_is_in(const struct job *j, const struct plan *p, const struct restore_look *look)
{
	if (p->act == PLAN_SIDE)
		return look->named != 0 && look->unfinished == 0 &&
		    strcmp(look->comment, restore_mark(&j->spec, p, j->arena)) == 0;
	return strcmp(look->old_name, p->restore.keep_name) == 0 && look->named != 0 &&
	    look->named != p->database_oid;
}

enum gh_code
restore_back(struct pg *admin, const struct plan *p, struct gh_err *err)
{
	struct restore_look look;

	GH_TRY(restore_look(admin, p, &look, err));
	if (strcmp(look.old_name, p->database) == 0 && !look.old_open) {
		GH_TRY(restore_do(admin, p, RESTORE_OPEN, err));
		(void)gh_fault("job.restore.opened");
	}
	if (look.unfinished == 0)
		return GH_OK;
	GH_TRY(restore_alone(admin, look.unfinished, err));
	GH_TRY(restore_do(admin, p, RESTORE_PLAIN, err));
	GH_TRY(restore_do(admin, p, RESTORE_DROP, err));
	(void)gh_fault("job.restore.dropped");
	return GH_OK;
}

const char *
restore_mark(const struct wire_spec *s, const struct plan *p, struct gh_arena *a)
{
	return gh_printf(a, "Backup %" PRId64 " (%s), restored by Gatehouse %s, run %" PRId64,
	    p->restore.backup, p->restore.file, s->installation == NULL ? "" : s->installation, s->id);
}

void
restore_say(struct job *j, const struct plan *p, int64_t oid, int64_t bytes)
{
	bool side = p->act == PLAN_SIDE;
	struct wire_out o;

	say_start(j, WIRE_J_DATABASE, &o);
	say_put(&o, side ? "side" : "before");
	say_put(&o, side ? p->restore.name : p->restore.keep_name);
	wire_put_i64(&o, oid);
	wire_put_i64(&o, bytes);
	wire_put_u8(&o, 1);
	say_end(j, &o);
}

/* Both names in one transaction. */
static enum gh_code
rename_both(struct restore *x, struct gh_err *err)
{
	struct pg *pg = &x->admin;
	const struct plan *p = &x->run->plan;
	enum gh_code code;

	GH_TRY(pg_query(pg, "BEGIN", NULL, 0, NULL, err));
	code = restore_do(pg, p, RESTORE_AWAY, err);
	if (code == GH_OK)
		code = restore_do(pg, p, RESTORE_BECOME, err);
	if (code != GH_OK) {
		struct gh_err why = { 0 };

		if (!pg->error.lost && pg_rollback(pg, &why) != GH_OK)
			say_log(pg->job, "%s", why.msg);
		return code;
	}
	(void)gh_fault("job.restore.before-commit");
	pg->firm = true;
	code = pg_query(pg, "COMMIT", NULL, 0, NULL, err);
	pg->firm = false;
	x->swapped = code == GH_OK;
	x->doubt = code != GH_OK && pg_error_doubt(&pg->error);
	(void)gh_fault("job.restore.swapped");
	return code;
}

/* Nobody gets in any more, whoever is in goes, and then the names change. */
static enum gh_code
swap(struct restore *x, struct gh_err *err)
{
	const struct plan *p = &x->run->plan;
	int n;

	GH_TRY(pg_query(&x->run->pg, SQL_PING, NULL, 0, NULL, err));
	pg_close(&x->run->pg);
	x->closed = true;
	GH_TRY(restore_do(&x->admin, p, RESTORE_CLOSE, err));
	(void)gh_fault("job.restore.closed");
	for (n = 1;; n++) {
		enum gh_code code;

		GH_TRY(restore_alone(&x->admin, p->database_oid, err));
		if (gh_fault("job.restore.alone"))
			return gh_fail(
			    err, GH_UNAVAILABLE, "the sessions of %s do not end (injected)", p->database);
		code = rename_both(x, err);
		/* object_in_use: the server's own workers */
		if (code == GH_OK || n == TRIES || x->doubt || !pg_error_is(&x->admin.error, "55006"))
			return code;
		*err = (struct gh_err){ 0 };
		job_sleep(x->admin.job, 500);
	}
}

static enum gh_code
beside(struct restore *x, struct gh_err *err)
{
	const struct plan *p = &x->run->plan;
	const char *const params[] = { x->name, restore_mark(&x->admin.job->spec, p, x->admin.job->arena) },
			  *sql;
	enum gh_code code;

	GH_TRY(pg_value(&x->admin, SQL_RESTORE_COMMENT, params, 2, &sql, err));
	GH_TRY(pg_query(&x->admin, sql, NULL, 0, NULL, err));
	(void)gh_fault("job.restore.before-name");
	x->admin.firm = true;
	code = restore_do(&x->admin, p, RESTORE_BESIDE, err);
	x->admin.firm = false;
	x->swapped = code == GH_OK;
	x->doubt = code != GH_OK && pg_error_doubt(&x->admin.error);
	(void)gh_fault("job.restore.named");
	return code;
}

enum gh_code
restore_swap(struct restore *x, struct gh_text *evidence, struct gh_err *err)
{
	const struct plan *p = &x->run->plan;
	struct job *j = x->run->job;
	struct restore_look look = { 0 };
	int64_t from = gh_clock_mono();
	char span[GH_CLOCK_LEN];

	if (p->act == PLAN_SIDE) {
		/* Its number is told even when nobody can be asked any more. */
		GH_TRY(restore_look(&x->admin, p, &look, err));
		GH_TRY(beside(x, err));
	} else {
		GH_TRY(swap(x, err));
	}
	j->deaf = true;
	(void)gh_clock_span(gh_clock_mono() - from, span);
	restore_say(j, p, p->act == PLAN_SIDE ? look.unfinished : p->database_oid, x->bytes);
	(void)gh_fault("job.restore.said");
	if (p->act == PLAN_SIDE)
		gh_text_putf(evidence, "It is there as %s.", p->restore.name);
	else
		gh_text_putf(evidence,
		    "For %s nobody could connect; then it was %s, and the old one %s, with connections "
		    "refused.",
		    span, p->database, p->restore.keep_name);
	return job_flush(j, err);
}
