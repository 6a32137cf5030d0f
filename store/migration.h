/*
 * Migrations seen in the folders and in the tracking tables: reads.
 */
#ifndef GH_STORE_MIGRATION_H
#define GH_STORE_MIGRATION_H

#include "store/store.h"

struct store_migration {
	int64_t id, project_id;
	const char *project, *key, *version;
	int64_t number; /* its place in the folder's order: twice the position; odd when only a tracking table
			   knows it */
	const char *name, *file, *description, *author, *written_on;
	bool present; /* in the folder now */
	bool repeatable, code;
	const char *checksum; /* as its tool computes it, "" */
	const char *problem;  /* of its up side, "" */
	const char *note;     /* of its up side, "" */
	const char *digest;   /* of its up side, "" none */
	bool has_down, has_verify;
	bool transactional, not_analysed; /* its up side */
	int64_t findings;                 /* warnings and errors that are not ignored; of lists and pages */
	/* on a target: of store_migration_todo and _applied, else "" */
	const char *standing, *decision, *standing_text;
};

/* A page starts after (newest first) or before this place: number and key of the row that the last page ended
 * with. */
struct store_place {
	int64_t number;
	const char *key; /* NULL: from the start */
};
struct store_migrations {
	size_t n;
	struct store_migration *rows;
	bool more; /* the next page starts at the last row's number and key */
};

/* Newest first.  What is neither in the folder nor known to any target is left out. */
enum gh_code store_migration_list(struct store *st, struct gh_arena *a, int64_t project_id,
    struct store_place before, int64_t limit, struct store_migrations *ret, struct gh_err *err) GH_MUST_USE;

struct store_migration_filter {
	int64_t project_id;
	int64_t target_id;    /* 0 any */
	const char *standing; /* wire_standing_name on that target, "" any */
	const char *text;     /* in key, name, file, author or description, "" any */
};
enum gh_code store_migration_list_filter(struct store *st, struct gh_arena *a,
    const struct store_migration_filter *f, struct store_place before, int64_t limit,
    struct store_migrations *ret, struct gh_err *err) GH_MUST_USE;

/* What the tool's rules leave to be done or decided on the target: all that is not "nothing", in order. */
enum gh_code store_migration_todo(struct store *st, struct gh_arena *a, int64_t target_id,
    struct store_migrations *ret, struct gh_err *err) GH_MUST_USE;
/* Applied on the target, newest first: the order in which they are taken back. */
enum gh_code store_migration_applied(struct store *st, struct gh_arena *a, int64_t target_id, int64_t limit,
    struct store_migrations *ret, struct gh_err *err) GH_MUST_USE;
/* version ("0012") or a whole key; the one in the folder first when several share it. */
enum gh_code store_migration_get(struct store *st, struct gh_arena *a, const char *project,
    const char *version, struct store_migration *ret, struct gh_err *err) GH_MUST_USE;

/* What a migration is on one target: a cell of the matrix. */
struct store_cell {
	int64_t migration_id, target_id;
	const char *state;    /* applied, edited, baseline, missing (applied, no file), pending, out-of-order,
				 failed, running, rolled-back, absent (neither),
				 untracked (the target's tracking table is not understood) */
	const char *decision; /* wire_decision_name; "" the target was not looked at */
	const char *by, *text; /* as recorded; what follows by the tool's rule */
	bool quiet;            /* edited: only comments or spaces changed */
	int64_t applied_at;    /* 0: the table does not say, or not applied */
	int64_t run;           /* the last run that touched it, 0 none */
};
struct store_cells {
	size_t n;
	struct store_cell *rows; /* for each migration the targets in the order of store_target_list of the
				    project */
};
/* One query for the cells of a whole page. */
enum gh_code store_cell_list(struct store *st, struct gh_arena *a, const struct store_migrations *list,
    struct store_cells *ret, struct gh_err *err) GH_MUST_USE;

/* One direction of a migration. */
struct store_side {
	const char *side, *file, *digest, *problem; /* side: "up", "down", "verify" */
	const char *tokens, *note;
	int64_t first_line, bytes;
	bool transactional, row_inside, stripped, not_analysed;
	const unsigned char *marks; /* base/marks.h */
	size_t n_marks;
};
/* *ret NULL when the migration has no such side. */
enum gh_code store_side_find(struct store *st, struct gh_arena *a, int64_t migration_id, const char *side,
    struct store_side **ret, struct gh_err *err) GH_MUST_USE;

struct store_statement {
	int64_t position, at, length, line; /* at, length: bytes within the side's content */
	int64_t group;                      /* number of its transaction, 0 by itself */
	const char *kind, *object, *object_kind;
	bool alone, destructive, reversible;
};
struct store_statements {
	size_t n;
	struct store_statement *rows;
};
/* What becomes of what was there: "destroys", "one-way" (no statement undoes it by itself), "reversible". */
const char *store_statement_effect(const struct store_statement *s);
enum gh_code store_statement_list(struct store *st, struct gh_arena *a, int64_t migration_id,
    const char *side, struct store_statements *ret, struct gh_err *err) GH_MUST_USE;

/* What the tracking statements of its tool need. */
struct store_fact {
	const char *name, *value; /* value NULL: SQL NULL */
};
struct store_facts {
	size_t n;
	struct store_fact *rows;
};
enum gh_code store_fact_list(struct store *st, struct gh_arena *a, int64_t migration_id,
    struct store_facts *ret, struct gh_err *err) GH_MUST_USE;

/* Appends the stored bytes to ret; GH_BAD_INPUT when they pass ret's limit. */
enum gh_code store_content_read(
    struct store *st, const char *digest, struct gh_text *ret, struct gh_err *err) GH_MUST_USE;

/* The runs that touched one migration, newest first. */
struct store_touch {
	int64_t run, target_id, started_at, ended_at;
	const char *target, *direction, *run_state, *state, *text;
};
struct store_touches {
	size_t n;
	struct store_touch *rows;
};
enum gh_code store_touch_list(struct store *st, struct gh_arena *a, int64_t project_id, const char *key,
    int64_t limit, struct store_touches *ret, struct gh_err *err) GH_MUST_USE;

/* How long its last run took on each target that comes earlier in the order of promotion. */
struct store_duration {
	const char *target, *environment;
	int64_t us;
};
struct store_durations {
	size_t n;
	struct store_duration *rows;
};
enum gh_code store_duration_list(struct store *st, struct gh_arena *a, int64_t target_id, const char *key,
    bool down, struct store_durations *ret, struct gh_err *err) GH_MUST_USE;

#endif
