/*
 * From what the store knows of a folder and a target to a plan: its struct, its canonical bytes, its digest.
 * Nothing is read but the store, so the caller makes sure that folder and target were looked at lately.
 *
 * Each refusal says what to do.  GH_NOT_FOUND: unknown target or version; GH_UNAVAILABLE: the target or the
 * folder could not be read; GH_CONFLICT: held, tracking table not known, its tool would run nothing, nothing
 * to do, a file with a problem or refused, a step that is no SQL, missing down; GH_BAD_INPUT: too large.
 */
#ifndef GH_RUNNER_PLAN_BUILD_H
#define GH_RUNNER_PLAN_BUILD_H

#include "migration/plan.h"
#include "store/migration.h"
#include "store/project.h"
#include "store/request_write.h"

struct plan_goal {
	bool down;
	const char *to; /* digits or a whole key.  Up: the last to apply, "" all; down: where to go back to,
			   "" with steps */
	int64_t steps;  /* down: how many, newest first */
	bool only;      /* up: `to` and nothing before it */
	/* PLAN_MARK: `to` alone; PLAN_REPAIR: `to` is the index, quoted (plan_repair.h); PLAN_RESTORE:
	 * backup; PLAN_SIDE: backup, and `to` is what the database beside the target is called, "" as
	 * plan_restore.h says */
	enum plan_act act;
	int64_t backup;
	bool uncounted;  /* PLAN_RESTORE: also when what it would lose cannot be counted */
	int64_t keep_ms; /* PLAN_RESTORE: how long the old database stays; PLAN_SIDE: the new one */
};

struct plan_built {
	struct gh_arena arena; /* holds all of it */
	struct store_target target;
	struct plan plan;
	struct gh_text bytes; /* canonical */
	char digest[GH_SHA256_HEX_LEN];
	const char *goal;                      /* "to 0012", with what is out of the ordinary */
	const struct store_migration **picked; /* of plan.migrations */
	struct store_statements read;          /* of the side that was read last */
	struct store_plan_new rows;            /* for store_plan_add; now is set by the caller */
};
#define PLAN_BUILT __attribute__((cleanup(plan_built_done))) struct plan_built
void plan_built_done(struct plan_built *b);

/*
 * A held target is refused unless may_hold (a plan that is compared with an older one), or nothing is run but
 * repaired or restored.  To restore a backup the target only has to be there: folder and tracking table do
 * not matter.
 */
enum gh_code plan_build(struct store *st, const char *target, const struct plan_goal *goal, bool may_hold,
    struct plan_built *ret, struct gh_err *err) GH_MUST_USE;

/*
 * Makes the plan of digest again from what is true now.  *ret_why is NULL when it is still the same, else a
 * sentence (in the arena): why the request is stale.  GH_UNAVAILABLE: cannot be told now.
 */
enum gh_code plan_recheck(struct store *st, struct gh_arena *a, const char *digest, const char **ret_why,
    struct gh_err *err) GH_MUST_USE;

#endif
