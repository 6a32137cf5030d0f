#include "base/ban.h"
#include "base/fault.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"

/* What a run leaves in its session: nothing, and it says what there was. */

#define NAMES_SHOWN 10

/* When it is not known how the run ended, reconciling lets go of the lock. */
static void
unlock_row(struct run *r)
{
	struct gh_err err = { 0 };
	bool lost = r->pg.conn == NULL || PQstatus(r->pg.conn) != CONNECTION_OK;

	if (!r->row_locked || r->job->outcome == WIRE_UNKNOWN)
		return;
	if (lost && (target_connect(&r->pg, &r->id, &err) != GH_OK || run_pin(r, &err) != GH_OK)) {
		say_log(r->job, "the lock that %s keeps in a table is still held: %s", r->convention->title,
		    err.msg);
		return;
	}
	run_unlock_row(&r->pg, r->convention, &r->tracking);
}

/* "3 (a, b, c)" of one kind; *ret_n how many. */
static const char *
names(const PGresult *res, const char *kind, int *ret_n, struct gh_arena *a)
{
	GH_TEXT t = { .limit = 2000 };
	int i;

	*ret_n = 0;
	for (i = 0; i < PQntuples(res); i++) {
		if (strcmp(PQgetvalue(res, i, 0), kind) != 0)
			continue;
		if (*ret_n < NAMES_SHOWN)
			gh_text_putf(&t, "%s%s", *ret_n == 0 ? "" : ", ", PQgetvalue(res, i, 1));
		++*ret_n;
	}
	if (*ret_n > NAMES_SHOWN)
		gh_text_put(&t, ", ...");
	return gh_strdup(a, gh_text_str(&t));
}

static const struct {
	const char *kind, *one, *many, *done;
} leftovers[] = {
	{ "temporary", "temporary thing", "temporary things", "dropped" },
	{ "setting", "setting of the session", "settings of the session", "reset" },
	{ "prepared", "prepared statement", "prepared statements", "removed" },
	{ "cursor", "cursor", "cursors", "closed" },
	{ "channel", "channel", "channels", "left" },
	{ "lock", "advisory lock", "advisory locks", "released" },
};

/* One line of evidence a kind, and how many things are still there afterwards. */
static int
compare(struct run *r, const PGresult *before, const PGresult *after)
{
	struct gh_arena *a = r->job->arena;
	int had, has, left = 0;
	size_t i;

	for (i = 0; i < sizeof(leftovers) / sizeof(leftovers[0]); i++) {
		const char *was = names(before, leftovers[i].kind, &had, a),
			   *is = names(after, leftovers[i].kind, &has, a);

		left += has;
		if (has > 0)
			say_evidence(r->job, leftovers[i].kind, is, WIRE_FAILED,
			    gh_printf(a, "%d %s still there.", has,
				has == 1 ? leftovers[i].one : leftovers[i].many));
		else if (had > 0)
			say_evidence(r->job, leftovers[i].kind, was, WIRE_OK,
			    gh_printf(a, "%d %s %s.", had, had == 1 ? leftovers[i].one : leftovers[i].many,
				leftovers[i].done));
	}
	return left;
}

enum gh_code
stage_cleanup(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	PG_RESULT before = NULL;
	PG_RESULT after = NULL;
	char key[24];
	const char *const params[] = { key };
	int left;

	unlock_row(r);
	if (r->pg.conn == NULL || PQstatus(r->pg.conn) != CONNECTION_OK) {
		r->skipped = true;
		gh_text_put(
		    evidence, "There is no session any more, and with it went all that belonged to it.");
		return GH_OK;
	}
	pg_place(&r->pg, -1, -1);
	GH_TRY(pg_rollback(&r->pg, err));
	(void)snprintf(key, sizeof(key), "%" PRId64, target_lock_key());
	GH_TRY(pg_query(&r->pg, SQL_SESSION_LEFTOVERS, params, 1, &before, err));
	(void)gh_fault("job.cleanup.before-discard");
	GH_TRY(pg_query(&r->pg, SQL_DISCARD_ALL, NULL, 0, NULL, err));
	GH_TRY(pg_query(&r->pg, SQL_SESSION_LEFTOVERS, params, 1, &after, err));
	left = compare(r, before, after);
	if (left > 0)
		return gh_fail(err, GH_CONFLICT, "%d thing%s of the run's session could not be cleaned up",
		    left, left == 1 ? "" : "s");
	gh_text_putf(evidence,
	    "%d thing%s of the session cleaned up: nothing temporary, no setting, no lock is left.",
	    PQntuples(before), PQntuples(before) == 1 ? "" : "s");
	return GH_OK;
}
