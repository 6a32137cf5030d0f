#include "base/ban.h"
#include "runner/job/restore.h"
#include "runner/job/sql.gen.h"

/* What could keep a restore from coming to its end, looked at before anything is done. */

#define MIB (1 << 20)

/* What the role lacks, all of it in one sentence with what gives it. */
static enum gh_code
lacks(struct restore *x, struct gh_err *err)
{
	const char *const params[] = { x->admin_id.role, x->run->plan.act == PLAN_RESTORE ? "t" : "f" };
	GH_TEXT what = { .limit = 2000 };
	GH_TEXT how = { .limit = 2000 };
	PG_RESULT res = NULL;
	int i;

	GH_TRY(pg_query(&x->run->pg, SQL_RESTORE_RIGHTS, params, 2, &res, err));
	if (PQntuples(res) == 0)
		return GH_OK;
	for (i = 0; i < PQntuples(res); i++) {
		const char *gives = PQgetvalue(res, i, 1);

		gh_text_putf(&what, "%s%s", i == 0 ? "" : "; ", PQgetvalue(res, i, 0));
		if (how.len == 0 || strstr(gh_text_str(&how), gives) == NULL)
			gh_text_putf(&how, "%s%s", how.len == 0 ? "" : "; ", gives);
		say_evidence(x->run->job, "right", gives, WIRE_FAILED, PQgetvalue(res, i, 0));
	}
	return gh_fail(err, GH_CONFLICT,
	    "the role %s, by which is restored, lacks something: %s. A database administrator gives it: %s",
	    x->admin_id.role, gh_text_str(&what), gh_text_str(&how));
}

/* names: of those, "a, b"; "" there is none. */
static void
with_the_old(struct job *j, const char *what, const char *names, const char *so, struct gh_text *evidence)
{
	bool many = strchr(names, ',') != NULL;

	if (names[0] == '\0')
		return;
	say_evidence(j, strcmp(what, "subscription") == 0 ? what : "replication-slot", names, WIRE_OK,
	    gh_printf(j->arena, "stays with the old database%s", so));
	gh_text_putf(evidence, "The %s%s %s stay%s with the old database%s. ", what, many ? "s" : "", names,
	    many ? "" : "s", so);
}

/* What of the database has to be known, and what would stay with the old one. */
static enum gh_code
here(struct restore *x, struct gh_text *evidence, struct gh_err *err)
{
	bool side = x->run->plan.act == PLAN_SIDE;
	PG_RESULT res = NULL;

	GH_TRY(pg_query(&x->run->pg, SQL_RESTORE_HERE, NULL, 0, &res, err));
	x->bytes = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
	gh_text_putf(evidence,
	    "%s has %" PRId64
	    " MiB; the new database needs about what it had when the backup was taken, and how much "
	    "room the server has cannot be asked. ",
	    x->run->plan.database, x->bytes / MIB);
	if (side)
		return GH_OK;
	if (strcmp(PQgetvalue(res, 0, 1), "0") != 0)
		return gh_fail(err, GH_CONFLICT,
		    "%s prepared transactions of %s are open (pg_prepared_xacts), and with them it cannot "
		    "get "
		    "another name: commit them or roll them back first",
		    PQgetvalue(res, 0, 1), x->run->plan.database);
	with_the_old(x->run->job, "replication slot", PQgetvalue(res, 0, 2), ": who reads it needs a new one",
	    evidence);
	with_the_old(x->run->job, "subscription", PQgetvalue(res, 0, 3),
	    ", and rests as long as that lets nobody in", evidence);
	return GH_OK;
}

static enum gh_code
names_free(struct restore *x, struct gh_err *err)
{
	const struct plan *p = &x->run->plan;
	struct restore_look look;

	GH_TRY(restore_look(&x->admin, p, &look, err));
	if (p->act == PLAN_SIDE && look.named != 0)
		return gh_fail(err, GH_CONFLICT,
		    "there is a database %s already: drop it, or ask for another name", p->restore.name);
	if (p->act == PLAN_RESTORE && look.kept != 0)
		return gh_fail(err, GH_CONFLICT,
		    "there is a database %s already, which is what the old one is to be called: give that "
		    "one "
		    "another name, or drop it",
		    p->restore.keep_name);
	if (look.unfinished != 0)
		return gh_fail(err, GH_CONFLICT, "there is a database %s already: drop it", x->name);
	return GH_OK;
}

/* Settings that it may not give to a database: an administrator has to, afterwards. */
static enum gh_code
stays(struct restore *x, struct gh_text *evidence, struct gh_err *err)
{
	const char *left;

	GH_TRY(restore_like_try(x, &left, err));
	if (left[0] != '\0')
		gh_text_putf(evidence,
		    "It may not give the new database these settings of the old one, which an administrator "
		    "has "
		    "to do: %s. ",
		    left);
	return GH_OK;
}

enum gh_code
restore_rights(struct restore *x, struct gh_text *evidence, struct gh_err *err)
{
	GH_TRY(lacks(x, err));
	GH_TRY(names_free(x, err));
	gh_text_putf(evidence, "The role %s has all that is needed. ", x->admin_id.role);
	GH_TRY(stays(x, evidence, err));
	return here(x, evidence, err);
}
