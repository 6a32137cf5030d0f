/*
 * sqitch.plan: the project, its changes in their order, their tags, and the sums by which Sqitch knows them.
 * Sqitch: lib/App/Sqitch/Plan.pm, Plan/Change.pm, Plan/Tag.pm, Plan/Depend.pm.
 */
#ifndef GH_MIGRATION_SQITCH_PLAN_H
#define GH_MIGRATION_SQITCH_PLAN_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sqitch_dep {
	bool conflict;
	const char *project;           /* another one's; NULL: of this plan */
	const char *change, *tag, *id; /* NULL: not given */
	const char *shown;             /* as Sqitch writes it into the id and into the registry */
	const char *target;            /* id of the change in this plan; NULL: another project's, or none */
};

/* What lines of changes and of tags have alike. */
struct sqitch_line {
	const char *name, *note;
	const char *date; /* 2026-01-31T09:30:00Z */
	const char *planner_name, *planner_email;
	char id[41];
	int64_t line;
};

struct sqitch_tag {
	struct sqitch_line l;
	size_t change; /* position of the change that it stands behind */
};

struct sqitch_change {
	struct sqitch_line l;
	size_t n_deps;
	struct sqitch_dep *deps;
	size_t first_tag, n_tags; /* those right behind it */
	size_t reworked;          /* position of the next change of that name; 0: none */
	const char *problem;      /* a dependency that cannot be told; "" */
};

struct sqitch_plan {
	const char *project, *uri; /* uri NULL: none */
	size_t n;
	struct sqitch_change *changes;
	size_t n_tags;
	struct sqitch_tag *tags;
	const char *problem; /* "sqitch.plan:3:1: ..."; "" none */
};

/* text is valid UTF-8. */
void sqitch_plan_read(
    struct gh_arena *a, const char *file, const char *text, size_t len, struct sqitch_plan *ret);

/* Parts of the reading, in sqitch_dep.c and sqitch_id.c. */

/* Whether [p, p + len) may be the name of a change, a tag or a project. */
bool sqitch_name(const char *p, size_t len);
/* The blank-separated list between brackets.  A reason why not, "" none. */
const char *sqitch_deps_read(
    struct gh_arena *a, const struct sqitch_plan *plan, const char *p, size_t len, struct sqitch_change *ret);
/* Finds what the dependencies of a change mean; "" or why the plan is refused. */
const char *sqitch_deps_find(struct gh_arena *a, const struct sqitch_plan *plan, size_t i);
/* Fills the id of a change, whose parent's is there already, and of the tags behind it. */
void sqitch_id_fill(struct sqitch_plan *plan, size_t i);

#endif
