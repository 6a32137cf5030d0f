/*
 * The parts of the verify phase that need no server.
 */
#ifndef GH_JOB_VERIFY_H
#define GH_JOB_VERIFY_H

#include "migration/plan.h"

struct verify_object {
	size_t migration, statement;
	const char *kind, *name;
};

/*
 * The objects that the plan's statements create and no later statement of the plan drops or renames.  Returns
 * how many; ret has room for all statements.
 */
size_t verify_expected(const struct plan *p, struct verify_object *ret);
/* PostgreSQL's text form of an array of texts. */
const char *verify_array(const char *const *items, size_t n, struct gh_arena *a);

#endif
