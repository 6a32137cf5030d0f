/*
 * What those who read folders say about them and their files, beside the rules that look at statements.
 */
#ifndef GH_MIGRATION_LINT_READING_H
#define GH_MIGRATION_LINT_READING_H

#include "migration/lint.h"

#define LINT_READING_RULES 5

extern const struct lint_about lint_reading_rules[LINT_READING_RULES];

#endif
