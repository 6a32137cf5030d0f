#include "base/ban.h"
#include "runner/job/backup.h"
#include "runner/job/batch.h"
#include "runner/job/run.h"
#include "runner/job/sql.gen.h"

/* What could go wrong later is looked at before anything is done. */

/* Whether any statement of the list has the word. */
static bool
has_word(const char *const *list, const char *word)
{
	size_t i;

	for (i = 0; list != NULL && list[i] != NULL; i++) {
		if (strcasestr(list[i], word) != NULL)
			return true;
	}
	return false;
}

/* What the tool's statements do to its table in the direction of the plan, or on the way back. */
static bool
does(const struct run *r, const char *word)
{
	const struct convention_books *up = &r->tracking.as->up, *down = &r->tracking.as->down;
	bool back = r->plan.down || r->plan.policy.rollback_on_failure;

	if (!r->plan.down && (has_word(up->before, word) || has_word(up->row, word)))
		return true;
	return back && (has_word(down->before, word) || has_word(down->row, word));
}

static enum gh_code
rights(struct run *r, struct gh_err *err)
{
	static const char *const words[] = { "INSERT", "UPDATE", "DELETE", "TRUNCATE" };
	const struct tracking *t = &r->tracking;
	const char *may, *params[3] = { t->schema, t->table, NULL };
	size_t i;

	if (!t->exists) {
		GH_TRY(pg_value(&r->pg, SQL_MAY_CREATE, params, 1, &may, err));
		if (may[0] != 't')
			return gh_fail(err, GH_CONFLICT,
			    "the role %s may not create %s: it lacks CREATE on the schema %s, or on the "
			    "database when there is no such schema",
			    r->id.role, t->qualified, t->schema);
		return GH_OK;
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		params[2] = words[i];
		if (!does(r, words[i]))
			continue;
		GH_TRY(pg_value(&r->pg, SQL_MAY_TRACK, params, 3, &may, err));
		if (may[0] != 't')
			return gh_fail(err, GH_CONFLICT, "the role %s may not %s in %s", r->id.role, words[i],
			    t->qualified);
	}
	return GH_OK;
}

enum gh_code
stage_preflight(struct run *r, struct gh_text *evidence, struct gh_err *err)
{
	struct backup b;

	GH_TRY(rights(r, err));
	GH_TRY(batch_preflight(r, evidence, err));
	/* Where one that others took counts, none of ours is taken. */
	if (r->plan.policy.backup && r->plan.policy.backup_outside_ms == 0) {
		backup_of_run(r, &b);
		GH_TRY(backup_preflight(&b, evidence, err));
	}
	return preflight_live(r, evidence, err);
}
