/*
 * The parts of migration/status.c: what one row of a tracking table says about one migration, and what stops
 * everything.  For status.c alone.
 */
#ifndef GH_MIGRATION_STATUS_ROW_H
#define GH_MIGRATION_STATUS_ROW_H

#include "migration/status.h"

/* A key of the tracking table with the row that decides: its last one. */
struct seen {
	const struct convention_row *row;
	size_t at; /* which migration it is for, from 1; 0 none */
};

struct standing {
	const struct convention *c;
	const struct convention_found *found;
	struct gh_arena *a;
	struct convention_status *ret;
	size_t n_seen;
	struct seen *seen; /* by key */
	size_t newest;     /* how many migrations the newest applied one ends, 0: none is applied */
	size_t baseline;   /* the same for the newest that the history begins after */
	size_t in_order; /* how many migrations the last one ends that has a place in the order of versions */
	bool numbers;    /* all of those have ascending numbers for versions */
	const char *newer; /* key of the newest applied one, with or without a file; "" none */
};

/* The tool's name as people write it. */
const char *status_tool(const struct standing *s);
bool status_is(const struct convention_row *row, const char *state);
bool status_has_failed(const struct convention_row *row);

/* Standing, decision and text of a migration for which there is a row. */
void status_row_set(
    const struct standing *s, struct convention_status_row *to, const struct convention_row *row);
/* The same for a row that has no migration. */
void status_row_missing(
    const struct standing *s, struct convention_status_row *to, const struct convention_row *row);

/* Why the tool would run nothing, by the first row that says so; "" free. */
const char *status_blocked(const struct standing *s);
/*
 * Gatehouse runs no programs: a code step that is not applied waits for the tool, and what comes after it as
 * well.  Gives the first that waits when nothing runs before it; NULL otherwise.
 */
const struct convention_status_row *status_stop_at_code(struct standing *s);
/* "0007_x.sql: older than ..." */
const char *status_sentence(const struct standing *s, const struct convention_status_row *r);

#endif
