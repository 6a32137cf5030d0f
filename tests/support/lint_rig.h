/*
 * Tests of lint rules: reads SQL as one side of a migration and looks at the findings.  Every rewrite that a
 * rule gives must be what PostgreSQL's grammar takes.
 */
#ifndef GH_TESTS_LINT_RIG_H
#define GH_TESTS_LINT_RIG_H

#include "migration/sql.h"

/* What is read next; set before a call, back to its beginnings by lint_rig_teardown. */
extern struct sql_text lint_rig_text;
extern struct sql_script lint_rig_script;

/* cmocka teardown. */
int lint_rig_teardown(void **state);

/* Reads, and fails unless rule has exactly one finding, whose message holds the words. */
const struct lint_finding *lint_rig_fires(const char *rule, const char *sql, const char *words);
/* As many findings as that, in the order of places. */
const struct lint_finding *lint_rig_fires_n(const char *rule, const char *sql, size_t n);
/* No finding of that rule. */
void lint_rig_quiet(const char *rule, const char *sql);
/* One finding, with exactly this rewrite. */
void lint_rig_rewrites(const char *rule, const char *sql, const char *rewrite);

#endif
