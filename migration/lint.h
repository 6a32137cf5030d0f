/*
 * Lint: what is known to hurt, found in the statements of one side of a migration.  A rule is one const
 * struct in one file, migration/lint/NAME.c (see migration/lint_rule.h), and a line in one of the lists
 * there.
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

/* What people read about a rule; texts are plain sentences. */
struct lint_about {
	const char *id;    /* "add-column-default"; also the anchor of its documentation */
	const char *title; /* "Column added with a default that rewrites the table" */
	const char *cost;  /* one sentence: what it costs */
	const char *quiet; /* one sentence: when it says nothing */
	const char *safe;  /* the safe pattern in words */
	enum lint_level level;
	enum lint_scale scale;
};

/* All rules, those of the framework included, by number; NULL at the end. */
const struct lint_about *lint_about(size_t i);
/* NULL when there is none of that id. */
const struct lint_about *lint_about_find(const char *id);

/*
 * Suppression: a line comment
 *   -- gatehouse:ignore RULE reason
 * above a statement holds for that statement.  One before the first statement also holds for what concerns
 * the file as a whole, and, when an empty line separates it from that statement, for all statements.  RULE
 * may be several ids with commas between them.  The reason is not optional: without one, and for a rule that
 * does not exist, the comment suppresses nothing and is a finding itself.
 */

#endif
