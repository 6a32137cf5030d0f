/*
 * Promotion: with promote = true a plan upwards may run only when each of its migrations ran, with the same
 * SQL, on every target of the environment before, of the same project.
 *
 * The same is the same bytes, or the same tokens: then only comments and white space differ.  An environment
 * in which the project has no target is passed over.
 */
#ifndef GH_RUNNER_GATE_H
#define GH_RUNNER_GATE_H

#include "migration/plan.h"
#include "store/store.h"

/*
 * GH_CONFLICT: a sentence that names the migration, the target and what ran there, or that nothing did.
 * ret_notes (NULL: not wanted) gets a sentence for each whose comments are others there.
 */
enum gh_code gate_check(
    struct store *st, const struct plan *p, struct gh_text *ret_notes, struct gh_err *err) GH_MUST_USE;

#endif
