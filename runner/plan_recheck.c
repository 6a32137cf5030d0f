#include "base/ban.h"
#include "runner/plan_build.h"
#include "runner/plan_compare.h"
#include "runner/plan_repair.h"

/* Whether a plan that was made before would be made again now. */

#define FACTS_LIMIT ((size_t)64 << 20) /* what is not SQL: names, statements */

/* One migration may have been asked for alone: the plan itself does not tell. */
static enum gh_code
build_again(
    struct store *st, const struct plan *was, const char *digest, struct plan_built *now, struct gh_err *err)
{
	struct plan_goal goal = { .down = was->down, .to = "" };
	enum gh_code code;

	goal.act = was->act;
	goal.only = was->act == PLAN_MARK;
	goal.backup = was->restore.backup;
	goal.keep_ms = was->restore.keep_ms;
	if (was->act == PLAN_SIDE)
		goal.to = was->restore.name;
	else if (was->act == PLAN_REPAIR && was->n_migrations == 1)
		goal.to = plan_repair_index(was);
	else if (was->down && was->act == PLAN_RUN)
		goal.steps = (int64_t)was->n_migrations;
	else if (was->n_migrations > 0)
		goal.to = was->migrations[was->n_migrations - 1].key;
	code = plan_build(st, was->target, &goal, true, now, err);
	if (was->down || was->act != PLAN_RUN || was->n_migrations != 1 ||
	    (code == GH_OK && strcmp(now->digest, digest) == 0) || code == GH_UNAVAILABLE ||
	    code == GH_INTERNAL)
		return code;
	goal.only = true;
	plan_built_done(now);
	if (err != NULL)
		*err = (struct gh_err){ 0 };
	return plan_build(st, was->target, &goal, true, now, err);
}

enum gh_code
plan_recheck(
    struct store *st, struct gh_arena *a, const char *digest, const char **ret_why, struct gh_err *err)
{
	GH_ARENA arena = { .limit = PLAN_LIMIT + FACTS_LIMIT };
	GH_TEXT bytes = { .limit = PLAN_LIMIT };
	PLAN_BUILT now = { 0 };
	struct plan was = { 0 };
	struct gh_err why = { 0 };
	const char *text;
	enum gh_code code;

	*ret_why = NULL;
	GH_TRY(store_plan_read(st, digest, &bytes, err));
	if (plan_is_older(gh_text_str(&bytes), bytes.len)) {
		*ret_why = PLAN_OLDER;
		return GH_OK;
	}
	if (plan_read(gh_text_str(&bytes), bytes.len, &arena, &was, NULL) != GH_OK) {
		*ret_why = "it was made by another version of Gatehouse: ask for it again";
		return GH_OK;
	}
	code = build_again(st, &was, digest, &now, &why);
	if (code == GH_UNAVAILABLE || code == GH_INTERNAL) {
		if (err != NULL)
			*err = why;
		return code;
	}
	if (code != GH_OK) {
		*ret_why = gh_strdup(a, why.msg);
		return GH_OK;
	}
	if (strcmp(now.digest, digest) == 0)
		return GH_OK;
	text = plan_compare(&was, &now.plan, a);
	*ret_why = text == NULL ? "the plan is not the same any more" : text;
	return GH_OK;
}
