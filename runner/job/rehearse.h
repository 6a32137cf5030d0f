/*
 * The rehearse job: a plan carried out on a copy of its target, up, down and up again, by the code that a run
 * uses, tracking table included.
 *
 *   rehearse.c        the kind: the passes, and what each migration's verdict is
 *   rehearse_place.c  where: a private cluster, or a database of the configured server
 *   rehearse_copy.c   the copy: schema, rows
 *   rehearse_step.c   what one statement takes: locks, files, blocks, WAL
 *   rehearse_sample.c the locks of a statement that runs by itself
 *   rehearse_rows.c   what the rows hold, before and after
 */
#ifndef GH_JOB_REHEARSE_H
#define GH_JOB_REHEARSE_H

#include "runner/job/cluster.h"
#include "runner/job/fingerprint.h"
#include "runner/job/run.h"

#define REHEARSE_OBJECTS 50 /* that differ, named in a verdict */

enum rehearse_pass { REHEARSE_UP = 1, REHEARSE_DOWN, REHEARSE_AGAIN };

/* A relation as it was at one moment. */
struct rehearse_relation {
	int64_t oid, file, blocks, index_of; /* index_of: the table of an index, 0 none */
	const char *name;
	char kind;
};
struct rehearse_moment {
	size_t n;
	struct rehearse_relation *relations; /* by oid */
	size_t n_locks;
	struct rehearse_lock *locks;
	int64_t wal, at_us;
	bool inside;  /* a transaction */
	bool blocked; /* the blocks can be told */
};
struct rehearse_lock {
	int64_t oid;
	enum wire_lock mode;
};

/* What a table's rows hold. */
struct rehearse_table {
	const char *name, *sum;
	int64_t rows;
};
struct rehearse_tables {
	bool known; /* false: too large to be read */
	size_t n;
	struct rehearse_table *at;
};

struct rehearse {
	struct run run; /* on the copy */
	struct job *job;
	struct pg source, admin;   /* the target; the copy as its owner */
	struct target_identity id; /* of the target */
	struct cluster cluster;
	bool own;                      /* a private cluster */
	const char *place;             /* "a cluster of its own, PostgreSQL 15.20" */
	const char *database;          /* on the configured server; NULL none made yet */
	const char *owner_at, *run_at; /* connections: as the copy's owner, and as the run */
	const char *dump;
	const char *names;  /* of the tracking tables, an array for SQL */
	const char *schema; /* where they are */
	/* the copy */
	int64_t tables, rows, bytes, parents;
	struct gh_text notes;
	/* the passes */
	enum rehearse_pass pass;
	struct rehearse_moment before;
	struct gh_arena moments;        /* of one statement */
	struct rehearse_sample *sample; /* of one that runs by itself; NULL none */
};

/* Makes the place; what was made is removed by rehearse_place_done, which never fails. */
enum gh_code rehearse_place(struct rehearse *h, struct gh_err *err) GH_MUST_USE;
void rehearse_place_done(struct rehearse *h);

/* Fills the copy from the target and journals REHEARSAL. */
enum gh_code rehearse_copy(struct rehearse *h, struct gh_err *err) GH_MUST_USE;

/* For run.watch: the moment before a statement and after it, into a STEP frame. */
extern const struct run_watch rehearse_watch;
/* Another session begins to look on; NULL when it cannot. */
struct rehearse_sample *rehearse_sample_start(struct rehearse *h);
/* What it has seen becomes ret's locks. */
void rehearse_sample_stop(struct rehearse_sample *s, struct gh_arena *a, struct rehearse_moment *ret);
/* "AccessShareLock". */
enum wire_lock rehearse_lock_of(const char *mode);

enum gh_code rehearse_rows(struct rehearse *h, struct rehearse_tables *ret, struct gh_err *err) GH_MUST_USE;
const struct rehearse_table *rehearse_rows_find(const struct rehearse_tables *t, const char *name);
/* The first table of before that holds something else in after, or is gone with its rows; NULL none. */
const char *rehearse_rows_differ(const struct rehearse_tables *before, const struct rehearse_tables *after);
/* The first table that has fewer rows. */
const char *rehearse_rows_fewer(const struct rehearse_tables *before, const struct rehearse_tables *after);

#endif
