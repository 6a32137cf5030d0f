/*
 * Conventions: how a team names its migration files and what its tool keeps in the database.  A convention is
 * one const struct in one file; the table in convention.c lists them.  No database and no SQL parser here:
 * the tracking table is described, and the jobs do what the description says.
 */
#ifndef GH_MIGRATION_CONVENTION_H
#define GH_MIGRATION_CONVENTION_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Same numbers as enum wire_file. */
enum convention_as {
	CONVENTION_UP = 1,
	CONVENTION_DOWN,
	CONVENTION_BOTH,    /* one file holds both directions */
	CONVENTION_IGNORED, /* not meant as a migration */
	CONVENTION_REFUSED, /* meant as one, but not as the convention asks */
};

/* What a file name says.  Texts live in the arena; those that do not apply are "". */
struct convention_file {
	enum convention_as as;
	const char *version; /* its digits, "006" */
	const char *name;    /* "add_user_photos" */
	const char *key;     /* as the tracking table has it; a down has the key of its up */
	const char *reason;  /* ignored, refused: why, and the name that would do */
};

/* Part of a file's text. */
struct convention_part {
	bool present;
	size_t offset, len;
	int64_t first_line; /* of the file, 1-based */
};

struct convention_sides {
	struct convention_part up, down;
	const char *problem; /* why the file cannot be taken, NULL none; a constant */
};

struct convention_column {
	const char *name;
	const char *type;     /* as format_type() says it; alternatives are separated by | */
	const char *not_null; /* "t", "f"; NULL: either will do */
};

#define CONVENTION_COLUMNS 4

struct convention_tracking {
	const char *schema, *table;
	const char *qualified; /* "public.schema_migrations" */
	const char *create;    /* only run when the table is not there */
	/* In the order of the table; a table that differs is never written to. */
	struct convention_column columns[CONVENTION_COLUMNS];
	size_t n_columns;
	const char *select; /* all: key text, applied_at in microseconds UTC (0 unknown) */
	const char *find;   /* one row when key $1 is there */
	const char *insert; /* key $1, applied now */
	const char *delete; /* key $1 */
};

struct convention {
	const char *name;        /* in gatehouse.conf */
	const char *description; /* one sentence for people */
	struct convention_tracking tracking;
	int64_t lock;  /* pg_try_advisory_lock key that the team's own tool takes; 0 none */
	bool in_order; /* the tool refuses a migration that is older than an applied one */
	void (*classify)(const char *file, struct gh_arena *a, struct convention_file *ret);
	/* Splits a file's text (valid UTF-8); as is UP, DOWN or BOTH. */
	void (*sides)(const char *text, size_t len, enum convention_as as, struct convention_sides *ret);
};

extern const struct convention convention_numbered;
extern const struct convention convention_sections;

/* All of them, NULL at the end. */
extern const struct convention *const convention_all[];
/* NULL when there is none of that name. */
const struct convention *convention_find(const char *name);

/* Order of migrations: versions as numbers, then keys as bytes.  Less than, equal to or greater than 0. */
int convention_compare(const char *version_a, const char *key_a, const char *version_b, const char *key_b);

/*
 * Whether a table with these columns (in order; types as format_type() says, not_null "t" or "f") is the
 * convention's tracking table.  If not, *ret_why says what differs, in one sentence.
 */
bool convention_tracking_known(const struct convention *c, const struct convention_column *columns, size_t n,
    struct gh_arena *a, const char **ret_why);

#endif
