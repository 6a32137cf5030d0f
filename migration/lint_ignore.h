/*
 * Within lint: comments that suppress findings (see migration/lint.h).
 */
#ifndef GH_MIGRATION_LINT_IGNORE_H
#define GH_MIGRATION_LINT_IGNORE_H

#include "migration/lint_rule.h"

#define LINT_FINDINGS_MAX 10000 /* a side */
#define LINT_IGNORE_RULES 2
extern const struct lint_about lint_ignore_rules[LINT_IGNORE_RULES];

/* Marks what the comments of the side ignore, and finds comments that are wrong. */
void lint_ignore(struct lint *l);

/* Of lint.c: adds a finding as it is. */
void lint_add(struct lint *l, const struct lint_finding *f);

#endif
