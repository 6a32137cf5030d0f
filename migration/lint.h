/*
 * Lint: what is known to hurt, found in the statements of one side of a migration.  A rule is one const
 * struct in one file, migration/lint/NAME.c, and a line in the table of migration/lint.c.
 *
 * Here severity comes from the statement alone; store/finding.h corrects it by what the target's table is.
 */
#ifndef GH_MIGRATION_LINT_H
#define GH_MIGRATION_LINT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Same numbers and words as enum wire_level_of: notice, warning, error. */
enum lint_level { LINT_NOTICE = 1, LINT_WARNING, LINT_ERROR };

/* What makes it worse on a live table. */
enum lint_scale {
	LINT_FLAT = 0, /* nothing: it is what it is */
	LINT_SIZE,     /* rows and bytes: it rewrites or scans */
	LINT_TRAFFIC,  /* readers and writers: it takes a strong lock, if only for a moment */
	LINT_FANOUT,   /* tables that refer to it */
};

struct lint_finding {
	const char *rule; /* id: "add-column-default" */
	enum lint_level level;
	enum lint_scale scale;
	int64_t statement;      /* 0-based, -1: the file as a whole */
	int64_t offset, length; /* bytes within the side */
	int64_t line, column;   /* of the file; column counts characters from 1 */
	const char *table;      /* concerned, quoted where SQL needs it; "" none */
	const char *message;    /* one sentence with the real names */
	const char *rewrite; /* SQL that is safe, with the real names, possibly in several steps; "" none */
	const char *ignored; /* the reason given in the file; NULL: not ignored */
};

struct lint_findings {
	size_t n;
	struct lint_finding *items; /* in the order of places */
};

#endif
