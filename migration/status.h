/*
 * What is where: a folder's migrations against the rows of one tracking table, by the rules of the
 * convention's tool.  Pure: the job that calls it has read both.
 */
#ifndef GH_MIGRATION_STATUS_H
#define GH_MIGRATION_STATUS_H

#include "migration/convention.h"

/* Same numbers and words as enum wire_standing. */
enum convention_standing {
	CONVENTION_APPLIED = 1,
	CONVENTION_PENDING,
	CONVENTION_EDITED,  /* applied, and the tool's own checksum says that the file was changed since */
	CONVENTION_MISSING, /* applied, and there is no file for it */
	CONVENTION_OUT_OF_ORDER, /* not applied, older than one that is */
	CONVENTION_FAILED,       /* the tool has recorded that it failed, or has left it dirty */
	CONVENTION_BASELINE,     /* before the point where the tool's history begins: never run here */
};

enum convention_decision {
	CONVENTION_NOTHING = 1, /* applied: nothing is to be done */
	CONVENTION_RUNS,        /* the next up runs it */
	CONVENTION_NEVER,       /* the tool passes over it, and so does Gatehouse */
	CONVENTION_BLOCKS,      /* nothing runs until a person has decided */
};

struct convention_status_row {
	const char *key;
	const struct convention_migration *migration; /* NULL: no file */
	enum convention_standing standing;
	enum convention_decision decision;
	int64_t applied_at;        /* microseconds UTC, 0 unknown or not applied */
	const char *checksum, *by; /* as recorded; "" */
	const char
	    *text; /* what it means and what follows, by the tool's rule; "" plain applied or pending */
	const char *after; /* missing: the key of the migration it stands behind, "" before all */
	/*
	 * Applied only because the table holds one that is newer: what is true instead when it was not in the
	 * folder yet when that one was recorded, which only who has looked before can know.  "" a row says
	 * so.
	 */
	const char *late;
};

struct convention_status {
	size_t n;
	struct convention_status_row
	    *rows;           /* one a migration in their order, then the missing ones in the table's */
	const char *newest;  /* key of the newest applied one in the order of migrations; "" none */
	const char *blocked; /* why nothing runs, one sentence naming the first reason; "" free */
};

/* rows as the tracking's select gives them.  Ends with c->status. */
void convention_status(const struct convention *c, const struct convention_found *found,
    const struct convention_row *rows, size_t n_rows, struct gh_arena *a, struct convention_status *ret);

/* ---- which convention ------------------------------------------------------------------------------------
 */

struct convention_candidate {
	const struct convention *c;
	struct convention_fit fit;
	bool table;        /* the target has its tracking table, exactly as described */
	const char *has;   /* what it has: "public.schema_migrations has (version bigint, dirty boolean)" */
	const char *other; /* a table of that name that is not as described: why; "" */
};

struct convention_detected {
	const struct convention *c; /* NULL: none, or several fit */
	const char *why; /* for people: what speaks for it, or what to write into the configuration */
	size_t n;
	struct convention_candidate *candidates; /* strength above 0, strongest first */
};

/* Folder alone: candidates and, when one is stronger than all others, the choice. */
void convention_detect(const struct convention_folder *f, struct convention_detected *ret);
/* After the caller has filled table, has and other of each candidate from a target: decides again. */
void convention_decide(struct convention_detected *d, struct gh_arena *a);
/* "public.schema_migrations has (version bigint, dirty boolean)" */
const char *convention_table_text(
    const char *qualified, const struct convention_column *columns, size_t n, struct gh_arena *a);
/*
 * Whose table of that name with exactly these columns would be: the title of a convention, or of a tool whose
 * migrations are no SQL files (migration/foreign.h); NULL when nobody's is known.
 */
const char *convention_table_whose(
    const char *name, const struct convention_column *columns, size_t n, struct gh_arena *a);

#endif
